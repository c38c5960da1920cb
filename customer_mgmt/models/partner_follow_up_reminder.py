"""Reminding people of next steps that are due or overdue."""

import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime, format_time

from ..tools.job import LOST_RACES
from ..tools.reminder import DUE, LATE, LEADER, MANAGER, NOTHING, OVERDUE_DAYS, levels_to_tell, reached_level

_logger = logging.getLogger(__name__)

# Steps that one message names; it counts the others.
NAMED_STEPS = 20
# The day has begun that early somewhere, as seen from UTC.
EARLIEST_DAY = timedelta(hours=14)


class PartnerFollowUpStep(models.Model):
    """Tells the owner of a step that it is due or overdue, then the team's leader and manager; each of them once.

    One message per person, owner and level names all steps concerned; whoever takes the morning digest finds there, at
    the same hour, what has become overdue. Level and message are committed together, owner
    by owner, so the job can be interrupted at any time. Nobody hears of steps that he may not read.
    """

    _inherit = "partner.follow.up.step"

    reminded = fields.Integer(
        default=NOTHING,
        readonly=True,
        copy=False,
        aggregator=None,
        help="What has been told: 1 due, 2 overdue by a day (both to the owner), 3 overdue by three days (to the "
        "leader of the team), 4 overdue by seven days (to the manager named on the team).",
    )

    _reminder_index = models.Index("(user_id, date) WHERE state = 'open' AND reminded < 4")

    @api.model_create_multi
    def create(self, vals_list):
        """Wake the job when the new steps are due."""
        steps = super().create(vals_list)
        steps._wake_reminders()
        return steps

    def write(self, vals):
        """Begin anew with steps that are moved or get another owner, and wake the job when they are due."""
        if not vals.keys() & {"date", "user_id", "state"}:
            return super().write(vals)
        before = {step: (step.date, step.user_id, step.state) for step in self}
        result = super().write(vals)
        changed = self.filtered(lambda step: (step.date, step.user_id, step.state) != before[step])
        changed.filtered(lambda step: step.state == "open" and step.reminded).reminded = NOTHING
        changed._wake_reminders()
        return result

    def _wake_reminders(self):
        """Let the job run when these open steps are due; it also runs by itself every quarter of an hour."""
        now = fields.Datetime.now()
        # Odoo wakes jobs by the minute: the one after
        moments = {step.date.replace(second=0) + timedelta(minutes=1) for step in self if step.state == "open"}
        if coming := sorted(moment for moment in moments if moment > now):
            # sudo: whoever records a next step need not know of jobs
            self.env.ref("customer_mgmt.ir_cron_remind_of_steps").sudo()._trigger(at=coming)

    # -- the job ------------------------------------------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Carry activities to substitutes, remind of steps and send the mornings, until all is done or time is up."""
        self.env["ir.cron"]._commit_progress()  # also what comes first shall see things as they are now
        for work in (self._carry_to_substitutes, self._remind_owners, self.env["res.users"]._send_mornings):
            if not work():
                return

    @api.model
    def _work_off(self, pieces, work):
        """Call ``work`` with one piece after the other, each in its own transaction; return whether there is time left.

        What others are at work on comes again with the next run, and so does what failed.
        """
        for left, piece in zip(reversed(range(len(pieces))), pieces, strict=True):
            try:
                work(piece)
                self.env.flush_all()
            except LOST_RACES:
                self.env.cr.rollback()
            except Exception:
                # What is wrong with one must not silence all others
                self.env.cr.rollback()
                _logger.exception("Follow-ups: could not remind of %s", piece)
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                return False
        return True

    @api.model
    def _remind_owners(self):
        """Remind of everything that is due or overdue and not told yet; return whether there is time left."""
        self.flush_model()
        now = fields.Datetime.now()
        latest = (now + EARLIEST_DAY).date()
        limits = [latest - timedelta(days=days) for days in OVERDUE_DAYS.values()]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(id ORDER BY date, id)
                  FROM partner_follow_up_step
                 WHERE state = 'open' AND reminded < %(manager)s AND date <= %(now)s
                   AND (reminded = 0 OR day <= (%(limits)s::date[])[reminded])
              GROUP BY user_id
              ORDER BY user_id
                """,
                manager=MANAGER,
                now=now,
                limits=limits,
            )
        )
        # sudo: the job looks at everybody's steps
        return self._work_off([self.sudo().browse(ids) for [ids] in rows], lambda steps: steps._remind_of_owner())

    def _remind_of_owner(self):
        """Tell what has been reached by these steps of one owner, and note it."""
        steps = self.try_lock_for_update(allow_referencing=True)
        steps.invalidate_recordset()
        pending, reached = defaultdict(self.browse), defaultdict(self.browse)
        for step in steps.filtered(lambda step: step.state == "open"):
            level = step._reached_level()
            for to_tell in levels_to_tell(step.reminded, level):
                pending[to_tell] |= step
            if level > step.reminded:
                reached[level] |= step
        for level in sorted(pending):
            for recipient, told in pending[level]._reminded_users(level).items():
                if level != LATE or not recipient._takes_digest():
                    told._remind(recipient, level)
        for level, told in reached.items():
            told.reminded = level

    def _reached_level(self):
        """Return the level (int) that this step has reached by now, by the clock of its owner."""
        zone = self.user_id._own_zone()
        now = fields.Datetime.now()
        due, local_now = (
            fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).replace(tzinfo=None)
            for moment in (self.date, now)
        )
        level = reached_level(due, local_now, self.user_id.company_id.follow_up_digest_hour)
        # Where clocks are put back an hour comes twice
        return level or (DUE if self.date <= now else NOTHING)

    def _reminded_users(self, level):
        """Return {user to tell of ``level``: steps}."""
        if level in (DUE, LATE):
            return self.grouped(lambda step: step._acting_user())
        field = {LEADER: "user_id", MANAGER: "follow_up_manager_id"}[level]
        result = defaultdict(self.browse)
        for boss, steps in self.grouped(lambda step: (step.team_id or step.user_id.sale_team_id)[field]).items():
            steps = steps.filtered(lambda step, boss=boss: step.user_id != boss)
            if boss and steps:
                acting = boss._substitute_on(boss._own_day())[boss]
                # What a substitute may not see waits for the boss
                told = steps._filter_told_to(acting)
                result[acting] |= told
                result[boss] |= steps - told
        return {user: steps for user, steps in result.items() if steps}

    def _remind(self, recipient, level):
        """Tell ``recipient`` (user) of those of these steps that he may read."""
        steps = self._filter_told_to(recipient)
        if not steps:
            return
        steps = steps.with_context(lang=recipient.lang)
        subject = steps._reminder_subject(level)
        if level == DUE:
            message = "\n".join(step._summary() for step in steps[:3])
            recipient._bus_send(
                "simple_notification", {"type": "info", "title": subject, "message": message, "sticky": True}
            )
        recipient._tell(subject, steps._reminder_body(recipient))

    def _filter_told_to(self, user):
        """Return those of these steps of which ``user`` may be told: nobody hears of what he may not read.

        Of archived customers there is nothing to tell.
        """
        if not user.active or user.share:
            return self.browse()
        return self.with_user(user)._filtered_access("read").with_env(self.env).filtered("partner_id.active")

    def _pass_on(self):
        """Tell whoever gets steps of somebody who left in one message, not by one about each."""
        before = {step: step.user_id for step in self}
        steps = self.with_context(mail_activity_quick_update=True)
        given = super(PartnerFollowUpStep, steps)._pass_on().with_env(self.env)
        for (left, heir), theirs in given.grouped(lambda step: (before[step], step.user_id)).items():
            if theirs := theirs._filter_told_to(heir):
                speaking = theirs.with_context(lang=heir.lang)
                names = {"count": len(theirs), "user": left.name}
                subject = speaking.env._("Follow-ups of %(user)s that are yours now: %(count)s", **names)
                heir._tell(subject, speaking._reminder_body(heir))
        return given

    def _reminder_subject(self, level):
        """Return what a message about these steps is headed with (str)."""
        names = {"customer": self[0].partner_id.display_name, "count": len(self), "days": OVERDUE_DAYS.get(level)}
        one = len(self) == 1
        if level == DUE:
            return (
                self.env._("Due now: %(customer)s", **names) if one else self.env._("%(count)s follow-ups due", **names)
            )
        if level == LATE:
            if one:
                return self.env._("Overdue: %(customer)s", **names)
            return self.env._("%(count)s follow-ups overdue", **names)
        names["owner"] = self[0].user_id.name
        if one:
            return self.env._("%(owner)s: follow-up of %(customer)s overdue for %(days)s days", **names)
        return self.env._("%(owner)s: %(count)s follow-ups overdue for %(days)s days", **names)

    def _reminder_body(self, recipient):
        """Return the body of a message to ``recipient`` (user) that names the first of these steps."""
        lines = [step._reminder_line(recipient) for step in self[:NAMED_STEPS]]
        return recipient.with_context(lang=recipient.lang)._render_lines(lines, len(self))

    def _reminder_line(self, recipient):
        """Return what a message to ``recipient`` says about this step (dict of strings)."""
        zone = recipient._own_zone()
        if self._owner_day(recipient, self.date) == recipient._own_day():
            when = format_time(self.env, self.date, tz=zone, time_format="short")
        else:
            when = format_datetime(self.env, self.date, tz=zone, dt_format="short")
        return {
            "url": f"/mail/view?model=res.partner&res_id={self.partner_id.id}",
            "customer": self.partner_id.display_name,
            "what": self._summary(),
            "when": when,
            "owner": self.user_id != recipient and self.user_id.name,
        }
