from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .dimension_rule import DimensionRuleCase


@tagged("post_install", "-at_install")
class TestDimensionPreview(DimensionRuleCase):
    """Before an evaluation one sees what it would change; nothing is changed by looking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.Partner.create(
            [
                {"name": f"P{i}", "is_company": True, "customer_status": "prospect", "employee_headcount": 10**6 + i}
                for i in range(4)
            ]
        )
        cls.low = cls.value(cls.by_band, "Low", bound_min=10**6, bound_max=10**6 + 2)
        cls.high = cls.value(cls.by_band, "High", bound_min=10**6 + 2)
        cls.env.flush_all()

    def preview(self, dimension_type):
        """Open the dialog as the administrator does."""
        action = dimension_type.with_user(self.admin).action_preview()
        return self.env[action["res_model"]].with_user(self.admin).browse(action["res_id"])

    def lines(self, preview):
        """Return {(from, to): count} of the lines about the values of this test."""
        ours = self.low | self.high
        return {
            (line.from_value_id, line.to_value_id): line.count
            for line in preview.line_ids
            if (line.from_value_id | line.to_value_id) & ours
        }

    def test_counts(self):
        """Lines say from what to what, and add up; who keeps a chosen value and who has none is told."""
        self.customers[0].with_user(self.admin)[self.by_band.column] = self.high
        self.customers[1].write({"employee_headcount": 10**6 + 9})
        self.customers[1].write({"employee_headcount": 10**6 + 1})
        self.assertEqual(self.customers[1][self.by_band.column], self.low)
        self.low.bound_max, self.high.bound_min = 10**6 + 1, 10**6 + 1
        preview = self.preview(self.by_band)
        none = self.Value
        self.assertEqual(self.lines(preview), {(none, self.high): 2, (self.low, self.high): 1})
        self.assertEqual(preview.changed_count, sum(preview.line_ids.mapped("count")))
        self.assertGreaterEqual(preview.kept_count, 1)
        everyone = self.Partner.with_context(active_test=False).search_count(self.Partner._customer_domain())
        self.assertEqual(preview.total, everyone)
        self.assertFalse(self.customers[2][self.by_band.column])
        preview.action_evaluate()
        self.run_job()
        again = self.preview(self.by_band)
        self.assertEqual((again.changed_count, again.unclassified_count), (0, preview.unclassified_count))

    def test_show_customers(self):
        """The customers behind a line, or behind all, can be looked at."""
        preview = self.preview(self.by_band)
        line = preview.line_ids.filtered(lambda line: line.to_value_id == self.low)
        self.assertEqual(self.Partner.search(line.action_open_partners()["domain"]), self.customers[:2])
        everyone = self.Partner.search(preview.action_open_partners()["domain"])
        self.assertLessEqual(self.customers, everyone)

    def test_values_to_be_made(self):
        """Records without a value are counted, for types that make values."""
        before = self.preview(self.by_address).new_value_count
        self.customers[0].write({"country_id": self.country.id, "state_id": self.state.id})
        preview = self.preview(self.by_address)
        self.assertEqual(preview.new_value_count, before + 2)
        self.assertFalse(self.Value.search([("source_ref", "=", f"res.country,{self.country.id}")]))
        self.assertEqual(self.preview(self.by_band).new_value_count, 0)

    def test_refused(self):
        """What cannot be evaluated says why; whoever does not configure dimensions is sent away."""
        with self.assertRaisesRegex(ValidationError, "nothing to evaluate"):
            self.preview(self.by_hand)
        broken = self.value(self.by_condition, "Broken", domain=[("name", "!=", False)])
        self.env.cr.execute("UPDATE partner_dimension_value SET rule_domain = 'x' WHERE id = %s", [broken.id])
        self.env.invalidate_all()
        self.env.registry.clear_cache("stable")
        with self.assertRaisesRegex(ValidationError, "Condition of “Broken”"):
            self.preview(self.by_condition)
        for user in (self.outsider, self.user, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.by_band.with_user(user).action_preview()
