"""Which customers have a value by the rules of its type."""

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.dimension import mentions_column
from ..tools.dimension_rule import RuleValue

# Which field of the partner a place stands in.
PLACE_FIELDS = {"res.country": "country_id", "res.country.state": "state_id"}


class PartnerDimensionValue(models.Model):
    """Keeps the conditions of values such that they can be searched, and says in words why a value was given."""

    _name = "partner.dimension.value"
    _inherit = ["partner.dimension.value", "partner.condition.mixin"]

    @api.model
    def _rule_partners(self):
        """Let no personal tag or preference decide a value, which everybody sees."""
        return super()._rule_partners().with_context(without_personal=True)

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
        """Refuse also a condition that asks for what this value's own type gives."""
        column = self.sudo().type_id.column
        if mentions_column(text, column):
            return self.env._("it asks for “%s”, the very value that it should give", column)
        return super()._explain_bad_condition(text)

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
        names = self._condition_field_names(self.rule_domain)
        return ", ".join(self._partner_label(name) for name in sorted(names))

    def _band_text(self, label):
        if self.bound_max:
            return self.env._(
                "%(field)s from %(lower)g to below %(upper)g",
                field=label,
                lower=self.bound_min,
                upper=self.bound_max,
            )
        return self.env._("%(field)s from %(lower)g", field=label, lower=self.bound_min)
