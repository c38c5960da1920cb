"""Finding out what customers prefer by what they buy."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

from ..tools import preference as formula

KIND = "customer_mgmt.partner_preference_kind_category"
# What makes an observation; it is written anew only where one of these differs.
FIGURES = ("strength", "order_count", "spend_share", "lift", "last_evidence_on")


class PartnerPreferenceRun(models.Model):
    """One walk over all customers that compares what they buy with what everyone buys.

    Facts come from ``res.partner._observed_preference_query()``, the formula is tools/preference.py. Observations are
    made, brought up to date and closed; what anybody has said is never touched.
    """

    _name = "partner.preference.run"
    _inherit = ["partner.run.mixin"]
    _description = "Observation of Preferences"
    _order = "id desc"
    _rec_name = "started_on"
    _log_access = False

    _job_xmlid = "customer_mgmt.ir_cron_observe_preferences"

    shares = fields.Json(help="Share of each category in what all customers spend, as it was when the run began.")

    @api.model
    def _cron_observe(self):
        """Begin what has not been observed today, then go on until all is done or the time is up."""
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        if not self.search_count([("started_on", ">=", today)], limit=1):
            self.create({})
        self._go_on()

    def _prepare_step(self):
        """Write evidence in the language of the main company."""
        return self.with_context(lang=self.env["partner.condition.mixin"]._rule_lang())

    def _explain_impossible(self):
        if not self.env.ref(KIND, raise_if_not_found=False):
            return self.env._("The kind “Product Category” has been deleted, and observations have no other place.")
        return None

    def _population(self):
        return self.env["res.partner"]._customer_domain()

    def _begin_pass(self):
        """Remember what all customers spend, so that every step compares with the same."""
        rows = self.env.execute_query(
            SQL("SELECT category_id, sum(spend) FROM (%s) AS fact WHERE spend > 0 GROUP BY category_id", self._facts())
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
        seen = self._observe(ids)
        Preference = self.env["partner.preference"].sudo()
        kind = self.env.ref(KIND)
        domain = Domain("partner_id", "in", ids) & Domain("kind_id", "=", kind.id) & Domain("source", "=", "observed")
        present = Preference.search(domain & Preference._current_domain())
        changed = set()
        for preference in present:
            vals = seen.pop((preference.partner_id.id, preference.product_category_id.id), None)
            if vals is None:
                preference._close_observation()
            elif any(preference[name] != vals[name] for name in FIGURES):
                preference.write({**vals, "evidence": self._evidence(vals)})
            else:
                continue
            changed.add(preference.partner_id.id)
        Preference.create(
            [
                {
                    "partner_id": partner_id,
                    "kind_id": kind.id,
                    "product_category_id": category_id,
                    "source": "observed",
                    "recorded_by_id": False,
                    "evidence": self._evidence(vals),
                    **vals,
                }
                for (partner_id, category_id), vals in seen.items()
            ]
        )
        changed.update(partner_id for partner_id, _category_id in seen)
        return len(changed), 0

    def _observe(self, ids):
        """Return {(partner id, category id): values} of the preferences that the orders of ``ids`` (SQL) show."""
        today = fields.Date.today()
        rows = self.env.execute_query(
            SQL(
                "SELECT p.commercial_partner_id, fact.category_id, sum(fact.spend), sum(fact.orders), "
                "max(fact.last_date), sum(sum(fact.spend)) OVER (PARTITION BY p.commercial_partner_id) "
                "FROM (%s) AS fact JOIN res_partner p ON p.id = fact.partner_id "
                "JOIN product_category c ON c.id = fact.category_id "
                "WHERE p.commercial_partner_id IN %s AND fact.spend > 0 "
                "GROUP BY p.commercial_partner_id, fact.category_id",
                self._facts(),
                ids,
            )
        )
        seen = {}
        for partner_id, category_id, spend, orders, last, total in rows:
            share_of_all = (self.shares or {}).get(str(category_id), 0)
            observed = formula.observe(orders, float(spend), float(total), share_of_all, last, today)
            if observed:
                seen[partner_id, category_id] = {
                    "strength": observed.strength,
                    "order_count": int(orders),
                    "spend_share": observed.share,
                    "lift": observed.lift,
                    "last_evidence_on": last,
                }
        return seen

    def _evidence(self, vals):
        """Return the figures as a sentence."""
        return self.env._(
            "%(orders)s orders, %(share)s %% of the spend, %(lift)s × the average, last on %(date)s",
            orders=vals["order_count"],
            share=formatLang(self.env, 100 * vals["spend_share"], digits=0),
            lift=formatLang(self.env, vals["lift"], digits=1),
            date=format_date(self.env, vals["last_evidence_on"]),
        )
