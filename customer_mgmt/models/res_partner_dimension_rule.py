"""Giving partners at once what the rules of dimension types say."""

from odoo import api, models
from odoo.tools import SQL

from ..tools.dimension import is_column_name

# Types whose rules look at other types: how often what has been given is looked at again.
MAX_PASSES = 3


class ResPartner(models.Model):
    """Lets the values of a customer follow whatever the rules look at, as soon as it changes.

    One question per save for all types, and statements only for those whose value changes; partners that are nobody's
    customer cost nothing. What changes elsewhere (on orders, tags, countries) is found every night by
    ``partner.dimension.run``.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Give new customers their values, before anyone asks whether something is missing."""
        partners = super().create(vals_list)
        partners._evaluate_dimensions()
        return partners

    def write(self, vals):
        """Give values anew when something has changed that rules look at, or when a value has been emptied."""
        result = super().write(vals)
        if self._changes_dimensions(vals):
            self._evaluate_dimensions()
        return result

    @api.model
    def _changes_dimensions(self, vals):
        """Tell whether rules may give something else after a write of ``vals``; costs no query."""
        emptied = any(is_column_name(name) and not value for name, value in vals.items())
        return emptied or not vals.keys().isdisjoint(self.env["partner.dimension.type"]._rule_field_names())

    def copy_data(self, default=None):
        """Let a copy get from the rules what they give; nobody has chosen it for the copy."""
        vals_list = super().copy_data(default=default)
        given = {dimension.column for dimension in self._dimensions_of() if dimension.kind != "manual"}
        return [
            {name: value for name, value in vals.items() if name not in given or name in (default or {})}
            for vals in vals_list
        ]

    def _evaluate_dimensions(self):
        """Give these partners what the rules say, as far as they are customers or contact persons of such."""
        dimensions = self._dimensions_to_evaluate()
        for _pass in range(MAX_PASSES):
            if not dimensions:
                return
            changed = self._evaluate_once(dimensions)
            Type = self.env["partner.dimension.type"]
            columns = {dimension.column for dimension in changed}
            dimensions = {
                dimension: partners
                for dimension, partners in dimensions.items()
                if not columns.isdisjoint(Type._watched_names(dimension))
            }

    def _dimensions_to_evaluate(self):
        """Return {Dimension: those of these partners that it classes}, without types that class none of them."""
        Type = self.env["partner.dimension.type"]
        # sudo: whoever may change a partner need not be allowed to read all of it
        known = self.sudo()
        result, populations = {}, {}
        for dimension in Type._evaluated_dimensions() if self else ():
            if dimension.applies_to not in populations:
                population = Type._population_domain(dimension.applies_to)
                populations[dimension.applies_to] = known.filtered_domain(population)
            if populations[dimension.applies_to]:
                result[dimension] = populations[dimension.applies_to]
        return result

    @api.model
    def _evaluate_once(self, dimensions):
        """Give what the rules of ``dimensions`` ({Dimension: partners}) say; return the types of which any changed."""
        self.env.flush_all()
        ids = tuple({partner_id for partners in dimensions.values() for partner_id in partners._ids})
        changes, unmet = self._find_dimension_changes(dimensions, ids)
        changed = []
        for dimension, rows in changes.items():
            classed = set(dimensions[dimension]._ids)
            if self._give_dimension(dimension, [row for row in rows if row[0] in classed]):
                changed.append(dimension)
        waiting = [dimension.id for dimension, ids in unmet.items() if ids & set(dimensions[dimension]._ids)]
        if waiting:
            self.env["partner.dimension.type"].browse(waiting)._start_runs()
        return changed

    @api.model
    def _find_dimension_changes(self, dimensions, ids):
        """Return what differs from what the rules say, by one statement; everything must have been flushed.

        ({Dimension: [(partner id, value id or None)]}, {Dimension: ids (set) for whose record a value must be made});
        ``ids`` as in ``_evaluation_query``. Types whose rules are bad are passed over.
        """
        # sudo: rules are the same for everyone
        Type = self.env["partner.dimension.type"].sudo()
        query, found = Type._evaluation_query(dimensions, ids)
        if not found:
            return {}, {}
        columns, differs = [], []
        for dimension, wanted, unmet in found:
            current = SQL.identifier("res_partner", dimension.column)
            columns += [current, wanted, unmet]
        table = SQL("(%s) AS evaluated", query.select(SQL.identifier("res_partner", "id"), *self._named(columns)))
        for place in range(len(found)):
            current, wanted, unmet = (SQL.identifier(f"c{3 * place + part}") for part in range(3))
            differs.append(SQL("%s IS DISTINCT FROM %s OR %s", current, wanted, unmet))
        rows = self.env.execute_query(SQL("SELECT * FROM %s WHERE %s", table, SQL(" OR ").join(differs)))
        return self._read_dimension_changes([dimension for dimension, _wanted, _unmet in found], rows)

    @api.model
    def _named(self, columns):
        return [SQL("%s AS %s", column, SQL.identifier(f"c{place}")) for place, column in enumerate(columns)]

    @api.model
    def _read_dimension_changes(self, dimensions, rows):
        """Return the result of ``_find_dimension_changes`` from its rows: id, then (current, wanted, unmet) by type."""
        changes, unmet = {}, {}
        for place, dimension in enumerate(dimensions):
            parts = slice(1 + 3 * place, 4 + 3 * place)
            told = [(row[0], *row[parts]) for row in rows]
            if changed := [(row_id, wanted) for row_id, current, wanted, _missing in told if current != wanted]:
                changes[dimension] = changed
            if waiting := {row_id for row_id, _current, _wanted, missing in told if missing}:
                unmet[dimension] = waiting
        return changes, unmet

    @api.model
    def _give_dimension(self, dimension, rows):
        """Give the values of ``rows`` [(partner id, value id or None)] by rule; return the ids that changed."""
        if not rows:
            return []
        ids, value_ids = map(list, zip(*rows, strict=True))
        wanted = SQL(
            "SELECT * FROM unnest(%s::integer[], %s::integer[]) AS given (partner_id, value_id)", ids, value_ids
        )
        reasons = self.env["partner.dimension.value"].browse({*value_ids} - {None})._rule_reasons()
        source = "computed" if dimension.kind == "computed" else "rule"
        return self._apply_dimension(dimension, wanted, source, reasons)
