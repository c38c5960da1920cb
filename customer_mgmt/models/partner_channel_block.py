"""What refusals have put on Odoo's blacklists."""

from odoo import api, fields, models
from odoo.fields import Domain

# Where a refusal means the same as Odoo's blacklist: {channel: field of the partner with the normal address}.
ADDRESS_FIELDS = {"email": "email_normalized", "sms": "phone_sanitized"}


class PartnerChannelBlock(models.Model):
    """One address that is on a blacklist of Odoo because its partner, or the partner's company, refuses the channel.

    Kept so that the end of a refusal takes out what we have put there, and never what the person did: who has
    unsubscribed stays unsubscribed. Written by the system alone.
    """

    _name = "partner.channel.block"
    _inherit = ["partner.part.mixin"]
    _description = "Blacklisted Address of a Partner"
    _rec_name = "address"
    _log_access = False

    channel = fields.Selection([("email", "E-mail"), ("sms", "Text Message")], required=True)
    address = fields.Char(required=True)

    _address_unique = models.UniqueIndex(
        "(partner_id, channel, address)", "Blacklisted Address: the partner has this one already."
    )
    # Who else has the same address refused.
    _address_index = models.Index("(channel, address)")

    @api.model
    def _sync(self, partners):
        """Make Odoo's blacklists say what ``partners`` and their contacts refuse; complete, and harmless again."""
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        family = Partner.search(Domain("id", "child_of", partners.ids)) if partners else Partner
        wanted = self._wanted(family.filtered("active"))
        present = self.search([("partner_id", "in", family.ids)])
        known = {(block.partner_id.id, block.channel, block.address): block for block in present}
        ended = self.browse([block.id for key, block in known.items() if key not in wanted])
        keys = {(block.channel, block.address) for block in ended}
        ended.unlink()
        self._take_out(keys)
        for channel, model in self._blacklists().items():
            new = [key for key in wanted if key[1] == channel and key not in known]
            self._put_in(model, channel, new)

    @api.model
    def _wanted(self, partners):
        """Return {(partner id, channel, address)} of what must be on the blacklists."""
        blocked = partners._blocked_channels()
        return {
            (partner.id, channel, partner[name])
            for partner in partners
            for channel, name in ADDRESS_FIELDS.items()
            if channel in blocked[partner.id] and partner[name]
        }

    @api.model
    def _blacklists(self):
        """Return {channel: Odoo's blacklist}."""
        # sudo: salespersons have no right on blacklists, and need none to note what a customer has said
        return {"email": self.env["mail.blacklist"].sudo(), "sms": self.env["phone.blacklist"].sudo()}

    @api.model
    def _put_in(self, model, channel, keys):
        """Blacklist the addresses of ``keys`` that are not yet there by somebody else's doing."""
        addresses = list({address for _partner, _channel, address in keys})
        if not addresses:
            return
        entries = model.with_context(active_test=False).search([(model._rec_name, "in", addresses)])
        there = set(entries.filtered("active").mapped(model._rec_name))
        ours = set(self.search([("channel", "=", channel), ("address", "in", addresses)]).mapped("address"))
        message = self.env._("Put here because the customer refuses this channel (customer file).")
        # What _add() of these models does, for all of them at once.
        again = entries.filtered(lambda entry: not entry.active)
        again._track_set_log_message(message)
        again.action_unarchive()
        known = set(entries.mapped(model._rec_name))
        new = model.with_context(mail_create_nolog=True, mail_create_nosubscribe=True).create(
            [{model._rec_name: address} for address in addresses if address not in known]
        )
        new._message_log_batch(bodies=dict.fromkeys(new.ids, message))
        self.create(
            [
                {"partner_id": partner_id, "channel": channel, "address": address}
                for partner_id, _channel, address in keys
                if address not in there or address in ours
            ]
        )

    @api.model
    def _take_out(self, keys):
        """Take out of the blacklists what we had put there and nobody refuses any more: {(channel, address)}."""
        if not keys:
            return
        still = self.search([("address", "in", [address for _channel, address in keys])])
        keys = keys - {(block.channel, block.address) for block in still}
        message = self.env._("Taken out because the customer does not refuse this channel any more (customer file).")
        for channel, model in self._blacklists().items():
            addresses = [address for of_channel, address in keys if of_channel == channel]
            entries = model.search([(model._rec_name, "in", addresses)]) if addresses else model
            entries._track_set_log_message(message)
            entries.action_archive()

    @api.model
    def _forget(self, channel, addresses):
        """Leave ``addresses`` to whoever blacklists them now: the end of our refusal will not take them out."""
        self.search([("channel", "=", channel), ("address", "in", addresses)]).unlink()
