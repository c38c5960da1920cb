"""The job behind the evaluation of dimension types."""

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .customer_adoption_job import LOST_RACES

_logger = logging.getLogger(__name__)

# Customers per transaction: a second's work at most, so that nobody who wants to change one of them waits longer.
BATCH_SIZE = 8_000
# How often customers that others are changing are tried again, a minute apart; then the next night does.
MAX_PASSES = 3
KEPT_RUNS = 30


class PartnerDimensionRun(models.Model):
    """Works through running evaluations step by step, each committed, in the order of the customers' numbers.

    All that is known stands in the row of the run, so it goes on after any interruption; the lock on that row lets one
    worker take a step at a time. What is right already is not written, so to do it twice changes nothing.
    """

    _inherit = "partner.dimension.run"

    @api.model
    def _cron_evaluate(self):
        """Begin what has not been evaluated today, then go on with every run until all is done or the time is up."""
        Type = self.env["partner.dimension.type"]
        Type._start_missing_runs()
        self.env["ir.cron"]._commit_progress()  # the first step, too, shall see the partners as they are now
        runs = self.search([("state", "=", "running")], order="id")
        for place, run in enumerate(runs, 1):
            if not run._evaluate_while_time(behind=len(runs) - place):
                return
        # What is left waits for others; to report it would mean to Odoo that the job is stuck.
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _evaluate_while_time(self, behind=0):
        """Evaluate step by step; return whether there is time left for others, of which there are ``behind``."""
        while looked_at := self._evaluate_step():
            left = max(self.total - self.done, 1)
            if not self.env["ir.cron"]._commit_progress(looked_at, remaining=left + behind):
                return False
        return bool(self.env["ir.cron"]._commit_progress(remaining=behind)) or not behind

    def _evaluate_step(self):
        """Evaluate one batch within the transaction; return how many customers, or 0 if this worker should leave."""
        try:
            return self._evaluate_batch() if self._lock_running() else 0
        except LOST_RACES as error:
            _logger.info("Run %s: a step is put off, others are at work on the same rows: %s", self.id, error)
            self.env.cr.rollback()
            self._come_back()
        except (psycopg2.DataError, psycopg2.ProgrammingError) as error:
            self.env.cr.rollback()
            self._close("stopped", str(error).strip())
        return 0

    def _lock_running(self):
        """Lock this run until the end of the transaction; return whether it still runs and nobody else has it."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM partner_dimension_run WHERE id = %s AND state = 'running' "
                "FOR NO KEY UPDATE SKIP LOCKED",
                self.id,
            ),
            log_exceptions=False,
        )
        found = bool(self.env.cr.fetchall())
        self.invalidate_recordset()
        return found

    def _evaluate_batch(self):
        """Look at the next customers and change what is wrong; return how many were looked at."""
        run = self.with_context(lang=self._lang())
        dimension = run._dimension()
        reason = run._explain_no_dimension(dimension) or (not run.last_id and run._begin_pass(dimension))
        if reason:
            run._close("stopped", reason)
            return 0
        last_id, count = run._next_batch(dimension)
        if not count:
            run._end_pass()
            return 0
        # sudo: whoever started it, all customers are looked at; the history names that person
        Partner = run.env["res.partner"].with_user(run.started_by_id or run.env.user).sudo()
        self.env.flush_all()
        changes, _unmet = Partner._find_dimension_changes([dimension], run._batch_sql(dimension, last_id))
        rows = changes.get(dimension, [])
        changed = len(Partner._give_dimension(dimension, rows))
        run.write(
            {
                "last_id": last_id,
                "done": run.done + count,
                "changed": run.changed + changed,
                "skipped": run.skipped + len(rows) - changed,
            }
        )
        return count

    def _lang(self):
        """Return the language of what is written down: of whoever started it, else of the main company."""
        return self.started_by_id.lang or self.env["partner.dimension.value"]._rule_lang()

    def _dimension(self):
        """Return the type as partners see it (Dimension), or None if it cannot be evaluated any more."""
        dimensions = self.env["partner.dimension.type"]._evaluated_dimensions()
        return next((dimension for dimension in dimensions if dimension.id == self.type_id.id), None)

    def _explain_no_dimension(self, dimension):
        return dimension is None and self.env._(
            "The type has been archived, or nothing but people gives it values any more."
        )

    def _begin_pass(self, dimension):
        """Make missing values and count the customers; return why it cannot be done (str), or None."""
        Type = self.env["partner.dimension.type"]
        if reason := Type._explain_bad_rules(dimension):
            return reason
        try:
            made = self.type_id._complete_values()
        except UserError as error:
            return str(error)
        population = self._population(dimension)
        total = self.env["partner.dimension.value"]._rule_partners().search_count(population)
        self.write({"total": total, "done": 0, "skipped": 0, "made": self.made + made})
        return None

    @api.model
    def _population(self, dimension):
        return self.env["partner.dimension.type"]._population_domain(dimension.applies_to)

    def _next_batch(self, dimension):
        """Return (last id, number) of the customers to look at now."""
        Partner = self.env["partner.dimension.value"]._rule_partners()
        domain = self._population(dimension) & Domain("id", ">", self.last_id)
        query = Partner._search(domain, order="id", limit=BATCH_SIZE)
        [row] = self.env.execute_query(SQL("SELECT max(id), count(*) FROM %s AS batch", query.subselect()))
        return row

    def _batch_sql(self, dimension, last_id):
        """Return SQL of a sub-select of the customers up to ``last_id``."""
        Partner = self.env["partner.dimension.value"]._rule_partners()
        domain = self._population(dimension) & Domain("id", ">", self.last_id) & Domain("id", "<=", last_id)
        return Partner._search(domain).subselect()

    def _end_pass(self):
        """Finish, or come back in a minute for customers that others were changing."""
        if self.skipped and self.passes + 1 < MAX_PASSES:
            self.write({"last_id": 0, "passes": self.passes + 1})
            self._come_back()
            return
        message = False
        if self.skipped:
            message = self.env._(
                "%s customers were being changed by others the whole time. The next evaluation looks at them.",
                self.skipped,
            )
        self._close("done", message)

    def _come_back(self):
        self.env.ref("customer_mgmt.ir_cron_evaluate_dimensions")._trigger(
            at=fields.Datetime.now() + timedelta(minutes=1)
        )

    def _close(self, state, message):
        """End this run, and forget the oldest ones of its type."""
        self.write({"state": state, "message": message, "finished_on": fields.Datetime.now()})
        domain = [("type_id", "=", self.type_id.id), ("state", "!=", "running")]
        self.search(domain, order="id desc", offset=KEPT_RUNS).unlink()
