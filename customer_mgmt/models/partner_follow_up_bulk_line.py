"""What a scheduling of follow-ups has done for one customer."""

from odoo import fields, models

from .partner_follow_up_bulk import SKIP_REASONS


class PartnerFollowUpBulkLine(models.Model):
    """One customer of a partner.follow.up.bulk: who is to do the step and when, then what became of it.

    Seen with its customer. Written by the system alone.
    """

    _name = "partner.follow.up.bulk.line"
    _inherit = ["partner.part.mixin"]
    _description = "Customer of a Scheduling"
    _order = "bulk_id desc, date, partner_id"
    _rec_name = "partner_id"
    _log_access = False

    bulk_id = fields.Many2one(
        "partner.follow.up.bulk", string="Scheduling", required=True, index=True, ondelete="cascade", readonly=True
    )
    partner_id = fields.Many2one(string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Work of", ondelete="set null", readonly=True)
    date = fields.Datetime(string="Due at", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("scheduled", "Scheduled"), ("skipped", "Left Out")],
        string="Status",
        required=True,
        default="waiting",
        readonly=True,
    )
    reason = fields.Selection(SKIP_REASONS, string="Why Left Out", readonly=True)
    step_id = fields.Many2one(
        "partner.follow.up.step", string="Next Step", ondelete="set null", readonly=True, index="btree_not_null"
    )

    _waiting_index = models.Index("(bulk_id, partner_id) WHERE state = 'waiting'")

    def action_open_customer(self):
        """Open the customer, to do by hand what was left out."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.action_open_customer_form()
