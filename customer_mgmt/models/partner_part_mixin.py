"""What belongs to one partner is seen with that partner, and changed by whoever may change that partner."""

from odoo import api, fields, models
from odoo.fields import Domain


class PartnerPartMixin(models.AbstractModel):
    """Ties a record (a need, a phone number, a former name, …) to the rights on its partner.

    Company rules, the visibility policy and every other rule on partners hold for the parts too, without a copy of
    them per model. Access rows still say which role may do what with the model at all.
    """

    _name = "partner.part.mixin"
    _description = "Part of a Partner"

    # What the partner's own rights must allow to whoever adds or changes a part.
    _part_change_takes = "write"

    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")

    def _check_access(self, operation):
        """Refuse also where the partner may not be read (to read the part) or changed (for everything else)."""
        result = super()._check_access(operation)
        allowed = self - result[0] if result else self
        # sudo: the link itself is no secret to the check; the partners are then asked as the user
        partners = allowed.sudo().partner_id.with_env(self.env)
        denied = partners and partners._check_access("read" if operation == "read" else self._part_change_takes)
        if not denied:
            return result
        forbidden = allowed.filtered(lambda part: part.sudo().partner_id in denied[0])
        return (result[0] | forbidden, result[1]) if result else (forbidden, denied[1])

    def _is_forgotten_by_law(self):
        """Tell whether the superuser deletes these records because an administrator's privacy look-up names them."""
        if not self.env.su or "privacy.lookup.wizard.line" not in self.env:
            return False
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids), ("is_unlinked", "=", False)]
        named = self.env["privacy.lookup.wizard.line"].search(domain).mapped("res_id")
        return set(named) >= set(self.ids)

    def write(self, vals):
        """Moving a part to another partner takes the right to change that one too."""
        result = super().write(vals)
        if "partner_id" in vals:
            self.check_access("write")
        return result

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Find only the parts of partners that the user may read."""
        if not (self.env.su or bypass_access):
            readable = self.env["res.partner"].with_context(active_test=False)._search(Domain.TRUE)
            domain = Domain(domain) & Domain("partner_id", "in", readable)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
