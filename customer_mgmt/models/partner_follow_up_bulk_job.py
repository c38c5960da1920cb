"""The job behind the scheduling of follow-ups."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_follow_up_schedule import FollowUpRequest

# Customers per transaction: each gets a step and an activity, and waits for no more than a second.
BATCH_SIZE = 200


class PartnerFollowUpBulk(models.Model):
    """Makes the steps that a run's lines ask for, through ``partner.follow.up.step._schedule``.

    Every customer is looked at again in its turn: whoever has got an open step meanwhile is left out, so that nothing
    that a colleague planned is replaced, and a step that is taken twice changes nothing. How a run goes on is the
    mixin's.
    """

    _inherit = "partner.follow.up.bulk"

    @api.model
    def _cron_schedule(self):
        """Go on with every run until all is done or the time is up."""
        self._go_on()

    def _prepare_step(self):
        """Act as whoever started it; the people whose work it is are told once, at the end, not for every customer."""
        user = self.started_by_id or self.env.user
        # sudo: runs and steps are written by the system, for what the user was allowed to start
        return self.with_user(user).sudo().with_context(lang=user.lang, tz=user.tz, mail_activity_quick_update=True)

    def _explain_impossible(self):
        if not self.method_id:
            return self.env._("The method has been deleted. Schedule the rest with another one.")
        return None

    # -- whom it looks at --------------------------------------------------------------------------------------------

    def _waiting_sql(self):
        return SQL(
            "(SELECT partner_id FROM partner_follow_up_bulk_line WHERE bulk_id = %s AND state = 'waiting')", self.id
        )

    def _population(self):
        return Domain("id", "in", self._waiting_sql())

    def _next_batch(self):
        """Take fewer at once than runs that only write columns."""
        [row] = self.env.execute_query(
            SQL(
                "SELECT max(partner_id), count(*) FROM (SELECT DISTINCT partner_id FROM partner_follow_up_bulk_line "
                "WHERE bulk_id = %s AND state = 'waiting' AND partner_id > %s ORDER BY partner_id LIMIT %s) AS batch",
                self.id,
                self.last_id,
                BATCH_SIZE,
            )
        )
        return row

    # -- what it does ------------------------------------------------------------------------------------------------

    def _look_at(self, ids):
        """Make the steps of these customers, except for those that somebody is changing just now."""
        lines = self._free_lines(ids)
        Partner = self.env["res.partner"].with_context(active_test=False)
        reasons = Partner._follow_up_refusals(
            {line.partner_id.id: line.user_id.id for line in lines},
            FollowUpRequest(self.method_id, self.started_by_id),
        )
        todo = lines.browse()
        for line in lines:
            if line.partner_id.id not in reasons:
                todo |= line
                reasons[line.partner_id.id] = "open_step"  # two lines of one customer, by a merge
            elif line not in todo:
                line.write({"state": "skipped", "reason": reasons[line.partner_id.id]})
        Step, values = self.env["partner.follow.up.step"], [self._step_values(line) for line in todo]
        steps = Step._schedule(values)
        made = {step.partner_id.id: step for step in steps.sudo()}
        for line in todo:
            line.write({"state": "scheduled", "step_id": made[line.partner_id.id].id})
        Step._plan_rest(self.plan_id, values)
        self.scheduled += len(todo)
        self.left_out += len(lines) - len(todo)
        lines.flush_recordset()
        [(waiting,)] = self.env.execute_query(
            SQL(
                "SELECT count(DISTINCT partner_id) FROM partner_follow_up_bulk_line "
                "WHERE bulk_id = %s AND state = 'waiting' AND partner_id IN %s",
                self.id,
                ids,
            )
        )
        return len(todo), waiting

    def _free_lines(self, ids):
        """Return the waiting lines of the customers ``ids`` (SQL) that nobody is changing; they are locked then."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE id IN %s ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
                ids,
            )
        )
        domain = Domain("bulk_id", "=", self.id) & Domain("state", "=", "waiting")
        domain &= Domain("partner_id", "in", [partner_id for (partner_id,) in rows])
        return self.env["partner.follow.up.bulk.line"].search(domain, order="partner_id, id")

    def _step_values(self, line):
        return {
            "partner_id": line.partner_id.id,
            "user_id": line.user_id.id,
            "date": max(line.date, fields.Datetime.now()),
            "plan": self.plan,
            "method_id": self.method_id.id,
        }

    def _end_pass(self):
        """Come back also for customers that a merge gave a line while their turn was over."""
        self.skipped = len(self._waiting_lines())
        return super()._end_pass()

    def _give_up_skipped(self):
        """Leave out for good who could not be looked at: there is no next run that would do it."""
        lines = self._waiting_lines()
        lines.write({"state": "skipped", "reason": "locked"})
        self.left_out += len(lines)
        return self.env._(
            "%s customers were being changed by others the whole time and got no step. Schedule them again.", len(lines)
        )

    def _waiting_lines(self):
        domain = Domain("bulk_id", "=", self.id) & Domain("state", "=", "waiting")
        return self.env["partner.follow.up.bulk.line"].search(domain)

    # -- telling -----------------------------------------------------------------------------------------------------

    def _close(self, state, message):
        """Tell everybody whose work it has become, in one message each."""
        self._tell_workers()
        return super()._close(state, message)

    def _tell_workers(self):
        """Write to everybody but whoever started it how many customers were given to them."""
        groups = (
            self.env["partner.follow.up.bulk.line"]
            .sudo()
            ._read_group(
                Domain("bulk_id", "=", self.id) & Domain("state", "=", "scheduled"),
                ["user_id"],
                ["__count", "date:min"],
            )
        )
        for user, count, first in groups:
            if not user or user == self.started_by_id:
                continue
            run = self.with_context(lang=user.lang, tz=user.tz)
            day = fields.Datetime.context_timestamp(run, first).date()
            text = run.env._(
                "%(starter)s has planned next steps for %(count)s of your customers (%(title)s), the first one on "
                "%(day)s: %(plan)s.",
                starter=run.started_by_id.name,
                count=count,
                title=run.title,
                day=run.env["ir.qweb.field.date"].value_to_html(day, {}),
                plan=run.plan or run.method_id.name,
            )
            self.env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids,
                subject=run.env._("Next steps for %s customers", count),
                body=Markup("<p>%s</p>") % text,
            )
