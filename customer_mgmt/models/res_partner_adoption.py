"""Turning existing partners into managed customers, thousands at a time."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """Does in a few statements what a person's change of status does one by one.

    Nobody has changed these partners: no message per partner, and the date of the last change stays. The adoption is
    their record.
    """

    _inherit = "res.partner"

    @api.model
    def _adoptable_domain(self):
        """Return which partners may be adopted: unmanaged, not merged, neither our own companies nor our own people."""
        # sudo: all of them, whichever companies the user may enter
        companies = self.env["res.company"].sudo().with_context(active_test=False)._search(Domain.TRUE)
        visitors = self.env.ref("base.group_public").sudo().with_context(active_test=False).user_ids
        return (
            Domain("customer_status", "=", False)
            & Domain("merged_into_id", "=", False)
            & Domain("partner_share", "=", True)
            & Domain("id", "not in", companies.subselect("partner_id"))
            & Domain("id", "not in", visitors.partner_id.ids)
        )

    @api.model
    def _adopt_customers(self, ids, status, category, user):
        """Make customers of the entities ``ids``, listed by age, and take their contact persons along.

        Those that have become customers meanwhile are left alone; those that someone else is changing, or one of whose
        contacts, are left for later. ``category`` is given where there is none. Returns how many (customers, contacts).
        Locked rows and lost races with others raise psycopg2's errors without logging them: the caller tries again.
        """
        self.flush_model()
        rows = self._lock_for_adoption(ids)
        if not rows:
            return 0, 0
        ids = [partner_id for partner_id, _company_id, _category_id in rows]
        keys = [(company_id, category_id or category.id) for _id, company_id, category_id in rows]
        numbers = self._draw_customer_numbers(keys)
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET customer_status = %s, "
                "customer_number = COALESCE(customer_number, given.number), "
                "customer_category_id = COALESCE(customer_category_id, %s) "
                "FROM unnest(%s::integer[], %s::varchar[]) AS given (id, number) WHERE res_partner.id = given.id",
                status,
                category.id or None,
                ids,
                numbers,
            ),
            log_exceptions=False,
        )
        contacts = self._adopt_contacts(SQL("entity.id = ANY(%s)", ids))
        self.env.cr.execute(
            SQL(
                "INSERT INTO partner_ownership (partner_id, user_id, since, cause, by_id) "
                "SELECT id, user_id, %s, 'adopted', %s FROM res_partner WHERE id = ANY(%s) "
                "ON CONFLICT (partner_id) WHERE until IS NULL DO NOTHING",
                fields.Datetime.now(),
                user.id,
                ids,
            )
        )
        self.env.invalidate_all(flush=False)
        return len(ids), contacts

    @api.model
    def _lock_for_adoption(self, ids):
        """Lock those of ``ids`` that can be adopted now, with their contacts; return (id, company, category) by age.

        One statement, so that what it sees and what it locks are the same. The lock lets others go on referring to
        these partners, by an order for example.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH locked AS MATERIALIZED (
                    SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%(ids)s)
                       FOR NO KEY UPDATE SKIP LOCKED
                )
                SELECT id, company_id, customer_category_id
                  FROM res_partner entity
                 WHERE id = ANY(%(ids)s) AND id = commercial_partner_id AND customer_status IS NULL
                   AND NOT EXISTS (
                       SELECT FROM res_partner member
                        WHERE member.commercial_partner_id = entity.id AND member.id NOT IN (SELECT id FROM locked)
                   )
              ORDER BY create_date, id
                """,
                ids=ids,
            ),
            log_exceptions=False,
        )
        return self.env.cr.fetchall()

    @api.model
    def _adopt_contacts(self, condition):
        """Give the contact persons of entities that meet ``condition`` (SQL) the entity's commercial values."""
        # Values of one column only; what depends on the company is a matter of Odoo's own synchronisation.
        names = [
            name
            for name in self._customer_commercial_fields()
            if self._fields[name].store and not self._fields[name].company_dependent
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s FROM res_partner entity "
                "WHERE res_partner.commercial_partner_id = entity.id AND res_partner.id != entity.id AND %s",
                SQL(", ").join(SQL("%s = entity.%s", SQL.identifier(name), SQL.identifier(name)) for name in names),
                condition,
            ),
            log_exceptions=False,
        )
        return self.env.cr.rowcount

    @api.model
    def _adopt_late_contacts(self):
        """Take along the contact persons that somebody saved just while their company was adopted."""
        self.flush_model()
        late = SQL(
            "SELECT contact.id FROM res_partner contact JOIN res_partner company "
            "ON company.id = contact.commercial_partner_id AND company.id != contact.id "
            "WHERE contact.customer_status IS NULL AND company.customer_status IS NOT NULL "
            "FOR NO KEY UPDATE OF contact SKIP LOCKED"
        )
        self.env.cr.execute(late, log_exceptions=False)
        ids = [contact_id for (contact_id,) in self.env.cr.fetchall()]
        count = ids and self._adopt_contacts(SQL("res_partner.id = ANY(%s)", ids))
        self.env.invalidate_all(flush=False)
        return count or 0
