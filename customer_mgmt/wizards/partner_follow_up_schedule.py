"""The dialog that plans next steps for many customers."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..models.partner_follow_up import FAR_AWAY
from ..models.partner_follow_up_bulk import SKIP_REASONS
from ..models.res_partner_follow_up_schedule import FollowUpRequest
from ..tools.clock import moment_of
from ..tools.rights import TEAM
from ..tools.spread import spread

MAX_NAMES = 5
MAX_DAYS = 60


class SchedulePlan(NamedTuple):
    """What the dialog would do: who works on which customer when, and who is left out for which reason."""

    rows: list  # (partner id, user id, naive UTC datetime)
    skipped: dict  # {reason: partner ids}


class PartnerFollowUpSchedule(models.TransientModel):
    """Plans one step each for a segment or a selection of customers, and says first for how many and for whom not.

    Contact persons stand for their company. What is to be done is written down as a partner.follow.up.bulk, which makes
    the steps in the background.
    """

    _name = "partner.follow.up.schedule"
    _description = "Schedule Follow-ups"

    segment_id = fields.Many2one("partner.segment", readonly=True, ondelete="cascade")
    selected_ids = fields.Json(string="Selected Partners", readonly=True, help="Whom the dialog was opened on.")
    selected_text = fields.Char(
        string="Selected", compute="_compute_selected_text", help="The segment, or how many partners were selected."
    )
    method_id = fields.Many2one(
        "partner.follow.up.method", default=lambda self: self.env["partner.follow.up.method"].search([], limit=1)
    )
    plan = fields.Char(string="What to Do", help="What the to-do list says.")
    plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Plan Template",
        domain="[('res_model', '=', 'res.partner')]",
        help="Its first line becomes the next step; the others follow when the one before is done.",
    )
    when = fields.Selection(
        [("date", "On one day"), ("spread", "Spread over working days")], required=True, default="date"
    )
    date = fields.Datetime(
        string="Due at", required=True, default=lambda self: self._default_date(), help="The first day, when spread."
    )
    days = fields.Integer(string="Working Days", default=5, help="Each person's customers are spread evenly over them.")
    for_whom = fields.Selection(
        [("owner", "Each customer's owner"), ("person", "One person")], string="Work of", required=True, default="owner"
    )
    user_id = fields.Many2one(
        "res.users", string="Person", default=lambda self: self.env.user, domain="[('share', '=', False)]"
    )
    can_plan_for_all = fields.Boolean(
        compute="_compute_can_plan_for_all", help="The user leads a team or manages all customers."
    )
    summary = fields.Html(
        compute="_compute_summary",
        sanitize=False,
        help="Customers that get a step, and those that are left out. Not their contact persons.",
    )
    scheduled_count = fields.Integer(compute="_compute_summary", help="Customers that the button below plans for.")
    bulk_id = fields.Many2one("partner.follow.up.bulk", readonly=True, ondelete="set null")

    @api.model
    def _default_date(self):
        """Return nine o'clock of the next working day of the user."""
        today = fields.Date.context_today(self)
        [day] = self._working_days(self.env.user, today + timedelta(days=1), 1)
        return self._moment(day, time(9))

    @api.depends_context("uid")
    def _compute_can_plan_for_all(self):
        self.can_plan_for_all = self.env.user.has_group(TEAM)

    # -- whom it is about --------------------------------------------------------------------------------------------

    @api.model
    def _open_for(self, partners):
        """Return a new dialog on ``partners``, or on all that the filter in the context finds if they reach the limit.

        Only whom the user may read is in it.
        """
        found, _whole = partners._selection_or_filter()
        return self.create({"selected_ids": found.ids})

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Schedule Follow-ups"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("segment_id", "selected_ids")
    def _compute_selected_text(self):
        for wizard in self:
            wizard.selected_text = wizard.segment_id.name or self.env._("Selected: %s", len(wizard.selected_ids or ()))

    def _entities(self):
        """Return [(partner id, owner's id or False)] of the customers that the dialog is about, those first of whom
        nobody has heard for the longest time; as the user, who may have lost sight of some.
        """
        Partner = self.env["res.partner"].with_context(active_test=False)
        if self.segment_id:
            chosen = Partner.with_context(active_test=True)._search([("segment_ids", "=", self.segment_id.id)])
        else:
            chosen = Partner._search([("id", "in", self.selected_ids or [])])
        entities = Domain("id", "in", chosen.subselect(SQL.identifier("res_partner", "commercial_partner_id")))
        query = Partner._search(entities, order="follow_up_last_date NULLS FIRST, id")
        table = SQL.identifier(query.table)
        return [
            (partner_id, user_id or False)
            for partner_id, user_id in self.env.execute_query(
                query.select(SQL("%s.id", table), SQL("%s.user_id", table))
            )
        ]

    # -- what is to happen -------------------------------------------------------------------------------------------

    @api.onchange("plan_id")
    def _onchange_plan_id(self):
        """Fill in what to do from the first line of the plan template."""
        line = self.plan_id._follow_up_lines()[:1]
        if not line:
            return
        methods = self.method_id._by_activity_type(line.activity_type_id)
        self.method_id = methods.get(line.activity_type_id, self.method_id)
        self.plan = line.summary or self.plan

    @api.depends("segment_id", "selected_ids", "method_id", "when", "date", "days", "for_whom", "user_id")
    @api.depends_context("uid", "tz", "lang")
    def _compute_summary(self):
        for wizard in self:
            plan = wizard._make_plan() if wizard._explain_missing() is None else None
            wizard.scheduled_count = len(plan.rows) if plan else 0
            wizard.summary = wizard._render_plan(plan) if plan else wizard._explain_missing()

    def _explain_missing(self):
        """Return what is missing or wrong in the dialog (str), or None."""
        now = fields.Datetime.now()
        if not self.method_id:
            return self.env._("Method: choose one.")
        if self.for_whom == "person" and not self.user_id:
            return self.env._("Person: say whose work it is.")
        if not self.date or self.date < now:
            return self.env._("Due at: it lies in the past. Choose a later time.")
        if self.date > now + FAR_AWAY:
            return self.env._("Due at: it is more than a year away. Choose an earlier day.")
        if self.when == "spread" and not 1 <= self.days <= MAX_DAYS:
            return self.env._("Working Days: between 1 and %s.", MAX_DAYS)
        return None

    def _make_plan(self):
        """Return the SchedulePlan of what the dialog asks for."""
        person = self.user_id._origin.id if self.for_whom == "person" else None
        workers = {partner_id: person or owner_id for partner_id, owner_id in self._entities()}
        request = FollowUpRequest(self.method_id._origin, self.env.user)
        refusals = self.env["res.partner"]._follow_up_refusals(workers, request)
        skipped = defaultdict(list)
        for partner_id, reason in refusals.items():
            skipped[reason].append(partner_id)
        by_user = defaultdict(list)
        for partner_id, user_id in workers.items():
            if partner_id not in refusals:
                by_user[user_id].append(partner_id)
        rows = [row for user_id, ids in by_user.items() for row in self._rows_of(user_id, ids)]
        return SchedulePlan(rows, {reason: skipped[reason] for reason, _label in SKIP_REASONS if reason in skipped})

    def _rows_of(self, user_id, ids):
        """Return (partner id, user id, moment) for the customers ``ids`` of one person."""
        if self.when == "date":
            return [(partner_id, user_id, self.date) for partner_id in ids]
        local = fields.Datetime.context_timestamp(self, self.date)
        days = self._working_days(self.env["res.users"].browse(user_id), local.date(), self.days)
        places = spread(len(ids), len(days))
        return [
            (partner_id, user_id, self._moment(days[place], local.time()))
            for partner_id, place in zip(ids, places, strict=True)
        ]

    @api.model
    def _working_days(self, user, first, count):
        """Return ``count`` days (dates) from ``first`` on, on which ``user`` works; holidays and time off are none."""
        days = [first + timedelta(days=number) for number in range(7 * count + 60)]
        zone = pytz.timezone(user._working_hours()[2])
        begin, end = (zone.localize(datetime.combine(day, time.min)) for day in (days[0], days[-1]))
        worked = {start.date() for start, _stop in user._working_intervals(begin, end) or ()}
        found = [day for day in days if day in worked] or [day for day in days if day.weekday() < 5]
        return found[:count]

    @api.model
    def _moment(self, day, at):
        """Return the naive UTC datetime of the clock time ``at`` on ``day`` in the user's time zone."""
        return moment_of(self.env.context.get("tz") or self.env.user.tz, day, at)

    # -- telling -----------------------------------------------------------------------------------------------------

    def _render_plan(self, plan):
        """Return numbers and names of ``plan`` as a readable list."""
        labels = self._skip_labels()
        rows = [
            self.env._("%(reason)s (%(count)s): %(names)s", reason=labels[reason], count=len(ids), names=names)
            for reason, ids in plan.skipped.items()
            for names in [self._name_some(ids)]
        ]
        if left_out := sum(map(len, plan.skipped.values())):
            rows.insert(0, self.env._("Left out: %s", left_out))
        if plan.rows:
            rows.insert(0, self._days_text(plan.rows))
        return Markup("<ul class='mb-0'><li><strong>%s</strong></li>%s</ul>") % (
            self.env._("Get a next step: %s", len(plan.rows)),
            Markup().join(Markup("<li>%s</li>") % row for row in rows),
        )

    def _days_text(self, rows):
        """Return from when to when it is, and how much that is for one person on one day at most."""
        load = defaultdict(int)
        for _partner_id, user_id, moment in rows:
            load[user_id, fields.Datetime.context_timestamp(self, moment).date()] += 1
        days = sorted({day for _user, day in load})
        return self.env._(
            "%(days)s · people: %(people)s · most customers of one person on one day: %(most)s",
            days=" – ".join(dict.fromkeys(format_date(self.env, day) for day in (days[0], days[-1]))),
            people=len({user_id for user_id, _day in load}),
            most=max(load.values()),
        )

    @api.model
    def _skip_labels(self):
        """Return {reason: words}."""
        return {
            "population": self.env._("They are no customers"),
            "archived": self.env._("They are archived"),
            "invalid": self.env._("They are marked invalid"),
            "no_owner": self.env._("Nobody owns them"),
            "others": self.env._("They are a colleague's, for whom you may not plan"),
            "open_step": self.env._("They have an open step"),
            "refuses": self.env._("They do not want to be contacted in this way"),
        }

    @api.model
    def _name_some(self, ids):
        """Return the first names of ``ids``, as far as the user may see them, and how many more there are."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        names = Partner.search([("id", "in", ids)], limit=MAX_NAMES).mapped("display_name")
        if rest := len(ids) - len(names):
            names.append(self.env._("… and %s more", rest))
        return ", ".join(names)

    # -- doing -------------------------------------------------------------------------------------------------------

    def action_schedule(self):
        """Write down what is to be done, let the job begin, and show how far it is; a second click shows the same."""
        self.ensure_one()
        self.check_access("write")
        if not self.bulk_id:
            self._start()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Scheduling of Follow-ups"),
            "res_model": "partner.follow.up.bulk",
            "res_id": self.bulk_id.id,
            "view_mode": "form",
            "target": "main",
        }

    def _start(self):
        """Refuse what cannot be done, then make the run with all its lines by one statement each."""
        if not self.env.user.has_group("customer_mgmt.group_customer_own"):
            raise AccessError(self.env._("Follow-ups are planned by users who work in the customer file."))
        if self.segment_id:
            self.segment_id.check_access("read")
            self.segment_id._refuse_broken()
        if reason := self._explain_missing():
            raise UserError(reason)
        # sudo: the job is the system's
        job = self.env.ref("customer_mgmt.ir_cron_schedule_follow_ups").sudo()
        job._refuse_switched_off()
        plan = self._make_plan()
        if not plan.rows:
            raise UserError(self.env._("Customers: none of them would get a step. Choose others."))
        # sudo: runs are written by the system
        self.bulk_id = self.env["partner.follow.up.bulk"].sudo().create(self._run_values(plan))
        self._write_lines(plan)
        job._trigger()

    def _run_values(self, plan):
        return {
            "title": self.selected_text,
            "segment_id": self.segment_id.id,
            "method_id": self.method_id.id,
            "plan": (self.plan or "").strip() or False,
            "plan_id": self.plan_id.id,
            "user_id": self.user_id.id if self.for_whom == "person" else False,
            "started_by_id": self.env.uid,
            "total": len(plan.rows),
            "left_out": sum(map(len, plan.skipped.values())),
        }

    def _write_lines(self, plan):
        """Write down who does what when, and who is left out."""
        self.env.flush_all()
        bulk_id = self.bulk_id.id
        self.env.cr.execute(
            SQL(
                "INSERT INTO partner_follow_up_bulk_line (bulk_id, partner_id, user_id, date, state) "
                "SELECT %s, row.*, 'waiting' FROM unnest(%s::integer[], %s::integer[], %s::timestamp[]) AS row",
                bulk_id,
                [row[0] for row in plan.rows],
                [row[1] for row in plan.rows],
                [row[2] for row in plan.rows],
            )
        )
        for reason, ids in plan.skipped.items():
            self.env.cr.execute(
                SQL(
                    "INSERT INTO partner_follow_up_bulk_line (bulk_id, partner_id, state, reason) "
                    "SELECT %s, partner_id, 'skipped', %s FROM unnest(%s::integer[]) AS partner_id",
                    bulk_id,
                    reason,
                    ids,
                )
            )
        self.env["partner.follow.up.bulk.line"].invalidate_model()
        self.bulk_id.invalidate_recordset(["line_ids"])
