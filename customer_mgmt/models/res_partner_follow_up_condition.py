"""Customers found by what was said with them, and how often."""

import operator as operators

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .partner_follow_up import DONE, OUTCOMES

# Days of the figures “Follow-ups in … Days”.
WINDOWS = (7, 30, 90, 365)
COMPARISONS = {
    "<": (operators.lt, SQL("<")),
    "<=": (operators.le, SQL("<=")),
    ">": (operators.gt, SQL(">")),
    ">=": (operators.ge, SQL(">=")),
}
GROUPS = "customer_mgmt.group_customer_own"


class ResPartner(models.Model):
    """Lets segments, rules and filters ask for follow-ups: how many, what the last one was, how often nobody answered.

    Each field is found by one sub-select over the follow-ups that whoever asks may see, and computed for a page of
    customers by one query. Contact persons have the values of their company. Status, last and next date are stored
    fields of their own.
    """

    _inherit = "res.partner"

    follow_up_count_7 = fields.Integer(
        string="Follow-ups in 7 Days",
        compute="_compute_follow_up_counts",
        search="_search_follow_up_count_7",
        groups=GROUPS,
        help="Done follow-ups that took place within the last 7 × 24 hours.",
    )
    follow_up_count_30 = fields.Integer(
        string="Follow-ups in 30 Days",
        compute="_compute_follow_up_counts",
        search="_search_follow_up_count_30",
        groups=GROUPS,
        help="Done follow-ups that took place within the last 30 × 24 hours.",
    )
    follow_up_count_90 = fields.Integer(
        string="Follow-ups in 90 Days",
        compute="_compute_follow_up_counts",
        search="_search_follow_up_count_90",
        groups=GROUPS,
        help="Done follow-ups that took place within the last 90 × 24 hours.",
    )
    follow_up_count_365 = fields.Integer(
        string="Follow-ups in 365 Days",
        compute="_compute_follow_up_counts",
        search="_search_follow_up_count_365",
        groups=GROUPS,
        help="Done follow-ups that took place within the last 365 × 24 hours.",
    )
    follow_up_unanswered = fields.Integer(
        string="Attempts without Answer",
        compute="_compute_follow_up_counts",
        search="_search_follow_up_unanswered",
        groups=GROUPS,
        help="Done follow-ups by which we did not reach the customer, since the last one by which we did.",
    )
    follow_up_last_outcome = fields.Selection(
        OUTCOMES,
        string="Last Outcome",
        compute="_compute_follow_up_last",
        search="_search_follow_up_last_outcome",
        groups=GROUPS,
        help="The outcome of the latest done follow-up.",
    )
    follow_up_last_method_id = fields.Many2one(
        "partner.follow.up.method",
        string="Last Method",
        compute="_compute_follow_up_last",
        search="_search_follow_up_last_method_id",
        groups=GROUPS,
        help="The method of the latest done follow-up.",
    )
    follow_up_last_topic_id = fields.Many2one(
        "partner.follow.up.topic",
        string="Last Topic",
        compute="_compute_follow_up_last",
        search="_search_follow_up_last_topic_id",
        groups=GROUPS,
        help="The topic of the latest done follow-up.",
    )

    # -- computing ---------------------------------------------------------------------------------------------------

    @api.depends("commercial_partner_id.follow_up_ids.state", "commercial_partner_id.follow_up_ids.outcome")
    @api.depends_context("uid")
    def _compute_follow_up_counts(self):
        """Count for all of these partners by one query."""
        names = [*(f"follow_up_count_{days}" for days in WINDOWS), "follow_up_unanswered"]
        attempts = self._follow_up_attempts(self.commercial_partner_id.ids)
        columns = [
            SQL("count(*) FILTER (WHERE date >= %s)", fields.Datetime.subtract(fields.Datetime.now(), days=days))
            for days in WINDOWS
        ]
        columns.append(SQL("count(*) FILTER (WHERE is_unanswered)"))
        query = SQL("SELECT partner_id, %s FROM %s AS attempt GROUP BY partner_id", SQL(", ").join(columns), attempts)
        found = {row[0]: row[1:] for row in self.env.execute_query(query)} if self.ids else {}
        for partner in self:
            counts = found.get(partner.commercial_partner_id.id, (0,) * len(names))
            for name, count in zip(names, counts, strict=True):
                partner[name] = count

    @api.depends("commercial_partner_id.follow_up_ids.state", "commercial_partner_id.follow_up_ids.outcome")
    @api.depends_context("uid")
    def _compute_follow_up_last(self):
        """Look at the latest follow-up of all of these partners by one query."""
        names = ("follow_up_last_outcome", "follow_up_last_method_id", "follow_up_last_topic_id")
        query = SQL("SELECT * FROM %s AS latest", self._follow_up_latest(self.commercial_partner_id.ids))
        found = {row[0]: row[1:] for row in self.env.execute_query(query)} if self.ids else {}
        for partner in self:
            values = found.get(partner.commercial_partner_id.id, (False,) * len(names))
            for name, value in zip(names, values, strict=True):
                partner[name] = value

    @api.model
    def _follow_up_source(self, partner_ids=None):
        """Return the Query of the done follow-ups that the user may see, of some customers or of all."""
        domain = Domain("state", "in", DONE)
        if partner_ids is not None:
            domain &= Domain("partner_id", "in", partner_ids)
        FollowUp = self.env["partner.follow.up"]
        FollowUp.flush_model()
        return FollowUp.with_context(active_test=False)._search(domain)

    @api.model
    def _follow_up_attempts(self, partner_ids=None):
        """Return SQL of a sub-select (partner_id, date, is_unanswered) of done follow-ups."""
        return SQL(
            "(SELECT partner_id, date, NOT is_reached AND date > COALESCE(max(date) FILTER (WHERE is_reached) "
            "OVER (PARTITION BY partner_id), '-infinity') AS is_unanswered FROM %s AS done)",
            self._follow_up_source(partner_ids).subselect(*_columns("partner_id", "date", "is_reached")),
        )

    @api.model
    def _follow_up_latest(self, partner_ids=None):
        """Return SQL of a sub-select (partner_id, outcome, method_id, topic_id) of the latest done follow-ups."""
        return SQL(
            "(SELECT DISTINCT ON (partner_id) partner_id, outcome, method_id, topic_id FROM %s AS done "
            "ORDER BY partner_id, date DESC, id DESC)",
            self._follow_up_source(partner_ids).subselect(
                *_columns("partner_id", "date", "id", "outcome", "method_id", "topic_id")
            ),
        )

    # -- searching ---------------------------------------------------------------------------------------------------

    @api.model
    def _search_follow_up_count_7(self, operator, value):
        return self._search_follow_up_count(7, operator, value)

    @api.model
    def _search_follow_up_count_30(self, operator, value):
        return self._search_follow_up_count(30, operator, value)

    @api.model
    def _search_follow_up_count_90(self, operator, value):
        return self._search_follow_up_count(90, operator, value)

    @api.model
    def _search_follow_up_count_365(self, operator, value):
        return self._search_follow_up_count(365, operator, value)

    @api.model
    def _search_follow_up_count(self, days, operator, value):
        """Find customers by their done follow-ups of the last ``days``."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        counted = self._follow_up_source()
        counted.add_where("partner_follow_up.date >= %s", [since])
        return self._search_follow_up_number(counted.subselect(*_columns("partner_id")), operator, value)

    @api.model
    def _search_follow_up_unanswered(self, operator, value):
        """Find customers by how often we tried in vain."""
        unanswered = SQL("(SELECT partner_id FROM %s AS attempt WHERE is_unanswered)", self._follow_up_attempts())
        return self._search_follow_up_number(unanswered, operator, value)

    @api.model
    def _search_follow_up_number(self, counted, operator, value):
        """Find customers by how many rows of ``counted`` (SQL: partner_id) they have; who is not in it has none."""
        if operator == "in":
            numbers = [number or 0 for number in value]
            has_none, condition = 0 in numbers, SQL("count(*) = ANY(%s)", numbers)
        elif operator in COMPARISONS and isinstance(value, int | float):
            compare, symbol = COMPARISONS[operator]
            has_none, condition = compare(0, value), SQL("count(*) %s %s", symbol, value)
        else:
            return NotImplemented
        # Who has no row cannot be found by rows: the others are left out instead.
        if has_none:
            condition = SQL("NOT (%s)", condition)
        found = SQL("(SELECT partner_id FROM %s AS row GROUP BY partner_id HAVING %s)", counted, condition)
        domain = Domain("commercial_partner_id", "in", found)
        return ~domain if has_none else domain

    @api.model
    def _search_follow_up_last_outcome(self, operator, value):
        return self._search_follow_up_latest("outcome", operator, value)

    @api.model
    def _search_follow_up_last_method_id(self, operator, value):
        return self._search_follow_up_latest("method_id", operator, value)

    @api.model
    def _search_follow_up_last_topic_id(self, operator, value):
        return self._search_follow_up_latest("topic_id", operator, value)

    @api.model
    def _search_follow_up_latest(self, column, operator, value):
        """Find customers by a column of their latest done follow-up; an empty value finds who has none, too."""
        if operator in ("any", "any!"):
            Model = self.env["partner.follow.up"][column].with_context(active_test=False)
            value = (Model.sudo() if operator == "any!" else Model).search(Domain(value)).ids
        elif operator != "in":
            return NotImplemented
        wanted = [item for item in value if item]
        latest = SQL("SELECT partner_id FROM %s AS latest WHERE", self._follow_up_latest())
        name = SQL.identifier(column)
        domain = Domain("commercial_partner_id", "in", SQL("(%s %s = ANY(%s))", latest, name, wanted))
        if len(wanted) < len(list(value)):
            domain |= Domain("commercial_partner_id", "not in", SQL("(%s %s IS NOT NULL)", latest, name))
        return domain


def _columns(*names):
    """Return the columns ``names`` (SQL) of a follow-up, where rules have joined other tables."""
    return [SQL.identifier("partner_follow_up", name) for name in names]
