"""A next step within working hours."""

from odoo import api, fields, models
from odoo.tools import format_datetime

from .res_users_working_hours import SEARCH_DAYS


class PartnerFollowUp(models.Model):
    """Proposes the next working moment where the promised one lies outside the working hours of whoever is to act."""

    _inherit = "partner.follow.up"

    next_date_proposal = fields.Datetime(
        string="Proposed Next Time",
        compute="_compute_next_date_proposal",
        help="Where the next time lies outside the working hours of the next owner (own working hours, else the "
        "company's; public holidays and time off count): the beginning of the next working hours within 31 days.",
    )
    next_date_hint = fields.Char(
        string="Hint on Next Time",
        compute="_compute_next_date_proposal",
        help="Why another time may be better, or who acts when the next owner is away.",
    )
    next_date_take_proposal = fields.Boolean(string="Take It", store=False, help="Moves the next time there.")

    @api.depends("next_date", "next_user_id", "state")
    @api.depends_context("tz", "lang", "uid", "company")
    def _compute_next_date_proposal(self):
        self.next_date_proposal = False
        self.next_date_hint = False
        for follow_up in self:
            if follow_up.next_date and follow_up.state == "draft":
                owner = follow_up.next_user_id or self.env.user
                proposal = owner._next_working_moment(follow_up.next_date)
                if proposal and proposal != follow_up.next_date:
                    follow_up.next_date_proposal = proposal
                follow_up.next_date_hint = follow_up._explain_next_date(owner, proposal)

    def _explain_next_date(self, owner, proposal):
        """Return what speaks against the next time (str), or False; ``proposal`` is the next working moment or None."""
        # sudo: the names of colleagues are no secret
        name = owner.sudo().name
        if proposal is None:
            return self.env._(
                "%(user)s does not work then, nor within %(days)s days after.", user=name, days=SEARCH_DAYS
            )
        if proposal != self.next_date:
            zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
            weekday = format_datetime(self.env, proposal, tz=zone, dt_format="EEEE")
            when = format_datetime(self.env, proposal, tz=zone, dt_format="short")
            if owner == self.env.user:
                return self.env._(
                    "Outside your working hours. Next: %(weekday)s, %(when)s.", weekday=weekday, when=when
                )
            return self.env._(
                "Outside the working hours of %(user)s. Next: %(weekday)s, %(when)s.",
                user=name,
                weekday=weekday,
                when=when,
            )
        return owner._explain_absence(self.env["partner.follow.up.step"]._owner_day(owner, self.next_date))

    @api.onchange("next_date_take_proposal")
    def _onchange_next_date_take_proposal(self):
        """Take the proposal with one click."""
        if self.next_date_take_proposal and self.next_date_proposal:
            self.next_date = self.next_date_proposal
        self.next_date_take_proposal = False
