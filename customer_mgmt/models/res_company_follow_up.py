"""The rhythm of a company."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ResCompany(models.Model):
    """Says how often customers should hear from a company where nothing else does, and when its days begin."""

    _inherit = "res.company"

    follow_up_cadence_days = fields.Integer(
        string="Follow-up Cadence (Days)",
        default=30,
        required=True,
        help="After how many days a customer of this company should hear from us again, where neither its category nor "
        "a dimension value says so. Three times as many without being reached, and the customer is dormant.",
    )

    @api.constrains("follow_up_cadence_days")
    def _check_follow_up_cadence_days(self):
        for company in self:
            if company.follow_up_cadence_days < 1:
                raise ValidationError(
                    self.env._(
                        "Follow-up Cadence: %s needs at least 1 day. Enter after how many days a customer should hear "
                        "from us again.",
                        company.name,
                    )
                )

    def write(self, vals):
        """Let the job look again at the customers whose rhythm or whose days have changed."""
        result = super().write(vals)
        if "follow_up_cadence_days" in vals:
            self.env["res.partner"]._mark_follow_up_cadence(self._follow_up_customers())
        if "partner_id" in vals:
            self._mark_follow_up_zone()
        return result

    def _follow_up_customers(self):
        """Return the Domain of the customers for whom these companies count: their own and their salespeople's."""
        return Domain("company_id", "in", self.ids) | (
            Domain("company_id", "=", False) & Domain("user_id.company_id", "in", self.ids)
        )

    def _mark_follow_up_zone(self):
        """Let the job look again at all customers of these companies: their days begin at another time now."""
        if self:
            self.env["res.partner"]._mark_follow_up_status(
                self._follow_up_customers() & Domain("follow_up_status", "!=", False)
            )
