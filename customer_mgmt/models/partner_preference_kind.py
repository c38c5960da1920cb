"""What preferences can be about."""

from odoo import api, fields, models
from odoo.exceptions import UserError

TARGETS = [
    ("product", "A product"),
    ("product_category", "A product category"),
    ("option", "An option of a list"),
    ("text", "Free text"),
]
# The field of a preference that holds its target, for each of these.
TARGET_FIELDS = {
    "product": "product_id",
    "product_category": "product_category_id",
    "option": "option_id",
    "text": "text",
}


class PartnerPreferenceKind(models.Model):
    """A kind of preference (product, service, channel, taboo, …), with the list of its options where it has one.

    Administrators add kinds; the code is what programs and imports know a kind by.
    """

    _name = "partner.preference.kind"
    _inherit = ["partner.code.mixin", "partner.shipped.mixin"]
    _description = "Kind of Preference"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]
    _shipped_files = ("data/partner_preference_data.xml",)

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="What belongs here.")
    target = fields.Selection(
        TARGETS, string="Is about", required=True, default="option", help="What a preference of this kind names."
    )
    applies_to = fields.Selection(
        [("customer", "Customers"), ("contact", "Contacts"), ("both", "Customers and contacts")],
        string="Offered on",
        required=True,
        default="customer",
        help="Where the kind is offered first: what a company wants, or how a person wants to be treated.",
    )
    is_personal = fields.Boolean(
        string="Personal",
        help="Only those with the right “Personal Facts of Contacts” read and record preferences of this kind.",
    )
    default_strength = fields.Selection(
        selection=lambda self: self.env["partner.preference"]._fields["strength"].selection,
        required=True,
        default="1",
        help="What a new preference of this kind begins with.",
    )
    option_ids = fields.One2many("partner.preference.option", "kind_id", string="Options")

    _code_unique = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Code: another kind of preference has this code already."
    )

    def write(self, vals):
        """Refuse another meaning of what has been recorded."""
        if vals.get("target"):
            changed = self.filtered(lambda kind: kind.target != vals["target"])
            changed._refuse_used(
                self.env._(
                    "Is about: preferences of the kind “%(kind)s” are recorded already (%(count)s). Make another kind "
                    "instead."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say what stands in the way, and what to do instead."""
        self._refuse_used(self.env._("Kind: “%(kind)s” is still in use (preferences: %(count)s). Archive it instead."))

    def _refuse_used(self, message):
        """Raise ``message`` about the first of these kinds that has preferences."""
        # sudo: a preference that the user may not see is there all the same
        Preference = self.env["partner.preference"].sudo()
        for kind, count in Preference._read_group([("kind_id", "in", self.ids)], ["kind_id"], ["__count"]):
            raise UserError(message % {"kind": kind.name, "count": count})
