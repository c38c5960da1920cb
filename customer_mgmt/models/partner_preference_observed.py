"""How observed preferences are made, kept up to date and ended."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..tools import preference as formula

KIND = "customer_mgmt.partner_preference_kind_category"


class PartnerPreference(models.Model):
    """Writes what orders show, many customers at once by SQL, and only what differs.

    By the ORM 20,000 observations took a hundred times as long. Every stored column is written here as the ORM would;
    a test compares them. What anybody has said is never touched.
    """

    _inherit = "partner.preference"

    @api.model
    def _observation_kind(self):
        """Return the kind of observed preferences, none if it cannot hold them any more."""
        kind = self.env.ref(KIND, raise_if_not_found=False) or self.env["partner.preference.kind"]
        return kind.filtered(lambda found: found.active and found.target == "product_category")

    @api.model
    def _write_observations(self, customer_ids, seen, evidence, forget):
        """Bring the observations of ``customer_ids`` to what ``seen`` (SQL) says; return numbers (changed, skipped).

        ``seen`` gives (partner_id, category_id, orders, share, times, strength, last_date). ``evidence`` is the
        sentence with the names of the figures in braces. Without ``forget`` (bool) what is not seen ends only with age.
        """
        [row] = self.env.execute_query(self._observation_sql(customer_ids, seen, evidence, forget))
        self.env.invalidate_all()
        return row

    @api.model
    def _observation_sql(self, customer_ids, seen, evidence, forget):
        """Return the one statement that compares, closes, changes and makes observations."""
        today = fields.Date.context_today(self)
        kind = self._observation_kind()
        # Others may be at work on some rows: these are left, and nothing is made in their place. PostgreSQL cannot know
        # how many rows are seen and present; a full join is never done row by row, whatever it guesses.
        return SQL(
            """
            WITH seen AS MATERIALIZED (
                SELECT partner_id, category_id, orders, share, times, strength, last_date, %(evidence)s AS evidence
                  FROM (%(seen)s) AS seen
            ), present AS MATERIALIZED (
                SELECT id, partner_id, commercial_partner_id, product_category_id,
                       row_number() OVER (PARTITION BY partner_id, product_category_id ORDER BY id) AS place
                  FROM partner_preference
                 WHERE commercial_partner_id = ANY(%(customers)s) AND kind_id = %(kind)s AND source = 'observed'
                   AND valid_from <= %(today)s AND (valid_until IS NULL OR valid_until >= %(today)s)
            ), held AS MATERIALIZED (
                SELECT id FROM partner_preference WHERE id IN (SELECT id FROM present)
                   FOR NO KEY UPDATE SKIP LOCKED
            ), compared AS MATERIALIZED (
                SELECT present.id, present.place, present.id IN (SELECT id FROM held) AS is_held, seen.*
                  FROM present
                  FULL JOIN seen ON seen.partner_id = CASE WHEN present.place = 1 THEN present.partner_id END
                                AND seen.category_id = present.product_category_id
            ), ended AS (
                UPDATE partner_preference AS old
                   SET valid_until = greatest(old.valid_from, %(today)s - 1), write_date = %(now)s, write_uid = %(root)s
                  FROM compared
                 WHERE old.id = compared.id AND compared.is_held AND compared.partner_id IS NULL
                   AND old.valid_until IS NULL
                   AND (%(forget)s OR compared.place > 1 OR old.last_evidence_on IS NULL
                        OR old.last_evidence_on < %(expiry)s)
             RETURNING old.commercial_partner_id AS customer_id
            ), updated AS (
                UPDATE partner_preference AS old
                   SET order_count = seen.orders, spend_share = seen.share, lift = seen.times,
                       last_evidence_on = seen.last_date, strength = seen.strength,
                       strength_value = seen.strength::integer, evidence = seen.evidence, valid_until = NULL,
                       write_date = %(now)s, write_uid = %(root)s
                  FROM compared AS seen
                 WHERE old.id = seen.id AND seen.is_held AND seen.partner_id IS NOT NULL
                   AND (old.order_count, old.spend_share, old.lift, old.last_evidence_on, old.strength, old.valid_until)
                       IS DISTINCT FROM
                       (seen.orders, seen.share, seen.times, seen.last_date, seen.strength, NULL::date)
             RETURNING old.commercial_partner_id AS customer_id
            ), made AS (
                INSERT INTO partner_preference (
                       partner_id, commercial_partner_id, kind_id, is_personal, product_category_id, target_key,
                       target_name, strength, strength_value, source, evidence, valid_from, recorded_on, company_id,
                       order_count, spend_share, lift, last_evidence_on, create_date, create_uid, write_date, write_uid)
                SELECT partner.id, partner.commercial_partner_id, kind.id, kind.is_personal, seen.category_id,
                       kind.target || ':' || seen.category_id, target.name, seen.strength, seen.strength::integer,
                       'observed', seen.evidence, %(today)s, %(today)s, partner.company_id, seen.orders, seen.share,
                       seen.times, seen.last_date, %(now)s, %(root)s, %(now)s, %(root)s
                  FROM compared AS seen
                  JOIN res_partner partner ON partner.id = seen.partner_id
                  JOIN partner_preference_kind kind ON kind.id = %(kind)s
                  JOIN (%(targets)s) AS target ON target.id = seen.category_id
                 WHERE seen.id IS NULL
             RETURNING commercial_partner_id AS customer_id
            )
            SELECT (SELECT count(*) FROM (SELECT customer_id FROM ended UNION SELECT customer_id FROM updated
                                          UNION SELECT customer_id FROM made) AS customer),
                   (SELECT count(DISTINCT commercial_partner_id) FROM present WHERE id NOT IN (SELECT id FROM held))
            """,
            seen=seen,
            evidence=self._evidence_sql(evidence),
            customers=customer_ids,
            kind=kind.id,
            today=today,
            expiry=today - timedelta(days=formula.EXPIRY_DAYS),
            now=fields.Datetime.now(),
            root=SUPERUSER_ID,
            forget=forget,
            targets=self._target_names_sql(),
        )

    @api.model
    def _evidence_sql(self, sentence):
        """Return SQL of ``sentence`` with the figures of a row in the place of their names in braces."""
        figures = {
            "orders": SQL("orders::text"),
            "share": SQL("round((100 * share)::numeric)::text"),
            "lift": SQL("round(times::numeric, 1)::text"),
            "date": SQL("last_date::text"),
        }
        text = SQL("%s", sentence)
        for name, figure in figures.items():
            text = SQL("replace(%s, %s, %s)", text, f"{{{name}}}", figure)
        return text

    @api.model
    def _target_names_sql(self):
        """Return SQL giving (id, name) of the product categories, named as targets are."""
        lang = self.env["partner.condition.mixin"]._rule_lang()
        # sudo: the job names what it writes; all categories, which are few beside customers
        categories = self.env["product.category"].sudo().with_context(lang=lang).search([])  # pylint: disable=no-search-all
        return SQL(
            "SELECT * FROM unnest(%s::integer[], %s::text[]) AS target (id, name)",
            categories.ids,
            categories.mapped("display_name"),
        )
