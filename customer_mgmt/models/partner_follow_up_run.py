"""Looking at the follow-up status of every partner."""

from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner_follow_up_status import FOLLOW_UP_COLUMNS


class PartnerFollowUpRun(models.Model):
    """One walk over all partners that puts right what their follow-up status says, whatever made it wrong.

    Between two walks only marked partners are looked at (partner_follow_up_mark.py). The first walk, after the
    installation, fills the status.
    """

    _name = "partner.follow.up.run"
    _inherit = ["partner.run.mixin"]
    _description = "Check of the Follow-up Status"
    _order = "id desc"
    _rec_name = "started_on"
    _log_access = False

    _job_xmlid = "customer_mgmt.ir_cron_follow_up_check"

    @api.model
    def _cron_check(self):
        """Begin what has not been checked today, then go on until all is done or the time is up."""
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        if not self.search_count([("started_on", ">=", today)], limit=1):
            self.create({})
        self._go_on()

    @api.model
    def _begin(self):
        """Have all partners looked at soon: after an installation or an update."""
        if not self.search_count([("state", "=", "running"), ("last_id", "=", 0)], limit=1):
            self.create({})
        # sudo: the job is the system's
        self.env.ref(self._job_xmlid).sudo()._trigger()

    def _population(self):
        """Whoever can be a customer of its own, or says that it is one."""
        entities = Domain("is_company", "=", True) | Domain("parent_id", "=", False)
        return Domain.OR([entities, *(Domain(name, "!=", False) for name in FOLLOW_UP_COLUMNS)])

    def _look_at(self, ids):
        changed, skipped = self.env["res.partner"]._judge_follow_up(ids)
        return changed, len(skipped)
