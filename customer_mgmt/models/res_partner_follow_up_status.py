"""Which customers are looked after, and which are forgotten."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.clock import day_in
from ..tools.follow_up_status import PATIENCE, days_of

FOLLOW_UP_STATUS = [
    ("never", "Never Contacted"),
    ("on_track", "On Track"),
    ("due_today", "Due Today"),
    ("overdue", "Overdue"),
    ("no_plan", "No Plan"),
    ("dormant", "Dormant"),
]
# What the system keeps, in the order of the query that says what it should be.
FOLLOW_UP_COLUMNS = (
    "follow_up_status",
    "follow_up_last_date",
    "follow_up_next_date",
    "follow_up_quiet_since",
    "follow_up_change_date",
)
# The rule of tools/follow_up_status.py, for any number of customers.
JUDGEMENT = """
    CASE WHEN NOT known.judged THEN NULL
         WHEN known.due_day < known.today THEN 'overdue'
         WHEN known.due_day = known.today THEN 'due_today'
         WHEN known.due_day > known.today THEN 'on_track'
         WHEN said.last_date IS NULL OR said.last_date < known.since THEN 'never'
         WHEN known.today - known.quiet_day >= known.patience THEN 'dormant'
         ELSE 'no_plan' END
"""


class ResPartner(models.Model):
    """Keeps the follow-up status of customers, and when they were contacted last and will be next.

    Everything is said by one statement over facts (follow-ups, steps, owners, cadences); nobody writes these columns
    otherwise. It is used at once for the customers of a change (``_refresh_follow_up_status``), by the hourly job for
    those that are marked or whose time has come (partner_follow_up_mark.py), and by the nightly check for all.
    """

    _inherit = "res.partner"

    follow_up_status = fields.Selection(
        FOLLOW_UP_STATUS,
        string="Follow-up Status",
        index="btree_not_null",
        readonly=True,
        copy=False,
        groups="base.group_user",
        prefetch="customer_file",
        help="Of prospects and active customers with a salesperson; the first that fits. With an open step, by the day "
        "of the earliest one in the company's time zone: overdue, due today, on track. Without one: never contacted = "
        "no follow-up since this salesperson has the customer; dormant = nobody was reached for three times the "
        "follow-up cadence; otherwise no plan.",
    )
    follow_up_last_date = fields.Datetime(
        string="Last Follow-up",
        index="btree_not_null",
        readonly=True,
        copy=False,
        groups="base.group_user",
        prefetch="customer_file",
        help="When the last follow-up took place, whatever came of it.",
    )
    follow_up_next_date = fields.Datetime(
        string="Next Follow-up",
        index="btree_not_null",
        readonly=True,
        copy=False,
        groups="base.group_user",
        prefetch="customer_file",
        help="When the earliest open step is due.",
    )
    follow_up_quiet_since = fields.Datetime(
        string="Last Reached",
        readonly=True,
        copy=False,
        groups="base.group_user",
        prefetch="customer_file",
        help="When the last follow-up took place in which somebody was reached; if there is none, since when the "
        "salesperson has the customer.",
    )
    # When the status changes although nobody does anything; the job looks for what has passed.
    follow_up_change_date = fields.Datetime(
        string="Follow-up Status Changes",
        index="btree_not_null",
        readonly=True,
        copy=False,
        exportable=False,
        groups="base.group_user",
        prefetch="customer_file",
        help="When the status changes unless somebody does something: at the beginning of the day on which the step is "
        "due, of the day after, or of the day from which on the customer is dormant.",
    )
    follow_up_days = fields.Integer(
        string="Follow-up Days",
        compute="_compute_follow_up_days",
        groups="base.group_user",
        help="Overdue: days since the step was due. On track: days until it is due. Due today: 0. Otherwise days since "
        "somebody was reached or, if nobody was, since the salesperson has the customer. In the company's time zone.",
    )

    @api.depends("follow_up_status", "follow_up_next_date", "follow_up_quiet_since", "company_id", "user_id")
    def _compute_follow_up_days(self):
        """Count from today, so it is not stored."""
        now = fields.Datetime.now()
        # sudo: the time zone of a company is no secret
        for partner in self.sudo():
            company = partner.company_id or partner.user_id.company_id
            zone = company.partner_id.tz
            moments = (now, partner.follow_up_next_date, partner.follow_up_quiet_since)
            days = (moment and day_in(zone, moment) for moment in moments)
            partner.follow_up_days = days_of(partner.follow_up_status, *days) if partner.follow_up_status else 0

    # -- what it should be -------------------------------------------------------------------------------------------

    @api.model
    def _follow_up_judged_domain(self):
        """Return which partners have a follow-up status: customers of somebody's, unless they are invalid."""
        return (
            self._customer_domain()
            & Domain("customer_status", "in", ("prospect", "active"))
            & Domain("user_id", "!=", False)
        )

    @api.model
    def _follow_up_judgement_query(self, ids):
        """Return SQL giving (id, *FOLLOW_UP_COLUMNS) of what is not as it should be among the partners ``ids`` (SQL).

        Everything must have been flushed.
        """
        judged = self._search(self._follow_up_judged_domain())
        return SQL(
            """
            SELECT res_partner.id, should.* FROM %(partners)s %(joins)s
              LEFT JOIN res_partner follow_up_place ON follow_up_place.id = follow_up_company.partner_id
              LEFT JOIN partner_ownership tenure ON tenure.partner_id = res_partner.id AND tenure.until IS NULL
              LEFT JOIN LATERAL (
                  SELECT min(date) AS next_date FROM partner_follow_up_step
                   WHERE partner_id = res_partner.id AND state = 'open'
              ) AS due ON TRUE
              LEFT JOIN LATERAL (
                  SELECT max(date) AS last_date, max(date) FILTER (WHERE is_reached) AS reached_date
                    FROM partner_follow_up WHERE partner_id = res_partner.id AND state IN ('done', 'corrected')
              ) AS said ON TRUE
             CROSS JOIN LATERAL (
                  SELECT (%(judged)s) IS TRUE AS judged, COALESCE(follow_up_place.tz, 'UTC') AS zone,
                         COALESCE(tenure.since, res_partner.create_date) AS since,
                         %(cadence)s * %(patience)s AS patience
              ) AS own
             CROSS JOIN LATERAL (
                  SELECT own.*, %(today)s AS today, %(due_day)s AS due_day, %(quiet_day)s AS quiet_day,
                         COALESCE(said.reached_date, own.since) AS quiet_since
              ) AS known
             CROSS JOIN LATERAL (SELECT %(judgement)s AS status) AS verdict
             CROSS JOIN LATERAL (
                  SELECT verdict.status AS follow_up_status, said.last_date AS follow_up_last_date,
                         due.next_date AS follow_up_next_date,
                         CASE WHEN known.judged THEN known.quiet_since END AS follow_up_quiet_since,
                         CASE verdict.status
                         WHEN 'on_track' THEN %(until_due)s
                         WHEN 'due_today' THEN %(until_late)s
                         WHEN 'no_plan' THEN %(until_dormant)s END AS follow_up_change_date
              ) AS should
             -- An array: with so many joins the planner would look through all partners before it came to a sub-select
             WHERE res_partner.id = ANY(ARRAY%(ids)s) AND (%(wrong)s)
            """,
            partners=judged.from_clause,
            joins=self._follow_up_cadence_joins(),
            judged=judged.where_clause,
            cadence=self._follow_up_cadence_sql(),
            patience=PATIENCE,
            today=_local_day(SQL("%s::timestamp", fields.Datetime.now())),
            due_day=_local_day(SQL("due.next_date")),
            quiet_day=_local_day(SQL("COALESCE(said.reached_date, own.since)")),
            judgement=SQL(JUDGEMENT),
            until_due=_day_begins(SQL("known.due_day")),
            until_late=_day_begins(SQL("known.due_day + 1")),
            until_dormant=_day_begins(SQL("known.quiet_day + known.patience")),
            ids=ids,
            wrong=SQL(" OR ").join(
                SQL("%s IS DISTINCT FROM %s", SQL.identifier("res_partner", name), SQL.identifier("should", name))
                for name in FOLLOW_UP_COLUMNS
            ),
        )

    @api.model
    def _follow_up_assignments(self):
        """Return SQL that gives ``res_partner`` the columns of a row ``should``."""
        columns = [SQL.identifier(name) for name in FOLLOW_UP_COLUMNS]
        return SQL(", ").join(SQL("%s = should.%s", column, column) for column in columns)

    # -- making it so ------------------------------------------------------------------------------------------------

    def _refresh_follow_up_status(self):
        """Bring the follow-up status of these partners up to date by one statement, and mark them.

        The mark lets the job look again when everything has been committed that happens at the same moment.
        """
        if not self:
            return
        self.env.flush_all()
        ids = SQL("(SELECT unnest(%s::integer[]))", self.ids)
        self.env.cr.execute(
            SQL(
                "WITH should AS MATERIALIZED (%s), "
                "mark AS (INSERT INTO partner_follow_up_mark (partner_id) SELECT * FROM %s AS changed) "
                "UPDATE res_partner SET %s FROM should WHERE should.id = res_partner.id",
                self._follow_up_rules()._follow_up_judgement_query(ids),
                ids,
                self._follow_up_assignments(),
            )
        )
        self._forget_follow_up()

    @api.model
    def _judge_follow_up(self, ids):
        """Bring the partners ``ids`` (SQL of a sub-select) up to date; return (how many changed, ids of the skipped).

        Skipped are those that somebody else is changing. Lost races raise psycopg2's errors, unlogged. Everything must
        have been flushed.
        """
        # To compile the statement takes PostgreSQL longer than to run it on one batch.
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        self.env.cr.execute(
            SQL(
                "WITH should AS MATERIALIZED (%s), "
                "free AS MATERIALIZED (SELECT res_partner.id FROM res_partner "
                "JOIN should ON should.id = res_partner.id FOR NO KEY UPDATE OF res_partner SKIP LOCKED), "
                "changed AS (UPDATE res_partner SET %s FROM should, free "
                "WHERE should.id = res_partner.id AND free.id = res_partner.id RETURNING res_partner.id) "
                "SELECT count(changed.id), array_agg(should.id) FILTER (WHERE changed.id IS NULL) "
                "FROM should LEFT JOIN changed ON changed.id = should.id",
                self._follow_up_rules()._follow_up_judgement_query(ids),
                self._follow_up_assignments(),
            ),
            log_exceptions=False,
        )
        [(changed, skipped)] = self.env.cr.fetchall()
        self._forget_follow_up()
        return changed, skipped or []

    @api.model
    def _follow_up_rules(self):
        """Return the partners as the rule sees them: all of them, whoever asks."""
        return self.env["partner.condition.mixin"]._rule_partners()

    @api.model
    def _forget_follow_up(self):
        """Let everybody read what was written by SQL."""
        self.invalidate_model([*FOLLOW_UP_COLUMNS, "follow_up_days"], flush=False)


def _local_day(moment):
    """Return SQL of the day on which ``moment`` (SQL, UTC) falls in the zone of the customer's company."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE own.zone)::date", moment)


def _day_begins(day):
    """Return SQL of when ``day`` (SQL) begins in the zone of the customer's company, in UTC."""
    return SQL("((%s)::timestamp AT TIME ZONE known.zone) AT TIME ZONE 'UTC'", day)
