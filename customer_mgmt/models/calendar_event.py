"""Meetings that become follow-ups."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.plain_text import words_of

# The longest contact that a follow-up may note, in hours.
LONGEST = 24


class CalendarEvent(models.Model):
    """Lets a person make a meeting that was held a follow-up of each customer who took part, with one click."""

    _inherit = "calendar.event"

    can_record_follow_up = fields.Boolean(
        compute="_compute_can_record_follow_up",
        help="The meeting is over, and somebody of a customer was invited and did not decline.",
    )

    @api.depends("stop", "attendee_ids.state", "attendee_ids.partner_id")
    @api.depends_context("uid")
    def _compute_can_record_follow_up(self):
        now = fields.Datetime.now()
        self.can_record_follow_up = False
        if not self.env["partner.follow.up"].has_access("create"):
            return
        for event in self.filtered(lambda event: event.stop and event.stop <= now):
            hidden = event._check_private_event_conditions()
            event.can_record_follow_up = not hidden and bool(event._follow_up_persons())

    def _follow_up_persons(self):
        """Return {customer: those of its people who took part}, as far as the user may read them."""
        self.ensure_one()
        # sudo: attendees that the user may not read are left out below
        present = self.sudo().attendee_ids.filtered(lambda attendee: attendee.state != "declined").partner_id
        followed = present.filtered(lambda partner: partner.commercial_partner_id._is_followed_up())
        persons = followed.with_env(self.env)._filtered_access("read")
        by_customer = persons.grouped("commercial_partner_id")
        return {customer: by_customer[customer] for customer in by_customer if customer.has_access("read")}

    def action_record_follow_up(self):
        """Make the meeting a done follow-up of each customer who took part, or show those it has become before."""
        self.ensure_one()
        self.check_access("read")
        if self._check_private_event_conditions():
            raise UserError(self.env._("This meeting is private. Only who takes part can make it a follow-up."))
        if self.stop > fields.Datetime.now():
            raise UserError(
                self.env._("“%s” is not over yet. Make it a follow-up when it has been held.", self.display_name)
            )
        persons = self._follow_up_persons()
        if not persons:
            raise UserError(
                self.env._("No customer took part in “%s”, so it cannot become a follow-up.", self.display_name)
            )
        values = {customer: self._follow_up_values(customer, persons[customer]) for customer in persons}
        follow_ups, made = self.env["partner.follow.up"]._record_sources("event_id", self, values)
        return follow_ups._tell_recorded(made)

    def _follow_up_values(self, customer, persons):
        """Return what the meeting says about the contact with ``persons`` of ``customer``."""
        FollowUp = self.env["partner.follow.up"]
        method = self.env["partner.follow.up.method"].search([("code", "=", "meeting")], limit=1)
        # sudo: whether the organizer is one of us
        organizer = self.sudo().user_id
        return {
            "method_id": method.id or FollowUp._default_method_id().id,
            "direction": "out",
            "user_id": organizer.id if organizer and not organizer.share else self.env.uid,
            "contact_ids": (persons - customer).ids,
            "date": self.start,
            "duration": min(self.duration, LONGEST),
            "outcome": "reached",
            "key_points": "\n".join(filter(None, (self.name, words_of(self.description, is_meeting=True)))),
            **FollowUp._source_document(self.res_model, self.res_id, customer),
        }
