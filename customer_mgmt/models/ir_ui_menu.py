"""Menus that depend on more than groups."""

from odoo import models


class IrUiMenu(models.Model):
    """Shows the team day-book to whoever finds something in it: leaders of a team, and who sees everybody's customers.

    To lead a team is no group; whoever does so may review, whatever customers he sees.
    """

    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Leave out the day-book for everybody else."""
        hidden = super()._load_menus_blacklist()
        user = self.env.user
        menu = self.env.ref("customer_mgmt.team_day_book_menu", raise_if_not_found=False)
        if menu and not user.has_group("customer_mgmt.group_customer_all"):
            # sudo: who leads a team is no secret; what an archived one recorded is still there
            Team = self.env["crm.team"].sudo().with_context(active_test=False)
            if not Team.search_count([("user_id", "=", user.id)], limit=1):
                hidden.append(menu.id)
        return hidden
