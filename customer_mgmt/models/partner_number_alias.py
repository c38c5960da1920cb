"""Numbers under which a customer was known before."""

from odoo import fields, models


class PartnerNumberAlias(models.Model):
    """Keeps a number that a partner has lost (by a merge) findable, and out of use for anybody else.

    Only code makes them: a number that stands on documents is history, not something to be edited.
    """

    _name = "partner.number.alias"
    _description = "Former Number of a Partner"
    _inherit = ["partner.part.mixin"]
    _rec_name = "number"
    _order = "since DESC, number"

    number = fields.Char(required=True, readonly=True, help="As it was given; nobody else gets it again.")
    kind = fields.Selection(
        [("customer", "Customer Number")],
        string="Kind of Number",
        required=True,
        readonly=True,
        default="customer",
    )
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        ondelete="cascade",
        help="The company whose number it was. Empty: a number of the customers that all companies share.",
    )
    since = fields.Date(
        string="Former since",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
        help="When the number stopped being the partner's own.",
    )
    reason = fields.Char(readonly=True, help="How the partner came by this number.")

    _number_unique = models.UniqueIndex(
        "(number, kind, COALESCE(company_id, 0))",
        "Number: another partner of the company had this number before.",
    )
