"""What to do for a customer, one click away from it."""

from odoo import models


class ResPartner(models.Model):
    """Opens the playbook: what the values of the customer's dimensions say about how to treat it."""

    _inherit = "res.partner"

    def action_open_playbook(self):
        """Open the playbook of this customer; a contact person shows what holds for its company."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_dimension_playbook_action")
        return {**action, "context": {"default_partner_id": self.id}}
