"""How often a customer should hear from us."""

from odoo import api, models
from odoo.tools import SQL

from ..tools.follow_up_status import LONGEST_CADENCE


class ResPartner(models.Model):
    """Answers when a customer is due, for one as for all: the one rule of the cadence.

    The shortest cadence of the values that the customer has in the dimensions, else the one of its category or of the
    nearest category above that has one, else the company's: the customer's own, or its salesperson's.
    """

    _inherit = "res.partner"

    def _follow_up_cadence_days(self):
        """Return {partner id: days}, from 1 to ``LONGEST_CADENCE``; contact persons are asked for their company."""
        if not self:
            return {}
        # sudo: the rhythm of a customer is the same whoever asks
        customers = self.sudo().commercial_partner_id
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT res_partner.id, %s FROM res_partner %s WHERE res_partner.id = ANY(%s)",
                self._follow_up_cadence_sql(),
                self._follow_up_cadence_joins(),
                customers.ids,
            )
        )
        days = dict(rows)
        return {partner.id: days[partner.commercial_partner_id.id] for partner in self.sudo()}

    @api.model
    def _follow_up_cadence_sql(self):
        """Return SQL of the cadence (integer) of ``res_partner``, where ``_follow_up_cadence_joins`` are joined."""
        values = [SQL("%s.cadence_days", alias) for alias, _column in self._follow_up_cadence_dimensions()]
        shortest = SQL("LEAST(%s), ", SQL(", ").join(values)) if values else SQL()
        cadence = SQL("COALESCE(%sfollow_up_category.value, follow_up_company.follow_up_cadence_days)", shortest)
        return SQL("LEAST(%s, %s)", cadence, LONGEST_CADENCE)

    @api.model
    def _follow_up_cadence_joins(self):
        """Return SQL of what is joined to ``res_partner``: whom it belongs to, its category and values."""
        values = [
            SQL(
                " LEFT JOIN partner_dimension_value %s ON %s.id = res_partner.%s AND %s.cadence_days > 0",
                alias,
                alias,
                column,
                alias,
            )
            for alias, column in self._follow_up_cadence_dimensions()
        ]
        return SQL(
            "LEFT JOIN res_users follow_up_owner ON follow_up_owner.id = res_partner.user_id "
            "LEFT JOIN res_company follow_up_company ON follow_up_company.id = "
            "COALESCE(res_partner.company_id, follow_up_owner.company_id, %s) "
            "LEFT JOIN (%s) AS follow_up_category ON follow_up_category.id = res_partner.customer_category_id%s",
            self.env.company.id,
            self.env["customer.category"]._inherited_query("cadence_days"),
            SQL().join(values),
        )

    @api.model
    def _follow_up_cadence_dimensions(self):
        """Return [(alias of a joined value, column of the partner)] (SQL) of the dimensions of customers."""
        return [
            (SQL.identifier(f"follow_up_value_{place}"), SQL.identifier(dimension.column))
            for place, dimension in enumerate(self._dimensions_of("customer"))
        ]
