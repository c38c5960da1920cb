"""Who begins the day with the work home."""

from odoo import api, fields, models
from odoo.exceptions import UserError

OWN_FIELDS = ["begins_with_my_day"]


class ResUsers(models.Model):
    """Lets people choose the work home as what Odoo opens; Odoo has the home action, but no screen to choose it on."""

    _inherit = "res.users"

    begins_with_my_day = fields.Boolean(
        string="Begin with My Day",
        compute="_compute_begins_with_my_day",
        inverse="_inverse_begins_with_my_day",
        help="After the log-in Odoo opens My Day: what is overdue or due today, customers without a plan, and figures.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        """Everybody sees what the own day begins with."""
        return super().SELF_READABLE_FIELDS + OWN_FIELDS

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Everybody chooses what the own day begins with."""
        return super().SELF_WRITEABLE_FIELDS + OWN_FIELDS

    @api.depends("action_id")
    def _compute_begins_with_my_day(self):
        home = self.env["ir.model.data"]._xmlid_to_res_id("customer_mgmt.work_home_action")
        for user in self:
            user.begins_with_my_day = bool(home) and user.action_id.id == home

    def _inverse_begins_with_my_day(self):
        """Set or clear the home action; one that is something else stays as it is when this is not wanted."""
        home = self.env.ref("customer_mgmt.work_home_action")
        for user in self:
            if user.begins_with_my_day:
                if not user.has_group("customer_mgmt.group_customer_own"):
                    raise UserError(
                        self.env._(
                            "Begin with My Day: %(user)s does not work with customers. Give the right “Own Customers” "
                            "first.",
                            user=user.name,
                        )
                    )
                user.action_id = home.id
            elif user.action_id.id == home.id:
                user.action_id = False
