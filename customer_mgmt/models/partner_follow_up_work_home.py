"""Follow-ups on the work home."""

from odoo import models

# As much of a text as two lines have room for.
SHOWN_TEXT = 200


class PartnerFollowUp(models.Model):
    """Says how a draft looks among the things to do, and opens the dialog on it."""

    _inherit = "partner.follow.up"

    def action_complete(self):
        """Open the dialog on this draft."""
        self.ensure_one()
        self.check_access("write")
        return {**self._dialog(), "res_id": self.id}

    def _work_home_row(self):
        """Return the row of this draft; see ``res.partner._work_home_sections``."""
        self.ensure_one()
        return {
            "key": f"follow_up-{self.id}",
            "partner": self.partner_id,
            "when": self.date,
            "what": (self.key_points or self.env._("It was finished elsewhere: say how it went."))[:SHOWN_TEXT],
            "badge": {"text": self.method_id.name, "decoration": "secondary"},
            "record": {"model": self._name, "method": "action_complete", "ids": self.ids},
            "open": self.env["res.partner"]._work_home_open(self.partner_id),
        }

    def _work_home_text(self):
        """Return the contact in a few words."""
        return (self.key_points or self.method_id.name or "")[:SHOWN_TEXT]
