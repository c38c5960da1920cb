"""Merging partners: their follow-ups and next steps."""

from odoo import models
from odoo.tools import SQL

from ..models.partner_follow_up_step import BY_STEP


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Lets the survivor have all follow-ups, and one open step per owner, the one due first; Odoo moves them."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Supersede what would be open twice before Odoo moves it, which would delete the steps that do not fit."""
        self._supersede_doubles(src_partners | dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # Odoo leaves on the sources what the survivor had already; those that are archived would keep it.
        self.env.cr.execute(
            SQL("DELETE FROM partner_follow_up_contact_rel WHERE contact_id = ANY(%s)", src_partners.ids)
        )
        return result

    def _supersede_doubles(self, partners):
        """Keep the earliest of the open steps that would have the same owner and document on one partner."""
        # sudo: whoever may merge need not be allowed to see all of it
        Step = self.env["partner.follow.up.step"].sudo()
        steps = Step.search([("partner_id", "in", partners.ids), ("state", "=", "open")], order="date, id")
        first = {}
        for step in steps:
            user_id, _partner_id, *document = step._own_slot()
            first.setdefault((user_id, *document), step)
        (steps - Step.union(*first.values()))._close("superseded", refresh=False)

    def _log_merge_operation(self, src_partners, dst_partner):
        """Put everything on the customer itself, should the survivor be one of its persons, and in its company."""
        # sudo: see above
        for model in ("partner.follow.up", "partner.follow.up.step"):
            self.env[model].invalidate_model()
        follow_ups = self.env["partner.follow.up"].sudo().search([("partner_id", "=", dst_partner.id)])
        steps = self.env["partner.follow.up.step"].sudo().search([("partner_id", "=", dst_partner.id)])
        entity = dst_partner.sudo().commercial_partner_id
        if entity != dst_partner:
            self._supersede_doubles(dst_partner | entity)
            self.env.flush_all()  # before two of them stand side by side
            follow_ups.write({"partner_id": entity.id, "contact_ids": [(4, dst_partner.id)]})
            steps.write({"partner_id": entity.id})
            faces = steps.activity_id.filtered(lambda activity: activity.res_model == "res.partner")
            faces.with_context(**{BY_STEP: True}).write({"res_id": entity.id})
        itself = follow_ups.filtered(lambda follow_up: follow_up.partner_id in follow_up.contact_ids)
        itself.write({"contact_ids": [(3, entity.id)]})
        self.env.add_to_compute(follow_ups._fields["company_id"], follow_ups)
        changes = self.env["partner.follow.up.need.change"].sudo().search([("follow_up_id", "in", follow_ups.ids)])
        self.env.add_to_compute(changes._fields["partner_id"], changes)
        steps.filtered(lambda step: step.company_id != entity.company_id).write({"company_id": entity.company_id.id})
        return super()._log_merge_operation(src_partners, dst_partner)
