"""The parts that persons play when a customer decides."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PartnerContactRole(models.Model):
    """A part in a customer's decisions (decision maker, user, gatekeeper, …), whatever the job position is called."""

    _name = "partner.contact.role"
    _description = "Contact Role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="A short, stable key for imports, filters and reports.")
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True, help="Who plays this role. Shown to whoever chooses a role.")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Code: another contact role has this code already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a code that is taken before anything is written."""
        self._refuse_taken_codes([vals["code"] for vals in vals_list if vals.get("code")])
        return super().create(vals_list)

    def write(self, vals):
        """Refuse a code that is taken before anything is written."""
        if vals.get("code"):
            self._refuse_taken_codes([vals["code"]] * len(self))
        return super().write(vals)

    # The index refuses these too, but later, without naming the field, and with an error in the log.

    def _refuse_taken_codes(self, codes):
        """Refuse ``codes`` if another role has one of them, or if one is there twice."""
        others = self.with_context(active_test=False).search([("code", "in", codes), ("id", "not in", self.ids)])
        taken = others.mapped("code")
        for code in codes:
            if code in taken:
                raise ValidationError(
                    self.env._(
                        "Code: “%(code)s” already belongs to another contact role. Choose another code.", code=code
                    )
                )
            taken.append(code)

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
