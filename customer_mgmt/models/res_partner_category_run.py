"""Starting evaluations of rule tags."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rights import CONFIGURATION


class ResPartnerCategory(models.Model):
    """Lets people and jobs start an evaluation, and shows how the last one went."""

    _name = "res.partner.category"
    _inherit = ["res.partner.category", "partner.run.subject.mixin"]

    _run_model = "partner.tag.run"
    _preview_model = "partner.tag.preview"
    _run_action_xmlid = "customer_mgmt.partner_tag_run_action"

    last_run_id = fields.Many2one(
        "partner.tag.run",
        string="Last Evaluation",
        compute="_compute_last_run",
        groups=CONFIGURATION,
        help="The evaluation of the rule that was started last.",
    )

    @api.model
    def _evaluated_records(self):
        # sudo: all tags, whoever may see them
        return self.sudo().search([("tag_kind", "=", "rule")])

    def _check_may_evaluate(self):
        """Refuse also who may not change rules, and tags that people give."""
        result = super()._check_may_evaluate()
        self._check_may_rule()
        for tag in self:
            if not tag._is_evaluated():
                raise UserError(
                    self.env._(
                        "Tag “%s”: there is nothing to evaluate. It is archived, or people give it by hand.", tag.name
                    )
                )
        return result

    def _in_run_order(self):
        """Let a tag come after those that its condition asks for."""
        return self._sorted_by_dependency()
