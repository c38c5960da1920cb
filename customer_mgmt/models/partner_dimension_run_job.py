"""The job behind the evaluation of dimension types."""

from odoo import api, models
from odoo.exceptions import UserError


class PartnerDimensionRun(models.Model):
    """Gives customers what the rules of the type say; how a run goes on is the mixin's."""

    _inherit = "partner.dimension.run"

    @api.model
    def _cron_evaluate(self):
        """Begin what has not been evaluated today, then go on with every run until all is done or the time is up."""
        self.env["partner.dimension.type"]._start_missing_runs()
        self._go_on()

    def _prepare_step(self):
        """Write in the language of whoever started it, else of the main company."""
        lang = self.started_by_id.lang or self.env["partner.dimension.value"]._rule_lang()
        return self.with_context(lang=lang)

    def _dimension(self):
        """Return the type as partners see it (Dimension), or None if it cannot be evaluated any more."""
        dimensions = self.env["partner.dimension.type"]._evaluated_dimensions()
        return next((dimension for dimension in dimensions if dimension.id == self.type_id.id), None)

    def _explain_impossible(self):
        if self._dimension() is None:
            return self.env._("The type has been archived, or nothing but people gives it values any more.")
        return None

    def _begin_pass(self):
        """Make missing values first."""
        if reason := self.env["partner.dimension.type"]._explain_bad_rules(self._dimension()):
            return reason
        try:
            self.made += self.type_id._complete_values()
        except UserError as error:
            return str(error)
        return super()._begin_pass()

    def _population(self):
        return self.env["partner.dimension.type"]._population_domain(self.type_id.applies_to)

    def _look_at(self, ids):
        """Change what is wrong."""
        dimension = self._dimension()
        # sudo: whoever started it, all customers are looked at; the history names that person
        Partner = self.env["res.partner"].with_user(self.started_by_id or self.env.user).sudo()
        changes, _unmet = Partner._find_dimension_changes([dimension], ids)
        rows = changes.get(dimension, [])
        changed = len(Partner._give_dimension(dimension, rows))
        return changed, len(rows) - changed
