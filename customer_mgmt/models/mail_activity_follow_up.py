"""Activities that are the face of a next step."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .partner_follow_up_step import BY_STEP

FEEDBACK = "follow_up_feedback"
# What the activity tells the step when somebody changes it.
CARRIED_OVER = {"date_deadline", "user_id", "active", "summary", "res_id", "res_model_id", "res_model"}
# Deletions of activities by Odoo itself, which nobody meant for next steps.
KEEP_STEPS = "follow_up_keep_steps"


class MailActivity(models.Model):
    """Carries what people do to an activity over to its step, whichever screen, import or program they use."""

    _inherit = "mail.activity"

    follow_up_step_ids = fields.One2many("partner.follow.up.step", "activity_id", string="Next Steps", readonly=True)
    is_follow_up = fields.Boolean(
        compute="_compute_is_follow_up",
        help="The activity shows the next step of a follow-up; to finish it is to record how it went.",
    )

    @api.depends("follow_up_step_ids")
    def _compute_is_follow_up(self):
        for activity in self:
            # sudo: that there is a step, wherever the activity may be read
            activity.is_follow_up = activity.sudo().follow_up_step_ids[:1].state == "open"

    def _to_store_defaults(self, target):
        return [*super()._to_store_defaults(target), "is_follow_up"]

    def _open_steps(self):
        """Return the open steps behind these activities, unless it is the steps that change them."""
        if self.env.context.get(BY_STEP):
            return self.env["partner.follow.up.step"]
        # sudo: whoever changes the activity changes what it stands for
        return self.sudo().follow_up_step_ids.filtered(lambda step: step.state == "open")

    def action_record_follow_up(self):
        """Open the dialog that records how this activity went."""
        self.ensure_one()
        self.check_access("read")
        step = self.sudo().follow_up_step_ids[:1]  # sudo: the link alone
        if step.state == "open":
            return step.with_env(self.env).action_record_follow_up()
        if self.res_model not in ("res.partner", *self.env["partner.follow.up"]._linkable_models()):
            raise UserError(self.env._("Activity: it belongs to no customer."))
        return self.env[self.res_model].browse(self.res_id).action_record_follow_up()

    def write(self, vals):
        """Rescheduling moves the step, assigning it hands it over, finishing it leaves a draft for whoever did so."""
        steps = self._open_steps() if vals.keys() & CARRIED_OVER else None
        if steps and vals.get("user_id"):
            steps._check_owner(self.env["res.users"].browse(vals["user_id"]))
        result = super().write(vals)
        if not steps:
            return result
        if vals.get("active") is False:
            steps._finish_without_record(self.env.context.get(FEEDBACK))
            return result
        if vals.get("date_deadline"):
            steps._move_to_day(fields.Date.to_date(vals["date_deadline"]))
        if vals.keys() & {"res_id", "res_model_id", "res_model"}:
            steps._follow_activity()
        if "user_id" in vals and not vals["user_id"]:
            steps._update_activities()  # a promise is always somebody's
        elif "user_id" in vals:
            steps.filtered(lambda step: step._acting_user().id != vals["user_id"])._hand_over(
                self.env["res.users"].browse(vals["user_id"])
            )
        if "summary" in vals:
            steps.plan = vals["summary"]
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        """Remember the feedback for the draft; about a group's topic it does not stand below the customer for all."""
        steps = self._open_steps()
        if not steps:
            return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        activities = self.with_context(**{FEEDBACK: feedback})
        public = False if steps.topic_id.group_id else feedback
        return super(MailActivity, activities)._action_done(feedback=public, attachment_ids=attachment_ids)

    def unlink(self):
        """Cancelling an activity cancels its step; where its document is gone, the step goes on at the customer."""
        steps = self._open_steps()
        if not steps:
            return super().unlink()
        if self.env.context.get(KEEP_STEPS):
            return super(MailActivity, self - steps.activity_id.with_env(self.env)).unlink()
        orphans = steps.filtered(lambda step: step._is_orphan())
        gone = steps.filtered(lambda step: not step.partner_id.exists())
        result = super().unlink()
        orphans._release_document()
        (steps - orphans - gone)._close("cancelled")
        (steps - orphans - gone)._continue_plans()
        return result

    @api.autovacuum
    def _gc_delete_old_overdue_activities(self):
        """Let Odoo's purge leave the next steps alone."""
        return super(MailActivity, self.with_context(**{KEEP_STEPS: True}))._gc_delete_old_overdue_activities()
