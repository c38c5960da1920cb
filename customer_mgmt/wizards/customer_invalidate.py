"""The dialog that asks why before customers are set aside."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerInvalidate(models.TransientModel):
    """Marks one or many customers invalid, says how many that are, and insists on a reason."""

    _name = "customer.invalidate"
    _description = "Mark Customers Invalid"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    reason_id = fields.Many2one("customer.invalid.reason", required=True, ondelete="cascade")
    note = fields.Text(help="What else whoever meets these customers again should know.")
    summary = fields.Text(
        compute="_compute_summary",
        help="Customers that are prospects or active, and the contact persons that follow them.",
    )

    @api.depends("partner_ids")
    def _compute_summary(self):
        """Say how many records the button touches."""
        for wizard in self:
            customers = wizard.partner_ids._origin._can_be_marked_invalid()
            wizard.summary = self.env._(
                "Customers that will be set aside: %(customers)s, with contact persons: %(contacts)s. "
                "Nothing is deleted, and each can be restored at any time.",
                customers=len(customers),
                contacts=customers._count_contacts(),
            )

    def action_confirm(self):
        """Set the customers aside."""
        self.ensure_one()
        if not self.partner_ids._mark_invalid(self.reason_id, self.note):
            raise UserError(
                self.env._(
                    "Customers: none of them is a prospect or an active customer any more. "
                    "Close this dialog and select again."
                )
            )
        return {"type": "ir.actions.act_window_close"}
