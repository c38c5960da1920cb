"""Follow-ups, messages and meetings that the tests of the timeline share."""

from datetime import datetime, timedelta

from odoo.fields import Command

from .common import CustomerCase


class TimelineCase(CustomerCase):
    """A customer with a contact person, and short ways to say, write and meet something; all of it lies in the past."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Timeline = cls.env["partner.timeline"]
        cls.customer = cls.make_customer("Talks Much", email="talks@example.com")
        cls.contact = cls.make_contact(cls.customer, "Ann", email="ann@example.com")
        cls.phone = cls.env.ref("customer_mgmt.partner_follow_up_method_phone")
        cls.email_method = cls.env.ref("customer_mgmt.partner_follow_up_method_email")
        cls.meeting_method = cls.env.ref("customer_mgmt.partner_follow_up_method_meeting")
        cls.sales = cls.env.ref("customer_mgmt.partner_follow_up_topic_sales")
        cls.note_type = cls.env.ref("mail.mt_note")
        cls.comment_type = cls.env.ref("mail.mt_comment")

    def say(self, user=None, **vals):
        """Record a telephone call as the lowest role."""
        vals = {
            "partner_id": self.customer.id,
            "method_id": self.phone.id,
            "topic_id": self.sales.id,
            "date": self.ago(hours=5),
            "outcome": "reached",
            "key_points": "Wants three vans",
            "state": "done",
            **vals,
        }
        FollowUp = self.env["partner.follow.up"].with_user(user or self.user)
        # What a message or a meeting became is written by the system.
        made_of = vals.keys() & {"message_id", "event_id"}
        return FollowUp.sudo(bool(made_of)).create(vals).sudo(False)

    def write_to(self, record=None, author=None, **vals):
        """Make the message that ``author`` (a user or a partner) wrote on ``record``, without sending anything."""
        author = author or self.user
        record = record or self.customer
        vals = {
            "model": record._name,
            "res_id": record.id,
            "author_id": (author.partner_id if author._name == "res.users" else author).id,
            "message_type": "comment",
            "subtype_id": self.comment_type.id,
            "date": self.ago(hours=4),
            "subject": "Offer",
            "body": "<p>Here is the offer.</p>",
            "partner_ids": [Command.set(self.contact.ids)],
            **vals,
        }
        # The author's: what he made is found by him whatever else holds.
        maker = author if author._name == "res.users" else self.env.ref("base.user_root")
        return self.env["mail.message"].with_user(maker).sudo().create(vals).with_env(self.env)

    def meet(self, persons=None, organizer=None, **vals):
        """Make a meeting with ``persons`` that is over."""
        organizer = organizer or self.user
        persons = (persons if persons is not None else self.contact) | organizer.partner_id
        vals = {
            "name": "Demonstration",
            "start": self.ago(hours=3),
            "stop": self.ago(hours=2),
            "description": "<p>Drove the van.</p>",
            "user_id": organizer.id,
            "partner_ids": [Command.set(persons.ids)],
            **vals,
        }
        Event = self.env["calendar.event"].with_user(organizer)
        return Event.with_context(no_mail_to_attendees=True, mail_create_nolog=True).create(vals).with_env(self.env)

    @staticmethod
    def ago(**delta):
        """Return a moment so long ago (without seconds)."""
        return datetime.now().replace(microsecond=0) - timedelta(**delta)

    def rows(self, user=None, customer=None, **kwargs):
        """Return the timeline of ``customer`` as ``user`` sees it; what is not in the database yet belongs to it."""
        return self.Timeline.with_user(user or self.user).search(
            [("partner_id", "=", (customer or self.customer).id)], **kwargs
        )

    def sources(self, user=None, customer=None):
        """Return what ``user`` sees in the timeline as a list of records, newest first."""
        return [self.env[row.res_model].browse(row.res_id) for row in self.rows(user, customer)]
