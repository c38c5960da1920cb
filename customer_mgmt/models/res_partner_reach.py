"""How a partner is reached, beside Odoo's one phone and one e-mail address."""

from odoo import api, fields, models


class ResPartner(models.Model):
    """Gives a partner more numbers and its accounts, and tells which main numbers nobody else could dial."""

    _inherit = "res.partner"

    social_account_ids = fields.One2many(
        "partner.social.account", "partner_id", string="Social Accounts", groups="base.group_user"
    )
    extra_phone_ids = fields.One2many(
        "partner.phone", "partner_id", string="More Phone Numbers", groups="base.group_user"
    )
    phone_unclear = fields.Boolean(
        string="Unclear Phone",
        compute="_compute_phone_unclear",
        search="_search_phone_unclear",
        groups="base.group_user",
        help="There is a phone number, but it could not be understood: a digit is wrong or missing, or no country is "
        "known. It is kept as written.",
    )

    @api.depends("phone", "phone_sanitized")
    def _compute_phone_unclear(self):
        """Ask Odoo's own reading of the number, which is stored."""
        for partner in self:
            partner.phone_unclear = bool(partner.phone) and not partner.phone_sanitized

    @api.model
    def _search_phone_unclear(self, operator, value):
        """Find by what is stored; Odoo turns the question round where it is about clear numbers."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [("phone", "not in", [False, ""]), ("phone_sanitized", "in", [False, ""])]
