"""How soon a company wants its customers to hear from it."""

from odoo import fields, models


class ResCompany(models.Model):
    """Holds the target that first responses are measured by (partner.follow.up.report)."""

    _inherit = "res.company"

    follow_up_response_hours = fields.Float(
        string="First Response Within (Hours)",
        default=24.0,
        help="Working hours after a customer was given to somebody within which it should be reached for the first "
        "time. Working hours are those of the company's working schedule, without its days off.",
    )

    _follow_up_response_hours_positive = models.Constraint(
        "CHECK (follow_up_response_hours > 0)", "First Response Within: must be more than 0 hours."
    )
