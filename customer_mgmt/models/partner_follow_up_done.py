"""What follows when a contact is recorded."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

from ..tools.clock import moment_of
from .partner_follow_up_step import SOON


class PartnerFollowUp(models.Model):
    """Closes a follow-up: the step it was planned as is done, needs change, the next step is promised."""

    _inherit = "partner.follow.up"

    phone_partner_id = fields.Many2one(
        "res.partner",
        string="Whose Number",
        compute="_compute_phone_partner_id",
        help="Whose telephone number was wrong: the contact person's, or the customer's where no person was named.",
    )
    wrong_phone = fields.Char(
        string="Wrong Number", compute="_compute_phone_partner_id", help="The number that stands there now."
    )
    right_phone = fields.Char(
        string="Right Number",
        copy=False,
        help="Put on the contact when the follow-up is saved. Empty: an activity asks to verify the number.",
    )

    @api.depends("contact_ids", "partner_id")
    def _compute_phone_partner_id(self):
        for follow_up in self:
            follow_up.phone_partner_id = follow_up.contact_ids[:1] or follow_up.partner_id
            follow_up.wrong_phone = follow_up.phone_partner_id.phone

    def action_done(self):
        """Record these drafts for good; a second call does nothing."""
        self.check_access("write")
        drafts = self.filtered(lambda follow_up: follow_up.state == "draft")
        drafts._check_complete()
        for follow_up in drafts.filtered(lambda follow_up: follow_up.plan_id and not follow_up.next_date):
            follow_up._onchange_plan_id()  # programs name the plan alone
        drafts._check_next_date()
        self._check_partners(drafts.partner_id | drafts.contact_ids)
        if not drafts:
            return True
        finished = drafts._take_finished_steps()
        # sudo: the state and what follows from it are written by the system, for what the user was allowed to record
        drafts.sudo().write({"state": "done", "done_on": fields.Datetime.now()})
        for follow_up, step in finished.items():
            step._close("done", result=follow_up, feedback=follow_up._public_feedback(), refresh=False)
        drafts._flag_copies()
        drafts.need_change_ids._apply()
        drafts._promise()
        self.env["partner.follow.up.step"].union(*finished.values())._continue_plans()
        drafts._ask_for_phones()
        drafts.partner_id._refresh_follow_up_status()
        return {"type": "ir.actions.act_window_close", "infos": {"done": True}}

    def _check_complete(self):
        """Refuse what nobody could use: no outcome, or a conversation without a word about it."""
        for follow_up in self:
            if not follow_up.outcome:
                raise ValidationError(
                    self.env._(
                        "Outcome: say how the contact with %(customer)s went.",
                        customer=follow_up.partner_id.display_name,
                    )
                )
            if follow_up.is_reached and not (follow_up.key_points or "").strip():
                raise ValidationError(
                    self.env._(
                        "Key Points: %(customer)s was reached. Say in a few words what was said.",
                        customer=follow_up.partner_id.display_name,
                    )
                )

    def _take_finished_steps(self):
        """Return {follow-up: the step that it finishes}; somebody else may have finished it a moment ago."""
        wanted = {
            # sudo: steps are read with the follow-up
            follow_up: follow_up.sudo().finished_step_id
            for follow_up in self
            if follow_up.finish_step and follow_up.finished_step_id
        }
        steps = self.env["partner.follow.up.step"].sudo().union(*wanted.values())
        # What the user may not see is neither finished nor named in a message.
        steps.with_env(self.env).check_access("read")
        open_steps = steps._lock_open()
        for follow_up, step in wanted.items():
            if step.partner_id != follow_up.partner_id:
                raise ValidationError(
                    self.env._(
                        "Open Step: “%(step)s” is not a step of %(customer)s.",
                        step=step._summary(),
                        customer=follow_up.partner_id.display_name,
                    )
                )
            if step not in open_steps:
                raise UserError(
                    self.env._(
                        "Open Step: %(user)s has closed “%(step)s” already, on %(date)s. Your text is kept: untick "
                        "“This Finishes the Open Step” to record it as a contact of its own.",
                        user=step.closed_by_id.name or self.env._("Somebody"),
                        step=step._summary(),
                        date=format_datetime(self.env, step.closed_on, dt_format="short"),
                    )
                )
            open_steps -= step  # of two in one call, the first one finishes it
        return wanted

    def _public_feedback(self):
        """Return what may stand below the customer for everybody: nothing where the topic is for a group."""
        # sudo: the topic's group is asked about, not shown
        return False if self.sudo().topic_id.group_id else self.key_points

    def _promise(self):
        """Make the next steps of these follow-ups; planned ones of the same person give way or are used up."""
        Step = self.env["partner.follow.up.step"]
        promising = self.filtered("next_date")
        promising._use_planned()
        steps = Step._schedule([follow_up._next_values() for follow_up in promising])
        by_origin = {step.origin_id.id: step for step in steps.sudo()}
        for follow_up in promising:
            # sudo: see action_done
            follow_up.sudo().step_id = by_origin.get(follow_up.id, False)
        promising.filtered("plan_id")._plan_the_rest()

    def _next_values(self):
        """Return the values of the step that this follow-up promises."""
        return {
            "partner_id": self.partner_id.id,
            "user_id": (self.next_user_id or self.user_id).id,
            "date": self.next_date,
            "plan": self.next_plan,
            "method_id": (self.next_method_id or self.method_id).id,
            "res_model": self.res_model,
            "res_id": self.res_id,
            "origin_id": self.id,
        }

    def _use_planned(self):
        """Close the earliest planned step of each customer and owner: the promise made now takes its place.

        Whoever finishes a step of a plan and gives the next one to somebody else gives the rest of the plan, too.
        """
        Step = self.env["partner.follow.up.step"].sudo()
        planned = Step.search([("partner_id", "in", self.partner_id.ids), ("state", "=", "planned")])
        by_slot = defaultdict(Step.browse)
        for step in planned:
            by_slot[step._own_slot()] |= step
        used = Step.browse()
        for follow_up in self:
            finished = follow_up.sudo().finished_step_id if follow_up.finish_step else Step.browse()
            slots = {Step._slot(follow_up._next_values()), *(step._own_slot() for step in finished)}
            steps = Step.union(*(by_slot[slot] for slot in slots)).sorted("date")
            # A new plan takes the place of the old one altogether.
            taken = steps if follow_up.plan_id else steps[:1]
            (steps - taken).user_id = follow_up.next_user_id or follow_up.user_id
            used |= taken
        used._close("superseded", refresh=False)

    def _plan_the_rest(self):
        """Note the later lines of the plan templates as planned steps."""
        for plan, follow_ups in self.grouped("plan_id").items():
            self.env["partner.follow.up.step"]._plan_rest(plan, [one._next_values() for one in follow_ups])

    def _line_date(self, line):
        """Return when a line of a plan is due (naive UTC datetime): so long after today, at the time of the first."""
        first = fields.Datetime.context_timestamp(self, self.next_date or self.date)
        due = line._get_date_deadline(fields.Date.context_today(self))
        return max(fields.Datetime.now() + SOON, moment_of(first.tzinfo.zone, due, first.time()))

    @api.onchange("plan_id")
    def _onchange_plan_id(self):
        """Fill in the next step from the first line of the plan."""
        line = self.plan_id._follow_up_lines()[:1]
        if not line:
            return
        self.next_date = self._line_date(line)
        self.next_plan = line.summary
        self.next_method_id = self.next_method_id._by_activity_type(line.activity_type_id).get(line.activity_type_id)
        self.next_user_id = line.responsible_id if line.responsible_type == "other" else self.next_user_id

    def _ask_for_phones(self):
        """Put the right number on whoever had a wrong one, or ask the owner to find it out."""
        call = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        for follow_up in self.filtered(lambda follow_up: follow_up.outcome == "wrong_number"):
            partner = follow_up.phone_partner_id
            if follow_up.right_phone and partner.has_access("write"):
                partner.phone = follow_up.right_phone
                continue
            summary = self.env._("Verify the telephone number of %s", partner.display_name)
            # sudo: an activity may stand on a customer that its maker may only read
            entity = follow_up.partner_id.sudo()
            asked = entity.activity_ids.filtered(lambda activity, summary=summary: activity.summary == summary)
            if not asked:
                entity.activity_schedule(
                    activity_type_id=call.id if call else False,
                    summary=summary,
                    note=follow_up.right_phone or partner.phone or "",
                    user_id=(entity.user_id or follow_up.user_id).id,
                )
