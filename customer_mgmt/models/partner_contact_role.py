"""The parts that persons play when a customer decides."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnerContactRole(models.Model):
    """A part in a customer's decisions (decision maker, user, gatekeeper, …), whatever the job position is called."""

    _name = "partner.contact.role"
    _inherit = ["partner.code.mixin"]
    _description = "Contact Role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True, help="Who plays this role. Shown to whoever chooses a role.")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Code: another contact role has this code already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say what stands in the way, and what to do instead."""
        # sudo: a contact that the user may not see plays its role all the same
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        for role, count in Partner._read_group([("contact_role_id", "in", self.ids)], ["contact_role_id"], ["__count"]):
            raise UserError(
                self.env._(
                    "Contact Role: “%(role)s” is still in use (contacts: %(count)s). Archive it, or give them another "
                    "role first.",
                    role=role.name,
                    count=count,
                )
            )
