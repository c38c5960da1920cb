"""Which ways of contact a partner refuses."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .partner_preference_history import STATED
from .partner_preference_option import CHANNELS

# What decides where a partner is reached, and whose refusal holds for it.
REACH_FIELDS = frozenset({"email", "phone", "parent_id", "is_company", "company_type", "active"})


class ResPartner(models.Model):
    """Answers whether somebody may be contacted, for every screen and job that is about to do so.

    A company's refusal holds for its contact persons too, except for those who said something else about the channel.
    Nothing is blocked: a person is warned and decides.
    """

    _inherit = "res.partner"

    blocked_channel_names = fields.Char(
        string="Do Not Contact by",
        compute="_compute_blocked_channel_names",
        groups="base.group_user",
        help="The channels with a valid preference “Never”, of this partner or of its company, with the day and how we "
        "know. A contact's own statement about a channel counts more than the company's.",
    )
    is_contact_refused = fields.Boolean(
        string="Refuses a Channel",
        compute="_compute_blocked_channel_names",
        search="_search_is_contact_refused",
        groups="base.group_user",
        help="There is a channel by which this partner must not be contacted.",
    )

    def _blocked_channels(self):
        """Return {partner id: {channel: preference}} of what these partners refuse, in a fixed number of queries."""
        # sudo: whoever may write to a partner has to know that it does not want to be written to
        Preference = self.env["partner.preference"].sudo()
        known = self.sudo()
        domain = (
            Domain("partner_id", "in", (known | known.commercial_partner_id).ids)
            & Domain("source", "in", STATED)
            & Domain("option_id.channel", "!=", False)
            & Preference._current_domain()
        )
        said = {}
        names = ["partner_id", "option_id", "blocked_channel", "valid_from", "evidence"]
        for preference in Preference.search_fetch(domain, names, order="valid_from, id") if self else ():
            # With several options of one channel, liking one does not take back the refusal of another.
            channels, channel = said.setdefault(preference.partner_id.id, {}), preference.option_id.channel
            if preference.blocked_channel or channel not in channels:
                channels[channel] = preference
        return {
            partner.id: {
                channel: preference
                for channel, preference in {
                    **said.get(partner.commercial_partner_id.id, {}),
                    **said.get(partner._origin.id, {}),
                }.items()
                if preference.blocked_channel
            }
            for partner in known
        }

    @api.depends(
        "preference_ids.blocked_channel",
        "preference_ids.is_current",
        "commercial_partner_id.preference_ids.blocked_channel",
        "commercial_partner_id.preference_ids.is_current",
    )
    def _compute_blocked_channel_names(self):
        blocked = self._blocked_channels()
        names = dict(self.env["partner.preference.option"]._fields["channel"]._description_selection(self.env))
        for partner in self:
            refusals = blocked[partner.id]
            partner.is_contact_refused = bool(refusals)
            partner.blocked_channel_names = ", ".join(
                self._describe_refusal(names[channel], refusals[channel]) for channel in names if channel in refusals
            )

    @api.model
    def _describe_refusal(self, name, preference):
        """Return a refusal in words: the channel, the day, how we know."""
        day = format_date(self.env, preference.valid_from)
        if preference.evidence:
            return self.env._(
                "%(channel)s (since %(day)s: %(evidence)s)", channel=name, day=day, evidence=preference.evidence
            )
        return self.env._("%(channel)s (since %(day)s)", channel=name, day=day)

    @api.model
    def _search_is_contact_refused(self, operator, value):
        """Find who refuses a channel, or whose company does unless the person said something else about it."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        current = Domain("is_current", "=", True) & Domain("source", "in", STATED)
        # any!: whoever sees a partner is told what it refuses, also where the statement itself is hidden
        found = [Domain("preference_ids", "any!", current & Domain("blocked_channel", "!=", False))]
        for channel, _name in CHANNELS:
            refused = Domain("preference_ids", "any!", current & Domain("blocked_channel", "=", channel))
            own = Domain("preference_ids", "any!", current & Domain("option_id", "any!", [("channel", "=", channel)]))
            found.append(Domain("commercial_partner_id", "any!", refused) & ~own)
        return Domain.OR(found)

    def _explain_blocked(self, channel, refusals=None):
        """Return who of these partners must not be contacted by ``channel`` (a translated sentence), or False.

        ``refusals``: what ``_blocked_channels()`` said before, for callers that ask about many groups of partners.
        """
        if refusals is None:
            refusals = self._blocked_channels() if channel and self else {}
        refusing = self.filtered(lambda partner: channel in refusals.get(partner.id, ()))
        if not refusing:
            return False
        names = dict(self.env["partner.preference.option"]._fields["channel"]._description_selection(self.env))
        # sudo: only the name of somebody whom the user is about to contact
        return self.env._(
            "Do not contact by %(channel)s: %(names)s.",
            channel=names[channel],
            names=", ".join(refusing.sudo().mapped("display_name")),
        )

    @api.model
    def get_contact_warning(self, channel, partner_ids, thread_model=None, thread_id=None):
        """Return the warning (str or False) before a message goes to ``partner_ids`` and the followers of a document.

        Called by the composer below documents. Says nothing about partners and documents that the user may not read.
        """
        partners = self.browse(partner_ids).exists()
        if thread_model in self.env and thread_id and "message_follower_ids" in self.env[thread_model]._fields:
            thread = self.env[thread_model].browse(thread_id).exists()._filtered_access("read")
            partners |= thread._customers_notified(self.env.ref("mail.mt_comment"))
        return partners._filtered_access("read")._explain_blocked(channel)

    # -- keeping Odoo's blacklists right -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A new contact of a company that refuses a channel is not reached by it either."""
        partners = super().create(vals_list)
        partners.filtered("parent_id")._sync_refusing_families()
        return partners

    def write(self, vals):
        """What is refused follows the addresses of who refuses it."""
        result = super().write(vals)
        if not REACH_FIELDS.isdisjoint(vals):
            self._sync_refusing_families()
        return result

    def _sync_blocks(self):
        """Bring the blacklists up to date for these partners and their contacts."""
        if self:
            # sudo: salespersons have no right on what the system writes
            self.env["partner.channel.block"].sudo()._sync(self.sudo())

    def _sync_refusing_families(self):
        """Bring the blacklists up to date for those of these partners that may refuse something: mostly nobody."""
        if not self:
            return
        # sudo: refusals and what came of them concern everyone
        known = self.sudo()
        ids = (known | known.commercial_partner_id).ids
        Block, Preference = self.env["partner.channel.block"].sudo(), self.env["partner.preference"].sudo()
        refusing = Preference._search(
            Domain("partner_id", "in", ids) & Domain("blocked_channel", "!=", False) & Preference._current_domain()
        )
        listed = Block._search([("partner_id", "in", ids)])
        # One query: this is asked whenever an address changes.
        sql = SQL("SELECT EXISTS(%s) OR EXISTS(%s)", refusing.select(), listed.select())
        if self.env.execute_query(sql)[0][0]:
            known._sync_blocks()

    def unlink(self):
        """Take out what stands on a blacklist for partners that are gone, and for the contacts of a deleted company."""
        # sudo: what the system has written, for partners that the user may not see too
        Block = self.env["partner.channel.block"].sudo()
        blocks = Block.search(
            Domain("partner_id", "in", self.ids) | Domain("partner_id.commercial_partner_id", "in", self.ids)
        )
        keys = {block.id: (block.channel, block.address) for block in blocks}
        partners = blocks.partner_id
        result = super().unlink()
        if keys:
            left = blocks.exists()
            Block._take_out({key for block_id, key in keys.items() if block_id not in left._ids})
            partners.exists()._sync_blocks()
        return result
