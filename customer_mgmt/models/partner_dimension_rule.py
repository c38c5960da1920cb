"""What the rules of dimension types say, in SQL."""

from odoo import api, fields, models, tools
from odoo.tools import SQL, Query

from ..tools.dimension_rule import RulePlan, below_first, ranks
from .partner_condition_mixin import BAD_CONDITION
from .partner_dimension_value_rule import PLACE_FIELDS

PARTNER = "res_partner"
# What classes a customer or a contact person at all, and for which company.
ALWAYS_WATCHED = frozenset({"customer_status", "parent_id", "is_company", "company_id", "type"})
# More values than anyone can look through mean that the field was not meant for classing.
MAX_VALUES = 3_000


def _column(name, alias=PARTNER):
    return SQL.identifier(alias, name)


class PartnerDimensionType(models.Model):
    """Turns each type's rules into one SQL expression for the value that a partner should have.

    Preview, runs and the evaluation of single customers all ask ``_evaluation_query``; nothing else knows the rules.
    """

    _inherit = "partner.dimension.type"

    # -- what is kept between requests -------------------------------------------------------------------------------

    @api.model
    def _evaluated_dimensions(self, applies_to=None):
        """Return the types (list of Dimension) to which rules, or apps that are there, give values."""
        return [
            dimension
            for dimension in self._dimensions(applies_to)
            if dimension.evaluated and (dimension.kind != "computed" or self._evaluator(dimension))
        ]

    @api.model
    def _evaluator(self, dimension):
        """Return the method that computes ``dimension``, or None while no installed app does.

        ``_dimension_compute_<code>(partner_ids)`` gets what can stand behind ``IN`` (a tuple of ids or SQL) and returns
        SQL that gives (partner_id, value_code), at most one row per partner.
        """
        return getattr(self, f"_dimension_compute_{dimension.code}", None)

    @api.model
    @tools.ormcache("type_id", "day", cache="stable")
    def _rule_plan(self, type_id, day):
        """Return the rules (RulePlan) of a type as they are on ``day``."""
        env = self.env["partner.dimension.value"]._rule_partners().env
        dimension_type = env["partner.dimension.type"].browse(type_id)
        values = env["partner.dimension.value"].search([("type_id", "=", type_id)], order="sequence, name, id")
        parents = {value.id: value.parent_id.id for value in values}
        return RulePlan(
            basis=dimension_type.rule_basis,
            field=dimension_type.rule_field_id.name or "",
            relation=dimension_type.rule_field_id.relation or "",
            values=tuple(value._as_rule_value(day) for value in values.browse(below_first(values.ids, parents))),
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _rule_field_names(self):
        """Return the fields (frozenset of names) of the partner whose change may change what rules give."""
        dimensions = self._evaluated_dimensions()
        return ALWAYS_WATCHED.union(*map(self._watched_names, dimensions)) if dimensions else frozenset()

    @api.model
    @tools.ormcache("dimension", cache="stable")
    def _watched_names(self, dimension):
        """Return the fields (frozenset of names) of the partner that the rules of ``dimension`` look at."""
        # sudo: rules are the same for everyone
        dimension_type = self.sudo().browse(dimension.id)
        if dimension.kind != "rule":
            return frozenset()
        if dimension_type.rule_basis == "address":
            return frozenset({"country_id", "state_id", "city"})
        if dimension_type.rule_basis != "condition":
            return self._with_dependencies({dimension_type.rule_field_id.name})
        values = dimension_type.value_ids
        return self._with_dependencies(set().union(*map(values._condition_field_names, values.mapped("rule_domain"))))

    @api.model
    @tools.ormcache(cache="stable")
    def _dimensions_of_companies(self):
        """Return the evaluated types (list of Dimension) with values that only serve one company."""
        # sudo: as above
        values = self.env["partner.dimension.value"].sudo().with_context(active_test=False)
        ids = set(values.search([("company_id", "!=", False)]).type_id.ids)
        return [dimension for dimension in self._evaluated_dimensions() if dimension.id in ids]

    @api.model
    def _with_dependencies(self, names):
        """Return ``names`` with the fields of the partner that they are computed from."""
        known = self.env["res.partner"]._fields
        found, todo = set(), set(names) & known.keys()
        while todo:
            found |= todo
            depends = {path for name in todo for path in self.pool.field_depends[known[name]]}
            todo = {path.split(".")[0] for path in depends} & known.keys() - found
        return frozenset(found)

    # -- one query ---------------------------------------------------------------------------------------------------

    @api.model
    def _evaluation_query(self, dimensions, ids):
        """Return the Query of the partners ``ids`` and [(dimension, wanted, unmet)] of those that can be evaluated.

        ``ids`` is a collection of ids or SQL of a sub-select. ``wanted`` is SQL for the value (id or NULL) that a
        partner should have, which is the present one where a person has chosen it; ``unmet`` is SQL that tells whether
        the partner's record has no value yet that stands for it. A dimension whose rules are bad is left out: it must
        not stop the others. Everything must have been flushed.
        """
        query = Query(self.env, PARTNER, SQL.identifier(PARTNER))
        query.add_where(SQL("%s IN %s", _column("id"), ids))
        found = []
        for dimension in dimensions:
            if expression := self._try_expression(dimension, query, ids):
                found.append((dimension, *expression))
        return query, found

    @api.model
    def _try_expression(self, dimension, query, ids):
        """Return (wanted, unmet) as in ``_evaluation_query``, or None of bad rules."""
        try:
            return self._evaluation_sql(dimension, query, ids)
        except BAD_CONDITION:
            return None

    @api.model
    def _explain_bad_rules(self, dimension):
        """Return why ``dimension`` cannot be evaluated (str), or None."""
        plan = self._rule_plan(dimension.id, fields.Date.today())
        for rule_value in plan.values:
            if dimension.kind == "rule" and plan.basis == "condition" and rule_value.condition:
                # sudo: a value that the user may not see is named all the same
                value = self.env["partner.dimension.value"].sudo().browse(rule_value.id)
                if reason := value._explain_bad_condition(rule_value.condition):
                    return self.env._("Condition of “%(value)s”: %(reason)s.", value=value.name, reason=reason)
        try:
            self._evaluation_sql(dimension, Query(self.env, PARTNER, SQL.identifier(PARTNER)), (0,))
        except BAD_CONDITION as error:
            return self.env._("The rules cannot be understood (%s).", error)
        return None

    @api.model
    def _evaluation_sql(self, dimension, query, ids):
        """Return (wanted, unmet) as in ``_evaluation_query``."""
        plan = self._rule_plan(dimension.id, fields.Date.today())
        current = _column(dimension.column)
        default = self._default_sql(dimension, plan)
        if dimension.kind == "manual":
            return SQL("COALESCE(%s, %s)", current, default), SQL("FALSE")
        found, unmet = self._given_sql(dimension, plan, query, ids)
        wanted = SQL("COALESCE(%s, %s)", found, default)
        if not dimension.frozen:
            chosen = self._join_chosen(dimension, query)
            wanted = SQL("CASE WHEN %s THEN %s ELSE %s END", chosen, current, wanted)
        return wanted, unmet

    @api.model
    def _given_sql(self, dimension, plan, query, ids):
        """Return (SQL for the value that rules give, or NULL; SQL for "unmet")."""
        if dimension.kind == "computed":
            return self._computed_sql(dimension, plan, query, ids)
        return getattr(self, f"_{plan.basis}_sql")(dimension, plan, query)

    @api.model
    def _default_sql(self, dimension, plan):
        for value in plan.values:
            if value.id == dimension.default_value_id and value.given:
                return self._for_company(value, SQL("%s", value.id), SQL("NULL"))
        return SQL("NULL::integer")

    @api.model
    def _for_company(self, value, yes, no):
        """Return ``yes`` (SQL), or ``no`` for partners of other companies than that of ``value``."""
        if not value.company_id:
            return yes
        return SQL("CASE WHEN %s = %s THEN %s ELSE %s END", _column("company_id"), value.company_id, yes, no)

    @api.model
    def _join_chosen(self, dimension, query):
        """Join the open entry that a person made, and return SQL that tells whether there is one."""
        alias = f"chosen_{dimension.id}"
        query.add_join(
            "LEFT JOIN",
            alias,
            "partner_dimension_assignment",
            SQL(
                "%s = %s AND %s = %s AND %s IS NULL AND %s IN ('manual', 'import')",
                _column("partner_id", alias),
                _column("id"),
                _column("type_id", alias),
                dimension.id,
                _column("until", alias),
                _column("source", alias),
            ),
        )
        return SQL("%s IS NOT NULL", _column("id", alias))

    # -- the bases ---------------------------------------------------------------------------------------------------

    @api.model
    def _case(self, pairs):
        """Return SQL for the first value (RuleValue) of ``pairs`` whose condition (SQL) is met, else NULL."""
        whens = [
            SQL("WHEN %s THEN %s", self._for_company(value, condition, SQL("FALSE")), value.id)
            for value, condition in pairs
        ]
        return SQL("CASE %s END", SQL(" ").join(whens)) if whens else SQL("NULL::integer")

    @api.model
    def _condition_sql(self, dimension, plan, query):
        """Values with conditions of their own."""
        Partner = self.env["partner.dimension.value"]._rule_partners()
        pairs = []
        for value in plan.values:
            if value.given and value.condition:
                domain = self.env["partner.dimension.value"]._parse_condition(value.condition).optimize_full(Partner)
                pairs.append((value, SQL("(%s)", domain._to_sql(Partner, PARTNER, query))))
        return self._case(pairs), SQL("FALSE")

    @api.model
    def _band_sql(self, dimension, plan, query):
        """Bands of a number; 0 is what a number that nobody knows looks like."""
        number = _column(plan.field)
        pairs = []
        for value in plan.values:
            if value.given and (value.bound_min or value.bound_max):
                below = SQL("AND %s < %s", number, value.bound_max) if value.bound_max else SQL()
                pairs.append((value, SQL("(%s <> 0 AND %s >= %s %s)", number, number, value.bound_min, below)))
        return self._case(pairs), SQL("FALSE")

    @api.model
    def _field_sql(self, dimension, plan, query):
        """One value per record that a field names."""
        rank, unmet = self._join_records(dimension, plan, query, plan.relation, plan.field)
        return self._ranked(plan, [rank]), self._unmet_sql(dimension, plan, [unmet])

    @api.model
    def _address_sql(self, dimension, plan, query):
        """Countries and states by record, cities by name within one of these."""
        ranks_, unmet = [], []
        for model, name in PLACE_FIELDS.items():
            rank, missing = self._join_records(dimension, plan, query, model, name)
            ranks_ += [rank, *self._join_cities(dimension, plan, query, model, name)]
            unmet.append(missing)
        return self._ranked(plan, ranks_), self._unmet_sql(dimension, plan, unmet)

    @api.model
    def _computed_sql(self, dimension, plan, query, ids):
        """Values that an app computes, by their code."""
        alias = f"computed_{dimension.id}"
        query.add_join(
            "LEFT JOIN",
            alias,
            SQL("(%s)", self._evaluator(dimension)(ids)),
            SQL("%s = %s", _column("partner_id", alias), _column("id")),
        )
        code = _column("value_code", alias)
        pairs = [(value, SQL("%s = %s", code, value.code)) for value in plan.values if value.given]
        return self._case(pairs), SQL("FALSE")

    # -- many values by what they stand for --------------------------------------------------------------------------

    @api.model
    def _ranked(self, plan, ranks_):
        """Return SQL for the value of the smallest of ``ranks_`` (SQL), which are places among the plan's values."""
        ids = [value.id for value in plan.values]
        return SQL("(%s::integer[])[LEAST(%s)]", ids, SQL(", ").join(ranks_))

    @api.model
    def _unmet_sql(self, dimension, plan, unmet):
        """Return SQL that tells whether a value is missing which a run would make."""
        if len(plan.values) >= MAX_VALUES:
            return SQL("FALSE")
        condition = SQL("(%s)", SQL(" OR ").join(unmet))
        if dimension.company_id:
            condition = SQL("(%s AND %s = %s)", condition, _column("company_id"), dimension.company_id)
        return condition

    @api.model
    def _join_records(self, dimension, plan, query, model, name):
        """Join the values that stand for records of ``model``; return SQL for (rank, whether the record has none)."""
        entries = [
            (int(value.source.split(",")[1]), value.company_id, rank if value.given else None)
            for rank, value in enumerate(plan.values, 1)
            if value.source.split(",")[0] == model
        ]
        rank, known = self._join_ranks(query, f"{name}_{dimension.id}", entries, _column(name))
        return rank, SQL("(%s IS NOT NULL AND %s IS NULL)", _column(name), known)

    @api.model
    def _join_cities(self, dimension, plan, query, model, name):
        """Join the cities within records of ``model``; return SQL for their rank (list), none without cities."""
        entries = [
            (f"{value.place.split(',')[1]},{city}", value.company_id, rank)
            for rank, value in enumerate(plan.values, 1)
            if value.given and value.place.split(",")[0] == model
            for city in value.names
        ]
        if not entries:
            return []
        key = SQL("%s || ',' || lower(btrim(%s))", _column(name), _column("city"))
        return [self._join_ranks(query, f"city_{name}_{dimension.id}", entries, key, "text")[0]]

    @api.model
    def _join_ranks(self, query, alias, entries, key, key_type="integer"):
        """Join ``entries`` (key, company, rank or None) where ``key`` (SQL) fits; return SQL for (rank, key found).

        Values of one company are joined for themselves, beside those of all.
        """
        key_type = SQL(key_type)
        shared = ranks([(entry, None if company else rank) for entry, company, rank in entries])
        self._join_arrays(query, alias, key_type, shared, SQL("%s = %s", _column("key", alias), key))
        own = ranks([((entry, company), rank) for entry, company, rank in entries if company and rank])
        rank = _column("rank", alias)
        if own:
            rank = SQL("LEAST(%s, %s)", rank, self._join_own_ranks(query, f"own_{alias}", own, key, key_type))
        return rank, _column("key", alias)

    @api.model
    def _join_own_ranks(self, query, alias, own, key, key_type):
        """Join ``own`` {(key, company): rank}, and return SQL for the rank."""
        table = SQL(
            "(SELECT * FROM unnest(%s::%s[], %s::integer[], %s::integer[]) AS given (key, company_id, rank))",
            [entry for entry, _company in own],
            key_type,
            [company for _entry, company in own],
            list(own.values()),
        )
        fits = SQL(
            "%s = %s AND %s = %s", _column("key", alias), key, _column("company_id", alias), _column("company_id")
        )
        query.add_join("LEFT JOIN", alias, table, fits)
        return _column("rank", alias)

    @api.model
    def _join_arrays(self, query, alias, key_type, ranks_, condition):
        table = SQL(
            "(SELECT * FROM unnest(%s::%s[], %s::integer[]) AS given (key, rank))",
            list(ranks_),
            key_type,
            list(ranks_.values()),
        )
        query.add_join("LEFT JOIN", alias, table, condition)
