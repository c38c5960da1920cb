from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from .timeline import TimelineCase


@tagged("post_install", "-at_install")
class TestFollowUpOfMessage(TimelineCase):
    """One click makes what a person wrote, or a customer sent, a follow-up."""

    def record(self, source, user=None):
        """Click on the message ``source`` and return all follow-ups that are made of it."""
        source.with_user(user or self.user).action_record_follow_up()
        return self.env["partner.follow.up"].search([("message_id", "=", source.id)])

    def test_written_by_us(self):
        """What a colleague wrote is his contact, without answer as long as there is none."""
        message = self.write_to(author=self.manager, body="<p>Here is <b>it</b>.</p><blockquote>Old</blockquote>")
        follow_up = self.record(message)
        self.assertRecordValues(
            follow_up,
            [
                {
                    "partner_id": self.customer.id,
                    "contact_ids": self.contact.ids,
                    "user_id": self.manager.id,
                    "method_id": self.email_method.id,
                    "direction": "out",
                    "date": message.date,
                    "outcome": "no_answer",
                    "key_points": "Here is it.",
                    "state": "done",
                    "is_counted": True,
                }
            ],
        )

    def test_answered(self):
        """A customer who wrote back in the same conversation was reached."""
        message = self.write_to()
        self.write_to(author=self.contact, message_type="email")
        self.assertEqual(self.record(message).outcome, "reached")

    def test_written_by_customer(self):
        """What a customer wrote came in, and is the contact of whoever makes it a follow-up."""
        message = self.write_to(self.contact, author=self.contact, message_type="email")
        follow_up = self.record(message, self.leader)
        self.assertRecordValues(
            follow_up,
            [
                {
                    "partner_id": self.customer.id,
                    "contact_ids": self.contact.ids,
                    "user_id": self.leader.id,
                    "direction": "in",
                    "outcome": "reached",
                }
            ],
        )

    def test_text_that_says_nothing_else(self):
        """Without words of its own, the subject or the names of attachments are the text."""
        attachment = self.env["ir.attachment"].create({"name": "price list.pdf", "raw": b"x"})
        files = {"attachment_ids": [Command.set(attachment.ids)], "body": ""}
        incoming = {"author": self.contact, "message_type": "email"}
        self.assertEqual(self.record(self.write_to(**files, **incoming)).key_points, "Offer")
        for subject in (False, self.customer.name):  # as Odoo names it where the author did not
            message = self.write_to(subject=subject, **files, **incoming)
            self.assertEqual(self.record(message).key_points, "price list.pdf")
        self.assertTrue(self.record(self.write_to(subject=False, body="<img src='/a'/>", **incoming)).key_points)

    def test_twice_makes_one(self):
        """Two clicks, and two people, make one; the second is shown the first."""
        message = self.write_to()
        first = self.record(message)
        self.assertEqual(self.record(message), first)
        self.assertEqual(self.record(message, self.manager), first)
        told = message.with_user(self.manager).action_record_follow_up()
        self.assertIn(str(first.id), told["params"]["links"][0]["url"])
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.say(message_id=message.id)

    def test_two_at_the_same_moment(self):
        """Who comes a moment later starts again, and then finds what the first one made."""
        message = self.write_to()
        FollowUp = self.env["partner.follow.up"].with_user(self.user)
        values = {self.customer.with_user(self.user): message.sudo()._follow_up_values(self.customer)}
        first, _made = FollowUp._record_sources("message_id", message.with_user(self.user), values)
        # As long as the first one has not been there for the second.
        with (
            mute_logger("odoo.sql_db"),
            patch.object(type(FollowUp), "search", lambda self, *args, **kwargs: self.browse()),
            self.assertRaises(ConcurrencyError),
        ):
            FollowUp._record_sources("message_id", message.with_user(self.user), values)
        self.assertEqual(self.record(message), first)

    def test_topic_is_one_that_the_user_sees(self):
        """The topic is the first that the user may see, though the system records it."""
        purchasing = self.env.ref("customer_mgmt.partner_follow_up_topic_purchasing")
        purchasing.sequence = -1
        follow_up = self.record(self.write_to())
        self.assertTrue(follow_up.topic_id)
        self.assertNotEqual(follow_up.topic_id, purchasing)
        self.assertTrue(follow_up.with_user(self.user).has_access("read"))

    def test_cancelled_is_not_there(self):
        """What was cancelled can be recorded again."""
        message = self.write_to()
        first = self.record(message)
        first.sudo().state = "cancelled"
        self.assertEqual(len(self.record(message)), 2)

    def test_recorded_out_of_sight(self):
        """Whoever may not see the follow-up hears that there is one, and does not make another."""
        message = self.write_to()
        follow_up = self.record(message)
        follow_up.sudo().topic_id = self.env.ref("customer_mgmt.partner_follow_up_topic_purchasing")
        with self.assertRaisesRegex(UserError, "already"):
            message.with_user(self.user).action_record_follow_up()

    def test_refused(self):
        """What nobody wrote to a customer is refused, and the message says why."""
        plain = self.Partner.create({"name": "No Customer", "email": "plain@example.com"})
        for message, words in (
            (self.write_to(message_type="email_outgoing"), "bulk mail"),
            (self.write_to(message_type="notification"), "automatic notification"),
            (self.write_to(message_type="auto_comment"), "automatic notification"),
            (self.write_to(author=self.env.ref("base.partner_root")), "automatic notification"),
            (self.write_to(subtype_id=self.note_type.id), "internal note"),
            (self.write_to(is_internal=True), "internal note"),
            (self.write_to(plain, partner_ids=[Command.set(plain.ids)]), "not about a customer"),
            (self.write_to(partner_ids=[Command.set(self.manager.partner_id.ids)]), "Nobody of Talks Much"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                message.with_user(self.user).action_record_follow_up()
        self.assertFalse(self.env["partner.follow.up"].search([("message_id", "!=", False)]))

    def test_archived_and_merged(self):
        """A customer that is archived gets no follow-ups."""
        message = self.write_to()
        self.customer.active = False
        with self.assertRaises(ValidationError):
            message.with_user(self.user).action_record_follow_up()

    def test_on_other_documents(self):
        """On a document without customer, it is about the only customer who wrote or got it."""
        team = self.env["crm.team"].create({"name": "Sells"})
        self.assertEqual(self.record(self.write_to(team)).partner_id, self.customer)
        other = self.make_contact(self.make_customer("Second"), "Bob")
        both = self.write_to(team, partner_ids=[Command.set((self.contact | other).ids)])
        with self.assertRaisesRegex(UserError, "several customers"):
            both.with_user(self.user).action_record_follow_up()

    def test_rights(self):
        """It takes the right to record follow-ups, the message and the customer."""
        message = self.write_to(author=self.manager)
        for user in (self.outsider, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                message.with_user(user).action_record_follow_up()
        self.customer.user_id = self.manager
        self.env["ir.rule"]._set_customer_visibility("own")
        got = self.write_to(author=self.manager, partner_ids=[Command.set((self.user.partner_id | self.contact).ids)])
        for source in (message, got):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                source.with_user(self.user).action_record_follow_up()

    def test_by_hand(self):
        """Nobody claims a message by writing it on a follow-up."""
        message = self.write_to()
        vals = {"partner_id": self.customer.id, "outcome": "no_answer", "message_id": message.id}
        FollowUp = self.env["partner.follow.up"].with_user(self.user)
        with self.assertRaises(UserError):
            FollowUp.create(vals)
        with self.assertRaises(UserError):
            self.say().write({"message_id": message.id})

    def test_open_step_stays(self):
        """A message does not finish what was promised."""
        self.say(next_date=self.ago(hours=-24), next_plan="Call again")
        step = self.customer.next_step_id
        self.record(self.write_to())
        self.assertEqual(step.state, "open")

    def test_late(self):
        """What is recorded days afterwards does not count, as on every follow-up."""
        self.assertTrue(self.record(self.write_to(date=self.ago(days=3))).is_late)

    def test_from_the_timeline(self):
        """The button of a row does the same."""
        message, event = self.write_to(), self.meet()
        for row in self.rows():
            row.action_record_follow_up()
        rows = self.rows()
        self.assertEqual(set(rows.mapped("kind")), {"follow_up"})
        follow_ups = self.env["partner.follow.up"].browse(rows.mapped("res_id"))
        self.assertEqual((follow_ups.message_id, follow_ups.event_id), (message, event))

    def test_client_is_told(self):
        """The chatter offers it to whoever may record follow-ups."""
        for user, told in ((self.user, True), (self.outsider, False)):
            store = Store()
            self.env["res.users"].with_user(user)._init_store_data(store)
            self.assertEqual(store.get_result()["Store"]["can_record_follow_up"], told)


@tagged("post_install", "-at_install")
class TestFollowUpOfMeeting(TimelineCase):
    """One click makes a meeting that was held a follow-up of each customer who took part."""

    def record(self, event, user=None):
        """Click on ``event`` and return all follow-ups that are made of it."""
        event.with_user(user or self.user).action_record_follow_up()
        return self.env["partner.follow.up"].search([("event_id", "=", event.id)])

    def test_one_for_each_customer(self):
        """Each customer gets its own, with its people and the organizer."""
        second = self.make_contact(self.customer, "Zoe")
        other = self.make_customer("Other Guest")
        event = self.meet(self.contact | second | other | self.leader.partner_id, organizer=self.manager)
        ours, others = self.record(event).sorted(lambda one: one.partner_id != self.customer)
        expected = {
            "user_id": self.manager.id,
            "method_id": self.meeting_method.id,
            "date": event.start,
            "duration": 1.0,
            "outcome": "reached",
            "state": "done",
        }
        self.assertRecordValues(
            ours | others, [expected | {"partner_id": self.customer.id}, expected | {"partner_id": other.id}]
        )
        self.assertEqual((ours.contact_ids, others.contact_ids), (self.contact | second, self.Partner))
        self.assertEqual(ours.key_points, "Demonstration\nDrove the van.")

    def test_twice_makes_one(self):
        """Two people make one; who came later is added by his customer alone."""
        event = self.meet()
        first = self.record(event)
        self.assertEqual(self.record(event, self.manager), first)
        other = self.make_customer("Came Later")
        event.partner_ids += other
        self.assertEqual(self.record(event).partner_id, self.customer | other)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.say(event_id=event.id)

    def test_merging_keeps_both(self):
        """Two customers of one meeting keep both follow-ups when they are merged."""
        other = self.make_customer("The Same after All", email=self.customer.email)
        event = self.meet(self.contact | other)
        both = self.record(event)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard._merge((self.customer | other).ids, self.customer.with_env(wizard.env))
        self.env.invalidate_all()
        self.assertEqual(both.exists().partner_id, self.customer)
        self.assertEqual(len(both.exists()), 2)
        self.assertEqual(len(both.filtered("event_id")), 1)
        self.assertEqual(set(self.sources()), set(both))

    def test_organized_by_the_customer(self):
        """A meeting without organizer of ours is the contact of whoever makes it a follow-up."""
        event = self.meet(self.contact | self.leader.partner_id)
        event.user_id = self.portal
        self.assertEqual(self.record(event, self.leader).user_id, self.leader)

    def test_all_day(self):
        """A meeting of several days is noted within what a contact may take."""
        days = {"start_date": self.ago(days=5).date(), "stop_date": self.ago(days=3).date()}
        event = self.meet(allday=True, **days)
        self.assertLessEqual(self.record(event).duration, 24)

    def test_refused(self):
        """What was not held yet, or without customers, or is none of the user's business, is refused."""
        declined = self.meet()
        declined.attendee_ids.state = "declined"
        for event, words in (
            (self.meet(start=self.ago(hours=1), stop=self.ago(hours=-1)), "not over yet"),
            (self.meet(self.manager.partner_id), "No customer took part"),
            (self.meet(self.Partner.create({"name": "No Customer"})), "No customer took part"),
            (declined, "No customer took part"),
            (self.meet(organizer=self.manager, privacy="private"), "private"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                event.with_user(self.user).action_record_follow_up()
            self.assertFalse(event.with_user(self.user).can_record_follow_up)
        self.assertFalse(self.env["partner.follow.up"].search([("event_id", "!=", False)]))

    def test_rights(self):
        """It takes the right to record follow-ups, and only customers in sight get one."""
        event = self.meet(self.contact | self.make_customer("Hidden", user_id=self.manager.id))
        self.assertTrue(event.with_user(self.user).can_record_follow_up)
        with self.assertRaises(AccessError):
            event.with_user(self.outsider).action_record_follow_up()
        self.assertFalse(event.with_user(self.outsider).can_record_follow_up)
        self.customer.user_id = self.user
        self.env["ir.rule"]._set_customer_visibility("own")
        self.assertEqual(self.record(event).partner_id, self.customer)
