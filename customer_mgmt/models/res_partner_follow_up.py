"""Follow-ups on the customer."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from .partner_follow_up import DONE


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
    next_step_text = fields.Char(
        compute="_compute_next_step_id",
        groups="base.group_user",
        help="What is due first, when, and by whom.",
    )
    last_follow_up_text = fields.Char(
        compute="_compute_last_follow_up_id",
        groups="base.group_user",
        help="How, when and with what outcome the newest contact took place.",
    )
    last_follow_up_id = fields.Many2one(
        "partner.follow.up",
        compute="_compute_last_follow_up_id",
        groups="base.group_user",
        help="The newest contact that took place. Contact persons: their company's.",
    )

    @api.depends_context("lang", "tz")
    @api.depends("commercial_partner_id.follow_up_step_ids.state", "commercial_partner_id.follow_up_step_ids.date")
    def _compute_next_step_id(self):
        domain = [("partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "open")]
        first = {}
        for step in self.env["partner.follow.up.step"].search(domain, order="date, id"):
            first.setdefault(step.partner_id.id, step)
        for partner in self:
            step = first.get(partner.commercial_partner_id.id, self.env["partner.follow.up.step"])
            partner.next_step_id = step
            # sudo: a colleague's name
            partner.next_step_text = step and " · ".join(
                (step._summary(), format_datetime(self.env, step.date, dt_format="short"), step.user_id.sudo().name)
            )

    @api.depends_context("lang", "tz")
    @api.depends("commercial_partner_id.follow_up_ids.state", "commercial_partner_id.follow_up_ids.date")
    def _compute_last_follow_up_id(self):
        last = self._last_follow_ups()
        outcomes = dict(self.env["partner.follow.up"]._fields["outcome"]._description_selection(self.env))
        for partner in self:
            follow_up = last.get(partner.commercial_partner_id.id, self.env["partner.follow.up"])
            partner.last_follow_up_id = follow_up
            # sudo: a colleague's name
            partner.last_follow_up_text = follow_up and " · ".join(
                filter(
                    None,
                    (
                        follow_up.method_id.name,
                        format_datetime(self.env, follow_up.date, dt_format="short"),
                        follow_up.user_id.sudo().name,
                        outcomes.get(follow_up.outcome),
                    ),
                )
            )

    def _last_follow_ups(self):
        """Return {commercial partner id: its newest follow-up that took place}, as far as the user may see it."""
        FollowUp = self.env["partner.follow.up"]
        query = FollowUp._search(
            Domain("partner_id", "in", self.commercial_partner_id.ids) & Domain("state", "in", DONE)
        )
        newest = [SQL.identifier(query.table, name) for name in ("partner_id", "date", "id")]
        query.order = SQL("%s, %s DESC, %s DESC", *newest)
        columns = SQL("DISTINCT ON (%s) %s, %s", newest[0], newest[0], newest[2])
        rows = self.env.execute_query(query.select(columns))
        follow_ups = FollowUp.browse(follow_up_id for _partner_id, follow_up_id in rows)
        return dict(zip((partner_id for partner_id, _follow_up_id in rows), follow_ups, strict=True))

    def action_record_follow_up(self):
        """Open the dialog that records a contact with this customer or contact person."""
        self.ensure_one()
        self.check_access("read")
        return self.env["partner.follow.up"]._dialog(default_partner_id=self.id)

    def action_open_next_step(self):
        """Open the step that is due first."""
        self.ensure_one()
        return self.next_step_id._get_records_action()

    def action_open_last_follow_up(self):
        """Open the newest contact."""
        self.ensure_one()
        return self.last_follow_up_id._get_records_action()

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
