from datetime import timedelta

from freezegun import freeze_time

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

    def test_queries(self):
        """Asking about fifty partners costs as many queries as about one; a change without refusals costs one more."""
        contacts = self.Partner.create([{"name": f"C{i}", "parent_id": self.customer.id} for i in range(50)])
        self.refuse("email")
        Partner = self.Partner.with_user(self.user)

        def count(action):
            """Return the number of queries of ``action``."""
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            action()
            return self.cr.sql_log_count - before

        def warn(n):
            """Ask about ``n`` contacts."""
            return lambda: Partner.browse(contacts[:n].ids)._explain_blocked("email")

        count(warn(1))
        self.assertEqual(count(warn(50)), count(warn(1)))
