from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .preference import PreferenceCase

CHANNEL = "customer_mgmt.partner_preference_kind_channel"


@tagged("post_install", "-at_install")
class TestDoNotContact(PreferenceCase):
    """Who must not be contacted how, and where that is said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.env.ref(CHANNEL)
        cls.options = {option.channel: option for option in cls.channel.option_ids}
        cls.customer.write({"email": "Says.Much@Example.com", "phone": "+86 138 0013 8000"})
        cls.contact.write({"email": "ann@example.com", "phone": "+86 138 0013 8001"})

    def refuse(self, channel="email", strength="-2", **vals):
        """Record a statement about a channel."""
        return self.say(strength, kind_id=self.channel.id, option_id=self.options[channel].id, **vals)

    def blocked(self, partner):
        """Return the channels that ``partner`` refuses."""
        return set(partner.with_user(self.user)._blocked_channels()[partner.id])

    def blacklisted(self, address, channel="email"):
        """Tell whether ``address`` stands on Odoo's blacklist."""
        model, name = {"email": ("mail.blacklist", "email"), "sms": ("phone.blacklist", "number")}[channel]
        return bool(self.env[model].search([(name, "=", address)]))

    def end_transaction(self):
        """Let mail write down what has changed, as it does at the end."""
        self.env.flush_all()
        self.cr.flush()

    def run_job(self):
        """Run the nightly job."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_preferences").method_direct_trigger()
        self.env.invalidate_all()

    def test_who_refuses(self):
        """A customer's refusal holds for its contacts, unless they said something else about the channel."""
        self.refuse("email")
        self.refuse("phone")
        self.refuse("phone", "1", partner_id=self.contact.id)
        self.refuse("visit", "-2", partner_id=self.contact.id)
        self.refuse("chat", "-1")
        self.refuse("post", valid_from="2020-01-01", valid_until="2020-12-31")
        self.assertEqual(self.blocked(self.customer), {"email", "phone"})
        self.assertEqual(self.blocked(self.contact), {"email", "visit"})

    def test_found(self):
        """Who refuses something is found, by an own statement and by that of the company."""
        quiet = self.make_customer("Says Nothing")
        talker = self.make_contact(self.customer, "Bob")
        self.refuse("email")
        self.refuse("email", "2", partner_id=talker.id)
        found = self.Partner.with_user(self.user).search([("is_contact_refused", "=", True)])
        everyone = self.customer | self.contact | talker | quiet
        self.assertEqual(found & everyone, self.customer | self.contact)
        self.assertEqual(everyone.filtered("is_contact_refused"), self.customer | self.contact)
        found = self.Partner.search([("is_contact_refused", "=", False), ("id", "in", everyone.ids)])
        self.assertEqual(found, talker | quiet)

    def test_said_on_the_form(self):
        """The form says what is refused, since when, and how we know; observations refuse nothing."""
        with freeze_time("2026-03-10"):
            self.refuse("email", evidence="by letter")
            self.refuse("phone")
            self.observe("-2", kind_id=self.channel.id, product_category_id=False, option_id=self.options["visit"].id)
            names = self.contact.with_user(self.user).blocked_channel_names
        self.assertRegex(names, r"^E-mail \(since .*2026: by letter\), Telephone \(since .*2026\)$")

    def test_warnings(self):
        """Composer, activity and dialog warn where the channel is refused, and only there."""
        self.refuse("email", partner_id=self.contact.id)
        self.refuse("phone")
        types = {xmlid: self.env.ref(f"mail.mail_activity_data_{xmlid}") for xmlid in ("email", "call", "todo")}
        cases = [  # partner, activity type, warning
            (self.customer, "call", "Do not contact by Telephone: Says Much."),
            (self.customer, "email", False),
            (self.contact, "email", "Do not contact by E-mail: Says Much, Ann."),
            (self.contact, "call", "Do not contact by Telephone: Says Much, Ann."),
            (self.contact, "todo", False),
        ]
        for partner, activity_type, warning in cases:
            with self.subTest(partner=partner.name, type=activity_type):
                Schedule = self.env["mail.activity.schedule"].with_user(self.user)
                context = {"active_model": "res.partner", "active_ids": partner.ids, "active_id": partner.id}
                with Form(Schedule.with_context(**context)) as form:
                    form.activity_type_id = types[activity_type]
                    self.assertEqual(form.do_not_contact_warning or False, warning)
                    form.summary = "Talk"
                activity = partner.with_user(self.user).activity_schedule(activity_type_id=types[activity_type].id)
                self.assertEqual(activity.do_not_contact_warning, warning)

    def test_composer(self):
        """The large composer warns of recipients who refuse e-mail, a note does not; the small one asks."""
        self.refuse("email", partner_id=self.contact.id)
        Composer = self.env["mail.compose.message"].with_user(self.user)
        vals = {"model": "res.partner", "res_ids": str(self.customer.ids), "partner_ids": self.contact.ids}
        warning = "Do not contact by E-mail: Says Much, Ann."
        self.assertEqual(Composer.create(vals).do_not_contact_warning, warning)
        note = Composer.create({**vals, "subtype_id": self.env.ref("mail.mt_note").id})
        self.assertFalse(note.do_not_contact_warning)
        self.assertFalse(Composer.create({**vals, "partner_ids": self.customer.ids}).do_not_contact_warning)
        Partner = self.Partner.with_user(self.user)
        self.assertEqual(Partner.get_contact_warning("email", self.contact.ids), warning)
        self.assertFalse(Partner.get_contact_warning("phone", self.contact.ids))
        self.customer.message_subscribe(self.contact.ids)
        self.assertEqual(Partner.get_contact_warning("email", [], "res.partner", self.customer.id), warning)
        self.assertFalse(Partner.get_contact_warning("email", [], "res.partner", 0))
        self.assertFalse(Partner.get_contact_warning("email", [], "no.model", 1))

    def test_hidden_partners(self):
        """Nothing is said about partners that the user may not see, and nothing at all to visitors."""
        self.refuse("email")
        self.env["ir.rule"]._set_customer_visibility("own")
        self.env.invalidate_all()
        self.assertFalse(self.Partner.with_user(self.user).get_contact_warning("email", self.customer.ids))
        self.assertFalse(
            self.Partner.with_user(self.user).get_contact_warning("email", [], "res.partner", self.customer.id)
        )
        self.assertTrue(self.Partner.with_user(self.manager).get_contact_warning("email", self.customer.ids))
        self.assertFalse(self.Partner.with_user(self.portal).get_contact_warning("email", self.customer.ids))
        with self.assertRaises(AccessError):
            self.portal.partner_id.with_user(self.portal).read(["blocked_channel_names"])

    # -- blacklists --------------------------------------------------------------------------------------------------

    def test_blacklists(self):
        """E-mail and text messages are refused for mailings too, of the contacts as well; calls have no list."""
        self.refuse("email")
        self.assertTrue(self.blacklisted("says.much@example.com") and self.blacklisted("ann@example.com"))
        self.refuse("sms", partner_id=self.contact.id)
        self.assertTrue(self.blacklisted("+8613800138001", "sms"))
        self.refuse("phone")
        self.assertFalse(self.blacklisted("+8613800138000", "sms"))

    def test_end_of_a_refusal(self):
        """Another statement, its end, its deletion: what we put on the list is taken out."""
        ends = [
            lambda refusal: self.refuse("email", "1"),
            lambda refusal: refusal.write({"strength": "-1"}),
            lambda refusal: refusal.unlink(),
            lambda refusal: refusal.write({"kind_id": self.service.id, "option_id": self.install.id}),
        ]
        for end in ends:
            refusal = self.refuse("email")
            self.assertTrue(self.blacklisted("ann@example.com"))
            end(refusal)
            self.assertFalse(self.blacklisted("says.much@example.com") or self.blacklisted("ann@example.com"))

    def test_own_doing_stays(self):
        """Who has unsubscribed stays unsubscribed when the refusal ends; who comes back is not put there again."""
        self.env["mail.blacklist"]._add("ann@example.com")
        refusal = self.refuse("email")
        self.env["mail.blacklist"]._remove("says.much@example.com")
        self.run_job()
        self.assertFalse(self.blacklisted("says.much@example.com"))
        refusal.unlink()
        self.assertTrue(self.blacklisted("ann@example.com"))

    def test_addresses_change(self):
        """The list follows addresses, new contacts and changes of employer; a shared address stays for the other."""
        self.refuse("email")
        self.contact.with_user(self.user).email = "ann.new@example.com"
        self.assertEqual((self.blacklisted("ann@example.com"), self.blacklisted("ann.new@example.com")), (False, True))
        self.make_contact(self.customer, "Bob", email="ann.new@example.com")
        self.contact.with_user(self.user).email = False
        self.assertTrue(self.blacklisted("ann.new@example.com"))
        moving = self.make_contact(self.customer, "Cem", email="cem@example.com")
        self.assertTrue(self.blacklisted("cem@example.com"))
        moving.parent_id = self.make_customer("Says Nothing")
        self.assertFalse(self.blacklisted("cem@example.com"))

    def test_by_date(self):
        """A refusal that begins or ends by its date is noticed the night after."""
        tomorrow = fields.Date.today() + timedelta(days=1)
        self.refuse("email", valid_from=tomorrow, valid_until=tomorrow)
        expected = {0: False, 1: True, 2: False}
        for days, listed in expected.items():
            with freeze_time(fields.Datetime.now() + timedelta(days=days)):
                self.run_job()
            with self.subTest(days=days):
                self.assertEqual(self.blacklisted("says.much@example.com"), listed)

    def test_means(self):
        """Which channel is heard of where: banner, activity, composer, blacklist."""
        table = [  # channel, activity type that warns, composer warns, address on a list
            ("email", "email", True, ("says.much@example.com", "email")),
            ("phone", "call", False, None),
            ("sms", None, False, ("+8613800138000", "sms")),
            ("chat", None, False, None),
            ("post", None, False, None),
            ("visit", None, False, None),
        ]
        lists = [row[3] for row in table if row[3]]
        types = {name: self.env.ref(f"mail.mail_activity_data_{name}") for name in ("email", "call", "todo")}
        names = dict(self.Preference._fields["blocked_channel"]._description_selection(self.env))
        Composer = self.env["mail.compose.message"].with_user(self.user)
        vals = {"model": "res.partner", "res_ids": str(self.contact.ids), "partner_ids": self.customer.ids}
        for channel, warned, by_composer, listed in table:
            with self.subTest(channel=channel):
                refusal = self.refuse(channel)
                customer = self.customer.with_user(self.user)
                self.assertTrue(customer.blocked_channel_names.startswith(names[channel]))
                for name, activity_type in types.items():
                    activity = customer.activity_schedule(activity_type_id=activity_type.id)
                    self.assertEqual(bool(activity.do_not_contact_warning), name == warned)
                self.assertEqual(bool(Composer.create(vals).do_not_contact_warning), by_composer)
                self.assertEqual([entry for entry in lists if self.blacklisted(*entry)], [listed] if listed else [])
                refusal.unlink()
                self.assertFalse(self.customer.with_user(self.user).blocked_channel_names)
                self.assertFalse([entry for entry in lists if self.blacklisted(*entry)])

    def test_several_options_of_a_channel(self):
        """To like the newsletter does not take back “no e-mail”; search and form agree, whoever said what."""
        news = self.channel.option_ids.create({"kind_id": self.channel.id, "name": "Newsletter", "channel": "email"})
        both = self.customer | self.contact
        table = [  # what the customer says, what the contact says: {option: strength}; who refuses e-mail
            ({"email": "-2", "news": "2"}, {}, both),
            ({"news": "-2", "email": "2"}, {}, both),
            ({"email": "-2"}, {"news": "1"}, self.customer),
            ({"email": "2"}, {"email": "-2", "news": "2"}, self.contact),
            ({"email": "-1"}, {}, self.Partner),
        ]
        for customer_says, contact_says, expected in table:
            with self.subTest(customer=customer_says, contact=contact_says):
                said = self.Preference
                for partner, says in ((self.customer, customer_says), (self.contact, contact_says)):
                    for option, strength in says.items():
                        option_id = (news if option == "news" else self.options[option]).id
                        kind_id, partner_id = self.channel.id, partner.id
                        said |= self.say(strength, kind_id=kind_id, option_id=option_id, partner_id=partner_id)
                refusing = both.filtered(lambda partner: "email" in self.blocked(partner))
                self.assertEqual(refusing, expected)
                found = self.Partner.with_user(self.user).search([("is_contact_refused", "=", True)])
                self.assertEqual(found & both, expected)
                said.unlink()

    def test_activities_together(self):
        """Of several activities each one warns of its own document's customer alone."""
        quiet = self.make_customer("Says Nothing")
        other = self.make_customer("Says Little")
        self.refuse("phone")
        self.refuse("phone", partner_id=other.id)
        call = self.env.ref("mail.mail_activity_data_call")
        activities = self.env["mail.activity"].with_user(self.user)
        for partner in self.customer | quiet | other:
            activities |= partner.with_user(self.user).activity_schedule(activity_type_id=call.id)
        self.env.invalidate_all()
        self.assertEqual(
            activities.mapped("do_not_contact_warning"),
            ["Do not contact by Telephone: Says Much.", False, "Do not contact by Telephone: Says Little."],
        )

    def test_documents_without_messages(self):
        """Documents of any model can be asked; those that are about nobody say nothing."""
        self.refuse("phone")
        self.assertFalse(self.env["res.country"].search([], limit=1)._explain_blocked_channel("phone"))
        bank = self.env["res.partner.bank"].create({"acc_number": "1", "partner_id": self.customer.id})
        self.assertEqual(bank._explain_blocked_channel("phone"), "Do not contact by Telephone: Says Much.")

    def test_followers(self):
        """Followers are warned of where they get the message: not those of notes alone, not when it is forwarded."""
        follower = self.make_customer("Follows")
        self.refuse("email", partner_id=follower.id)
        warning = "Do not contact by E-mail: Follows."
        Partner = self.Partner.with_user(self.user)
        Composer = self.env["mail.compose.message"].with_user(self.user)
        vals = {"model": "res.partner", "res_ids": str(self.customer.ids), "partner_ids": []}
        table = [("mail.mt_comment", warning), ("mail.mt_note", False)]
        for subtype, expected in table:
            with self.subTest(subtype=subtype):
                self.customer.message_unsubscribe(follower.ids)
                self.customer.message_subscribe(follower.ids, subtype_ids=self.env.ref(subtype).ids)
                self.assertEqual(Partner.get_contact_warning("email", [], "res.partner", self.customer.id), expected)
                self.assertEqual(Composer.create(vals).do_not_contact_warning, expected)
        self.customer.message_subscribe(follower.ids, subtype_ids=self.env.ref("mail.mt_comment").ids)
        forward = Composer.create({**vals, "composition_comment_option": "forward"})
        self.assertFalse(forward.do_not_contact_warning)

    def test_unsubscribed_after_the_refusal(self):
        """Who unsubscribes while a refusal holds stays unsubscribed when it ends; by e-mail and by text message."""
        refusals = self.refuse("email") | self.refuse("sms")
        self.env["mail.blacklist"]._add("Says.Much@example.com")
        self.env["phone.blacklist"]._add(["+8613800138000"])
        self.run_job()
        refusals.unlink()
        self.assertTrue(self.blacklisted("says.much@example.com") and self.blacklisted("+8613800138000", "sms"))
        self.assertFalse(self.blacklisted("ann@example.com") or self.blacklisted("+8613800138001", "sms"))

    def test_deleted_and_merged(self):
        """Nothing of ours stays for partners that are gone; a merge takes the refusal along."""
        lonely = self.Partner.create({"name": "Lonely", "email": "lonely@example.com"})
        self.refuse("email", partner_id=lonely.id)
        self.assertTrue(self.blacklisted("lonely@example.com"))
        lonely.unlink()
        self.assertFalse(self.blacklisted("lonely@example.com"))
        company = self.Partner.create({"name": "Short", "is_company": True})
        self.Partner.create({"name": "Worker", "parent_id": company.id, "email": "worker@example.com"})
        self.refuse("email", partner_id=company.id)
        self.assertTrue(self.blacklisted("worker@example.com"))
        company.unlink()
        self.assertFalse(self.blacklisted("worker@example.com"))
        source, target = self.Partner.create(
            [{"name": name, "email": f"{name}@example.com"} for name in ("one", "two")]
        )
        self.refuse("email", partner_id=source.id)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((source | target).ids, target)
        self.env.invalidate_all()
        self.assertEqual(self.blocked(target), {"email"})
        self.assertEqual((self.blacklisted("one@example.com"), self.blacklisted("two@example.com")), (False, True))

    def test_reasons(self):
        """The entry says why it is there and why not any more; the salesperson has no right on it."""
        refusal = self.refuse("email")
        self.end_transaction()
        entry = self.env["mail.blacklist"].search([("email", "=", "says.much@example.com")])
        self.assertIn("the customer refuses this channel", entry.message_ids[0].body)
        with self.assertRaises(AccessError):
            entry.with_user(self.user).read(["email"])
        with self.assertRaises(AccessError):
            self.env["partner.channel.block"].with_user(self.user).search([]).unlink()
        refusal.with_context(tracking_disable=False).unlink()
        self.end_transaction()
        self.assertFalse(entry.active)
        self.assertIn("does not refuse this channel any more", "".join(entry.message_ids.mapped("body")))

    def test_queries(self):
        """Fifty partners cost as many queries as one, everywhere; a change without refusals costs one more."""
        contacts = self.Partner.create([{"name": f"C{i}", "parent_id": self.customer.id} for i in range(50)])
        self.refuse("email")
        Partner = self.Partner.with_user(self.user)
        Composer = self.env["mail.compose.message"].with_user(self.user)
        vals = {"model": "res.partner", "res_ids": str(self.customer.ids)}
        composers = {n: Composer.create({**vals, "partner_ids": contacts[:n].ids}) for n in (1, 50)}
        call = self.env.ref("mail.mail_activity_data_call").id
        planned = self.env["mail.activity"].union(*[c.activity_schedule(activity_type_id=call) for c in contacts])

        count = self.count_queries
        asked = {
            "refusals": lambda n: Partner.browse(contacts[:n].ids)._blocked_channels(),
            "warning": lambda n: Partner.browse(contacts[:n].ids)._explain_blocked("email"),
            "composer": lambda n: composers[n].do_not_contact_warning,
            "activities": lambda n: planned[:n].with_user(self.user).mapped("do_not_contact_warning"),
        }
        for name, ask in asked.items():
            with self.subTest(name):
                count(lambda ask=ask: ask(1))
                self.assertEqual(count(lambda ask=ask: ask(50)), count(lambda ask=ask: ask(1)))
        # With the companies and the options known, the refusals are one query.
        self.env.flush_all()
        contacts.commercial_partner_id, self.channel.option_ids.mapped("channel")
        with self.assertQueryCount(1):
            contacts._blocked_channels()

    def test_queries_of_lists(self):
        """To put fifty addresses on the list costs what one costs; partners without refusals pay one query."""

        count = self.count_queries

        def refuse(n):
            """Refuse for a company with ``n`` contacts."""
            company = self.make_customer(f"Company {n}")
            self.Partner.create(
                [{"name": f"P{i}", "parent_id": company.id, "email": f"p{i}@c{n}.example"} for i in range(n)]
            )
            return count(lambda: self.refuse("email", partner_id=company.id))

        refuse(2)
        self.assertEqual(refuse(50), refuse(1))
        self.assertTrue(self.blacklisted("p49@c50.example"))
        quiet = self.make_customer("Says Nothing")
        hook = "_sync_refusing_families"
        with patch.object(type(quiet), hook, lambda partners: None):
            count(lambda: quiet.write({"email": "a@quiet.example"}))
            without = count(lambda: quiet.write({"email": "b@quiet.example"}))
        self.assertEqual(count(lambda: quiet.write({"email": "c@quiet.example"})), without + 1)
        with patch.object(type(quiet), hook, side_effect=AssertionError):
            quiet.write({"comment": "No address"})

    def test_list_costs_nothing(self):
        """The list of customers asks nothing more when all of them refuse something, by its filter too."""
        customers = self.Partner.union(*[self.make_customer(f"Listed {i}") for i in range(5)])
        Partner = self.Partner.with_user(self.user)
        arch = Partner.get_view(self.env.ref("customer_mgmt.res_partner_view_list_customer").id, "list")["arch"]
        names = [node.get("name") for node in etree.fromstring(arch).iterfind("./field")]

        def count():
            """Return the number of queries of the list."""
            return self.count_queries(
                lambda: Partner.web_search_read([("id", "in", customers.ids)], {name: {} for name in names})
            )

        count()
        before = count()
        for customer in customers:
            self.refuse("email", partner_id=customer.id)
        self.assertEqual(count(), before)
        found = Partner.search([("is_contact_refused", "=", True), ("id", "in", customers.ids)])
        self.assertEqual(found, customers)
