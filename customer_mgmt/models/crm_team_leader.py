"""What changes for whoever begins or ceases to lead a team."""

from odoo import api, models


class CrmTeam(models.Model):
    """Lets menus follow the leader: Odoo keeps them, and the day-book is shown to leaders (ir_ui_menu.py)."""

    _inherit = "crm.team"

    @api.model_create_multi
    def create(self, vals_list):
        """Ask anew who sees the menu."""
        teams = super().create(vals_list)
        if teams.user_id:
            self.env.registry.clear_cache()
        return teams

    def write(self, vals):
        """Ask anew who sees the menu."""
        result = super().write(vals)
        if "user_id" in vals:
            self.env.registry.clear_cache()
        return result
