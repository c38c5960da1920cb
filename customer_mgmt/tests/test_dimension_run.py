from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.customer_mgmt.models import partner_dimension_completion, partner_run_mixin

from .dimension_rule import DimensionRuleCase


@tagged("post_install", "-at_install")
class TestDimensionRun(DimensionRuleCase):
    """All customers are evaluated in the background: step by step, without traces but the history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.Partner.create(
            [
                {"name": f"R{i}", "is_company": True, "customer_status": "prospect", "employee_headcount": 5}
                for i in range(5)
            ]
        )
        cls.contact = cls.make_contact(cls.customers[0])
        cls.small = cls.value(cls.by_band, "Small", bound_min=1, bound_max=10)
        cls.env.flush_all()
        cls.Run = cls.env["partner.dimension.run"]
        # As if the night had been.
        cls.env["partner.dimension.type"]._start_all_runs()
        cls.Run.search([]).write({"state": "done"})

    def values(self):
        """Return what the customers have."""
        return self.customers.mapped(self.by_band.column)

    def test_what_changes(self):
        """Column, contacts and history; no message, and the date of the last change stays."""
        partners = self.customers | self.contact
        self.env.cr.execute("UPDATE res_partner SET write_date = '2026-01-01' WHERE id IN %s", [partners._ids])
        self.env.invalidate_all()
        messages = partners.message_ids
        run = self.evaluate(self.by_band)
        self.assertEqual((run.state, run.progress, run.skipped), ("done", 100, 0))
        self.assertGreaterEqual(run.changed, 5)
        self.assertEqual(run.done, run.total)
        self.assertEqual((self.values(), self.contact[self.by_band.column]), (self.small, self.small))
        self.assertEqual(set(partners.mapped("write_date")), {fields.Datetime.to_datetime("2026-01-01")})
        self.assertEqual(partners.message_ids, messages)
        entry = self.entry(self.customers[0], self.by_band)
        self.assertEqual((entry.source, entry.user_id, entry.value_id), ("rule", self.admin, self.small))
        self.assertIn("Rule of “Small”", entry.reason)

    def test_second_run_changes_nothing(self):
        """The same again finds nothing to do and writes nothing."""
        self.evaluate(self.by_band)
        query = "SELECT xmin::text FROM res_partner WHERE id IN %s ORDER BY id"
        self.cr.execute(query, [self.customers._ids])
        before = self.cr.fetchall()
        run = self.evaluate(self.by_band)
        self.cr.execute(query, [self.customers._ids])
        self.assertEqual((self.cr.fetchall(), run.changed, run.state), (before, 0, "done"))

    def test_chosen_values_stay(self):
        """What somebody has chosen is left, unless only rules count."""
        large = self.value(self.by_band, "Large", bound_min=10)
        chosen = self.customers[0]
        chosen.with_user(self.admin)[self.by_band.column] = large
        self.evaluate(self.by_band)
        self.assertEqual(self.value_of(chosen, self.by_band), large)
        self.by_band.locked = True
        self.evaluate(self.by_band)
        self.assertEqual(self.value_of(chosen, self.by_band), self.small)

    def test_time_is_up(self):
        """When Odoo's time for the job is over, the rest waits for its next turn and begins where it stopped."""
        self.by_band.with_user(self.admin).action_evaluate()
        run = self.Run.search([("type_id", "=", self.by_band.id)], limit=1)
        with (
            self.enter_registry_test_mode(),
            patch.object(partner_run_mixin, "BATCH_SIZE", 2),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0),
        ):
            self.Run._cron_evaluate()
            self.assertEqual((run.state, run.done), ("running", 2))
            self.Run._cron_evaluate()
            self.assertEqual((run.state, run.done), ("running", 4))
        self.run_job()
        self.assertEqual((run.state, run.done, self.values()), ("done", run.total, self.small))

    def test_customers_that_others_change(self):
        """Who is being changed by others is looked at again, at most three times; then the run says so."""
        run_class, partner_class = type(self.Run), type(self.Partner)
        real = partner_class._give_dimension
        busy = self.customers[0].id

        def all_but_busy(partners, dimension, rows):
            """Leave one customer as its lock would."""
            return real(partners, dimension, [row for row in rows if row[0] != busy])

        with patch.object(partner_class, "_give_dimension", all_but_busy):
            run = self.evaluate(self.by_band)
            self.assertEqual((run.state, run.passes, run.last_id, run.skipped), ("running", 1, 0, 1))
            self.run_job()
            with patch.object(run_class, "_come_back", lambda run: None):
                self.run_job()
        self.assertEqual((run.state, run.passes, run.skipped), ("done", 2, 1))
        self.assertIn("1 customers were being changed", run.message)
        self.run_job()
        self.assertFalse(self.customers[0][self.by_band.column])
        self.evaluate(self.by_band)
        self.assertEqual(self.values(), self.small)

    def test_lost_race(self):
        """A step that somebody else was faster than is taken back and done later."""
        self.by_band.with_user(self.admin).action_evaluate()
        run = self.Run.search([("type_id", "=", self.by_band.id)], limit=1)

        def lose(*_args):
            """Fail as the database does."""
            raise partner_run_mixin.LOST_RACES[0]

        with (
            patch.object(type(self.Run), "_take_step", lose),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            self.run_job()
        self.assertEqual((run.state, run.done), ("running", 0))
        self.run_job()
        self.assertEqual((run.state, self.values()), ("done", self.small))

    def test_condition_that_broke_meanwhile(self):
        """A type whose rules cannot be understood stops with the reason; the others go on."""
        broken = self.value(self.by_condition, "Broken", domain=[("name", "!=", False)])
        self.env.cr.execute(
            "UPDATE partner_dimension_value SET rule_domain = %s WHERE id = %s", ["[('gone', '=', 1)]", broken.id]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache("stable")
        (self.by_condition | self.by_band).with_user(self.admin).action_evaluate()
        self.run_job()
        runs = self.Run.search([("type_id", "in", (self.by_condition | self.by_band).ids)], limit=2)
        states = {run.type_id: run.state for run in runs}
        self.assertEqual(states, {self.by_condition: "stopped", self.by_band: "done"})
        message = self.by_condition.with_user(self.admin).last_run_message
        self.assertIn("Condition of “Broken”: there is no field “gone”", message)

    def test_nightly(self):
        """The job evaluates every type once a day, unasked; types of people alone are left out."""
        self.Run.search([]).unlink()
        self.run_job()
        types = self.Run.search([]).type_id
        self.assertLessEqual(self.by_band | self.by_field | self.by_address | self.by_condition, types)
        self.assertFalse(types & (self.by_hand | self.computed))
        self.assertEqual(self.values(), self.small)
        count = self.Run.search_count([])
        self.run_job()
        self.assertEqual(self.Run.search_count([]), count)

    def test_old_runs_go(self):
        """The last thirty runs of a type are kept."""
        vals = {"type_id": self.by_band.id, "state": "done"}
        old = self.Run.create([vals] * 35)
        run = self.evaluate(self.by_band)
        kept = self.Run.search([("type_id", "=", self.by_band.id)])
        self.assertEqual((len(kept), kept[0]), (30, run))
        self.assertEqual(len(old.exists()), 29)

    def test_places_are_made(self):
        """Countries and states in use get values, named as in each language and below each other; once."""
        self.country.with_context(lang="zh_CN").name = "测试国"
        odd = self.env["res.country.state"].create({"name": "广东省", "code": "粤", "country_id": self.country.id})
        self.customers[0].country_id = self.country
        self.customers[1].write({"country_id": self.country.id, "state_id": self.state.id})
        self.customers[2].state_id = odd
        unused = self.env["res.country"].create({"name": "Unused", "code": "ZY"})
        self.Partner.create({"name": "Nobody's Customer", "country_id": unused.id})
        run = self.evaluate(self.by_address)
        self.assertEqual((run.state, run.message), ("done", False))
        land, north, south = (self.value_of(customer, self.by_address) for customer in self.customers[:3])
        self.assertEqual((land | north | south).mapped("code"), ["zz", "zz_no", "zz_guang_dong_sheng"])
        self.assertEqual((north | south).parent_id, land)
        self.assertEqual((land.name, land.with_context(lang="zh_CN").name), ("Testland", "测试国"))
        self.assertEqual(land.with_context(lang="zh_CN").display_name, "测试国")
        self.assertEqual((land.source_ref, north.source_ref), (self.country, self.state))
        self.assertFalse(self.Value.search([("source_ref", "=", f"res.country,{unused.id}")]))
        self.assertEqual(self.evaluate(self.by_address).made, 0)

    def test_records_are_made(self):
        """A field's records get values by their names; codes that are taken get a number."""
        taken = self.value(self.by_field, "Something", code="test_trade")
        self.customers[0].industry_id = self.trade
        self.evaluate(self.by_field)
        value = self.value_of(self.customers[0], self.by_field)
        self.assertEqual((value.name, value.code), ("Test Trade", "test_trade_2"))
        self.assertNotEqual(value, taken)

    def test_archived_values_do_not_come_back(self):
        """An archived value stands for its record still: none is made instead of it."""
        self.value(self.by_address, "Testland", source=self.country, active=False)
        self.customers[0].country_id = self.country
        self.evaluate(self.by_address)
        self.assertFalse(self.value_of(self.customers[0], self.by_address))

    def test_too_many_records(self):
        """A field that is not meant for classing does not fill the tables."""
        self.customers[0].industry_id = self.trade
        with patch.object(partner_dimension_completion, "MAX_VALUES", 0):
            run = self.evaluate(self.by_field)
        self.assertEqual(run.state, "stopped")
        self.assertIn("too many", run.message)

    def test_first_customer_of_a_country(self):
        """A save that needs a new value starts a run, once."""
        count = self.Run.search_count([])
        self.customers[0].country_id = self.country
        self.customers[1].country_id = self.country
        runs = self.Run.search([("state", "=", "running")])
        self.assertEqual((runs.type_id, self.Run.search_count([])), (self.by_address, count + 1))
        self.assertFalse(runs.started_by_id)
        self.run_job()
        self.assertEqual(self.customers[:2].mapped(self.by_address.column).source_ref, self.country)
        self.customers[2].country_id = self.country
        self.assertEqual(self.Run.search_count([]), count + 1)

    def test_adoption(self):
        """Adopted customers are evaluated when the adoption is finished."""
        tag = self.env["res.partner.category"].create({"name": "Tag"})
        partner = self.Partner.create({"name": "Partner", "employee_headcount": 3, "category_id": tag.ids})
        adoption = self.env["customer.adoption"].create({"preset": "tags", "tag_ids": tag.ids})
        adoption.with_user(self.admin).action_start()
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_adopt_customers").method_direct_trigger()
        self.env.invalidate_all()
        self.assertIn(self.by_band, self.Run.search([("state", "=", "running")]).type_id)
        self.run_job()
        self.assertEqual(self.value_of(partner, self.by_band), self.small)

    def test_nothing_to_evaluate(self):
        """What only people give, or no app computes, or is archived, is refused with the reason."""
        self.by_address.active = False
        for dimension_type in (self.by_hand, self.computed, self.by_address):
            with self.subTest(type=dimension_type.name), self.assertRaisesRegex(UserError, "nothing to evaluate"):
                dimension_type.with_user(self.admin).action_evaluate()

    def test_job_is_switched_off(self):
        """Without the job nothing starts, and whoever tries learns whom to ask."""
        self.env.ref("customer_mgmt.ir_cron_evaluate_dimensions").active = False
        with self.assertRaisesRegex(UserError, "is switched off"):
            self.by_band.with_user(self.admin).action_evaluate()

    def test_archived_meanwhile(self):
        """A type that is archived while it waits stops."""
        self.by_band.with_user(self.admin).action_evaluate()
        run = self.Run.search([("type_id", "=", self.by_band.id)], limit=1)
        self.by_band.active = False
        self.run_job()
        self.assertEqual(run.state, "stopped")
        self.assertIn("archived", run.message)

    def test_rights(self):
        """Who configures dimensions starts and reads runs; nobody writes them."""
        for user in (self.outsider, self.user, self.manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.by_band.with_user(user).action_evaluate()
                with self.assertRaises(AccessError):
                    self.Run.with_user(user).search([])
        run = self.evaluate(self.by_band).with_user(self.admin)
        self.assertEqual(run.read(["state"])[0]["state"], "done")
        with self.assertRaises(AccessError):
            run.write({"state": "running"})
        self.assertIn(run, run.search(self.by_band.with_user(self.admin).action_open_runs()["domain"]))
        self.assertEqual(self.by_band.with_user(self.admin).last_run_id, run)
