"""Which customers' follow-up status has to be looked at again."""

import itertools
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.job import LOST_RACES

_logger = logging.getLogger(__name__)

# Customers per transaction: a second's work at most, so that nobody who wants to change one of them waits longer.
BATCH_SIZE = 4_000
# Activities that are made anew per transaction; each is a record with a to-do of its own.
HEALED_AT_ONCE = 200
# What cannot be made anew must not keep the job busy for ever.
HEALED_TURNS = 50


class PartnerFollowUpMark(models.Model):
    """A note that something about a customer has changed on which its follow-up status depends.

    It is written in the transaction of the change (res_partner_follow_up_change.py), any number of times for one
    customer, and the job takes it away when it has looked. What two people do at the same moment, each without seeing
    the other, is put right by that. Nobody reads it; the numbers are no links, so that writing it waits for nobody.
    """

    _name = "partner.follow.up.mark"
    _description = "Follow-up Status to Look At"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Integer(string="Partner Number", required=True)

    @api.model
    def _cron_follow_up_status(self):
        """Judge again who is marked, and whose status changes by time alone; then make lost activities anew."""
        Job = self.env["ir.cron"]
        Job._commit_progress()  # the first step, too, shall see everything as it is now
        [(newest,)] = self.env.execute_query(SQL("SELECT max(id) FROM partner_follow_up_mark"))
        steps = (
            (lambda: self._settle_marks(newest or 0), None),
            (self._settle_due, None),
            (lambda: self.env["partner.follow.up.step"]._heal_activities(HEALED_AT_ONCE), HEALED_TURNS),
        )
        for step, turns in steps:
            for _turn in range(turns) if turns else itertools.count():
                done = self._try_step(step)
                # How much is left takes as long to know as to do.
                if done and not Job._commit_progress(done, remaining=1):
                    return
                if not done:
                    break
        Job._commit_progress(remaining=0)

    @api.model
    def _try_step(self, step):
        """Do one step; return how many customers it was about, 0 when it has to wait for others."""
        try:
            return step()
        except LOST_RACES as error:
            _logger.info("Follow-up status: a step is put off, others are at work on the same rows: %s", error)
            self.env.cr.rollback()
            # sudo: the job is the system's
            job = self.env.ref("customer_mgmt.ir_cron_follow_up_status").sudo()
            job._trigger(at=fields.Datetime.now() + timedelta(minutes=1))
            return 0

    @api.model
    def _settle_marks(self, newest):
        """Judge the customers of the oldest marks up to the number ``newest``; return how many marks there were.

        Whom somebody is changing just now is marked again, for the next hour.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM partner_follow_up_mark WHERE id IN (SELECT id FROM partner_follow_up_mark "
                "WHERE id <= %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING partner_id",
                newest,
                BATCH_SIZE,
            ),
            log_exceptions=False,
        )
        ids = [partner_id for (partner_id,) in self.env.cr.fetchall()]
        if ids:
            Partner = self.env["res.partner"]
            _changed, skipped = Partner._judge_follow_up(SQL("(SELECT unnest(%s::integer[]))", ids))
            Partner._write_follow_up_marks(skipped)
        return len(ids)

    @api.model
    def _settle_due(self):
        """Judge customers for whom the time of a change has come; return for how many something has changed."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE follow_up_change_date <= %s ORDER BY follow_up_change_date, id "
                "LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
                fields.Datetime.now(),
                BATCH_SIZE,
            ),
            log_exceptions=False,
        )
        ids = [partner_id for (partner_id,) in self.env.cr.fetchall()]
        if not ids:
            return 0
        changed, _skipped = self.env["res.partner"]._judge_follow_up(SQL("(SELECT unnest(%s::integer[]))", ids))
        return changed
