"""The answers that kinds of preferences offer."""

from odoo import api, fields, models
from odoo.exceptions import UserError

CHANNELS = [
    ("email", "E-mail"),
    ("phone", "Telephone"),
    ("sms", "Text Message"),
    ("chat", "Chat"),
    ("post", "Letter"),
    ("visit", "Visit"),
]


class PartnerPreferenceOption(models.Model):
    """One answer of a kind's list, such as “Home delivery” of “Service”; the most used ones are offered first."""

    _name = "partner.preference.option"
    _inherit = ["partner.code.mixin"]
    _description = "Option of a Preference"
    _order = "usage_count desc, sequence, id"
    _rec_names_search = ["name", "code"]
    _code_scope = "kind_id"

    kind_id = fields.Many2one("partner.preference.kind", required=True, index=True, ondelete="cascade")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    channel = fields.Selection(
        CHANNELS,
        help="The way to reach somebody that this option stands for. A preference “Never” for it is a request not to "
        "be contacted that way.",
    )
    usage_count = fields.Integer(
        string="Used",
        readonly=True,
        copy=False,
        help="Preferences with this option that are valid, counted every night. Decides the order of the list.",
    )

    _code_unique = models.UniqueIndex(
        "(kind_id, code) WHERE code IS NOT NULL", "Code: another option of this kind has this code already."
    )

    def write(self, vals):
        """Refuse to give what has been recorded to another kind."""
        if "kind_id" in vals:
            self.filtered(lambda option: option.kind_id.id != vals["kind_id"])._refuse_used(
                self.env._(
                    "Kind: preferences with the option “%(option)s” are recorded already (%(count)s). Make an option "
                    "of the other kind instead."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say what stands in the way, and what to do instead."""
        self._refuse_used(
            self.env._("Option: “%(option)s” is still in use (preferences: %(count)s). Archive it instead.")
        )

    def _refuse_used(self, message):
        """Raise ``message`` about the first of these options that has preferences."""
        # sudo: a preference that the user may not see is there all the same
        Preference = self.env["partner.preference"].sudo()
        for option, count in Preference._read_group([("option_id", "in", self.ids)], ["option_id"], ["__count"]):
            raise UserError(message % {"option": option.name, "count": count})
