"""Who hears of follow-ups that the team leaves lying for a week."""

from odoo import fields, models


class CrmTeam(models.Model):
    """Names the manager above the team leader for reminders."""

    _inherit = "crm.team"

    follow_up_manager_id = fields.Many2one(
        "res.users",
        string="Follow-up Manager",
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Is told of next steps of the team that are overdue for seven days; the team leader after three. Only of "
        "customers that he may see.",
    )
