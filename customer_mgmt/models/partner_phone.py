"""All the other numbers of a partner."""

from odoo import api, fields, models


class PartnerPhone(models.Model):
    """A phone number beside the main one, kept as it was written and, where it can be understood, in one notation.

    A number that cannot be understood, mostly because no country is known, is kept all the same, and shows it.
    """

    _name = "partner.phone"
    _description = "Phone Number"
    _inherit = "partner.part.mixin"
    _rec_name = "number"
    _order = "partner_id, id"

    kind = fields.Selection(
        [
            ("mobile", "Mobile"),
            ("landline", "Landline"),
            ("switchboard", "Switchboard"),
            ("fax", "Fax"),
            ("other", "Other"),
        ],
        required=True,
        default="mobile",
    )
    number = fields.Char(required=True, help="As written. Begin with + and the country where the country is not known.")
    extension = fields.Char(help="What to dial, or whom to ask for, once the number answers.")
    number_sanitized = fields.Char(
        string="International Number",
        compute="_compute_number_sanitized",
        store=True,
        index="btree_not_null",
        help="The number in the notation that is the same everywhere (E.164), read with the country of the partner, "
        "else of its company, else of the company in which it was entered.",
    )
    is_unclear = fields.Boolean(
        string="Unclear",
        compute="_compute_number_sanitized",
        store=True,
        help="The number could not be understood: a digit is wrong or missing, or no country is known. It is kept as "
        "written.",
    )
    note = fields.Char()

    @api.depends("number", "partner_id.country_id", "partner_id.company_id.country_id")
    def _compute_number_sanitized(self):
        """Let Odoo read the number as it reads the main one."""
        for phone in self:
            country = phone.partner_id.country_id or phone.partner_id.company_id.country_id
            phone.number_sanitized = phone._phone_format(number=phone.number, country=country)
            phone.is_unclear = bool(phone.number) and not phone.number_sanitized
