"""Documents from which follow-ups are recorded."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PartnerFollowUpMixin(models.AbstractModel):
    """Gives a document (an opportunity, an order, a contract, …) the dialog and the list of its follow-ups.

    A model that inherits it may be linked from follow-ups. Where its customer is not ``partner_id``, it overrides
    ``_follow_up_partner``. When a document is deleted, its follow-ups and steps stay with the customer.
    """

    _name = "partner.follow.up.mixin"
    _description = "Has Follow-ups"

    follow_up_count = fields.Integer(
        string="Follow-ups",
        compute="_compute_follow_up_count",
        groups="base.group_user",
        help="The follow-ups of this document that took place, as far as the user may see them.",
    )

    @api.depends_context("uid")
    def _compute_follow_up_count(self):
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        counts = dict(
            self.env["partner.follow.up"]._read_group(
                domain & Domain("state", "in", ("done", "corrected")), ["res_id"], ["__count"]
            )
        )
        for document in self:
            document.follow_up_count = counts.get(document.id, 0)

    def _follow_up_partner(self):
        """Return the customer (a commercial entity) that the document is about."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id

    def action_record_follow_up(self):
        """Open the dialog for the customer of this document."""
        self.ensure_one()
        self.check_access("read")
        partner = self._follow_up_partner()
        if not partner:
            raise UserError(
                self.env._(
                    "Customer: %(document)s has no customer yet. Choose one before you record a follow-up.",
                    document=self.display_name,
                )
            )
        return self.env["partner.follow.up"]._dialog(
            default_partner_id=partner.id, default_res_model=self._name, default_res_id=self.id
        )

    def action_open_follow_ups(self):
        """Open the follow-ups of this document."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_follow_up_action")
        return {**action, "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)]}

    def unlink(self):
        """Leave what was said and promised with the customer."""
        # sudo: also what the user may not see
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        follow_ups = self.env["partner.follow.up"].sudo().search(domain)
        steps = self.env["partner.follow.up.step"].sudo().search(domain)
        result = super().unlink()
        follow_ups.write({"res_model": False, "res_id": False})
        steps._release_document()
        return result
