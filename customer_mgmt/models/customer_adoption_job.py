"""The job behind the adoption of customers."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..tools.job import LOST_RACES

_logger = logging.getLogger(__name__)

# Customers per transaction: a second's work, so that nobody who wants to change one of them waits longer.
BATCH_SIZE = 4_000


class CustomerAdoption(models.Model):
    """Works through running adoptions: step by step, each committed, oldest partners first.

    Nothing is kept in memory between steps that the database does not know. Several workers may run this at once: the
    lock on the adoption lets one take a step at a time, so that numbers follow age.
    """

    _inherit = "customer.adoption"

    @api.model
    def _cron_adopt(self):
        """Go on with every running adoption until all is done or the time is up."""
        for adoption in self.search([("state", "=", "running")], order="id"):
            if not adoption._adopt_while_time():
                break

    def _adopt_while_time(self):
        """Adopt step by step; return whether there is time left for others.

        What was locked by somebody else is taken in a later round, at once or, if nothing else is left, in a minute.
        """
        if reason := self._explain_bad_condition():
            self._give_up(reason)
            return True
        while ids := list(self._query_to_adopt()):
            left = len(ids)
            self.env["ir.cron"]._commit_progress()  # the first step, too, shall see the partners as they are now
            for step in split_every(BATCH_SIZE, ids, list):
                adopted = self._adopt_step(step)
                if adopted is None:
                    return True
                left -= adopted
                # To report remaining work before any was done would mean to Odoo that the job is stuck.
                if not self.env["ir.cron"]._commit_progress(adopted, remaining=left if left < len(ids) else 0):
                    return False
            if left == len(ids):
                job = self.env.ref("customer_mgmt.ir_cron_adopt_customers")
                job._trigger(at=fields.Datetime.now() + timedelta(minutes=1))
                return True
        self._finish()
        return True

    def _adopt_step(self, ids):
        """Adopt ``ids`` within the transaction; return how many customers, or None when this worker should leave it."""
        try:
            if not self._lock_running():
                return None
            category = self.category_id.sudo()
            customers, contacts = self.env["res.partner"]._adopt_customers(
                ids, self.customer_status, category, self.started_by_id
            )
        except LOST_RACES as error:
            _logger.info("%s: a step is put off, others are at work on the same rows: %s", self.name, error)
            self.env.cr.rollback()
            return 0
        if customers:
            self._note_step(customers, contacts)
        return customers

    def _lock_running(self):
        """Lock this adoption until the end of the transaction; return whether it still runs and nobody else has it."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM customer_adoption WHERE id = %s AND state = 'running' FOR NO KEY UPDATE SKIP LOCKED",
                self.id,
            ),
            log_exceptions=False,
        )
        return bool(self.env.cr.fetchall())

    def _note_step(self, customers, contacts):
        """Write down what a step has done, in a row of its own."""
        self.env["customer.adoption.batch"].create(
            {
                "adoption_id": self.id,
                "date": fields.Datetime.now(),
                "customer_count": customers,
                "contact_count": contacts,
            }
        )

    def _finish(self):
        """Close the adoption and tell whoever started it."""
        try:
            if not self._lock_running():
                return
            late = self.env["res.partner"]._adopt_late_contacts()
        except LOST_RACES as error:
            _logger.info("%s: the end is put off, others are at work on the same rows: %s", self.name, error)
            self.env.cr.rollback()
            return
        if late:
            self._note_step(0, late)
        self.write({"state": "done", "finished_on": fields.Datetime.now(), "total": self.done})
        self._tell_starter()
        self.env["res.partner"]._trigger_search_key_job()
        self.env["partner.dimension.type"]._start_all_runs()
        self.env["ir.cron"]._commit_progress()

    def _give_up(self, reason):
        """Stop what cannot go on, because a field or an app is not there any more, and say why (``reason``)."""
        self.state = "stopped"
        self._message_log(body=reason)
        self.env["ir.cron"]._commit_progress()

    def _tell_starter(self):
        """Leave the result on the adoption, and a to-do for whoever started it."""
        adoption = self.with_context(lang=self.started_by_id.lang)
        result = adoption.env._(
            "Adopted: %(customers)s customers and %(contacts)s contacts.",
            customers=adoption.done,
            contacts=adoption.done_contacts,
        )
        adoption._message_log(body=result)
        # No mail about it: the to-do is there at the next click.
        adoption.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=adoption.env._("Look through the adopted customers"),
            note=result,
            user_id=self.started_by_id.id,
        )
