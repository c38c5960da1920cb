"""What must be filled in for the customers of a category."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

REQUIREMENTS = ("prospect_required_field_ids", "active_required_field_ids")


class CustomerCategory(models.Model):
    """Names the fields that a person must fill in; subcategories add to what stands above them."""

    _inherit = "customer.category"

    prospect_required_field_ids = fields.Many2many(
        "ir.model.fields",
        "customer_category_prospect_field_rel",
        "category_id",
        "field_id",
        string="Required for Prospects",
        domain=lambda self: self._requirable_field_domain(),
        groups="customer_mgmt.group_customer_config",
        help="Must be filled in before someone saves a prospect of this category or of its subcategories. "
        "Automatic changes are never stopped; they leave the customer marked as incomplete.",
    )
    active_required_field_ids = fields.Many2many(
        "ir.model.fields",
        "customer_category_active_field_rel",
        "category_id",
        "field_id",
        string="Also Required for Active Customers",
        domain=lambda self: self._requirable_field_domain(),
        groups="customer_mgmt.group_customer_config",
        help="Must be filled in, besides what prospects need, before someone makes a customer active. "
        "Automatic changes are never stopped; they leave the customer marked as incomplete.",
    )

    @api.model
    def _requirable_field_domain(self):
        names = self.env["res.partner"]._requirable_field_names()
        return [("model", "=", "res.partner"), ("name", "in", names)]

    @api.constrains(*REQUIREMENTS)
    def _check_required_fields(self):
        """Refuse what the form's choice does not offer: imports and clients are not bound by a domain."""
        allowed = self._requirable_field_domain()
        for name in REQUIREMENTS:
            for field in self.sudo()[name]:
                if not field.filtered_domain(allowed):
                    raise ValidationError(
                        self.env._(
                            "%(label)s: “%(field)s” cannot be required. Choose a field of the customer that people "
                            "fill in themselves.",
                            label=self._fields[name]._description_string(self.env),
                            field=field.field_description,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """Let the policy be read afresh: a new category has at once what its ancestors require."""
        categories = super().create(vals_list)
        self.env.registry.clear_cache("stable")
        return categories

    def write(self, vals):
        """Let the policy be read afresh, by every process, when it changes."""
        result = super().write(vals)
        if vals.keys() & {"parent_id", *REQUIREMENTS}:
            self.env.registry.clear_cache("stable")
        return result

    @api.model
    @tools.ormcache(cache="stable")
    def _required_names(self):
        """Return {category id: {status: names (frozenset)}}, with what the ancestors require; kept between requests.

        What a customer must have in all is told by ``res.partner._required_names()``.
        """
        # sudo: the policy holds for everyone, also where the category or the list of fields may not be read
        categories = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        requirable = set(self.env["res.partner"]._requirable_field_names())
        own = {
            category.id: [requirable.intersection(category[name].mapped("name")) for name in REQUIREMENTS]
            for category in categories
        }
        required = {}
        for category in categories:
            above = [own[int(category_id)] for category_id in category.parent_path.split("/")[:-1]]
            prospect = frozenset().union(*(names[0] for names in above))
            required[category.id] = {"prospect": prospect, "active": prospect.union(*(names[1] for names in above))}
        return required
