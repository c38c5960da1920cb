"""Which follow-ups count in figures."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import follow_up as quality
from .partner_follow_up import DONE


class PartnerFollowUp(models.Model):
    """Flags what looks like filled in for the sake of figures; nothing is refused for it, it just does not count."""

    _inherit = "partner.follow.up"

    text_key = fields.Char(
        compute="_compute_text_key",
        store=True,
        precompute=True,
        help="What copies of the same key points have in common.",
    )
    is_copied = fields.Boolean(
        string="Copied Text",
        readonly=True,
        copy=False,
        help="The same person recorded the same key points for at least three customers within 24 hours.",
    )
    is_short = fields.Boolean(
        string="Says Nothing",
        compute="_compute_is_short",
        store=True,
        precompute=True,
        help="The customer was reached, and the key points have fewer than 5 characters. An attempt without answer "
        "needs no text.",
    )
    is_late = fields.Boolean(
        string="Recorded Late",
        compute="_compute_is_late",
        store=True,
        precompute=True,
        help="Recorded more than 48 hours after it took place.",
    )
    is_counted = fields.Boolean(
        string="Counts in Figures",
        compute="_compute_is_counted",
        store=True,
        precompute=True,
        help="Done or corrected, and neither copied, nor short, nor recorded late.",
    )

    _text_index = models.Index("(user_id, text_key, done_on) WHERE text_key IS NOT NULL")

    @api.depends("key_points")
    def _compute_text_key(self):
        for follow_up in self:
            follow_up.text_key = quality.text_key(follow_up.key_points)

    @api.depends("key_points", "is_reached")
    def _compute_is_short(self):
        for follow_up in self:
            follow_up.is_short = follow_up.is_reached and quality.is_short(follow_up.key_points)

    @api.depends("date", "done_on")
    def _compute_is_late(self):
        for follow_up in self:
            recorded = follow_up.done_on
            follow_up.is_late = bool(recorded and follow_up.date) and quality.is_late(follow_up.date, recorded)

    @api.depends("state", "is_copied", "is_short", "is_late")
    def _compute_is_counted(self):
        for follow_up in self:
            flagged = follow_up.is_copied or follow_up.is_short or follow_up.is_late
            follow_up.is_counted = follow_up.state in DONE and not flagged

    def _flag_copies(self):
        """Look for the same text about other customers within a day, and flag all of them; one search for all."""
        # sudo: copies of the author's own, whoever may see the customers
        known = self.sudo().filtered(lambda follow_up: follow_up.text_key and follow_up.done_on)
        if not known:
            return
        since = min(known.mapped("done_on")) - quality.COPIED_WITHIN
        until = max(known.mapped("done_on")) + quality.COPIED_WITHIN
        same = Domain("user_id", "in", known.user_id.ids) & Domain("text_key", "in", known.mapped("text_key"))
        near = Domain("done_on", ">=", since) & Domain("done_on", "<=", until) & Domain("state", "in", DONE)
        copied = known.browse()
        for others in self.sudo().search(same & near).grouped(lambda f: (f.user_id, f.text_key)).values():
            for first in others:
                day = others.filtered(
                    lambda other, first=first: first.done_on <= other.done_on <= first.done_on + quality.COPIED_WITHIN
                )
                if len(day.partner_id) >= quality.COPIES:
                    copied |= day
        # By the system, not a correction by anybody.
        copied.filtered(lambda follow_up: not follow_up.is_copied).is_copied = True
