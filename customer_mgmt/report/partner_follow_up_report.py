"""How well customers are looked after: every figure of follow-ups, for pivot, graph, list and dashboard."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.partner_follow_up import OUTCOMES

# One number per kind; the id of a row is the id of what it was made of, times KINDS, plus this number.
KIND_NUMBERS = {"contact": 1, "step": 2, "assignment": 3, "coverage": 4, "plan": 5, "open": 6}
KINDS = 8
# The rate that a fact adds a 1 or a 0 to.
RATES = {
    "contact": "reach_rate",
    "step": "on_time_rate",
    "assignment": "sla_rate",
    "coverage": "coverage_rate",
    "plan": "plan_rate",
}
DAY = timedelta(days=1)
# Averages that are in truth these percentiles of the values of a group.
PERCENTILES = {"response_median": 0.5, "response_p90": 0.9, "touches": 0.5}


class PartnerFollowUpReport(models.Model):
    """One row per fact; rates are averages of columns that are 1, 0 or, where they do not apply, empty.

    So every figure can be grouped by everything, and a rate of nothing is empty. Which facts there are says ``kind``;
    how each is read from the tables is in partner_follow_up_report_query.py. Whoever sees a customer sees its rows
    (partner.part.mixin), as far as they are his own, his team's, or everybody's: the record rules say which.
    """

    _name = "partner.follow.up.report"
    _inherit = ["partner.part.mixin", "partner.dimension.mixin"]
    _description = "Follow-up Efficiency"
    _auto = False
    _rec_name = "partner_id"
    _order = "date desc, id desc"

    kind = fields.Selection(
        [
            ("contact", "Follow-up"),
            ("step", "Step Due"),
            ("assignment", "Assignment"),
            ("coverage", "Customer of a Month"),
            ("plan", "Customer Today"),
            ("open", "Open Step"),
        ],
        string="Fact",
        readonly=True,
        help="Follow-up: one that counts. Step Due: a next step whose day has come. Assignment: a customer was "
        "given to a person. Customer of a Month: a person had the customer on any day of the month. Customer Today, "
        "Open Step: as it is now.",
    )
    partner_id = fields.Many2one(string="Customer", readonly=True, context={"active_test": False})
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="Follow-up: who made it. Step: its owner. Otherwise: who had the customer.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        readonly=True,
        help="Follow-up and step: the customer's team when it was made. Otherwise: the customer's team today. Where "
        "that is empty: the team of the person.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    customer_category_id = fields.Many2one(related="partner_id.customer_category_id", string="Category")
    customer_status = fields.Selection(related="partner_id.customer_status", string="Status of Customer")
    date = fields.Date(
        readonly=True,
        help="In the company's time zone. Follow-up: when it took place. Step Due: the due day. Assignment: when it "
        "began. Customer of a Month: the last day of the month, or the last one asked for, or today. Customer Today "
        "and Open Step: today.",
    )
    weekday = fields.Selection(
        [
            ("1", "Monday"),
            ("2", "Tuesday"),
            ("3", "Wednesday"),
            ("4", "Thursday"),
            ("5", "Friday"),
            ("6", "Saturday"),
            ("7", "Sunday"),
        ],
        readonly=True,
        help="The day of the week of follow-ups, due steps and assignments.",
    )
    method_id = fields.Many2one("partner.follow.up.method", readonly=True)
    topic_id = fields.Many2one("partner.follow.up.topic", readonly=True)
    direction = fields.Selection([("out", "We Contacted Them"), ("in", "They Contacted Us")], readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    follow_up_id = fields.Many2one("partner.follow.up", string="Follow-up", readonly=True)
    step_id = fields.Many2one("partner.follow.up.step", string="Next Step", readonly=True)

    result = fields.Selection(
        [("yes", "Achieved"), ("no", "Not Achieved")],
        readonly=True,
        help="What the fact adds to its rate. Follow-up: reached. Step Due: kept in time. Assignment: answered in "
        "time. Customer of a Month: contacted. Customer Today: with an open step.",
    )
    attempts = fields.Integer(
        readonly=True,
        help="Number of follow-ups that count: done or corrected, not copied, not shorter than 5 characters, not "
        "recorded more than 48 hours later.",
    )
    reach_rate = fields.Float(
        readonly=True, aggregator="avg", help="Follow-ups in which somebody of the customer spoke to us ÷ attempts."
    )
    assigned = fields.Integer(
        string="Assignments",
        readonly=True,
        help="Number of times a customer was given to a person. Adoptions of existing partners and the past of "
        "merged customers are none.",
    )
    response = fields.Selection(
        [
            ("1_assigned", "Assigned"),
            ("2_tried", "Contacted"),
            ("3_reached", "Reached"),
            ("4_in_time", "Reached in Time"),
        ],
        string="First Response",
        readonly=True,
        help="How far it got with a customer after it was given to a person. Assigned: nobody contacted it. Contacted: "
        "tried, not reached. Reached: later than the company wants, or in time.",
    )
    response_hours = fields.Float(
        string="Response Hours: Average",
        readonly=True,
        aggregator="avg",
        help="Working hours of the company's schedule, days off excluded, from the assignment to the first counted "
        "follow-up in which the customer was reached, by whomever; averaged over assignments. Where there is none yet: "
        "until the customer went to somebody else, or until now.",
    )
    response_median = fields.Float(
        string="Response Hours: Median",
        readonly=True,
        aggregator="avg",
        help="Half of the assignments took fewer working hours until the first response, half took more. Unanswered "
        "ones count with the hours so far.",
    )
    response_p90 = fields.Float(
        string="Response Hours: 90 %",
        readonly=True,
        aggregator="avg",
        help="Nine of ten assignments took at most so many working hours until the first response (90th percentile). "
        "Unanswered ones count with the hours so far.",
    )
    sla_rate = fields.Float(
        string="Answered in Time",
        readonly=True,
        aggregator="avg",
        help="Assignments whose first response took at most the working hours that the company allows (settings, 24 at "
        "first) ÷ assignments. Unanswered ones count as not in time.",
    )
    owned = fields.Integer(
        string="Customer Months",
        readonly=True,
        help="Number of pairs of a customer and a month in which the person had it on any day, until it was marked "
        "invalid.",
    )
    coverage_rate = fields.Float(
        string="Coverage",
        readonly=True,
        aggregator="avg",
        help="Customers with at least one counted follow-up in the period while the person had them ÷ customers that "
        "the person had on any day of the period. The period is what is filtered by date, up to today; every customer "
        "of a person counts once, however many months it has.",
    )
    touches = fields.Float(
        string="Follow-ups per Customer: Median",
        readonly=True,
        aggregator="avg",
        help="Median number of counted follow-ups per customer and month, of customers with at least one.",
    )
    due = fields.Integer(
        string="Steps Due",
        readonly=True,
        help="Number of next steps whose day has come. Steps superseded or cancelled before their day are left out.",
    )
    on_time_rate = fields.Float(
        string="On Time",
        readonly=True,
        aggregator="avg",
        help="Next steps kept by a counted follow-up by the end of the due day, in the time zone of the owner, and "
        "postponed less than twice ÷ steps due. Open ones are in the divisor.",
    )
    customers = fields.Integer(
        string="Customers Today",
        readonly=True,
        help="Number of customers that have an owner today and are neither invalid nor archived.",
    )
    plan_rate = fields.Float(
        string="Plan Discipline",
        readonly=True,
        aggregator="avg",
        help="Customers with an open next step ÷ customers that have an owner today and are neither invalid nor "
        "archived.",
    )
    overdue = fields.Integer(
        string="Overdue Steps", readonly=True, help="Number of open next steps whose time is over, as of now."
    )
    overdue_days = fields.Integer(
        string="Days Overdue",
        readonly=True,
        aggregator="avg",
        help="Days from the due day of an overdue step to today, in the time zone of the owner.",
    )
    overdue_age = fields.Selection(
        [
            ("1_day", "0–1 days"),
            ("2_days", "2–3 days"),
            ("3_week", "4–7 days"),
            ("4_month", "8–30 days"),
            ("5_more", "over 30 days"),
        ],
        string="Overdue for",
        readonly=True,
        help="Days from the due day of an overdue step to today, in the time zone of the owner. 0: due today, and the "
        "time is over.",
    )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Read only the days that are asked for (partner_follow_up_report_query.py).

        The database compiles long queries before it runs them; with this one that takes longer than the running does.
        """
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        window = self.with_context(follow_up_report_window=self._window(Domain(domain)))
        return super(PartnerFollowUpReport, window)._search(domain, *args, **kwargs)

    @api.model
    def _window(self, domain):
        """Return the first and the last day (date or None each) that rows found by ``domain`` (Domain) can have."""
        if parts := getattr(domain, "children", None):
            windows = [self._window(part) for part in parts]
            # All conditions narrow the window; of alternatives, each has to find room in it.
            narrow = domain.OPERATOR == "&"
            firsts, lasts = zip(*windows, strict=True)
            return (
                self._bound(firsts, max if narrow else min, narrow),
                self._bound(lasts, min if narrow else max, narrow),
            )
        if getattr(domain, "field_expr", None) != "date":
            return None, None
        condition = domain.optimize_full(self)
        operator, value = getattr(condition, "operator", None), getattr(condition, "value", None)
        if operator == "in" and all(value):
            return min(value), max(value)
        if operator in (">", ">="):
            return value + DAY * (operator == ">"), None
        return None, value - DAY * (operator == "<") if operator in ("<", "<=") else None

    @api.model
    def _bound(self, days, choose, narrow):
        """Return the day that ``choose`` takes of ``days``; where it does not ``narrow``, one None (no bound) wins."""
        known = [day for day in days if day]
        return choose(known) if known and (narrow or len(known) == len(days)) else None

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Take a percentile where an average of the same values is asked for (PERCENTILES), and for coverage customers.

        A customer that a person had in several months is one customer.
        """
        if aggregate_spec == "coverage_rate:avg":
            rate, partner, user = (
                self._field_to_sql(self._table, name, query) for name in ("coverage_rate", "partner_id", "user_id")
            )
            pair = SQL("%s::bigint << 32 | %s", partner, user)
            return SQL(
                "count(DISTINCT %(pair)s) FILTER (WHERE %(rate)s = 1) "
                "/ NULLIF(count(DISTINCT %(pair)s) FILTER (WHERE %(rate)s IS NOT NULL), 0)::float8",
                pair=pair,
                rate=rate,
            )
        name, _dot, function = aggregate_spec.partition(":")
        if name not in PERCENTILES or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        values = self._field_to_sql(self._table, name, query)
        return SQL("percentile_cont(%s) WITHIN GROUP (ORDER BY %s)", PERCENTILES[name], values)

    @api.model
    def formatted_read_group(self, domain, groupby=(), aggregates=(), **options):
        """Show a stage of first responses in which nothing stands, so that a funnel keeps all its stages.

        Its number of rows is False rather than 0: charts leave out groups of 0 rows.
        """
        groups = super().formatted_read_group(domain, groupby, aggregates, **options)
        found = {group["response"] for group in groups} if list(groupby) == ["response"] else set()
        if not found - {False} or options.get("limit") or options.get("offset"):
            return groups
        sums = {spec for spec in aggregates if spec.endswith((":sum", ":count"))}
        for stage in dict(self._fields["response"].selection).keys() - found:
            empty = {spec: 0 if spec in sums else False for spec in aggregates}
            groups.append({"response": stage, "__extra_domain": [("response", "=", stage)], **empty})
        return groups if options.get("order") else sorted(groups, key=lambda group: group["response"] or "~")

    def fetch(self, field_names=None):
        """Look these rows up by what they were made of, rather than among all."""
        return super(PartnerFollowUpReport, self.with_context(follow_up_report_ids=self.ids)).fetch(field_names)

    @api.model
    def _dimensions_shown(self, group):
        """Leave out the dimensions of contact persons: the rows are about customers."""
        return [dimension for dimension in super()._dimensions_shown(group) if dimension.applies_to != "contact"]

    def action_open_record(self):
        """Open what the row is about: the follow-up, the next step, or the customer."""
        self.ensure_one()
        self.check_access("read")
        record = self.follow_up_id or self.step_id
        if not record:
            return self.partner_id.action_open_customer_form()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
