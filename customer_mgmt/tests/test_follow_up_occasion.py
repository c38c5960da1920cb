from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .reminder import ReminderCase

JOB = "ir_cron_remind_of_occasions"


@tagged("post_install", "-at_install")
class TestFollowUpOccasion(ReminderCase):
    """Birthdays, verifications and customers without a plan: told to the owner, once per occasion."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chen.group_ids |= cls.env.ref("customer_mgmt.group_customer_personal")
        cls.env.company.write({"customer_birthday_days": 3, "customer_verification_limit": 2})
        cls.customer.verified_on = "2026-03-01"
        cls.person = cls.make_contact(cls.customer, "Li Wei", birth_date="1990-03-13")

    def run_at(self, moment, xmlid=JOB):
        """Run the job when the clock shows ``moment``."""
        with self.at(moment):
            self.run_job(xmlid)

    def activities(self, user, kind):
        """Return the activities of ``user`` of the shipped type ``kind``, done ones included."""
        activity_type = self.env.ref(f"customer_mgmt.mail_activity_type_{kind}")
        domain = [("user_id", "=", user.id), ("activity_type_id", "=", activity_type.id)]
        return self.env["mail.activity"].with_context(active_test=False).search(domain, order="id")

    # -- birthdays ----------------------------------------------------------------------------------------------------

    def test_birthday(self):
        """Three days before, by the owner's calendar, once a year."""
        table = [
            ("2026-03-09 15:59:00", 0),
            ("2026-03-09 16:01:00", 1),  # the 10th in Shanghai
            ("2026-03-11 12:00:00", 1),
            ("2026-03-14 12:00:00", 1),
            ("2027-03-12 12:00:00", 2),
        ]
        for moment, count in table:
            for _twice in range(2):
                self.run_at(moment)
                self.assertEqual(len(self.activities(self.chen, "birthday")), count, moment)
        with self.at("2027-03-12 12:00:00"):
            self.person.sudo()._remind_of_birthday(self.chen)  # another worker that was a moment slower
        self.assertEqual(len(self.activities(self.chen, "birthday")), 2)
        first = self.activities(self.chen, "birthday")[0]
        self.assertEqual(
            (str(first.date_deadline), first.summary), ("2026-03-13", "Birthday of Reminded Customer, Li Wei")
        )

    def test_birthday_is_secret(self):
        """Only the owner sees it, not even those who see the contact; an owner without the right hears nothing."""
        self.make_contact(self.make_customer("Anna's", user_id=self.anna.id), "Secret", birth_date="1990-03-11")
        self.run_at("2026-03-10 12:00:00")
        self.assertFalse(self.activities(self.anna, "birthday"))
        activity = self.activities(self.chen, "birthday")
        self.assertTrue(activity.with_user(self.chen).has_access("read"))
        self.assertFalse(activity.res_model)
        for user in (self.anna, self.boss, self.chief):
            self.assertFalse(self.env["mail.activity"].with_user(user).search([("id", "=", activity.id)]))
        with self.assertRaises(AccessError):
            self.person.with_user(self.chief).birthday_told  # noqa: B018
        self.assertNotIn("birthday_told", self.person.with_user(self.admin).fields_get())

    def test_birthday_of_whom(self):
        """Persons of customers in use with an owner who is there; not archived, not of invalid or hidden ones."""
        table = [
            ({"customer_status": False}, {}),
            ({"user_id": False}, {}),
            ({"user_id": self.chief.id}, {}),
            ({}, {"active": False}),
            ({"company_id": self.other_company.id}, {}),
        ]
        for number, (vals, person) in enumerate(table):
            customer = self.make_customer(f"Customer {number}", **{"user_id": self.chen.id, **vals})
            self.make_contact(customer, f"Nobody {number}", birth_date="1990-03-11", **person)
        invalid = self.make_customer("Invalid", user_id=self.chen.id)
        self.make_contact(invalid, "Nobody", birth_date="1990-03-11")
        invalid._mark_invalid(self.env["customer.invalid.reason"].search([], limit=1))
        self.run_at("2026-03-10 12:00:00")
        self.assertEqual(
            self.activities(self.chen, "birthday").mapped("summary"), ["Birthday of Reminded Customer, Li Wei"]
        )
        self.assertFalse(self.activities(self.chief, "birthday"))

    def test_birthday_in_digest(self):
        """The digest shows birthdays to owners who may know them, and to nobody else."""
        (self.chen | self.anna).follow_up_digest = True
        self.make_contact(self.make_customer("Anna's", user_id=self.anna.id), "Secret", birth_date="1990-03-11")
        self.run_at("2026-03-10 12:00:00", "ir_cron_remind_of_steps")
        self.assertIn("Li Wei", self.messages(self.chen).body)
        self.assertFalse(self.messages(self.anna))

    # -- verification -------------------------------------------------------------------------------------------------

    def old_customer(self, name, verified_on="2025-01-01", **vals):
        """Make a customer of Chen's that was verified too long ago."""
        return self.make_customer(name, user_id=self.chen.id, verified_on=verified_on, **vals)

    def test_verification(self):
        """As many as the company has chosen, the longest unverified first, the next when these are done."""
        third, first, second = (
            self.old_customer(name, day)
            for name, day in (("Third", "2025-03-01"), ("First", "2025-01-01"), ("Second", "2025-02-01"))
        )
        for _twice in range(2):
            self.run_at("2026-03-10 12:00:00")
            activities = self.activities(self.chen, "verification")
            self.assertEqual(activities.mapped("res_id"), [first.id, second.id])
        first.with_user(self.chen).action_customer_verify()
        self.assertFalse(activities[0].active, "verifying is what it asked for")
        activities[1].with_user(self.chen).action_feedback(feedback="They do not answer")
        for _twice in range(2):
            self.run_at("2026-03-11 12:00:00")
            open_ones = self.activities(self.chen, "verification").filtered("active")
            self.assertEqual(open_ones.mapped("res_id"), [third.id], "never a second time for the same")
        self.env.company.customer_verification_limit = 9
        self.run_at("2027-03-20 12:00:00")
        self.assertIn(first.id, self.activities(self.chen, "verification").filtered("active").mapped("res_id"))

    def test_verification_of_whom(self):
        """Not new customers, not what has no owner, is invalid, or that the owner may not see; 0 switches it off."""
        self.make_customer("New", user_id=self.chen.id)
        self.old_customer("Nobody's").user_id = False
        self.old_customer("Invalid")._mark_invalid(self.env["customer.invalid.reason"].search([], limit=1))
        self.old_customer("Foreign", company_id=self.other_company.id)
        archived = self.make_user("archived_sales", "UTC")
        self.old_customer("Archived").user_id = archived
        archived.active = False
        self.run_at("2026-03-10 12:00:00")
        self.assertFalse(self.activities(self.chen, "verification") + self.activities(archived, "verification"))
        old = self.old_customer("Old")
        self.env.company.customer_verification_limit = 0
        self.run_at("2026-03-10 12:00:00")
        self.assertFalse(self.activities(self.chen, "verification"))
        self.env.company.customer_verification_limit = 1
        self.run_at("2026-03-10 12:00:00")
        self.assertEqual(self.activities(self.chen, "verification").mapped("res_id"), old.ids)

    def test_never_verified(self):
        """Who was never verified is told of after the days of its category, or of the nearest one above."""
        self.retail.verification_days = 30
        young, old, usual = (
            self.old_customer(name, False, customer_category_id=category)
            for name, category in (("Young", self.shop.id), ("Old", self.shop.id), ("Usual", False))
        )
        self.env.flush_all()
        for customer, day in ((young, "2026-02-20"), (old, "2026-02-01"), (usual, "2025-06-01")):
            self.env.cr.execute("UPDATE res_partner SET create_date = %s WHERE id = %s", [day, customer.id])
        self.env.invalidate_all()
        self.run_at("2026-03-10 12:00:00")
        self.assertEqual(self.activities(self.chen, "verification").mapped("res_id"), old.ids)

    def test_interrupted(self):
        """A run that is cut off after one owner is gone on with; nothing is stacked."""
        self.anna.group_ids |= self.env.ref("customer_mgmt.group_customer_personal")
        self.make_contact(self.make_customer("Anna's", user_id=self.anna.id), "Known", birth_date="1990-03-11")
        with (
            self.at("2026-03-10 12:00:00"),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0),
        ):
            self.env["res.partner"]._remind_of_birthdays()
        counts = [len(self.activities(user, "birthday")) for user in (self.chen, self.anna)]
        self.assertEqual(sum(counts), 1)
        for _twice in range(2):
            self.run_at("2026-03-10 12:00:00")
            self.assertEqual([len(self.activities(user, "birthday")) for user in (self.chen, self.anna)], [1, 1])

    # -- without a plan -----------------------------------------------------------------------------------------------

    def contact_on(self, customer, date):
        """Record a contact with ``customer`` without a next step."""
        with self.at(date):
            self.env["partner.follow.up"].create(
                {
                    "partner_id": customer.id,
                    "user_id": self.chen.id,
                    "date": date,
                    "outcome": "reached",
                    "key_points": "Said hello to them",
                }
            ).action_done()

    def test_without_plan(self):
        """After the cadence since the last contact, once; after the next contact again; not while a step is open."""
        self.retail.cadence_days = 7
        self.customer.customer_category_id = self.retail
        self.contact_on(self.customer, "2026-03-10 03:00:00")
        table = [("2026-03-17 02:00:00", 0), ("2026-03-17 23:30:00", 1), ("2026-03-18 23:30:00", 1)]
        for moment, count in table:
            self.run_at(moment, "ir_cron_remind_of_steps")
            self.assertEqual(self.subjects(self.chen), ["1 customer without a plan"] * count, moment)
        self.assertIn("Reminded Customer", self.messages(self.chen).body)
        self.contact_on(self.customer, "2026-03-19 03:00:00")
        step = self.make_step("2026-05-10 03:00:00")
        self.run_at("2026-03-28 12:00:00", "ir_cron_remind_of_steps")
        self.assertEqual(len(self.messages(self.chen)), 1)
        step._close("cancelled")
        self.run_at("2026-03-29 12:00:00", "ir_cron_remind_of_steps")
        self.assertEqual(len(self.messages(self.chen)), 2)

    def test_without_plan_in_digest(self):
        """Who takes the digest finds it there, new ones counted, and gets no message besides."""
        self.chen.follow_up_digest = True
        self.retail.cadence_days = 7
        self.customer.customer_category_id = self.retail
        self.contact_on(self.customer, "2026-03-10 03:00:00")
        self.run_at("2026-03-20 12:00:00", "ir_cron_remind_of_steps")
        [message] = self.messages(self.chen)
        self.assertIn("Without a plan 1", message.subject)
        self.assertIn("(1 new)", " ".join(message.body.striptags().split()))
        self.run_at("2026-03-21 12:00:00", "ir_cron_remind_of_steps")
        self.assertNotIn("new)", self.messages(self.chen)[1].body)

    def test_queries(self):
        """Thirty birthdays, and thirty customers without a plan, cost as many queries as one."""
        persons = self.person.union(
            *(self.make_contact(self.customer, f"Person {number}", birth_date="1990-03-13") for number in range(30))
        )
        with self.at("2026-03-10 12:00:00"):
            few = self.count_queries(lambda: self.person.sudo()._remind_of_birthday(self.chen))
            many = self.count_queries(lambda: (persons - self.person).sudo()._remind_of_birthday(self.chen))
        self.assertEqual(len(self.activities(self.chen, "birthday")), 31)
        self.assertLessEqual(many, few)
        self.retail.cadence_days = 7
        customers = self.env["res.partner"].union(
            *(
                self.make_customer(f"Customer {number}", user_id=self.chen.id, customer_category_id=self.retail.id)
                for number in range(30)
            )
        )
        reader = self.chen.with_user(self.chen).with_context(tz="UTC", lang="en_US")

        def tell():
            reader._tell_newly_without_plan(reader.env["res.partner"]._search_newly_without_plan(self.chen))

        with self.at("2026-03-20 12:00:00"):
            self.contact_on(customers[0], "2026-03-10 03:00:00")
            few = self.count_queries(tell)
            for customer in customers[1:]:
                self.contact_on(customer, "2026-03-10 03:00:00")
            many = self.count_queries(tell)
        self.assertEqual(self.subjects(self.chen), ["1 customer without a plan", "30 customers without a plan"])
        self.assertLessEqual(many, few)
