from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .reminder import ReminderCase

DAY = date(2026, 3, 10)
AWAY = {"absent_from": "2026-03-09", "absent_until": "2026-03-11"}


@tagged("post_install", "-at_install")
class TestAbsence(ReminderCase):
    """Who acts for whom, and where the day's work stands meanwhile."""

    def acting(self, user, day=DAY):
        """Return who acts for ``user``."""
        return user._substitute_on(day)[user]

    def test_days(self):
        """The first and the last day count; a missing end is open; without a substitute nothing changes."""
        self.assertEqual(self.acting(self.chen), self.chen)
        self.chen.write(AWAY)
        self.assertEqual(self.acting(self.chen), self.chen)
        self.chen.substitute_id = self.anna
        table = [
            ("2026-03-10", "2026-03-10", True),
            ("2026-03-11", "2026-03-12", False),
            ("2026-03-01", "2026-03-09", False),
            ("2026-03-10", False, True),
            (False, "2026-03-10", True),
            ("2026-03-11", False, False),
            (False, "2026-03-09", False),
            (False, False, False),
        ]
        for first, last, away in table:
            with self.subTest(first=first, last=last):
                self.chen.write({"absent_from": first, "absent_until": last})
                self.assertEqual(self.acting(self.chen), self.anna if away else self.chen)

    def test_chain(self):
        """Work goes on along the chain; a circle, an archived one or nobody at its end leave it with the user."""
        self.chen.write({**AWAY, "substitute_id": self.anna.id})
        self.anna.write({**AWAY, "substitute_id": self.boss.id})
        self.assertEqual(self.acting(self.chen), self.boss)
        self.assertEqual((self.chen | self.anna | self.chief)._substitute_on(DAY)[self.chief], self.chief)
        self.boss.write({**AWAY, "substitute_id": self.chen.id})
        self.assertEqual(self.acting(self.chen), self.chen, "a circle")
        self.boss.write({"substitute_id": False})
        self.assertEqual(self.acting(self.chen), self.chen, "nobody at the end")
        self.boss.write({"absent_from": False, "absent_until": False})
        self.assertEqual(self.acting(self.chen), self.boss)
        self.boss.active = False
        self.assertEqual(self.acting(self.chen), self.chen, "archived")

    def test_queries(self):
        """One link takes as many queries for fifty users as for one."""
        users = self.env["res.users"].union(
            *(self.make_user(f"many_{n}", "UTC", **AWAY, substitute_id=self.anna.id) for n in range(50))
        )
        one = self.count_queries(lambda: users[:1]._substitute_on(DAY))
        self.assertEqual(self.count_queries(lambda: users._substitute_on(DAY)), one)

    def test_own_absence(self):
        """Everybody records their own absence in the preferences, nobody that of others, administrators everyone's."""
        own = self.chen.with_user(self.chen)
        own.write({**AWAY, "substitute_id": self.anna.id})
        self.assertEqual(own.read(["substitute_id"])[0]["substitute_id"][0], self.anna.id)
        with self.assertRaises(AccessError):
            self.anna.with_user(self.chen).substitute_id = self.boss
        self.anna.with_user(self.env.ref("base.user_admin")).substitute_id = self.boss

    def test_bad_input(self):
        """The user, a visitor of the portal and days in the wrong order are refused."""
        for substitute in (self.chen, self.portal):
            with self.assertRaisesRegex(ValidationError, "another internal user"):
                self.chen.substitute_id = substitute
        with self.assertRaisesRegex(ValidationError, "last day comes before"):
            self.chen.write({"absent_from": "2026-03-11", "absent_until": "2026-03-10"})

    def test_carry(self):
        """A due step stands in the substitute's list while its owner is away, and in the owner's again afterwards."""
        due, later = self.make_step("2026-03-10 03:00:00"), self.make_step("2026-03-12 03:00:00", self.make_customer())
        self.chen.write({**AWAY, "substitute_id": self.anna.id})
        self.run_job()
        self.assertEqual((due.user_id, due.activity_id.user_id), (self.chen, self.anna))
        self.assertEqual(later.activity_id.user_id, self.chen, "not due yet")
        self.run_job()
        self.assertEqual(due.activity_id.user_id, self.anna)
        self.assertFalse(self.subjects(self.chen) + self.subjects(self.anna), "not its time yet")
        with self.at("2026-03-11 16:30:00"):  # past midnight in Shanghai
            self.run_job()
        self.assertEqual((due.user_id, due.activity_id.user_id, due.state), (self.chen, self.chen, "open"))
        self.assertNotIn(self.anna.partner_id, self.customer.message_partner_ids, "followers see it for good")

    def test_carry_day_of_owner(self):
        """“Today” is the owner's: the absence begins when the day begins in Shanghai."""
        self.chen.write({"absent_from": "2026-03-11", "absent_until": "2026-03-11", "substitute_id": self.anna.id})
        step = self.make_step("2026-03-10 03:00:00")
        for moment, holder in (("2026-03-10 15:59:00", self.chen), ("2026-03-10 16:01:00", self.anna)):
            with self.at(moment):
                self.run_job()
                self.assertEqual(step.activity_id.user_id, holder, moment)

    def test_carry_in_sight(self):
        """The activity opens the customer to the substitute for the time, but not one of a foreign company."""
        self.env["ir.rule"]._set_customer_visibility("own")
        foreign = self.make_customer("Foreign", user_id=self.chen.id, company_id=self.other_company.id)
        self.chen.company_ids |= self.other_company
        steps = self.make_step("2026-03-10 03:00:00") | self.make_step("2026-03-10 03:00:00", foreign)
        self.assertFalse(self.customer.with_user(self.anna).has_access("read"))
        self.chen.write({**AWAY, "substitute_id": self.anna.id})
        self.run_job()
        self.assertEqual(steps.mapped("activity_id.user_id"), self.anna | self.chen)
        self.assertTrue(self.customer.with_user(self.anna).has_access("read"))
        self.chen.absent_until = "2026-03-09"
        self.run_job()
        self.assertFalse(self.customer.with_user(self.anna).has_access("read"))

    def test_reassigned_by_hand(self):
        """Who gives the substitute's activity to a third person hands the step over."""
        step = self.make_step("2026-03-10 03:00:00")
        self.chen.write({**AWAY, "substitute_id": self.anna.id})
        self.run_job()
        step.activity_id.user_id = self.boss
        self.assertEqual(step.user_id, self.boss)
