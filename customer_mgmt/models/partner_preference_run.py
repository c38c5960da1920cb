"""Finding out what customers prefer by what they buy."""

import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import preference as formula


class PartnerPreferenceRun(models.Model):
    """One walk over all customers that compares what they buy with what everyone buys.

    Facts come from ``res.partner._observed_preference_query()``, the formula is tools/preference.py, and what becomes
    of it is written by partner_preference_observed.py.
    """

    _name = "partner.preference.run"
    _inherit = ["partner.run.mixin"]
    _description = "Observation of Preferences"
    _order = "id desc"
    _rec_name = "started_on"
    _log_access = False

    _job_xmlid = "customer_mgmt.ir_cron_observe_preferences"

    shares = fields.Json(
        help="Share of each category in what all customers spend (0 to 1), as it was when the run began."
    )

    @api.model
    def _cron_observe(self):
        """Begin what has not been observed today, then go on until all is done or the time is up."""
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        if self._has_work() and not self.search_count([("started_on", ">=", today)], limit=1):
            self.create({})
        self._go_on()

    @api.model
    def _has_work(self):
        """Tell whether there are orders to look at, or observations of earlier that grow old."""
        if self.env["res.partner"]._observed_preference_query():
            return True
        observed = [("source", "=", "observed"), ("is_current", "=", True)]
        return bool(self.env["partner.preference"].search_count(observed, limit=1))

    def _prepare_step(self):
        """Write evidence in the language of the main company."""
        return self.with_context(lang=self.env["partner.condition.mixin"]._rule_lang())

    def _explain_impossible(self):
        if not self.env["partner.preference"]._observation_kind():
            return self.env._(
                "The kind “Product Category” has been deleted or archived, and observations have no other place."
            )
        return None

    def _population(self):
        return self.env["res.partner"]._customer_domain()

    def _begin_pass(self):
        """Remember what all customers spend, so that every step compares with the same."""
        if self.shares is False or self.shares is None:
            customers = self.env["partner.condition.mixin"]._rule_partners()._search(self._population())
            rows = self.env.execute_query(
                SQL(
                    "SELECT fact.category_id, sum(fact.spend) FROM (%s) AS fact "
                    "JOIN res_partner partner ON partner.id = fact.partner_id "
                    "WHERE fact.spend > 0 AND partner.commercial_partner_id IN %s GROUP BY fact.category_id",
                    self._facts(),
                    customers.subselect(),
                )
            )
            total = sum(spend for _category, spend in rows)
            self.shares = {str(category): float(spend / total) for category, spend in rows}
        return super()._begin_pass()

    @api.model
    def _facts(self):
        """Return SQL giving (partner_id, category_id, spend, orders, last_date) of everything that was bought."""
        queries = self.env["res.partner"]._observed_preference_query()
        if not queries:
            return SQL(
                "SELECT NULL::integer AS partner_id, NULL::integer AS category_id, NULL::numeric AS spend, "
                "NULL::integer AS orders, NULL::date AS last_date WHERE FALSE"
            )
        columns = SQL("partner_id, category_id, spend, orders, last_date")
        parts = [SQL("SELECT * FROM (%s) AS part (%s)", query, columns) for query in queries]
        return SQL(" UNION ALL ").join(parts)

    def _look_at(self, ids):
        """Bring the observations of these customers up to date; what their contacts buy counts for them."""
        rows = self.env.execute_query(
            SQL("SELECT id, commercial_partner_id FROM res_partner WHERE commercial_partner_id IN %s", ids)
        )
        sentence = self.env._(
            "%(orders)s orders, %(share)s %% of the spend, %(lift)s × the average, last on %(date)s",
            orders="{orders}",
            share="{share}",
            lift="{lift}",
            date="{date}",
        )
        return self.env["partner.preference"]._write_observations(
            list({customer_id for _id, customer_id in rows}),
            self._seen_sql([partner_id for partner_id, _customer_id in rows]),
            sentence,
            bool(self.env["res.partner"]._observed_preference_query()),
        )

    def _seen_sql(self, partner_ids):
        """Return SQL of what the orders of ``partner_ids`` show: the formula of tools/preference.py, ``observe()``.

        The partners are given by number so that PostgreSQL looks at their orders alone.
        """
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT partner_id, category_id, orders, round(share::numeric, %(share_digits)s)::float8 AS share,
                   round(times::numeric, %(lift_digits)s)::float8 AS times,
                   CASE WHEN times >= %(strong)s THEN '2' ELSE '1' END AS strength, last_date
              FROM (SELECT bought.*, bought.spend / bought.total AS share,
                           (bought.spend / bought.total) / NULLIF(everyone.share::float8, 0) AS times
                      FROM (SELECT partner.commercial_partner_id AS partner_id, fact.category_id,
                                   sum(fact.spend)::float8 AS spend, sum(fact.orders)::integer AS orders,
                                   max(fact.last_date)::date AS last_date,
                                   (sum(sum(fact.spend)) OVER (PARTITION BY partner.commercial_partner_id))::float8
                                   AS total
                              FROM (%(facts)s) AS fact JOIN res_partner partner ON partner.id = fact.partner_id
                             WHERE fact.partner_id = ANY(%(partners)s) AND fact.spend > 0
                             GROUP BY partner.commercial_partner_id, fact.category_id) AS bought
                      JOIN jsonb_each_text(%(shares)s::jsonb) AS everyone (category, share)
                        ON everyone.category::integer = bought.category_id) AS measured
             WHERE orders >= %(min_orders)s AND times >= %(min_lift)s AND share >= %(min_share)s
               AND last_date >= %(today)s - %(expiry)s
            """,
            facts=self._facts(),
            partners=partner_ids,
            shares=json.dumps(self.shares or {}),
            today=today,
            expiry=formula.EXPIRY_DAYS,
            strong=formula.STRONG_LIFT,
            min_orders=formula.MIN_ORDERS,
            min_lift=formula.MIN_LIFT,
            min_share=formula.MIN_SHARE,
            share_digits=formula.SHARE_DIGITS,
            lift_digits=formula.LIFT_DIGITS,
        )
