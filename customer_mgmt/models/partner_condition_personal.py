"""Conditions that ask for a personal fact: by a field, or by naming a tag, a preference or a segment that tells one."""

from odoo import api, models
from odoo.fields import Domain

from ..tools.rights import PERSONAL
from .partner_condition_mixin import BAD_CONDITION

NESTED = ("any", "not any", "any!", "not any!")


class PartnerConditionMixin(models.AbstractModel):
    """Tells which conditions only those may use, and see the result of, who may know personal facts."""

    _inherit = "partner.condition.mixin"

    @api.model
    def _is_personal_condition(self, text):
        """Tell whether ``text`` asks for a personal fact, which not everybody who sees the partner may know."""
        try:
            domain = self._parse_condition(text or "[]")
        except BAD_CONDITION:
            return False
        return any(
            any(PERSONAL in (field.groups or "") for field in fields)
            or self._names_personal_record(condition, comodels)
            for condition, fields, comodels in self._walk_conditions(self._rule_partners(), domain)
        )

    @api.model
    def _walk_conditions(self, Model, domain):
        """Yield (condition, fields of its path, models that these lead to) of ``domain``, those inside others too."""
        for condition in domain.iter_conditions():
            comodel, fields, comodels = Model, [], []
            for name in condition.field_expr.split("."):
                field = comodel._fields.get(name)
                if field is None:
                    break
                fields.append(field)
                if not field.relational:
                    break
                comodel = comodel.env[field.comodel_name]
                comodels.append(comodel)
            yield condition, fields, comodels
            if condition.operator in NESTED and isinstance(condition.value, list | tuple | Domain):
                yield from self._walk_conditions(comodel, Domain(condition.value))

    @api.model
    def _condition_values(self, condition):
        """Return (ids, texts) that ``condition`` compares a relation with."""
        value = condition.value
        values = list(value) if not isinstance(value, str | int | Domain) and hasattr(value, "__iter__") else [value]
        ids = [item for item in values if isinstance(item, int) and not isinstance(item, bool)]
        return ids, [item for item in values if isinstance(item, str)]

    @api.model
    def _leads_to(self, condition, comodels):
        """Return the model that the whole path of ``condition`` leads to, or None where it ends in a value."""
        return comodels[-1] if len(comodels) == condition.field_expr.count(".") + 1 else None

    @api.model
    def _names_personal_record(self, condition, comodels):
        """Tell whether ``condition`` compares a relation with a personal record, by its number or by its name."""
        comodel = self._leads_to(condition, comodels)
        if comodel is None or "is_personal" not in comodel._fields or condition.operator in NESTED:
            return False
        ids, texts = self._condition_values(condition)
        # sudo: to find out is the point; archived ones are personal, too
        known = comodel.sudo().with_context(active_test=False)
        operator = condition.operator.removeprefix("not ")
        named = [Domain("display_name", operator if operator.endswith("like") else "=", text) for text in texts if text]
        domain = Domain("is_personal", "=", True) & (Domain("id", "in", ids) | Domain.OR(named))
        return bool((ids or named) and known.search_count(domain, limit=1))
