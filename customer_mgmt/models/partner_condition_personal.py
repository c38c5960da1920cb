"""Conditions that name a record which not everybody may know: a personal tag, preference or segment."""

from odoo import api, models
from odoo.fields import Domain


class PartnerConditionMixin(models.AbstractModel):
    """Sees also which records a condition names, where the mixin itself looks at the fields alone."""

    _inherit = "partner.condition.mixin"

    @api.model
    def _walk_conditions(self, Model, domain):
        """Yield (condition, models that its path goes through) of ``domain`` on ``Model``, those inside others too."""
        for condition in domain.iter_conditions():
            comodel, path = Model, []
            for name in condition.field_expr.split("."):
                field = comodel._fields.get(name)
                if field is None or not field.relational:
                    break
                comodel = comodel.env[field.comodel_name]
                path.append(comodel)
            yield condition, path
            if condition.operator in ("any", "not any", "any!", "not any!"):
                if isinstance(condition.value, list | tuple | Domain):
                    yield from self._walk_conditions(comodel, Domain(condition.value))

    @api.model
    def _condition_values(self, condition):
        """Return (ids, texts) that ``condition`` compares a relation with."""
        value = condition.value
        values = list(value) if not isinstance(value, str | int | Domain) and hasattr(value, "__iter__") else [value]
        ids = [item for item in values if isinstance(item, int) and not isinstance(item, bool)]
        return ids, [item for item in values if isinstance(item, str)]

    @api.model
    def _names_personal_field(self, Model, domain):
        """Count also a condition that names a personal record, by its number or by its name."""
        if super()._names_personal_field(Model, domain):
            return True
        return any(
            self._names_personal_record(path[-1], condition)
            for condition, path in self._walk_conditions(Model, domain)
            if path and len(path) == condition.field_expr.count(".") + 1 and "is_personal" in path[-1]._fields
        )

    @api.model
    def _names_personal_record(self, comodel, condition):
        """Tell whether the values of ``condition`` on a relation to ``comodel`` include a personal record."""
        if condition.operator in ("any", "not any", "any!", "not any!"):
            return False
        ids, texts = self._condition_values(condition)
        # sudo: to find out is the point; archived ones are personal, too
        known = comodel.sudo().with_context(active_test=False)
        operator = condition.operator.removeprefix("not ")
        named = [Domain("display_name", operator if operator.endswith("like") else "=", text) for text in texts if text]
        domain = Domain("is_personal", "=", True) & (Domain("id", "in", ids) | Domain.OR(named))
        return bool((ids or named) and known.search_count(domain, limit=1))
