"""Who has their birthday this month."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.rights import PERSONAL


class ResPartner(models.Model):
    """Makes the birth date a condition that rules of tags can use; a personal fact like the date itself."""

    _inherit = "res.partner"

    birthday_this_month = fields.Boolean(
        compute="_compute_birthday_this_month",
        search="_search_birthday_this_month",
        groups=PERSONAL,
        help="The month of the birth date is the present one, as the calendar of your company shows it.",
    )

    @api.model
    def _company_month(self):
        """Return the number of the present month in the time zone of the company."""
        # sudo: the time zone of the company is no secret
        zone = self.env.company.sudo().partner_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone)).month

    @api.depends("birth_date")
    @api.depends_context("company")
    def _compute_birthday_this_month(self):
        month = self._company_month()
        for partner in self:
            partner.birthday_this_month = bool(partner.birth_date) and partner.birth_date.month == month

    @api.model
    def _search_birthday_this_month(self, operator, value):
        if operator != "in":
            return NotImplemented
        month = self._company_month()
        if True in value:
            return Domain("birth_date.month_number", "=", month)
        return Domain("birth_date", "=", False) | Domain("birth_date.month_number", "!=", month)
