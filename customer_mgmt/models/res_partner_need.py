"""The needs of a customer on the partner."""

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Shows the needs on the customer, and finds customers by them."""

    _inherit = "res.partner"

    need_ids = fields.One2many("customer.need", "partner_id", string="Needs", groups="base.group_user")
    need_budget = fields.Float(
        string="Budget of an Open Need",
        compute="_compute_need_budget",
        search="_search_need_budget",
        groups="base.group_user",
        help="The highest budget among the needs that are still open, in the currency of that need: its upper limit, "
        "or the lower one where no upper limit was named.",
    )

    @api.depends("need_ids.is_open", "need_ids.budget_min", "need_ids.budget_max")
    def _compute_need_budget(self):
        for partner in self:
            budgets = (need.budget_max or need.budget_min for need in partner.need_ids if need.is_open)
            partner.need_budget = max(budgets, default=0)

    @api.model
    def _search_need_budget(self, operator, value):
        """Find customers with an open need whose budget compares to ``value`` so."""
        if operator not in ("=", "<", "<=", ">", ">="):
            return NotImplemented
        named = Domain("budget_max", ">", 0) & Domain("budget_max", operator, value)
        lower_only = Domain("budget_max", "=", 0) & Domain("budget_min", operator, value)
        return Domain("need_ids", "any", Domain("is_open", "=", True) & (named | lower_only))
