"""The one governed classification of customers."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerCategory(models.Model):
    """A class of customers (wholesale, retail, key account, …), given by a person and kept as a tree.

    It drives behaviour: here the prefix of customer numbers. For analysis there are dimensions, for free notes tags.
    """

    _name = "customer.category"
    _description = "Customer Category"
    _parent_store = True
    _rec_names_search = ["name", "code"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="A short, stable key for imports and reports. Unique within the company.")
    display_name = fields.Char(recursive=True)
    parent_id = fields.Many2one(
        "customer.category", string="Parent Category", index=True, ondelete="restrict", check_company=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("customer.category", "parent_id", string="Subcategories")
    sequence = fields.Integer(default=10)
    number_prefix = fields.Char(
        help="Customer numbers of this category and of its subcategories begin with this instead of the company's "
        "prefix. Numbers already given do not change.",
    )
    description = fields.Text(translate=True, help="When a customer belongs here. Shown to whoever chooses a category.")
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: the category serves all companies.")
    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_customer_count",
        help="Managed customers in this category and its subcategories; contact persons are not counted.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Code: another customer category of the company has this code already.",
    )

    @api.depends("name", "parent_id.display_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Show the whole path; not stored, because every language has its own."""
        for category in self:
            parent = category.parent_id.display_name
            category.display_name = f"{parent} / {category.name}" if parent else category.name

    def _compute_customer_count(self):
        """Count once per category by the database, then add each count to all ancestors."""
        self.customer_count = 0
        categories = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        domain = self.env["res.partner"]._customer_domain() & fields.Domain(
            "customer_category_id", "in", categories.ids
        )
        groups = self.env["res.partner"]._read_group(domain, ["customer_category_id"], ["__count"])
        by_id = {category.id: category for category in self}
        for category, count in groups:
            for ancestor_id in map(int, category.sudo().parent_path.split("/")[:-1]):
                if ancestor_id in by_id:
                    by_id[ancestor_id].customer_count += count

    @api.constrains("parent_id")
    def _check_no_loop(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("Parent Category: a customer category cannot be placed below itself. Choose another parent.")
            )

    @api.constrains("code", "company_id")
    def _check_code_unique(self):
        """Say which category has the code, in place of the bare message (and the logged error) of the index."""
        for category in self.filtered("code"):
            twin = self.sudo().with_context(active_test=False).search(
                [("code", "=", category.code), ("company_id", "=", category.company_id.id), ("id", "!=", category.id)],
                limit=1,
            )
            if twin:
                raise ValidationError(
                    self.env._(
                        "Code: “%(code)s” already belongs to the customer category “%(category)s”. Choose another code.",
                        code=category.code,
                        category=twin.display_name,
                    )
                )

    def _get_number_prefix(self):
        """Return the prefix of this category or of its nearest ancestor that has one, else an empty string."""
        category = self.sudo()
        while category and not category.number_prefix:
            category = category.parent_id
        return category.number_prefix or ""

    def action_open_customers(self):
        """Open the customers of this category and of its subcategories."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.res_partner_action_customer")
        action["context"] = {
            "default_customer_status": "prospect",
            "default_customer_category_id": self.id,
            "search_default_customer_category_id": self.id,
        }
        return action
