"""The voice of the customer: preferences of many, counted."""

from odoo import api, models
from odoo.fields import Domain

# A figure over fewer customers says more about these than about the market.
MIN_CUSTOMERS = 5
CUSTOMERS = "commercial_partner_id:count_distinct"


class PartnerPreference(models.Model):
    """Withholds figures over too few customers where preferences are analysed.

    The analysis sets ``voice_of_customer`` in the context. Its aim is sound statistics, not secrecy: whoever may see
    the customers can open each of them. ``__count`` stays in grouping sets, by which the pivot knows that there is
    anything at all; it does not show it then.
    """

    _inherit = "partner.preference"

    @api.model
    def formatted_read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        """Mark groups of fewer than five customers by ``__withheld``, without their figures."""
        wanted = self._with_customers(aggregates)
        groups = super().formatted_read_group(domain, groupby, wanted, having, offset, limit, order)
        return self._withhold(groups, aggregates, aggregates)

    @api.model
    def formatted_read_grouping_sets(self, domain, grouping_sets, aggregates=(), *, order=None):
        """As ``formatted_read_group``, for several groupings at once."""
        wanted = self._with_customers(aggregates)
        sets = super().formatted_read_grouping_sets(domain, grouping_sets, wanted, order=order)
        return [self._withhold(groups, aggregates, set(aggregates) - {"__count"}) for groups in sets]

    @api.model
    def _with_customers(self, aggregates):
        """Return ``aggregates`` with the number of customers, where it is needed."""
        if not self.env.context.get("voice_of_customer") or CUSTOMERS in aggregates:
            return aggregates
        return [*aggregates, CUSTOMERS]

    @api.model
    def _withhold(self, groups, aggregates, figures):
        """Take ``figures``, of the ``aggregates`` asked for, out of ``groups`` that rest on too few customers."""
        if not self.env.context.get("voice_of_customer"):
            return groups
        for group in groups:
            customers = group[CUSTOMERS]
            if CUSTOMERS not in aggregates:
                del group[CUSTOMERS]
            if 0 < customers < MIN_CUSTOMERS:
                group.update(dict.fromkeys(figures))
                group["__withheld"] = True
        return groups

    # -- who likes a product ------------------------------------------------------------------------------------------

    @api.model
    def _liking_domain(self):
        """Return the Domain of valid preferences from “Likes” upwards of managed customers and their contacts."""
        customers = Domain("commercial_partner_id.customer_status", "!=", False)
        return Domain("strength_value", ">", 0) & self._current_domain() & customers

    @api.model
    def _customers_by(self, field, domain, ids):
        """Return {id of ``ids``: ids (set) of the customers who have a preference for it}, by one query."""
        if not ids:
            return {}
        rows = self._read_group(
            Domain(field, "in", ids) & domain, [field], ["commercial_partner_id:array_agg_distinct"]
        )
        return {record.id: set(customers) for record, customers in rows}
