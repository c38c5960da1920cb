"""Which customers have a value by the rules of its type."""

from ast import literal_eval

import psycopg2

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools.dimension import mentions_column
from ..tools.dimension_rule import RuleValue

# Which field of the partner a place stands in.
PLACE_FIELDS = {"res.country": "country_id", "res.country.state": "state_id"}
# What goes wrong with a condition that somebody typed, or whose field or app has gone since.
BAD_CONDITION = (ValueError, SyntaxError, TypeError, KeyError, AttributeError, RecursionError, UserError)


class PartnerDimensionValue(models.Model):
    """Keeps the conditions of values such that they can be searched, and says in words why a value was given."""

    _inherit = "partner.dimension.value"

    @api.model
    def _rule_partners(self):
        """Return the partners as rules see them: all of them, the same for whoever sets the rules in motion."""
        root = self.env(user=SUPERUSER_ID, context={})
        return root["res.partner"].with_context(active_test=False, lang=self._rule_lang())

    @api.model
    @tools.ormcache()
    def _rule_lang(self):
        """Return the language in which rules compare names: that of the main company."""
        # sudo: for everyone alike
        return self.env(user=SUPERUSER_ID, context={}).company.partner_id.lang or "en_US"

    @api.model
    def _parse_condition(self, text):
        """Return ``text`` as a Domain; one of ``BAD_CONDITION`` is raised if it is none."""
        return Domain(literal_eval(text))

    @api.constrains("rule_domain", "type_id")
    def _check_rule_domain(self):
        """Refuse a condition that cannot be searched."""
        for value in self.filtered("rule_domain"):
            reason = value._explain_bad_condition(value.rule_domain) or value._explain_hidden(value.rule_domain)
            if reason:
                raise ValidationError(
                    self.env._(
                        "Condition: the one of “%(value)s” cannot be used: %(reason)s. Correct it, or build it anew.",
                        value=value.name,
                        reason=reason,
                    )
                )

    def _explain_bad_condition(self, text):
        """Return why ``text`` cannot be the condition of this value (str), or None."""
        Partner = self._rule_partners()
        column = self.sudo().type_id.column
        if mentions_column(text, column):
            return self.env._("it asks for “%s”, the very value that it should give", column)
        try:
            domain = self._parse_condition(text)
            if reason := self._explain_bad_field(Partner, domain):
                return reason
            query = Partner._search(domain, limit=1)
            with self.env.cr.savepoint():
                self.env.cr.execute(query.select(), log_exceptions=False)
        except (*BAD_CONDITION, psycopg2.DataError, psycopg2.ProgrammingError) as error:
            return self.env._("it is not understood (%s)", error)
        return None

    @api.model
    def _explain_hidden(self, text):
        """Return which field that ``text`` names is hidden from the user (str), who shall not learn it by a rule."""
        try:
            # Constraints run as superuser.
            self.env["res.partner"].sudo(False)._search(self._parse_condition(text))
        except AccessError as error:
            return str(error)
        return None

    @api.model
    def _explain_bad_field(self, Model, domain):
        """Return which field that ``domain`` names is missing on ``Model`` or cannot be searched (str), or None."""
        for condition in domain.iter_conditions():
            comodel = Model
            for name in condition.field_expr.split("."):
                field = comodel._fields.get(name)
                if field is None:
                    return self.env._("there is no field “%(field)s” (%(path)s)", field=name, path=condition.field_expr)
                if not field._description_searchable:
                    return self.env._("the field “%s” cannot be searched", field._description_string(self.env))
                if not field.relational:
                    break  # what follows is a part of a date or a property
                comodel = comodel.env[field.comodel_name]
            if condition.operator in ("any", "not any") and isinstance(condition.value, list | tuple | Domain):
                if reason := self._explain_bad_field(comodel, Domain(condition.value)):
                    return reason
        return None

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Let the names of cities and paths, kept between requests, follow their translations."""
        result = super()._update_field_translations(field_name, translations, digest, source_lang)
        if field_name == "name":
            self._refresh_names()
        return result

    # -- as the rules see it ----------------------------------------------------------------------------------------

    def _as_rule_value(self, day):
        """Return this value (RuleValue) as rules see it on ``day``."""
        given = (
            self.active
            and (not self.valid_from or self.valid_from <= day)
            and (not self.valid_to or self.valid_to >= day)
        )
        source = self._source_key()
        place = "" if source else self._place_above()
        return RuleValue(
            id=self.id,
            code=self.code,
            company_id=self.company_id.id,
            given=given,
            condition=self.rule_domain or "",
            bound_min=self.bound_min,
            bound_max=self.bound_max,
            source=source,
            place=place,
            names=self._all_names() if place else (),
        )

    def _place_above(self):
        """Return the nearest country or state ("model,id") that stands above this value, or ""."""
        above = self.parent_id
        while above and above._source_key().split(",")[0] not in PLACE_FIELDS:
            above = above.parent_id
        return above._source_key() if above else ""

    def _source_key(self):
        """Return the record that this value stands for as "model,id", "" for none or one whose app has gone."""
        try:
            return f"{self.source_ref._name},{self.source_ref.id}" if self.source_ref else ""
        except KeyError:
            return ""

    def _all_names(self):
        """Return the names (tuple) of this value in every installed language, in small letters."""
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        return tuple({self.with_context(lang=lang).name.strip().lower() for lang in langs})

    # -- why ---------------------------------------------------------------------------------------------------------

    def _rule_reasons(self):
        """Return {value id: text} that says which rule gives these values, and by what."""
        # sudo: the reason is no secret to whoever has the value
        return {value.id: value._rule_reason() for value in self.sudo()}

    def _rule_reason(self):
        dimension_type = self.type_id
        if dimension_type.kind == "computed":
            return self.env._("Computed: “%s”", self.name)
        why = dimension_type.kind == "rule" and self._rule_reason_fields()
        if not why and dimension_type.default_value_id == self:
            return self.env._("Value of all others")
        return self.env._("Rule of “%(value)s”: %(why)s", value=self.name, why=why or dimension_type.name)

    def _rule_reason_fields(self):
        """Return by which fields of the customer this value is found (str), "" if it has no rule."""
        dimension_type = self.type_id
        if dimension_type.rule_basis == "band":
            return self._is_band() and self._band_text(self._partner_label(dimension_type.rule_field_id.name))
        if dimension_type.rule_basis == "field":
            return self._source_key() and self._partner_label(dimension_type.rule_field_id.name)
        if dimension_type.rule_basis == "address":
            place_field = PLACE_FIELDS.get(self._source_key().split(",")[0])
            return self._partner_label(place_field or "city") if place_field or self._place_above() else ""
        names = dimension_type._condition_field_names(self.rule_domain)
        return ", ".join(self._partner_label(name) for name in sorted(names))

    @api.model
    def _partner_label(self, name):
        field = self.env["res.partner"]._fields.get(name)
        return field._description_string(self.env) if field else name

    def _band_text(self, label):
        if self.bound_max:
            return self.env._(
                "%(field)s from %(lower)g to below %(upper)g",
                field=label,
                lower=self.bound_min,
                upper=self.bound_max,
            )
        return self.env._("%(field)s from %(lower)g", field=label, lower=self.bound_min)
