"""Giving the rights of the app to users who have none."""

from odoo import api, fields, models
from odoo.fields import Command


class CustomerUsersAdd(models.TransientModel):
    """Asks which users get the right “Own Customers”, and says how many before it happens."""

    _name = "customer.users.add"
    _description = "Add Users to Own Customers"

    user_ids = fields.Many2many(
        "res.users",
        string="Users",
        default=lambda self: self.env["res.users"]._search_without_customer_rights(),
        domain="[('share', '=', False)]",
        help="Take out whoever shall go on without the right.",
    )
    user_count = fields.Integer(string="Number of Users", compute="_compute_user_count", help="Users listed below.")

    @api.depends("user_ids")
    def _compute_user_count(self):
        for wizard in self:
            wizard.user_count = len(wizard.user_ids)

    def action_add(self):
        """Give the users the right; whoever may not change users is refused by Odoo."""
        group = self.env.ref("customer_mgmt.group_customer_own")
        users = self.user_ids.filtered(lambda user: not user.share)
        users.write({"group_ids": [Command.link(group.id)]})
        return {"type": "ir.actions.client", "tag": "reload"}
