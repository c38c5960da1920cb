"""Looking at all customers in the background, step by step."""

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.job import LOST_RACES, StatementLimit

_logger = logging.getLogger(__name__)

# Customers per transaction: a second's work at most, so that nobody who wants to change one of them waits longer.
BATCH_SIZE = 8_000
# How often customers that others are changing are tried again, a minute apart; then the next night does.
MAX_PASSES = 3
KEPT_RUNS = 30
RUN_STATES = [("running", "Running"), ("done", "Done"), ("stopped", "Stopped")]


class PartnerRunMixin(models.AbstractModel):
    """One walk of a job over many partners: how far it is, what came out, and how it goes on.

    Each step is committed, in the order of the partners' numbers. All that is known stands in the row of the run, so it
    goes on after any interruption; the lock on that row lets one worker take a step at a time. A step writes only what
    is not right already, so to do it twice changes nothing.

    A concrete model says what the run is about (``_subject_field``), which job does it (``_job_xmlid``), whom it looks
    at (``_population``) and what is done with them (``_look_at``). Written by the system alone.
    """

    _name = "partner.run.mixin"
    _description = "Run over Many Partners"

    _subject_field = None  # the name of the many2one to what the run is about, if there is one
    _job_xmlid = None
    # Milliseconds that one statement of a step may take; None: any time.
    _statement_limit = None

    state = fields.Selection(
        RUN_STATES,
        string="Status",
        required=True,
        default="running",
        help="Stopped: it could not be done; the message says why.",
    )
    started_by_id = fields.Many2one("res.users", ondelete="set null", help="Empty: the system, every night.")
    started_on = fields.Datetime(required=True, default=fields.Datetime.now)
    finished_on = fields.Datetime()
    last_id = fields.Integer(string="Looked at up to", help="The last partner, by number, that has been looked at.")
    passes = fields.Integer(
        help="How often all customers have been looked at before, because some were being changed by others meanwhile."
    )
    total = fields.Integer(help="Customers to look at.")
    done = fields.Integer(string="Looked at", help="Customers that have been looked at in this pass.")
    changed = fields.Integer(help="Customers for whom something has changed.")
    skipped = fields.Integer(help="Customers that others were changing; they are looked at again a minute later.")
    progress = fields.Float(compute="_compute_progress", help="Looked at / total, in percent.")
    message = fields.Char(help="Why it stopped, or what is left.")

    @api.depends("done", "total", "state")
    def _compute_progress(self):
        for run in self:
            run.progress = 100 * min(1, run.done / run.total) if run.total else 0
            if run.state == "done":
                run.progress = 100

    # -- what a concrete model says ----------------------------------------------------------------------------------

    def _prepare_step(self):
        """Return this run as its steps see it (another language, say)."""
        return self

    def _explain_impossible(self):
        """Return why the run cannot go on (str), asked before every step, or None."""
        return None

    def _begin_pass(self):
        """Do what comes before the first step of a pass; return why the run cannot be done (str), or None."""
        self.write({"total": self._count_population(), "done": 0, "skipped": 0})
        return None

    def _population(self):
        """Return the Domain of the partners to look at."""
        raise NotImplementedError

    def _look_at(self, ids):
        """Do what the run is for with the partners ``ids`` (SQL of a sub-select); return how many (changed, skipped).

        Everything has been flushed.
        """
        raise NotImplementedError

    def _report_stopped(self):
        """Tell somebody that this run has been stopped; the message says why."""

    # -- going on ----------------------------------------------------------------------------------------------------

    @api.model
    def _go_on(self):
        """Go on with every run until all is done or the time is up; to be called by the job."""
        self.env["ir.cron"]._commit_progress()  # the first step, too, shall see the partners as they are now
        runs = self.search([("state", "=", "running")], order="id")
        for place, run in enumerate(runs, 1):
            if not run._work_while_time(behind=len(runs) - place):
                return
        # What is left waits for others; to report it would mean to Odoo that the job is stuck.
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _work_while_time(self, behind=0):
        """Take step by step; return whether there is time left for others, of which there are ``behind``."""
        while looked_at := self._step():
            left = max(self.total - self.done, 1)
            if not self.env["ir.cron"]._commit_progress(looked_at, remaining=left + behind):
                return False
        return bool(self.env["ir.cron"]._commit_progress(remaining=behind)) or not behind

    def _step(self):
        """Look at one batch within the transaction; return how many partners, or 0 if this worker should leave."""
        try:
            return self._take_step() if self._lock_running() else 0
        except psycopg2.errors.QueryCanceled:
            self._take_back()
            seconds = (self._statement_limit or 0) / 1000
            self._close("stopped", self.env._("It takes too long: more than %g seconds for one step.", seconds))
        except LOST_RACES as error:
            _logger.info("%s: a step is put off, others are at work on the same rows: %s", self, error)
            self._take_back()
            self._come_back()
        except (psycopg2.DataError, psycopg2.ProgrammingError) as error:
            self._take_back()
            self._close("stopped", str(error).strip())
        return 0

    def _take_back(self):
        """Undo the step, and forget what is kept of records that it may have made."""
        self.env.cr.rollback()
        self.env.registry.clear_cache("stable")

    def _lock_running(self):
        """Lock this run until the end of the transaction; return whether it still runs and nobody else has it."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id = %s AND state = 'running' FOR NO KEY UPDATE SKIP LOCKED",
                SQL.identifier(self._table),
                self.id,
            ),
            log_exceptions=False,
        )
        found = bool(self.env.cr.fetchall())
        self.invalidate_recordset()
        return found

    def _take_step(self):
        """Look at the next partners; return how many."""
        run = self._prepare_step()
        reason = run._explain_impossible() or (not run.last_id and run._begin_pass())
        if reason:
            run._close("stopped", reason)
            return 0
        last_id, count = run._next_batch()
        if not count:
            run._end_pass()
            return 0
        self.env.flush_all()
        with StatementLimit(self.env.cr, self._statement_limit):
            changed, skipped = run._look_at(run._batch_sql(last_id))
        run.write(
            {
                "last_id": last_id,
                "done": run.done + count,
                "changed": run.changed + changed,
                "skipped": run.skipped + skipped,
            }
        )
        return count

    def _count_population(self):
        return self.env["partner.condition.mixin"]._rule_partners().search_count(self._population())

    def _next_batch(self):
        """Return (last id, number) of the partners to look at now."""
        Partner = self.env["partner.condition.mixin"]._rule_partners()
        query = Partner._search(self._population() & Domain("id", ">", self.last_id), order="id", limit=BATCH_SIZE)
        [row] = self.env.execute_query(SQL("SELECT max(id), count(*) FROM %s AS batch", query.subselect()))
        return row

    def _batch_sql(self, last_id):
        """Return SQL of a sub-select of the partners up to ``last_id``."""
        Partner = self.env["partner.condition.mixin"]._rule_partners()
        domain = self._population() & Domain("id", ">", self.last_id) & Domain("id", "<=", last_id)
        return Partner._search(domain).subselect()

    def _end_pass(self):
        """Finish, or come back in a minute for partners that others were changing."""
        if self.skipped and self.passes + 1 < MAX_PASSES:
            self.write({"last_id": 0, "passes": self.passes + 1})
            self._come_back()
            return
        self._close("done", self._give_up_skipped() if self.skipped else False)

    def _give_up_skipped(self):
        """Leave the partners that others were changing the whole time to the next run; return what is said of them."""
        return self.env._(
            "%s customers were being changed by others the whole time. The next evaluation looks at them.", self.skipped
        )

    def _come_back(self):
        self.env.ref(self._job_xmlid)._trigger(at=fields.Datetime.now() + timedelta(minutes=1))

    def _close(self, state, message):
        """End this run, and forget the oldest ones of its subject."""
        self.write({"state": state, "message": message, "finished_on": fields.Datetime.now()})
        if state == "stopped":
            self._report_stopped()
        domain = Domain("state", "!=", "running")
        if self._subject_field:
            domain &= Domain(self._subject_field, "=", self[self._subject_field].id)
        self.search(domain, order="id desc", offset=KEPT_RUNS).unlink()
