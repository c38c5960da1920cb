from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import CustomerCase

FACTS = ("gender", "birth_date", "age", "age_band", "occupation", "hobbies")


@tagged("post_install", "-at_install")
class TestPerson(CustomerCase):
    """Personal facts: what they say, what is impossible, and who may know them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Garden Centre")
        cls.contact = cls.make_contact(cls.customer, "Ann Person")
        cls.keeper = new_test_user(cls.env, "keeper", groups="customer_mgmt.group_customer_personal")

    def test_age(self):
        """Age is counted in whole years up to the user's own day, leap days included, and searched as it is counted."""
        cases = [  # now (UTC), time zone, born, age
            ("2026-06-15 12:00:00", "UTC", date(1990, 6, 15), 36),
            ("2026-06-14 12:00:00", "UTC", date(1990, 6, 15), 35),
            ("2026-06-14 20:00:00", "Asia/Shanghai", date(1990, 6, 15), 36),
            ("2026-06-15 02:00:00", "America/New_York", date(1990, 6, 15), 35),
            ("2025-02-28 12:00:00", "UTC", date(2004, 2, 29), 20),
            ("2025-03-01 12:00:00", "UTC", date(2004, 2, 29), 21),
            ("2024-02-29 12:00:00", "UTC", date(2003, 3, 1), 20),
            ("2024-02-29 12:00:00", "UTC", date(2003, 2, 28), 21),
            ("2026-06-15 12:00:00", "UTC", False, 0),
        ]
        for now, tz, born, age in cases:
            with self.subTest(now=now, tz=tz, born=born), freeze_time(now):
                contact = self.contact.with_user(self.keeper).with_context(tz=tz)
                contact.birth_date = born
                self.env.invalidate_all()
                self.assertEqual(contact.age, age)
                self.assertEqual(contact.search([("age", "=", age), ("id", "=", contact.id)]), contact)

    @freeze_time("2026-06-15 12:00:00")
    def test_search_by_age(self):
        """Every comparison finds the right ages; who has no birth date has no age."""
        people = self.Partner.create(
            [{"name": "None"}]
            + [
                {"name": f"Age {age}", "birth_date": date(2026 - age, 6, 15 + shift)}
                for age, shift in ((30, 0), (41, 1))
            ]
        )  # the second is 40: the birthday is tomorrow
        none, thirty, forty = people
        everyone = none | thirty | forty
        cases = [
            (("age", "=", 30), thirty),
            (("age", "!=", 30), none | forty),
            (("age", "in", [30, 40]), thirty | forty),
            (("age", ">", 30), forty),
            (("age", ">=", 30), thirty | forty),
            (("age", ">=", 30.5), forty),
            (("age", "<", 40), thirty),
            (("age", "<=", 40), thirty | forty),
            (("age", "=", False), none),
            (("age", "!=", False), thirty | forty),
            (("age", ">", -5), thirty | forty),
            (("age", "<", -5), self.Partner),
            (("age", "<", 100_000), thirty | forty),
            (("age", ">", 100_000), self.Partner),
        ]
        for condition, expected in cases:
            with self.subTest(condition):
                found = self.Partner.with_user(self.keeper).search([condition, ("id", "in", everyone.ids)])
                self.assertEqual(found, expected.sorted("name") if len(expected) > 1 else expected)

    @freeze_time("2026-06-15 12:00:00")
    def test_bad_input(self):
        """An impossible birth date, or a guess beside a date, is refused with the field and the cause."""
        cases = [
            ({"birth_date": "2026-06-16"}, "Birth Date: .* of “Ann Person” lies in the future"),
            ({"birth_date": "1896-06-14"}, "Birth Date: .* more than 130 years ago"),
            ({"birth_date": "1990-01-01", "age_band": "30_39"}, "Age Band: the birth date of “Ann Person” is known"),
        ]
        for vals, message in cases:
            with self.subTest(message), self.assertRaisesRegex(ValidationError, message):
                self.contact.with_user(self.keeper).write(vals)
        self.contact.birth_date = "1896-06-15"  # the oldest that is possible
        self.assertEqual(self.contact.age, 130)

    def test_band_gives_way_to_the_date(self):
        """A birth date empties the age band, in the form at once and everywhere when saved."""
        self.contact.age_band = "30_39"
        view = "customer_mgmt.res_partner_view_form_contact"
        with Form(self.contact.with_user(self.keeper), view) as form:
            form.birth_date = "1990-01-01"
            self.assertFalse(form.age_band)
        self.assertFalse(self.contact.age_band)
        other = self.make_contact(self.customer, "Other", age_band="20_29")
        other.birth_date = "2001-01-01"
        self.assertFalse(other.age_band)

    def test_facts_are_for_those_who_may_know_them(self):
        """Without the right no fact can be read, written, searched, ordered by, grouped by or exported."""
        self.contact.write({"gender": "female", "birth_date": "1990-01-01"})
        internal = self.outsider | self.user | self.leader | self.manager | self.keeper | self.admin
        internal.write({"group_ids": [Command.link(self.env.ref("base.group_allow_export").id)]})
        for role in ("portal", "outsider", "user", "leader", "manager", "keeper", "admin"):
            contact = self.contact.with_user(getattr(self, role))
            for fact in FACTS:
                for name, call in self.ways_to(contact, fact).items():
                    with self.subTest(role=role, fact=fact, call=name):
                        if role in ("keeper", "admin"):
                            call()
                        else:
                            self.assertRaises(UserError if role == "portal" else AccessError, call)

    def ways_to(self, contact, fact):
        """Return every way to learn or to change ``fact``, as {name: call}; the age is neither stored nor written."""
        ways = {
            "read": lambda: contact.read([fact]),
            "search": lambda: contact.search([(fact, "!=", False)]),
            "export": lambda: contact.export_data(["name", fact]),
        }
        if fact != "age":
            granularity = ":year" if fact == "birth_date" else ""
            ways |= {
                "order": lambda: contact.search([], order=fact, limit=1),
                "group": lambda: contact.formatted_read_group([], [fact + granularity], ["__count"]),
                "write": lambda: contact.write({fact: False}),
            }
        return ways

    def test_form_shows_facts_only_to_those(self):
        """The contact's form has the facts for the right alone; the customer's data are there for everyone."""
        view = self.env.ref("customer_mgmt.res_partner_view_form_contact")
        for user, shown in ((self.user, set()), (self.keeper, set(FACTS))):
            arch = etree.fromstring(self.Partner.with_user(user).get_view(view.id, "form")["arch"])
            names = {node.get("name") for node in arch.iter("field")}
            self.assertEqual(names & set(FACTS), shown)
            self.assertIn("contact_role_id", names)

    def test_facts_leave_no_trace_in_the_chatter(self):
        """Nobody reads in the chatter what the own right hides."""
        contact = self.contact.with_context(tracking_disable=False)
        before = contact.message_ids
        contact.write({"birth_date": "1990-01-01", "gender": "male", "hobbies": "Chess"})
        self.flush_tracking()
        self.assertEqual(contact.message_ids, before)

    def flush_tracking(self):
        """Write the tracked changes that wait for the end of the transaction."""
        self.env.flush_all()
        self.cr.precommit.run()
