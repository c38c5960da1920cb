"""Starting evaluations of dimension types."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rights import CONFIGURATION


class PartnerDimensionType(models.Model):
    """Lets people and jobs start an evaluation, and shows how the last one went."""

    _name = "partner.dimension.type"
    _inherit = ["partner.dimension.type", "partner.run.subject.mixin"]

    _run_model = "partner.dimension.run"
    _preview_model = "partner.dimension.preview"
    _run_action_xmlid = "customer_mgmt.partner_dimension_run_action"

    last_run_id = fields.Many2one(
        "partner.dimension.run",
        string="Last Evaluation",
        compute="_compute_last_run",
        groups=CONFIGURATION,
        help="The evaluation of the rules that was started last.",
    )

    @api.model
    def _evaluated_records(self):
        return self.browse(dimension.id for dimension in self._evaluated_dimensions())

    def _check_may_evaluate(self):
        """Say of which type there is nothing to evaluate."""
        result = super()._check_may_evaluate()
        for dimension_type in self - self._evaluated_records():
            raise UserError(dimension_type._nothing_to_evaluate())
        return result

    def _nothing_to_evaluate(self):
        return self.env._(
            "“%s”: there is nothing to evaluate. It is archived, only people give it values, or the app that computes "
            "them is not installed.",
            self.name,
        )

    @api.model
    def _start_all_runs(self):
        """Start a run of every type, because there are many new customers."""
        self._evaluated_records()._start_runs()
