"""Odoo's list of e-mail addresses that get no mailings."""

from odoo import models
from odoo.tools import email_normalize


class MailBlacklist(models.Model):
    """Remembers that a person has unsubscribed, also where a refusal in the customer file was there before."""

    _inherit = "mail.blacklist"

    def _add(self, email, message=None):
        """Make the entry the person's own: it stays when the refusal ends."""
        entry = super()._add(email, message=message)
        # sudo: whoever unsubscribes needs no right on what the system has written
        self.env["partner.channel.block"].sudo()._forget("email", [email_normalize(email)])
        return entry
