"""Odoo's list of numbers that get no text messages."""

from odoo import models


class PhoneBlacklist(models.Model):
    """Remembers that a person has opted out, also where a refusal in the customer file was there before."""

    _inherit = "phone.blacklist"

    def _add(self, numbers, message=None):
        """Make the entries the person's own: they stay when the refusal ends."""
        entries = super()._add(numbers, message=message)
        # sudo: whoever opts out needs no right on what the system has written
        self.env["partner.channel.block"].sudo()._forget("sms", entries.mapped("number"))
        return entries
