"""Follow-ups on the customer."""

from odoo import api, fields, models


class ResPartner(models.Model):
    """Opens the dialog from the customer and from its contact persons, and shows what was said and promised."""

    _inherit = "res.partner"

    follow_up_ids = fields.One2many("partner.follow.up", "partner_id", string="Follow-ups", groups="base.group_user")
    follow_up_step_ids = fields.One2many(
        "partner.follow.up.step", "partner_id", string="Next Steps", groups="base.group_user"
    )
    next_step_id = fields.Many2one(
        "partner.follow.up.step",
        compute="_compute_next_step_id",
        groups="base.group_user",
        help="The open step that is due first. Contact persons: their company's.",
    )
    last_follow_up_id = fields.Many2one(
        "partner.follow.up",
        compute="_compute_last_follow_up_id",
        groups="base.group_user",
        help="The newest contact that took place. Contact persons: their company's.",
    )

    @api.depends("commercial_partner_id.follow_up_step_ids.state", "commercial_partner_id.follow_up_step_ids.date")
    def _compute_next_step_id(self):
        domain = [("partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "open")]
        first = {}
        for step in self.env["partner.follow.up.step"].search(domain, order="date, id"):
            first.setdefault(step.partner_id.id, step)
        for partner in self:
            partner.next_step_id = first.get(partner.commercial_partner_id.id, False)

    @api.depends("commercial_partner_id.follow_up_ids.state", "commercial_partner_id.follow_up_ids.date")
    def _compute_last_follow_up_id(self):
        last = self._last_follow_ups(1)
        for partner in self:
            partner.last_follow_up_id = last.get(partner.commercial_partner_id.id, ())[:1]

    def _last_follow_ups(self, count):
        """Return {commercial partner id: its newest ``count`` follow-ups that took place}, newest first."""
        FollowUp = self.env["partner.follow.up"]
        domain = [("partner_id", "in", self.commercial_partner_id.ids), ("state", "in", ("done", "corrected"))]
        newest = FollowUp._read_group(domain, ["partner_id"], ["id:array_agg"]) if len(self) > 1 else None
        if newest is None:
            found = FollowUp.search(domain, limit=count)
            return {found.partner_id.id: found} if found else {}
        return {
            partner.id: FollowUp.browse(ids).sorted(lambda one: (one.date, one.id), reverse=True)[:count]
            for partner, ids in newest
        }

    def action_record_follow_up(self):
        """Open the dialog that records a contact with this customer or contact person."""
        self.ensure_one()
        self.check_access("read")
        return self.env["partner.follow.up"]._dialog(default_partner_id=self.id)

    def action_open_follow_ups(self):
        """Open all follow-ups of this customer."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_follow_up_action")
        entity = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", entity.id)],
            "context": {"default_partner_id": entity.id},
        }
