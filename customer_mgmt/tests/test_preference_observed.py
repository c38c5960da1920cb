import random
from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.customer_mgmt.models import partner_run_mixin
from odoo.addons.customer_mgmt.tools import preference as formula

from .preference import PreferenceCase


@tagged("post_install", "-at_install")
class TestObserved(PreferenceCase):
    """What customers buy becomes an observed preference, and ends with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM partner_preference")
        cls.tea, cls.toys = cls.env["product.category"].create([{"name": "Tea"}, {"name": "Toys"}])
        cls.other = cls.make_customer("Buys Like All")
        cls.Run = cls.env["partner.preference.run"]
        cls.shipped = cls.env.ref("customer_mgmt.partner_preference_kind_category")
        cls.recent = fields.Date.today() - timedelta(days=30)

    def observe_orders(self, *rows, job=True):
        """Let the apps know ``rows`` (partner, category, spend, orders, last date), and run the job anew."""
        facts = [SQL("(%s, %s, %s, %s, %s::date)", p.id, c.id, spend, n, last) for p, c, spend, n, last in rows]
        half = len(facts) // 2
        parts = [part for part in (facts[:half], facts[half:]) if part]
        queries = [SQL("SELECT * FROM (VALUES %s) AS fact", SQL(", ").join(part)) for part in parts]
        self.Run.search([("state", "=", "done")]).unlink()
        hook = patch.object(type(self.Partner), "_observed_preference_query", lambda partners: queries)
        if not job:
            return hook
        with hook, self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_observe_preferences").method_direct_trigger()
        self.env.invalidate_all()
        return self.seen()

    def seen(self, partner=None):
        """Return the valid observations of a customer, by category."""
        domain = [("partner_id", "=", (partner or self.customer).id), ("source", "=", "observed")]
        return self.Preference.search([*domain, ("is_current", "=", True)])

    def test_worked_example(self):
        """400 of 1,000 on tea where all spend 2,000 of 10,000: 40 %, twice the average."""
        seen = self.observe_orders(
            (self.customer, self.tea, 300, 3, self.recent),
            (self.contact, self.tea, 100, 2, self.recent - timedelta(days=9)),
            (self.customer, self.toys, 600, 6, self.recent),
            (self.other, self.tea, 1600, 9, self.recent),
            (self.other, self.toys, 7400, 9, self.recent),
        )
        self.assertEqual(seen.product_category_id, self.tea)
        figures = (seen.strength, seen.order_count, seen.spend_share, seen.lift, seen.last_evidence_on)
        self.assertEqual(figures, ("1", 5, 0.4, 2.0, self.recent))
        self.assertRegex(seen.evidence, r"^5 orders, 40 % of the spend, 2.0 × the average, last on ")
        self.assertEqual((seen.kind_id.code, seen.target_name, seen.recorded_by_id.id), ("category", "Tea", False))
        self.assertFalse(self.seen(self.other))
        self.assertEqual(self.Run.search([], limit=1).state, "done")

    def test_thresholds(self):
        """Too few orders, too little above the average, too small a share, or too long ago: no preference."""
        old = fields.Date.today() - timedelta(days=541)
        cases = [  # spend on tea, orders, last, spend on toys, observed
            (400, 3, self.recent, 600, True),
            (400, 2, self.recent, 600, False),
            (250, 3, self.recent, 750, False),
            (400, 3, old, 600, False),
            (400, 3, old + timedelta(days=1), 600, True),
        ]
        for spend, orders, last, rest, expected in cases:
            self.seen().unlink()
            seen = self.observe_orders(
                (self.customer, self.tea, spend, orders, last),
                (self.customer, self.toys, rest, 9, self.recent),
                (self.other, self.tea, 2000 - spend, 9, self.recent),
                (self.other, self.toys, 8000 - rest, 9, self.recent),
            )
            with self.subTest(spend=spend, orders=orders, last=last):
                self.assertEqual(bool(seen), expected)

    def test_again_and_over(self):
        """The same facts change nothing, new ones the figures, none end it; what was said stays."""
        said = self.say(
            "-2",
            kind_id=self.env.ref("customer_mgmt.partner_preference_kind_category").id,
            product_category_id=self.tea.id,
        )
        rest = ((self.other, self.toys, 9000, 9, self.recent),)
        seen = self.observe_orders((self.customer, self.tea, 400, 3, self.recent), *rest)
        self.assertEqual(self.observe_orders((self.customer, self.tea, 400, 3, self.recent), *rest), seen)
        self.assertEqual(self.Run.search([], limit=1).changed, 0)
        self.assertTrue(said.has_conflict)
        self.assertEqual(self.observe_orders((self.customer, self.tea, 800, 4, self.recent), *rest), seen)
        self.assertEqual((seen.order_count, self.Run.search([], limit=1).changed), (4, 1))
        seen.valid_from = date(2026, 1, 1)
        self.observe_orders(*rest)
        self.assertEqual(seen.valid_until, fields.Date.today() - timedelta(days=1))
        self.assertEqual((said.is_current, said.has_conflict), (True, False))

    def test_interrupted(self):
        """When the time is up the rest waits for the next turn, and compares with the same totals."""
        customers = self.Partner.create(
            [{"name": f"O{i}", "is_company": True, "customer_status": "prospect"} for i in range(5)]
        )
        rows = [(customer, self.tea, 100, 3, self.recent) for customer in customers]
        with (
            self.observe_orders(*rows, (self.other, self.toys, 900, 9, self.recent), job=False),
            self.enter_registry_test_mode(),
            patch.object(partner_run_mixin, "BATCH_SIZE", 2),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0),
        ):
            self.Run._cron_observe()
            run = self.Run.search([], limit=1)
            shares, done = run.shares, run.done
            self.assertEqual((run.state, done), ("running", 2))
            self.Run._cron_observe()
            self.assertEqual((run.shares, run.done), (shares, 4))
            while run.state == "running":
                self.Run._cron_observe()
        self.assertEqual((run.state, run.done), ("done", run.total))
        self.assertTrue(all(self.seen(customer) for customer in customers))

    def test_kind_gone(self):
        """Without its kind there is no place for observations; the run says so."""
        self.env["partner.preference.kind"].browse(
            self.env.ref("customer_mgmt.partner_preference_kind_category").id
        ).unlink()
        self.observe_orders((self.customer, self.tea, 400, 3, self.recent))
        run = self.Run.search([], limit=1)
        self.assertEqual(run.state, "stopped")
        self.assertIn("“Product Category” has been deleted", run.message)

    def test_kind_archived(self):
        """An archived kind gets no observations any more."""
        self.env.ref("customer_mgmt.partner_preference_kind_category").active = False
        self.assertFalse(self.observe_orders((self.customer, self.tea, 400, 3, self.recent)))
        self.assertEqual(self.Run.search([], limit=1).state, "stopped")

    def test_same_as_the_formula(self):
        """The job finds in random numbers, many of them close to a threshold, what the formula says."""
        random.seed(5)
        customers = self.Partner.create(
            [{"name": f"F{i}", "is_company": True, "customer_status": "active"} for i in range(60)]
        )
        categories = self.tea | self.toys | self.env["product.category"].create([{"name": f"F{i}"} for i in range(6)])
        today = fields.Date.today()
        rows = [
            (customer, category, random.choice((1, 7, 50, 100, 333, 1000)), random.randint(2, 4), last)
            for customer in customers
            for category in random.sample(list(categories), random.randint(1, 8))
            for last in [today - timedelta(days=random.choice((1, 540, 541)))]
        ]
        self.observe_orders(*rows)
        shares = self.Run.search([], limit=1).shares
        expected = {}
        for customer, category, spend, orders, last in rows:
            total = sum(row[2] for row in rows if row[0] == customer)
            found = formula.observe(orders, spend, total, shares[str(category.id)], last, today)
            if found:
                expected[customer, category] = (found.strength, orders, found.share, found.lift, last)
        seen = {
            (one.partner_id, one.product_category_id): (
                one.strength,
                one.order_count,
                one.spend_share,
                one.lift,
                one.last_evidence_on,
            )
            for one in self.Preference.search([("source", "=", "observed"), ("partner_id", "in", customers.ids)])
        }
        self.assertGreater(len(expected), 20)
        self.assertLess(len(expected), len(rows) - 20)
        self.assertEqual(seen, expected)

    def test_columns(self):
        """What the job writes by SQL has in every column what the same record has that is made as usual."""
        company = self.env["res.company"].create({"name": "Observing Company"})
        self.customer.company_id = company
        self.tea.parent_id = self.toys
        rest = (self.other, self.toys, 9000, 9, self.recent)
        made = self.observe_orders((self.customer, self.tea, 400, 3, self.recent), rest)
        self.assert_like_orm(made)
        self.assertEqual((made.company_id, made.target_name, made.strength), (company, "Toys / Tea", "2"))
        changed = self.observe_orders(
            (self.customer, self.tea, 400, 4, self.recent),
            (self.customer, self.toys, 600, 4, self.recent),
            (self.other, self.tea, 1600, 9, self.recent),
            (self.other, self.toys, 7400, 9, self.recent),
        )
        self.assertEqual((changed, changed.strength), (made, "1"))
        self.assert_like_orm(changed)

    def assert_like_orm(self, preference):
        """Assert that ``preference`` has in every stored column what the ORM gives it."""
        technical = {"id", "create_uid", "create_date", "write_uid", "write_date"}
        stored = [name for name, field in self.Preference._fields.items() if field.store and field.column_type]
        given = [name for name in stored if not preference._fields[name].compute and name not in technical]
        vals = {name: preference._fields[name].convert_to_write(preference[name], preference) for name in given}
        twin = self.Preference.sudo().create(vals)
        names = [name for name in stored if name not in technical]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(preference.read(names, load=False)[0] | {"id": 0}, twin.read(names, load=False)[0] | {"id": 0})
        default = self.Preference.sudo().new({})
        self.assertEqual(preference.recorded_on, default.recorded_on)
        twin.unlink()

    def test_language(self):
        """Evidence is written in the language of the main company, whoever sets the job in motion."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env.company.partner_id.lang = "zh_CN"
        self.env.registry.clear_cache()
        seen = self.observe_orders(
            (self.customer, self.tea, 400, 3, self.recent), (self.other, self.toys, 900, 9, self.recent)
        )
        self.assertIn("100", seen.evidence)
        self.assertNotIn("orders", seen.evidence)

    def test_two_of_one(self):
        """Of several for one target, as after a merge, the customer's oldest stays; none stays on a contact."""
        rows = ((self.customer, self.tea, 400, 3, self.recent), (self.other, self.toys, 900, 9, self.recent))
        first = self.observe_orders(*rows)
        second, of_contact = first.sudo().copy(), first.sudo().copy({"partner_id": self.contact.id})
        began = {"valid_from": date(2026, 1, 1)}
        (second | of_contact).write(began)
        self.assertEqual(self.observe_orders(*rows), first)
        yesterday = fields.Date.today() - timedelta(days=1)
        self.assertEqual((second | of_contact).mapped("valid_until"), [yesterday, yesterday])

    def test_ends_and_begins_on_one_day(self):
        """What ended today because of a mistake goes on as the same observation."""
        rest = (self.other, self.toys, 900, 9, self.recent)
        seen = self.observe_orders((self.customer, self.tea, 400, 3, self.recent), rest)
        self.observe_orders(rest)
        self.assertEqual(seen.valid_until, fields.Date.today())
        self.assertEqual(self.observe_orders((self.customer, self.tea, 400, 3, self.recent), rest), seen)
        self.assertFalse(seen.valid_until)

    def test_strangers_do_not_count(self):
        """What partners buy who are no customers changes nothing about what is usual."""
        stranger = self.Partner.create({"name": "Stranger", "is_company": True})
        self.observe_orders(
            (self.customer, self.tea, 400, 3, self.recent),
            (self.other, self.toys, 600, 3, self.recent),
            (stranger, self.toys, 99_000, 3, self.recent),
        )
        self.assertEqual(self.Run.search([], limit=1).shares, {str(self.tea.id): 0.4, str(self.toys.id): 0.6})
        self.assertFalse(self.seen(stranger))

    def test_without_orders(self):
        """Where no app knows orders no run begins; earlier observations then end with their age alone."""
        self.assertFalse(self.observe_orders())
        self.assertFalse(self.Run.search([]))
        young = self.observe(product_category_id=self.tea.id, kind_id=self.shipped.id, last_evidence_on=self.recent)
        old = self.observe(
            product_category_id=self.toys.id,
            kind_id=self.shipped.id,
            last_evidence_on=fields.Date.today() - timedelta(days=541),
            valid_from=date(2025, 1, 1),
        )
        self.assertEqual(self.observe_orders(), young)
        self.assertFalse(old.is_current)
        self.assertEqual(self.Run.search([], limit=1).changed, 1)

    def test_rights(self):
        """Who configures the customer file reads runs; nobody else, and nobody writes them."""
        run = self.Run.create({})
        for user in (self.outsider, self.user, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                run.with_user(user).read(["state"])
        self.assertEqual(run.with_user(self.admin).read(["state"])[0]["state"], "running")
        with self.assertRaises(AccessError):
            run.with_user(self.admin).write({"state": "done"})

    def test_queries(self):
        """Fifty customers cost as many queries as one."""
        customers = self.Partner.create(
            [{"name": f"O{i}", "is_company": True, "customer_status": "prospect"} for i in range(51)]
        )
        rows = [(customer, self.tea, 100, 3, self.recent) for customer in customers]
        run = self.Run.create({"shares": {str(self.tea.id): 0.1}})

        def count(partners):
            """Observe ``partners``, and return the number of queries."""
            return self.count_queries(
                lambda: self.assertEqual(run._look_at(SQL("(SELECT unnest(%s))", partners.ids))[0], len(partners))
            )

        with self.observe_orders(*rows, job=False):
            count(customers[:1])
            self.seen(customers[0]).unlink()
            one = count(customers[:1])
            self.assertEqual(count(customers[1:]), one)
        changed = [(customer, self.tea, 100, 4, self.recent) for customer in customers]
        with self.observe_orders(*changed, job=False):
            self.assertEqual((count(customers[:1]), count(customers[1:])), (one, one))
