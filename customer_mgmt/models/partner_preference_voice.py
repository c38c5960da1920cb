"""The voice of the customer: preferences of many, counted."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# A figure over fewer customers says more about these than about the market.
MIN_CUSTOMERS = 5
CUSTOMERS = "commercial_partner_id:count_distinct"


class PartnerPreference(models.Model):
    """Withholds figures over too few customers where preferences are analysed.

    The analysis sets ``voice_of_customer`` in the context. Its aim is sound statistics, not secrecy: whoever may see
    the customers can open each of them, and lists group them as ever.
    """

    _inherit = "partner.preference"

    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_customer_count",
        aggregator="count_distinct",
        help="Different customers behind the preferences, a contact person counting for the company. Of one preference "
        "it is 1.",
    )

    def _compute_customer_count(self):
        """One preference stands for one customer; for many, the database counts (``_read_group_select``)."""
        self.customer_count = 1

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Count customers by the column that holds them."""
        if aggregate_spec == "customer_count:count_distinct":
            aggregate_spec = CUSTOMERS
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Put strengths in the order of their numbers, from "Never" to "Always"."""
        if "strength" not in groupby_terms or not order:
            return super()._read_group_orderby(order, groupby_terms, query)
        terms = []
        for part in order.split(","):
            name, *direction = part.lower().split()
            if name == "strength" and direction in ([], ["asc"], ["desc"]):
                number = SQL("%s::integer", groupby_terms["strength"])
                terms.append(SQL("%s %s", number, SQL("DESC" if direction == ["desc"] else "ASC")))
            else:
                terms.append(super()._read_group_orderby(part, groupby_terms, query))
        return SQL(", ").join(terms)

    @api.model
    def formatted_read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        """Mark groups of fewer than five customers by ``__withheld``, without their figures."""
        wanted = self._with_customers(aggregates)
        groups = super().formatted_read_group(domain, groupby, wanted, having, offset, limit, order)
        return self._withhold(groups, aggregates)

    @api.model
    def formatted_read_grouping_sets(self, domain, grouping_sets, aggregates=(), *, order=None):
        """As ``formatted_read_group``, for several groupings at once."""
        wanted = self._with_customers(aggregates)
        sets = super().formatted_read_grouping_sets(domain, grouping_sets, wanted, order=order)
        return [self._withhold(groups, aggregates) for groups in sets]

    @api.model
    def web_read_group(self, domain, groupby, *args, **kwargs):
        """Leave the groups of a list whole: it shows the records themselves, and opens groups by their number."""
        self = self.with_context(voice_of_customer=False)
        return super().web_read_group(domain, groupby, *args, **kwargs)

    @api.model
    def _with_customers(self, aggregates):
        """Return ``aggregates`` with the number of customers, where it is needed."""
        if not self.env.context.get("voice_of_customer") or CUSTOMERS in aggregates:
            return aggregates
        return [*aggregates, CUSTOMERS]

    @api.model
    def _withhold(self, groups, aggregates):
        """Take the ``aggregates`` asked for out of ``groups`` that rest on too few customers."""
        if not self.env.context.get("voice_of_customer"):
            return groups
        for group in groups:
            customers = group[CUSTOMERS]
            if CUSTOMERS not in aggregates:
                del group[CUSTOMERS]
            if 0 < customers < MIN_CUSTOMERS:
                group.update(dict.fromkeys(aggregates))
                group["__withheld"] = True
        return groups

    # -- who likes a product ------------------------------------------------------------------------------------------

    @api.model
    def _customers_by_target(self, field, ids):
        """Return {id of ``ids``: (ids of customers who like it, of those who do not)}, by one query.

        Counted are valid preferences of managed customers and their contacts, without archived ones, by ``field``.
        """
        if not ids:
            return {}
        theirs = Domain("commercial_partner_id.customer_status", "!=", False)
        present = Domain("commercial_partner_id.active", "=", True) & Domain("partner_id.active", "=", True)
        meant = Domain(field, "in", ids) & Domain("strength_value", "!=", 0) & self._current_domain()
        rows = self._read_group(
            meant & theirs & present, [field, "strength_value"], ["commercial_partner_id:array_agg_distinct"]
        )
        known = {}
        for record, strength, customers in rows:
            likes, refuses = known.setdefault(record.id, (set(), set()))
            (likes if strength > 0 else refuses).update(customers)
        return known
