"""What a salesperson's company means for its customers, and what becomes of the promises of whoever leaves."""

from odoo import models
from odoo.fields import Domain

from .mail_activity_follow_up import KEEP_STEPS


class ResUsers(models.Model):
    """Tells the follow-up status when a salesperson moves to another company, whose days and rhythm count then.

    The next steps of somebody who leaves are for whoever looks after the customers.
    """

    _inherit = "res.users"

    def write(self, vals):
        """Let the job look again at those customers of these users that belong to no company themselves."""
        result = super().write(vals)
        if "company_id" in vals:
            self.env["res.partner"]._mark_follow_up_status(
                Domain("user_id", "in", self.ids)
                & Domain("company_id", "=", False)
                & Domain("follow_up_status", "!=", False)
            )
        if not {"tz", "company_id"}.isdisjoint(vals):
            # sudo: a time zone also comes from the browser, at the first login
            self.env["partner.follow.up.step"].sudo()._renew_days(self)
        return result

    def action_archive(self):
        """Give the next steps away before Odoo deletes all activities of these users; nothing promised is lost."""
        # sudo: whoever manages users need not see the customers
        steps = self.env["partner.follow.up.step"].sudo()
        steps.search([("user_id", "in", self.ids), ("state", "=", "open")])._pass_on()
        return super(ResUsers, self.with_context(**{KEEP_STEPS: True})).action_archive()
