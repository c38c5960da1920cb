"""The way from a customer to everything that was said with it."""

from odoo import models


class ResPartner(models.Model):
    """Opens the timeline, and tells whose messages and meetings can become follow-ups."""

    _inherit = "res.partner"

    def _is_followed_up(self):
        """Tell whether messages and meetings with this commercial entity can become follow-ups.

        A hook: managed customers here, other addons add who else is looked after.
        """
        self.ensure_one()
        return bool(self.customer_status)

    def action_open_timeline(self):
        """Open everything that was said with this customer; on a contact person, with the company."""
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_timeline_action")
        return {**action, "domain": [("partner_id", "=", customer.id)]}
