from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from .timeline import TimelineCase


@tagged("post_install", "-at_install")
class TestTimeline(TimelineCase):
    """What stands in the timeline of a customer, and how."""

    def test_one_row_per_source(self):
        """A follow-up, a message and a meeting are one row each, newest first, with who, how and what."""
        follow_up = self.say(contact_ids=[Command.set(self.contact.ids)], duration=0.5)
        message = self.write_to()
        event = self.meet()
        self.assertEqual(self.sources(), [event, message, follow_up])
        met, written, said = self.rows()
        for row, expected in (
            (
                said,
                ("follow_up", self.phone, "out", self.user, self.contact, "Wants three vans", self.sales, "reached"),
            ),
            (
                written,
                (
                    "message",
                    self.email_method,
                    "out",
                    self.user,
                    self.contact,
                    "Offer — Here is the offer.",
                    None,
                    False,
                ),
            ),
            (
                met,
                (
                    "meeting",
                    self.meeting_method,
                    False,
                    self.user,
                    self.contact,
                    "Demonstration — Drove the van.",
                    None,
                    False,
                ),
            ),
        ):
            with self.subTest(kind=row.kind):
                kind, method, direction, user, contact, content, topic, outcome = expected
                self.assertEqual((row.kind, row.direction, row.outcome), (kind, direction, outcome))
                # Not the attendees' addresses, which Odoo itself adds to the description of a meeting.
                self.assertEqual(row.content, content)
                self.assertEqual(row.partner_id, self.customer)
                self.assertEqual(row.method_id, method)
                self.assertEqual(row.user_id, user)
                # A message on the company's own page is with whomever of its people it was sent to.
                self.assertEqual(row.contact_id, contact)
                self.assertEqual(row.topic_id, topic or self.sales.browse())
        self.assertEqual((said.duration, met.duration), (0.5, 1.0))
        self.assertEqual((written.title, met.title), ("Offer", "Demonstration"))
        self.assertEqual(said.state, "done")

    def test_persons_of_the_customer(self):
        """What concerns a contact person is the customer's, and an answer comes in from whoever wrote it."""
        answer = self.write_to(self.contact, author=self.contact, message_type="email")
        stranger = self.make_contact(self.make_customer("Somebody Else"), "Bob")
        asked = self.write_to(self.contact, author=stranger, message_type="email", date=self.ago(hours=6))
        first, second = self.rows()
        self.assertEqual((first.res_id, first.direction, first.contact_id), (answer.id, "in", self.contact))
        self.assertEqual((second.res_id, second.direction, second.contact_id), (asked.id, "in", self.contact))
        self.assertFalse(first.user_id)
        alone = self.write_to(partner_ids=[Command.set((self.customer | self.user.partner_id).ids)])
        self.assertFalse(self.rows().filtered(lambda row: row.res_id == alone.id).contact_id)
        self.assertEqual(self.sources(customer=stranger.parent_id), [])

    def test_leaver_still_wrote_out(self):
        """Who left us wrote to the customer all the same."""
        leaver = new_test_user(self.env, "customer_leaver", groups="customer_mgmt.group_customer_own")
        self.write_to(author=leaver)
        leaver.active = False
        self.assertEqual(self.rows().direction, "out")
        self.assertEqual(self.rows().user_id, leaver)

    def test_only_what_people_wrote(self):
        """Notifications, bulk mail, automatic answers, Odoo's own words and deleted messages are left out."""
        for message_type in ("notification", "email_outgoing", "auto_comment", "out_of_office", "user_notification"):
            self.write_to(message_type=message_type)
        self.write_to(author=self.env.ref("base.partner_root"))
        self.write_to(body="")
        self.write_to(self.user.partner_id)
        self.assertFalse(self.rows())
        note = self.write_to(subtype_id=self.note_type.id, partner_ids=[])
        row = self.rows()
        self.assertEqual((row.res_id, row.kind, row.direction, row.method_id.id), (note.id, "note", False, False))

    def test_deleted_message(self):
        """What somebody deleted is gone, also after it had been edited; attachments that are left keep it."""
        deleted, edited, kept = (self.write_to(), self.write_to(), self.write_to())
        self.customer._message_update_content(edited, body="Better")
        self.assertEqual(len(self.rows()), 3)
        attachment = self.env["ir.attachment"].create({"name": "price list.pdf", "raw": b"x"})
        kept.attachment_ids = attachment
        self.customer._message_update_content(kept, body="")
        for message in (deleted, edited):
            self.customer._message_update_content(message, body="", attachment_ids=[])
        self.assertEqual(self.rows().mapped("res_id"), kept.ids)

    def test_subject_that_is_the_customers_name(self):
        """The name that Odoo gives a message without subject is not told again."""
        for record in (self.customer, self.contact):
            record.with_user(self.user).message_post(
                body="We call back", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(self.rows().mapped("content"), ["We call back"] * 2)
        self.assertEqual(self.rows().mapped("title"), [False] * 2)

    def test_meetings(self):
        """A meeting is there once it has begun, once per customer, with those who did not decline."""
        other = self.make_customer("Other Guest")
        both = self.meet(self.contact | self.make_contact(self.customer, "Zoe") | other)
        self.assertEqual((self.sources(), self.sources(customer=other)), ([both], [both]))
        declined = self.meet(other, start=self.ago(hours=9), stop=self.ago(hours=8))
        declined.attendee_ids.filtered(lambda attendee: attendee.partner_id == other).state = "declined"
        self.meet(other, start=self.ago(hours=-4), stop=self.ago(hours=-5))
        self.meet(other).active = False
        self.assertEqual(self.sources(customer=other), [both])

    def test_need_change(self):
        """A change of a need is shown as old → new."""
        need = self.env["customer.need"].create({"partner_id": self.customer.id, "name": "Van", "budget_max": 100})
        self.say(need_change_ids=[Command.create({"need_id": need.id, "budget_max": 250})])
        self.assertIn("100.00 → 250.00", self.rows().need_change)
        self.write_to()
        self.assertFalse(self.rows().filtered(lambda row: row.kind == "message").need_change)

    def test_states(self):
        """Cancelled ones are shown as such; a draft is its author's alone."""
        self.say(state="draft")
        cancelled = self.say()
        cancelled.sudo().state = "cancelled"
        self.assertEqual(sorted(self.rows().mapped("state")), ["cancelled", "draft"])
        self.assertEqual(self.rows(self.manager).mapped("state"), ["cancelled"])

    def test_recorded_source_is_not_there_twice(self):
        """A message or meeting that became a follow-up is shown as that, unless the reader may not see it."""
        message, event = self.write_to(), self.meet()
        follow_up = self.say(message_id=message.id)
        met = self.say(event_id=event.id)
        self.assertEqual(set(self.sources()), {follow_up, met})
        met.sudo().topic_id = self.env.ref("customer_mgmt.partner_follow_up_topic_purchasing")
        self.assertEqual(set(self.sources()), {follow_up, event})
        follow_up.sudo().state = "cancelled"
        self.assertEqual(set(self.sources()), {follow_up, message, event})

    def test_search_group_and_export(self):
        """Words are found in all kinds, topics and months group, and what is shown can be exported."""
        self.say()
        self.write_to(body="<p>Vans are here</p><blockquote>What is new?</blockquote>")
        domain = [("partner_id", "=", self.customer.id)]
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        Timeline = self.Timeline.with_user(self.manager)
        self.assertEqual(len(Timeline.search([*domain, ("content", "ilike", "vans")])), 2)
        groups = Timeline._read_group(domain, ["topic_id", "date:month"], ["__count"])
        self.assertEqual(sorted(count for *_group, count in groups), [1, 1])
        rows = Timeline.search(domain).export_data(["date", "kind", "content", "need_change"])["datas"]
        self.assertEqual(
            [row[1:3] for row in rows], [["Message", "Offer — Vans are here"], ["Follow-up", "Wants three vans"]]
        )

    def test_opens_its_source(self):
        """Each row opens what it shows."""
        self.say()
        message = self.write_to()
        self.meet()
        met, written, said = self.rows()
        self.assertEqual(said.action_open_source()["res_model"], "partner.follow.up")
        self.assertEqual(written.action_open_source()["url"], f"/mail/message/{message.id}")
        self.assertEqual(met.action_open_source()["res_model"], "calendar.event")
        with self.assertRaises(UserError):
            said.action_record_follow_up()

    def test_existence(self):
        """A row is there as long as its source."""
        message = self.write_to()
        row = self.rows()
        self.assertEqual(row.exists(), row)
        message.unlink()
        self.env.flush_all()
        self.assertFalse(row.exists())
        self.assertFalse(self.Timeline.browse(0).exists())

    def test_the_whole_list_of_a_person(self):
        """Opened on a contact person, it is the company's."""
        for partner in (self.customer, self.contact):
            action = partner.with_user(self.user).action_open_timeline()
            self.assertEqual(action["domain"], [("partner_id", "=", self.customer.id)])

    def test_the_whole_list_in_another_window(self):
        """Where only its address is left, it still is the list of one customer, also of one of its people."""
        self.say(), self.write_to(self.make_customer("Somebody Else"))
        action = self.env.ref("customer_mgmt.partner_timeline_action")
        for partner in (self.customer, self.contact):
            domain = safe_eval(action.domain, {"active_id": partner.id})
            self.assertEqual(self.Timeline.with_user(self.user).search(domain), self.rows())

    def test_export(self):
        """Every column can be exported, of every kind of row; external ids can only be had of tables."""
        self.say(), self.write_to(), self.meet()
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        names = [name for name, field in self.Timeline._fields.items() if field.exportable and name != "id"]
        data = self.rows(self.manager).export_data(names)["datas"]
        self.assertEqual([row[names.index("kind")] for row in data], ["Meeting", "Message", "Follow-up"])

    def test_queries(self):
        """As many queries for fifty rows of each kind as for one."""
        specification = {name: {} for name in ("date", "kind", "content", "need_change", "outcome", "title")}
        specification |= {name: {"fields": {"display_name": {}}} for name in ("user_id", "contact_id", "topic_id")}

        def read():
            Timeline = self.Timeline.with_user(self.user)
            return Timeline.web_search_read([("partner_id", "=", self.customer.id)], specification)

        need = self.env["customer.need"].create({"partner_id": self.customer.id, "name": "Van"})
        change = {"need_id": need.id, "name": "Truck"}
        self.say(need_change_ids=[Command.create(change)]), self.write_to(), self.meet()
        self.count_queries(read)  # what is kept between requests
        few = self.count_queries(read)
        for number in range(50):
            self.say(
                key_points=f"Call number {number}",
                date=self.ago(minutes=number + 1),
                need_change_ids=[Command.create({"need_id": need.id, "name": f"Truck {number}"})],
            )
            self.write_to(body=f"<p>{number}</p>")
        self.meet(start=self.ago(hours=20), stop=self.ago(hours=19))
        self.assertEqual(self.count_queries(read), few)
        self.assertLessEqual(few, 20)
        self.assertEqual(len(read()["records"]), 104)

    def test_indexes(self):
        """A condition on the customer, or on rows, reaches an index of each source: none is read as a whole."""
        self.say(), self.write_to(), self.meet()
        rows = self.rows()
        # Else few records are read as a whole whatever indexes there are.
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for domain in ([("partner_id", "=", self.customer.id)], [("id", "in", rows.ids)]):
            query = self.Timeline.with_user(self.user)._search(domain, order="date desc", limit=80)
            plan = "\n".join(line for [line] in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
            for table in ("partner_follow_up", "mail_message", "calendar_attendee", "calendar_event", "res_partner"):
                with self.subTest(domain=domain[0][0], table=table):
                    self.assertRegex(plan, rf"Index (Only )?Scan using \w+ on {table}\b|Bitmap Heap Scan on {table}\b")
                    self.assertNotRegex(plan, rf"Seq Scan on {table}\b")
        # The last plan is the one by rows: the sources are asked for their own ids, and none are computed to compare.
        conditions = [line for line in plan.splitlines() if "Filter:" in line or "Cond:" in line]
        self.assertFalse([line for line in conditions if "::bigint" in line])


@tagged("post_install", "-at_install")
class TestTimelineRights(TimelineCase):
    """Nobody learns from the timeline what its sources would not tell him."""

    def test_nobody_from_outside(self):
        """The timeline is for employees; internal notes are among it."""
        self.write_to(subtype_id=self.note_type.id)
        self.customer.with_user(self.outsider).check_access("read")
        self.assertEqual(self.rows(self.outsider).kind, "note")
        with self.assertRaises(AccessError):
            self.rows(self.portal)

    def test_topics_of_a_group(self):
        """A follow-up about a topic of a group is its members'."""
        purchasing = self.env.ref("customer_mgmt.partner_follow_up_topic_purchasing")
        self.say(user=self.admin, topic_id=self.sales.id).sudo().topic_id = purchasing
        buyer = new_test_user(self.env, "customer_buyer", groups="customer_mgmt.group_supplier_topics")
        self.assertTrue(self.rows(buyer))
        self.assertFalse(self.rows(self.user))

    def test_customers_out_of_sight(self):
        """Under the policy "own" a colleague's customer has no timeline, and its rows cannot be guessed."""
        self.customer.user_id = self.manager
        self.say(user=self.manager), self.write_to(author=self.manager), self.meet(organizer=self.manager)
        rows = self.rows(self.manager)
        self.assertEqual(len(rows), 3)
        self.env["ir.rule"]._set_customer_visibility("own")
        self.assertFalse(self.rows(self.user))
        self.env.invalidate_all()
        for row in rows.with_user(self.user):
            for action in (row.action_open_source, row.action_record_follow_up, lambda row=row: row.read(["content"])):
                with self.subTest(kind=row.id % 4), self.assertRaises(AccessError):
                    action()
        self.assertFalse(rows.with_user(self.user).has_access("read"))
        self.assertEqual(len(self.rows(self.manager)), 3)

    def test_recipient_without_the_customer(self):
        """Whoever got a message about a customer out of his sight still does not learn whose timeline it is in."""
        self.customer.user_id = self.manager
        self.write_to(author=self.manager, partner_ids=[Command.set(self.user.partner_id.ids)])
        self.env["ir.rule"]._set_customer_visibility("own")
        self.assertFalse(self.rows(self.user))

    def test_rules_on_messages(self):
        """Rules on messages that somebody adds hold here, too."""
        self.write_to()
        self.assertTrue(self.rows())
        self.env["ir.rule"].create(
            {
                "name": "No offers",
                "model_id": self.env["ir.model"]._get_id("mail.message"),
                "domain_force": "[('subject', '!=', 'Offer')]",
            }
        )
        self.assertFalse(self.rows())

    def test_documents_out_of_sight(self):
        """A message on a document is for its readers, and for whoever wrote or got it."""
        other = self.make_contact(self.customer, "Of Another Company")
        # As Odoo does not keep it from happening: a person of a company that the customer's is open to.
        self.env.cr.execute("UPDATE res_partner SET company_id = %s WHERE id = %s", (self.other_company.id, other.id))
        self.env.invalidate_all()
        self.write_to(other, author=self.manager, partner_ids=[])
        got = self.write_to(other, author=self.manager, partner_ids=[Command.set(self.leader.partner_id.ids)])
        self.assertFalse(self.rows(self.user))
        self.assertEqual(self.sources(self.leader), [got])
        self.assertFalse(self.rows(self.leader).contact_id)
        self.assertEqual(len(self.rows(self.manager)), 2)
        expected = (
            self.env["mail.message"]
            .with_user(self.leader)
            .search([("res_id", "=", other.id), ("model", "=", "res.partner")])
        )
        self.assertEqual(expected.ids, self.rows(self.leader).mapped("res_id"))

    def test_private_meetings(self):
        """Another's private meeting is not there; whoever takes part sees it."""
        self.meet(organizer=self.manager, privacy="private")
        self.manager.with_user(self.manager).calendar_default_privacy = "private"
        self.meet(organizer=self.manager, start=self.ago(hours=8), stop=self.ago(hours=7))
        shared = self.meet(
            self.contact | self.leader.partner_id,
            organizer=self.manager,
            privacy="private",
            start=self.ago(hours=6),
            stop=self.ago(hours=5),
        )
        self.assertEqual(len(self.rows(self.manager)), 3)
        self.assertEqual(self.sources(self.leader), [shared])
        self.assertFalse(self.rows(self.user))

    def test_other_companies(self):
        """What belongs to a customer of another company is shown to nobody else."""
        self.customer.company_id = self.other_company
        stranger = new_test_user(
            self.env,
            "customer_stranger",
            groups="customer_mgmt.group_customer_all",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        self.say(user=stranger), self.write_to(author=stranger), self.meet(organizer=stranger)
        self.assertEqual(len(self.rows(stranger)), 3)
        self.assertFalse(self.rows(self.manager))

    def test_nobody_writes(self):
        """A timeline is read; what stands in it is changed where it is."""
        self.write_to()
        for role in (self.user, self.admin):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self.rows(role).has_access(operation))
