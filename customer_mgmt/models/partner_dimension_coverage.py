"""How much of the customer file a dimension covers."""

from odoo import api, fields, models
from odoo.fields import Domain


class PartnerDimensionType(models.Model):
    """Counts for each dimension who has a value and who has none, among those whom the reader may see."""

    _inherit = "partner.dimension.type"

    population_count = fields.Integer(
        string="Population",
        compute="_compute_coverage",
        help="Whom this dimension classes: the customers (or their contact persons) that you may see; of a dimension "
        "of one company, those of that company. Archived ones are not counted.",
    )
    classified_count = fields.Integer(
        string="Classified", compute="_compute_coverage", help="How many of the population have a value."
    )
    unclassified_count = fields.Integer(
        string="Unclassified",
        compute="_compute_coverage",
        help="How many of the population have no value: population − classified.",
    )
    coverage = fields.Float(
        string="Coverage (%)",
        digits=(5, 1),
        compute="_compute_coverage",
        exportable=False,
        help="Classified ÷ population × 100. Shown as nothing while the population is empty.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_coverage(self):
        """Ask once for all dimensions of customers, and once for all of contact persons."""
        self.population_count = self.classified_count = self.unclassified_count = self.coverage = 0
        known = self.env["res.partner"]._fields
        types = self.filtered(lambda dimension_type: dimension_type.column in known)
        for applies_to, group in types.grouped("applies_to").items():
            by_company = self._count_by_company(applies_to, group.mapped("column"))
            for dimension_type in group:
                company_id = dimension_type.company_id.id
                counts = [by_company.get(company_id, {})] if company_id else by_company.values()
                dimension_type.population_count = sum(count.get("", 0) for count in counts)
                dimension_type.classified_count = sum(count.get(dimension_type.column, 0) for count in counts)
        for dimension_type in types.filtered("population_count"):
            population, classified = dimension_type.population_count, dimension_type.classified_count
            dimension_type.unclassified_count = population - classified
            dimension_type.coverage = classified / population * 100

    @api.model
    def _count_by_company(self, applies_to, columns):
        """Return {company id: {column: how many have a value; "": how many there are}} in one query."""
        rows = self.env["res.partner"]._read_group(
            self._population_domain(applies_to), ["company_id"], ["__count", *(f"{column}:count" for column in columns)]
        )
        return {company.id: dict(zip(["", *columns], counts, strict=True)) for company, *counts in rows}

    def _count_by_value(self, value_ids):
        """Return (value, how many of the population have it) for each of ``value_ids`` that anyone has."""
        # sudo: the type of a value that the user may see, whoever may see the type
        known = self.sudo()
        if known.column not in self.env["res.partner"]._fields:
            return []
        domain = known._own_population_domain() & Domain(known.column, "in", value_ids)
        return self.env["res.partner"]._read_group(domain, [known.column], ["__count"])

    def _own_population_domain(self):
        """Return whom this one type classes."""
        domain = Domain(self._population_domain(self.applies_to))
        return domain & Domain("company_id", "=", self.company_id.id) if self.company_id else domain

    def action_open_unclassified(self):
        """Open whoever has no value yet."""
        self.ensure_one()
        domain = self._own_population_domain() & Domain(self.column, "=", False)
        return self._population_action(self.env._("%s: unclassified", self.name), domain)

    def action_open_by_value(self):
        """Open the population as a table and a chart by the values of this dimension, the unclassified among them."""
        self.ensure_one()
        action = self._population_action(self.name, self._own_population_domain())
        counts = [
            (self.env.ref(f"customer_mgmt.res_partner_view_{view_type}_dimension").id, view_type)
            for view_type in ("pivot", "graph")
        ]
        context = {
            "pivot_row_groupby": [self.column],
            "pivot_column_groupby": [],
            "graph_groupbys": [self.column],
        }
        return {**action, "views": counts + action["views"], "context": context}

    def _population_action(self, name, domain):
        """Return an action that lists the partners of ``domain``; it has no id, so that no favourite opens with it."""
        kind = "contact" if self.applies_to == "contact" else "customer"
        search = self.env.ref(f"customer_mgmt.res_partner_view_search_{kind}")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "res.partner",
            "domain": list(domain),
            "context": {},
            "views": [
                (self.env.ref(f"customer_mgmt.res_partner_view_{view_type}_{kind}").id, view_type)
                for view_type in ("list", "form")
            ],
            "search_view_id": (search.id, "search"),
        }
