"""Where the rows of the efficiency report come from."""

from datetime import UTC, datetime

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.follow_up import POSTPONED_LATE
from ..tools.working_time import as_array, cumulate
from .partner_follow_up_report import KIND_NUMBERS, KINDS, RATES

# The id of a customer of a month: months since MONTHS_FROM (a year) times MONTH_IDS plus the id of an ownership.
MONTHS_FROM = 1970
MONTH_IDS = 2**31
# Owners of these causes were not given the customer to look after: it was theirs before, in or out of this file.
NOT_ASSIGNED = ("adopted", "merged")
# What the time zone of a row is, where its company is joined (_company_join).
ZONE = SQL("COALESCE(company_partner.tz, 'UTC')")
# The same for the owner of a step.
OWNER_ZONE = SQL("COALESCE(owner_partner.tz, company_partner.tz, 'UTC')")


def team_of(column):
    """Return SQL for the team in ``column``, or for the one of the person (``owner``) where it is empty."""
    return SQL("COALESCE(%s, owner.sale_team_id)", SQL(column))


def local(moment, zone):
    """Return SQL for a ``moment`` (SQL, UTC) as the clock of the time ``zone`` (SQL) shows it."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", moment, zone)


def first_contact(columns, condition):
    """Return SQL for ``columns`` (SQL) of the counted follow-ups of the owner ``o`` that meet ``condition`` (SQL).

    A follow-up from before a new customer was entered is the call that it was entered for.
    """
    return SQL(
        "(SELECT %s FROM partner_follow_up f WHERE f.partner_id = o.partner_id AND f.is_counted "
        "AND f.date >= CASE WHEN o.cause = 'created' THEN '-infinity' ELSE o.since END "
        "AND f.date < COALESCE(o.until, 'infinity') AND %s)",
        columns,
        condition,
    )


def worked(moment):
    """Return SQL for the seconds of working time before ``moment`` (SQL) in the ``working`` calendar joined.

    The place among the begins of working intervals is found by halving; what was worked before it is known.
    """
    return SQL(
        "(SELECT CASE WHEN place = 0 THEN 0 ELSE working.worked[place] + "
        "LEAST(at - working.starts[place], working.worked[place + 1] - working.worked[place]) END "
        "FROM (SELECT at, width_bucket(at, working.starts) AS place "
        "FROM (SELECT EXTRACT(EPOCH FROM %s)::float8 AS at OFFSET 0) moment OFFSET 0) spot)",
        moment,
    )


class PartnerFollowUpReport(models.Model):
    """Reads the rows; the database leaves out the kinds of fact and the columns that nobody asks for.

    Working hours are exact and for all rows at once: Odoo's own calendar says which intervals were working time, which
    two arrays tell the database, and the hours between two moments are the difference of what was worked before each.
    Nothing of it is stored, so that a day off entered later, or hours that change, need no job to be set right.
    """

    _inherit = "partner.follow.up.report"
    _depends = {
        "partner.follow.up": [
            "partner_id",
            "user_id",
            "team_id",
            "company_id",
            "date",
            "method_id",
            "topic_id",
            "direction",
            "outcome",
            "is_reached",
            "is_counted",
        ],
        "partner.follow.up.step": [
            "partner_id",
            "user_id",
            "team_id",
            "company_id",
            "date",
            "day",
            "method_id",
            "topic_id",
            "state",
            "postponed",
            "result_id",
            "closed_on",
        ],
        "partner.ownership": ["partner_id", "user_id", "since", "until", "cause"],
        "res.partner": [
            "active",
            "company_id",
            "customer_status",
            "invalid_on",
            "is_company",
            "parent_id",
            "team_id",
            "tz",
            "user_id",
        ],
        "res.users": ["partner_id", "sale_team_id"],
        "res.company": ["partner_id", "follow_up_response_hours"],
    }

    @property
    def _table_query(self):
        """Return SQL giving all rows, or those that ``fetch`` looks up."""
        ids = self.env.context.get("follow_up_report_ids")
        rows = list(filter(None, (self._branch(kind, ids) for kind in KIND_NUMBERS)))
        # Ids of no kind are those of no row.
        return SQL(" UNION ALL ").join(rows or [self._branch("contact", [KIND_NUMBERS["contact"]])])

    @api.model
    def _branch(self, kind, ids):
        """Return SQL giving the rows of one kind of fact, of ``ids`` alone if that is a list; None if it has none."""
        sources = None
        if ids is not None:
            sources = tuple(row // KINDS for row in ids if row % KINDS == KIND_NUMBERS[kind])
            if not sources:
                return None
        columns, source = getattr(self, f"_{kind}_rows")(sources)
        columns = {"kind": SQL("%s", kind), **columns}
        columns["id"] = SQL("(%s)::bigint * %s + %s", columns["id"], KINDS, KIND_NUMBERS[kind])
        if kind in RATES:
            columns["result"] = SQL("CASE %s WHEN 1 THEN 'yes' ELSE 'no' END", columns[RATES[kind]])
        if kind in ("contact", "step", "assignment"):
            columns["weekday"] = SQL("EXTRACT(isodow FROM %s)::integer", columns["date"])
        return SQL("SELECT %s %s", self._select(columns), source)

    @api.model
    def _select(self, columns):
        """Return SQL listing the columns of this model in one order, each of its type; empty where not given."""
        parts = [SQL("%s AS id", columns["id"])]
        for name, field in self._fields.items():
            if field.store and field.column_type and name != "id":
                value = columns.get(name) or SQL("NULL")
                # The database takes branches apart only where their types are the same from the start.
                parts.append(SQL("%s::%s AS %s", value, SQL.identifier(field.column_type[0]), SQL.identifier(name)))
        return SQL(", ").join(parts)

    @api.model
    def _company_join(self, company):
        """Return SQL joining the company of a row, or the current one where ``company`` (SQL) is empty."""
        return SQL(
            "LEFT JOIN res_company company ON company.id = COALESCE(%s, %s) "
            "LEFT JOIN res_partner company_partner ON company_partner.id = company.partner_id",
            company,
            self.env.company.id,
        )

    @api.model
    def _window_days(self):
        """Return the first and the last day (date or None each) that are asked for."""
        return self.env.context.get("follow_up_report_window") or (None, None)

    @api.model
    def _near(self, moment):
        """Return SQL that leaves out what is far from the days that are asked for, by the index on ``moment`` (UTC)."""
        since, until = self._window_days()
        first = SQL("AND %s >= %s::timestamp - INTERVAL '1 day'", SQL(moment), since) if since else SQL()
        last = SQL("AND %s < %s::timestamp + INTERVAL '2 days'", SQL(moment), until) if until else SQL()
        return SQL("%s %s", first, last)

    @api.model
    def _now(self):
        return SQL("%s::timestamp", fields.Datetime.now())

    @api.model
    def _today(self):
        """Return SQL for the day that it is in the zone of a row's company."""
        return SQL("%s::date", local(self._now(), ZONE))

    # -- one method per kind: ({column: SQL}, SQL from "FROM" on) ------------------------------------------------------

    @api.model
    def _contact_rows(self, sources):
        columns = {name: SQL.identifier("f", name) for name in ("user_id", "team_id", "company_id", "partner_id")}
        columns |= {name: SQL.identifier("f", name) for name in ("method_id", "topic_id", "direction", "outcome")}
        columns |= {
            "id": SQL("f.id"),
            "follow_up_id": SQL("f.id"),
            "date": SQL("%s::date", local(SQL("f.date"), ZONE)),
            "attempts": SQL("1"),
            "reach_rate": SQL("f.is_reached::integer"),
        }
        return columns, SQL(
            "FROM partner_follow_up f %s WHERE f.is_counted %s %s",
            self._company_join(SQL("f.company_id")),
            self._near("f.date"),
            SQL("AND f.id IN %s", sources) if sources else SQL(),
        )

    @api.model
    def _step_columns(self):
        names = ("user_id", "company_id", "partner_id", "method_id", "topic_id")
        columns = {name: SQL.identifier("s", name) for name in names}
        return {"id": SQL("s.id"), "step_id": SQL("s.id"), "team_id": team_of("s.team_id"), **columns}

    @api.model
    def _step_source(self):
        """Return SQL for steps with the follow-up that kept them, their owner and their company."""
        return SQL(
            "FROM partner_follow_up_step s LEFT JOIN partner_follow_up kept ON kept.id = s.result_id "
            "LEFT JOIN res_users owner ON owner.id = s.user_id "
            "LEFT JOIN res_partner owner_partner ON owner_partner.id = owner.partner_id %s",
            self._company_join(SQL("s.company_id")),
        )

    @api.model
    def _step_rows(self, sources):
        """Steps whose day has come, unless they were taken back before it."""
        day_kept = local(SQL("COALESCE(kept.date, s.closed_on)"), OWNER_ZONE)
        columns = {
            **self._step_columns(),
            "date": SQL("s.day"),
            "due": SQL("1"),
            "on_time_rate": SQL(
                "CASE WHEN s.state = 'done' AND COALESCE(s.postponed, 0) < %s AND COALESCE(kept.is_counted, TRUE) "
                "AND %s::date <= s.day THEN 1 ELSE 0 END",
                POSTPONED_LATE,
                day_kept,
            ),
        }
        return columns, SQL(
            "%s WHERE s.state != 'planned' AND s.day <= %s::date "
            "AND NOT (s.state IN ('superseded', 'cancelled') AND %s::date < s.day) %s",
            self._step_source(),
            local(self._now(), OWNER_ZONE),
            local(SQL("s.closed_on"), OWNER_ZONE),
            SQL("AND s.id IN %s", sources) if sources else SQL(),
        )

    @api.model
    def _open_rows(self, sources):
        """Open steps as they are now."""
        days = SQL("(%s::date - s.day)", local(self._now(), OWNER_ZONE))
        late = SQL("s.date < %s", self._now())
        columns = {
            **self._step_columns(),
            "date": self._today(),
            "overdue": SQL("CASE WHEN %s THEN 1 END", late),
            "overdue_days": SQL("CASE WHEN %s THEN %s END", late, days),
            "overdue_age": SQL(
                "CASE WHEN NOT %(late)s THEN NULL WHEN %(days)s <= 1 THEN '1_day' WHEN %(days)s <= 3 THEN '2_days' "
                "WHEN %(days)s <= 7 THEN '3_week' WHEN %(days)s <= 30 THEN '4_month' ELSE '5_more' END",
                late=late,
                days=days,
            ),
        }
        only = SQL("AND s.id IN %s", sources) if sources else SQL()
        return columns, SQL("%s WHERE s.state = 'open' %s", self._step_source(), only)

    @api.model
    def _assignment_rows(self, sources):
        """Owners of customers, with the first response that these got from anybody meanwhile."""
        hours = SQL(
            "(GREATEST(%s - %s, 0) / 3600)",
            worked(SQL("COALESCE(a.reached_on, a.until, %s)", self._now())),
            worked(SQL("a.since")),
        )
        in_time = SQL("(a.reached_on IS NOT NULL AND %s <= company.follow_up_response_hours)", hours)
        columns = {
            "id": SQL("a.id"),
            "partner_id": SQL("a.partner_id"),
            "user_id": SQL("a.user_id"),
            "team_id": SQL("a.team_id"),
            "company_id": SQL("a.company_id"),
            "date": SQL("%s::date", local(SQL("a.since"), ZONE)),
            "assigned": SQL("1"),
            "response": SQL(
                "CASE WHEN %s THEN '4_in_time' WHEN a.reached_on IS NOT NULL THEN '3_reached' "
                "WHEN a.is_tried THEN '2_tried' ELSE '1_assigned' END",
                in_time,
            ),
            "response_hours": hours,
            "response_median": hours,
            "response_p90": hours,
            "sla_rate": SQL("%s::integer", in_time),
        }
        return columns, SQL(
            "FROM (SELECT o.id, o.partner_id, o.user_id, o.since, o.until, %s AS team_id, p.company_id, "
            "%s AS reached_on, EXISTS %s AS is_tried "
            "FROM partner_ownership o JOIN res_partner p ON p.id = o.partner_id "
            "LEFT JOIN res_users owner ON owner.id = o.user_id "
            "WHERE o.user_id IS NOT NULL AND o.cause NOT IN %s AND o.until IS DISTINCT FROM o.since %s %s) a %s "
            "JOIN (VALUES %s) AS working (company_id, starts, worked) "
            "ON working.company_id = CASE WHEN a.company_id IN %s THEN a.company_id ELSE %s END",
            team_of("p.team_id"),
            first_contact(SQL("min(f.date)"), SQL("f.is_reached")),
            first_contact(SQL("1"), SQL("TRUE")),
            NOT_ASSIGNED,
            self._near("o.since"),
            SQL("AND o.id IN %s", sources) if sources else SQL(),
            self._company_join(SQL("a.company_id")),
            SQL(", ").join(self._working_times()),
            tuple((self.env.companies | self.env.company).ids),
            self.env.company.id,
        )

    @api.model
    def _coverage_rows(self, sources):
        """Months in which a person had a customer on any day, with the number of contacts meanwhile."""
        today = fields.Date.context_today(self.with_context(tz=self._zone()))
        since, until = self._window_days()
        last = SQL("%s::timestamp", min(today, until or today))
        month_start, month_end = SQL("m.month"), SQL("(m.month + INTERVAL '1 month')")
        # What of the month is asked for; the row of a month keeps its id, whatever part of it is.
        start = SQL("GREATEST(%s, %s::timestamp)", month_start, since) if since else month_start
        end = SQL("LEAST(%s, %s::timestamp + INTERVAL '1 day')", month_end, until) if until else month_end
        month_start, month_end, start, end = (
            SQL("(%s AT TIME ZONE %s AT TIME ZONE 'UTC')", moment, ZONE)
            for moment in (month_start, month_end, start, end)
        )
        touches = first_contact(SQL("count(*)"), SQL("f.date >= %s AND f.date < %s", start, end))
        overlap = "o.since < %s AND (o.until IS NULL OR o.until > GREATEST(o.since, %s))"
        columns = {
            "id": SQL(
                "((EXTRACT(year FROM c.month)::bigint - %s) * 12 + EXTRACT(month FROM c.month)::bigint) * %s + c.id",
                MONTHS_FROM,
                MONTH_IDS,
            ),
            "partner_id": SQL("c.partner_id"),
            "user_id": SQL("c.user_id"),
            "team_id": team_of("p.team_id"),
            "company_id": SQL("p.company_id"),
            "date": SQL("LEAST(c.month + INTERVAL '1 month - 1 day', %s)::date", last),
            "owned": SQL("1"),
            "coverage_rate": SQL("(c.touches > 0)::integer"),
            "touches": SQL("NULLIF(c.touches, 0)"),
        }
        only = SQL()
        if sources:
            only = SQL(
                "AND o.partner_id IN (SELECT partner_id FROM partner_ownership WHERE id IN %s) AND m.month IN %s",
                tuple(source % MONTH_IDS for source in sources),
                tuple({self._month_of(source) for source in sources}),
            )
        return columns, SQL(
            "FROM (SELECT m.month, o.partner_id, o.user_id, min(o.id) AS id, sum(%(touches)s) AS touches "
            "FROM generate_series("
            "date_trunc('month', GREATEST(%(since)s::timestamp, "
            "(SELECT min(since) FROM partner_ownership WHERE user_id IS NOT NULL) - INTERVAL '1 day')), "
            "date_trunc('month', %(last)s), INTERVAL '1 month') AS m (month) "
            "JOIN partner_ownership o ON o.user_id IS NOT NULL AND o.cause != 'merged' "
            "JOIN res_partner owned ON owned.id = o.partner_id %(company)s "
            "WHERE %(in_month)s "
            "AND (owned.invalid_on IS NULL OR owned.customer_status != 'invalid' "
            "OR owned.invalid_on > GREATEST(m.month, %(since)s::timestamp)) "
            "%(only)s GROUP BY m.month, o.partner_id, o.user_id %(having)s) c "
            "JOIN res_partner p ON p.id = c.partner_id LEFT JOIN res_users owner ON owner.id = c.user_id",
            touches=touches,
            since=since,
            last=last,
            company=self._company_join(SQL("owned.company_id")),
            in_month=SQL(overlap, month_end, month_start),
            having=SQL("HAVING bool_or(%s)", SQL(overlap, end, start)) if since or until else SQL(),
            only=only,
        )

    @api.model
    def _month_of(self, source):
        """Return the first day (datetime) of the month in the id of a customer of a month."""
        year, month = divmod(source // MONTH_IDS - 1, 12)
        return datetime(year + MONTHS_FROM, month + 1, 1)

    @api.model
    def _plan_rows(self, sources):
        """Customers that somebody looks after, as they are now."""
        # sudo: which of them the user sees is asked for all rows (partner.part.mixin)
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        looked_after = Domain("customer_status", "!=", "invalid") & Domain("user_id", "!=", False)
        domain = Partner._customer_domain() & looked_after & Domain("active", "=", True)
        if sources:
            domain &= Domain("id", "in", sources)
        columns = {
            "id": SQL("p.id"),
            "partner_id": SQL("p.id"),
            "user_id": SQL("p.user_id"),
            "team_id": team_of("p.team_id"),
            "company_id": SQL("p.company_id"),
            "date": self._today(),
            "customers": SQL("1"),
            "plan_rate": SQL(
                "EXISTS (SELECT FROM partner_follow_up_step s WHERE s.partner_id = p.id AND s.state = 'open')::integer"
            ),
        }
        return columns, SQL(
            "FROM res_partner p LEFT JOIN res_users owner ON owner.id = p.user_id %s WHERE p.id IN %s",
            self._company_join(SQL("p.company_id")),
            Partner._search(domain).subselect(),
        )

    # -- working time -------------------------------------------------------------------------------------------------

    @api.model
    def _zone(self):
        # sudo: the company's own partner need not be readable
        return self.env.company.sudo().partner_id.tz or "UTC"

    @api.model
    def _working_times(self):
        """Return SQL rows (company, begins of working intervals, seconds worked before each), one per company."""
        # sudo: working schedules are no secret to figures
        companies = (self.env.companies | self.env.company).sudo()
        calendars = companies.resource_calendar_id
        for name in ("resource.calendar", "resource.calendar.attendance", "resource.calendar.leaves"):
            self.env[name].flush_model()
        [(first,)] = self.env.execute_query(SQL("SELECT min(since) FROM partner_ownership WHERE user_id IS NOT NULL"))
        contents = dict(
            self.env.execute_query(
                SQL(
                    "SELECT c.id, md5(concat(c::text, "
                    "(SELECT string_agg(a::text, ',' ORDER BY id) FROM resource_calendar_attendance a "
                    "WHERE a.calendar_id = c.id), "
                    "(SELECT string_agg(l::text, ',' ORDER BY id) FROM resource_calendar_leaves l "
                    "WHERE l.resource_id IS NULL AND (l.calendar_id = c.id OR l.calendar_id IS NULL)))) "
                    "FROM resource_calendar c WHERE c.id = ANY(%s)",
                    calendars.ids,
                )
            )
        )
        now = fields.Datetime.now()
        years = min(first or now, now).year, now.year
        return [
            SQL(
                "(%s, %s::float8[], %s::float8[])",
                company.id,
                *self._working_arrays(company.id, contents.get(company.resource_calendar_id.id), *years),
            )
            for company in companies
        ]

    @api.model
    @tools.ormcache("company_id", "contents", "first_year", "last_year")
    def _working_arrays(self, company_id, contents, first_year, last_year):
        """Return the two arrays (text) of a company for whole years; kept until the ``contents`` (hash) change."""
        if not contents:
            return as_array([0]), as_array([0, 10**11])  # no schedule: all hours are working hours
        # sudo: as above
        company = self.env["res.company"].sudo().browse(company_id)
        intervals = company.resource_calendar_id._work_intervals_batch(
            datetime(first_year, 1, 1, tzinfo=UTC),
            datetime(last_year + 1, 1, 1, tzinfo=UTC),
            domain=[("time_type", "=", "leave"), ("company_id", "in", [False, company_id])],
        )[False]
        starts, seconds = cumulate([(start.timestamp(), stop.timestamp()) for start, stop, _meta in intervals])
        return as_array(starts), as_array(seconds)
