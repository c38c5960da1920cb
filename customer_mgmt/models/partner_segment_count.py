"""Counting segments, every night and on demand, and how their size has gone since."""

import json
import logging
from datetime import timedelta

import psycopg2
from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools.job import LOST_RACES, StatementLimit
from .partner_condition_mixin import BAD_CONDITION

_logger = logging.getLogger(__name__)

STATEMENT_LIMIT = 30_000  # milliseconds that one count may take
TREND_DAYS = 30
GRAPH_POINTS = 90  # the latest days that the small chart shows


class PartnerSegment(models.Model):
    """Keeps the size of every segment, one number a day, counted by the system and the same for all who read it."""

    _inherit = "partner.segment"

    size_ids = fields.One2many("partner.segment.size", "segment_id", string="Sizes so Far")
    last_size = fields.Integer(
        string="Size",
        readonly=True,
        copy=False,
        aggregator=None,
        help="How many were in the segment when it was last counted, whoever may see them.",
    )
    last_counted_on = fields.Datetime(string="Counted on", readonly=True, copy=False)
    last_tried_on = fields.Date(
        string="Count Tried on", readonly=True, copy=False, help="The day of the last try to count it."
    )
    last_problem = fields.Char(
        string="Problem of the Last Count",
        readonly=True,
        copy=False,
        help="Why the last count failed. Empty: it did not.",
    )
    size_change = fields.Integer(
        string="Change in 30 Days",
        readonly=True,
        copy=False,
        aggregator=None,
        help="The size when it was last counted, minus the latest one that was 30 or more days old then; minus the "
        "oldest one where none is so old.",
    )
    size_graph = fields.Text(
        string="Size of Late", compute="_compute_size_graph", help="The latest 90 sizes, for the small chart."
    )
    has_history = fields.Boolean(compute="_compute_size_graph", help="Two or more sizes are known.")

    @api.depends("size_ids.size")
    def _compute_size_graph(self):
        """Read the sizes of all segments at once."""
        by_segment = {segment_id: [] for segment_id in self._origin.ids}
        since = fields.Date.today() - timedelta(days=365)
        domain = [("segment_id", "in", self._origin.ids), ("date", ">=", since)]
        for size in self.env["partner.segment.size"].search_fetch(domain, ["segment_id", "date", "size"], order="date"):
            by_segment[size.segment_id.id].append(size)
        for segment in self:
            sizes = by_segment.get(segment._origin.id, [])[-GRAPH_POINTS:]
            segment.has_history = len(sizes) > 1
            values = [{"x": format_date(self.env, size.date), "y": size.size} for size in sizes]
            segment.size_graph = json.dumps(
                [{"key": self.env._("Size"), "title": "", "values": values, "is_sample_data": False}]
            )

    # -- counting ----------------------------------------------------------------------------------------------------

    def action_count_now(self):
        """Count these segments as the night does, for whoever may read them."""
        self.check_access("read")
        self._refuse_broken()
        for segment in self:
            try:
                with self.env.cr.savepoint():
                    segment._count()
            except psycopg2.errors.QueryCanceled as error:
                raise UserError(segment._problem_text(segment._too_long(STATEMENT_LIMIT))) from error

    def _count(self):
        """Write down how many are in this segment now, over everybody's partners."""
        system = self.with_user(SUPERUSER_ID)
        Partner = system.env["res.partner"].with_context(active_test=True, lang=self._rule_lang())
        if not self.is_personal:
            # The system knows all of them; who reads the size does not, and could ask for a single person.
            Partner = Partner.with_context(without_personal=True)
        with StatementLimit(self.env.cr, STATEMENT_LIMIT):
            size = Partner.search_count(system._segment_domain())
        today = fields.Date.context_today(self)
        self.env["partner.segment.size"].flush_model()
        self.env.cr.execute(
            SQL(
                "INSERT INTO partner_segment_size (segment_id, date, size) VALUES (%s, %s, %s) "
                "ON CONFLICT (segment_id, date) DO UPDATE SET size = EXCLUDED.size",
                self.id,
                today,
                size,
            )
        )
        self.invalidate_recordset(["size_ids", "size_graph", "has_history"])
        self.env["partner.segment.size"].invalidate_model()
        values = {
            "last_size": size,
            "last_counted_on": fields.Datetime.now(),
            "last_tried_on": today,
            "last_problem": False,
            "size_change": size - system._size_to_compare(today, size),
        }
        # Whoever counts has not changed the segment.
        system._write_silently(values)

    def _size_to_compare(self, today, size):
        """Return the size that ``size`` of ``today`` is compared with."""
        Size = self.env["partner.segment.size"]
        own = Domain("segment_id", "=", self.id)
        day = today - timedelta(days=TREND_DAYS)
        found = Size.search(own & Domain("date", "<=", day), order="date desc", limit=1)
        found = found or Size.search(own, order="date", limit=1)
        return found.size if found else size

    def _write_silently(self, values):
        """Write ``values`` of the counts, without noting that somebody has changed the segment."""
        self.env.flush_all()
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), None if value is False else value) for name, value in values.items()
        )
        self.env.cr.execute(SQL("UPDATE partner_segment SET %s WHERE id IN %s", assignments, tuple(self.ids)))
        self.invalidate_recordset(list(values))

    # -- every night -------------------------------------------------------------------------------------------------

    @api.model
    def _cron_count(self):
        """Count every segment that has not been tried today, until all are or the time is up."""
        today = fields.Date.context_today(self)
        due = Domain("last_tried_on", "=", False) | Domain("last_tried_on", "<", today)
        todo = self.search(due, order="last_tried_on NULLS FIRST, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(todo))
        for segment in todo:
            locked = segment.try_lock_for_update().filtered_domain(due)
            if locked:
                locked._refresh_personal()  # a tag that it names may have become personal since
                locked._count_or_note(today)
            if not cron._commit_progress(1):
                return

    def _count_or_note(self, today):
        """Count this segment; note why if that is impossible, and tell its owner the first time."""
        try:
            with self.env.cr.savepoint():
                with StatementLimit(self.env.cr, STATEMENT_LIMIT):
                    reason = self._explain_problem()
                if not reason:
                    self._count()
                    return
        except psycopg2.errors.QueryCanceled:
            reason = self._too_long(STATEMENT_LIMIT)
        except LOST_RACES as error:
            _logger.info("%s: not counted, others are at work on the same rows: %s", self, error)
            self.env.cr.rollback()
            return
        except (*BAD_CONDITION, psycopg2.DataError, psycopg2.ProgrammingError) as error:
            reason = str(error).strip()
        self._note_problem(reason, today)

    def _note_problem(self, reason, today):
        """Keep why the count failed; the sizes so far stay."""
        news = self.last_problem != reason
        self._write_silently({"last_problem": reason, "last_tried_on": today})
        if news and self.owner_id.active:
            self._tell_owner()

    def _tell_owner(self):
        """Tell the owner, in his language, what is wrong."""
        segment = self.with_context(lang=self.owner_id.lang)
        text = segment._problem_text(self.last_problem)
        segment.env["mail.thread"].message_notify(
            partner_ids=self.owner_id.partner_id.ids,
            subject=segment.env._("The segment “%s” could not be counted", segment.name),
            body=Markup("<p>%s</p>") % text,
            model=self._name,
            res_id=self.id,
        )
