"""What the client knows about its user."""

from odoo import api, models


class ResUsers(models.Model):
    """Tells the chatter whether to offer messages as follow-ups."""

    _inherit = "res.users"

    @api.model
    def _init_store_data(self, store):
        """Add whether the user records follow-ups at all."""
        result = super()._init_store_data(store)
        store.add_global_values(can_record_follow_up=self.env["partner.follow.up"].has_access("create"))
        return result
