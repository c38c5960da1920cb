"""Next steps that are planned for many customers at once: what for, how far, and what came out."""

from odoo import fields, models
from odoo.exceptions import UserError

SKIP_REASONS = [
    ("population", "No Customer"),
    ("archived", "Archived"),
    ("invalid", "Marked Invalid"),
    ("no_owner", "No Owner"),
    ("others", "Another's Work"),
    ("open_step", "Open Step"),
    ("refuses", "Refuses the Channel"),
    ("locked", "Being Changed by Others"),
]


class PartnerFollowUpBulk(models.Model):
    """One “Schedule Follow-ups”: the steps that somebody planned for many customers, made in the background.

    Whom it is about and who does what on which day stands in its lines (partner_follow_up_bulk_line.py), written when
    it was started by the dialog partner.follow.up.schedule. What the job does is in partner_follow_up_bulk_job.py.
    """

    _name = "partner.follow.up.bulk"
    _inherit = ["partner.run.mixin"]
    _description = "Scheduling of Follow-ups"
    _order = "id desc"
    _rec_name = "title"
    _log_access = False

    # So many runs are kept of each person, not of all together.
    _subject_field = "started_by_id"
    _job_xmlid = "customer_mgmt.ir_cron_schedule_follow_ups"

    title = fields.Char(required=True, readonly=True, help="The segment, or how many customers were selected.")
    segment_id = fields.Many2one("partner.segment", ondelete="set null", index="btree_not_null", readonly=True)
    method_id = fields.Many2one("partner.follow.up.method", ondelete="set null", readonly=True)
    plan = fields.Char(string="What to Do", readonly=True)
    plan_id = fields.Many2one("mail.activity.plan", string="Plan Template", ondelete="set null", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Work of", ondelete="set null", readonly=True, help="Empty: each customer's owner."
    )
    line_ids = fields.One2many("partner.follow.up.bulk.line", "bulk_id", string="Customers", readonly=True)
    scheduled = fields.Integer(readonly=True, help="Customers that got a next step.")
    left_out = fields.Integer(readonly=True, help="Customers that got none; the list says why.")

    def action_open_lines(self):
        """Show who got a step, and who did not and why."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_follow_up_bulk_line_action")
        return {**action, "domain": [("bulk_id", "=", self.id)], "display_name": self.title}

    def action_refresh(self):
        """Show how far it has come: the client reloads the form after any button."""
        self.check_access("read")

    def action_stop(self):
        """Stop making steps; those that were made stay."""
        self.ensure_one()
        self.check_access("read")
        if self.started_by_id != self.env.user and not self.env.user.has_group("customer_mgmt.group_customer_all"):
            raise UserError(
                self.env._(
                    "Scheduling: “%(run)s” was started by %(user)s. Ask that person to stop it.",
                    run=self.title,
                    user=self.started_by_id.name,
                )
            )
        if self.state == "running":
            # sudo: runs are written by the system
            self.sudo()._close("stopped", self.env._("Stopped by %s.", self.env.user.name))
        return {"type": "ir.actions.client", "tag": "soft_reload"}
