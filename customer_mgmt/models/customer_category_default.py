"""What the customers of a category get from it: who looks after them, their prices, and the rhythm of contact."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

RHYTHM = ("cadence_days", "verification_days")


class CustomerCategory(models.Model):
    """Adds what a customer takes from its category; what a category leaves empty comes from its nearest ancestor."""

    _inherit = "customer.category"

    cadence_days = fields.Integer(
        string="Follow-up Cadence (Days)",
        aggregator=None,
        help="After how many days a customer of this category should hear from us again. "
        "Empty or 0: as the parent category, at the top as the company.",
    )
    verification_days = fields.Integer(
        string="Verify Every (Days)",
        aggregator=None,
        help="After how many days someone should check again whether the customer's data are still right. "
        "Empty or 0: as the parent category, at the top 365.",
    )
    default_user_id = fields.Many2one(
        "res.users",
        string="Default Salesperson",
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Given to a customer without salesperson when someone chooses this category. "
        "Empty: as the parent category.",
    )
    default_team_id = fields.Many2one(
        "crm.team",
        string="Default Sales Team",
        ondelete="set null",
        help="Given to a customer without sales team when someone chooses this category, unless the team belongs to "
        "another company than the customer. Empty: as the parent category.",
    )
    default_pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="set null",
        help="Given to a customer without its own pricelist when someone chooses this category, unless the pricelist "
        "belongs to another company. Empty: as the parent category.",
    )

    @api.constrains(*RHYTHM)
    def _check_rhythm(self):
        for category in self:
            for name in RHYTHM:
                if category[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "%(label)s: “%(category)s” cannot have fewer than 0 days. Leave it empty to take the days "
                            "of the parent category.",
                            label=self._fields[name]._description_string(self.env),
                            category=category.display_name,
                        )
                    )

    def _new_customer_values(self, company):
        """Return what this category gives a customer of ``company`` (a record, empty for a shared customer).

        {field of the partner: id}, without what cannot be used there: a person who left, a team of another company.
        """
        user = self._inherited_value("default_user_id")
        team = self._inherited_value("default_team_id")
        pricelist = self._inherited_value("default_pricelist_id")
        fitting = {
            "user_id": user.active and (not company or company in user.company_ids),
            "team_id": team.active and (not company or team.company_id in (company, company.browse())),
            "property_product_pricelist": pricelist.active
            and pricelist.company_id in (self.env.company, company.browse()),
        }
        values = {"user_id": user.id, "team_id": team.id, "property_product_pricelist": pricelist.id}
        return {name: value for name, value in values.items() if fitting[name]}
