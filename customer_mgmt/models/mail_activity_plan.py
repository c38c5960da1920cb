"""Plan templates of next steps."""

from odoo import models


class MailActivityPlan(models.Model):
    """Gives follow-ups its lines one after the other: a next step is always one at a time."""

    _inherit = "mail.activity.plan"

    def _follow_up_lines(self):
        """Return the lines of this plan in their order, also while it is being edited."""
        return self.template_ids.sorted(lambda line: (line.sequence, line._origin.id))
