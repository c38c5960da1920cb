"""Scheduled actions that people set in motion."""

from odoo import models
from odoo.exceptions import UserError


class IrCron(models.Model):
    """Tells whoever starts long work that it would never begin, where an administrator has switched its job off."""

    _inherit = "ir.cron"

    def _refuse_switched_off(self):
        """Refuse to hand work to this job while it is switched off."""
        self.ensure_one()
        if not self.active:
            raise UserError(
                self.env._(
                    "The scheduled action “%s”, which does the work, is switched off. Ask a system administrator to "
                    "switch it on.",
                    self.name,
                )
            )
