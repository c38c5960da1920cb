"""What the tests of the rules of dimension types share."""

from .common import CustomerCase


class DimensionRuleCase(CustomerCase):
    """One type per basis of rules, with values of the tests alone, and short ways to ask what a customer has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Value = cls.env["partner.dimension.value"]
        types = {code: cls.env.ref(f"customer_mgmt.partner_dimension_type_{code}") for code in cls.shipped_codes()}
        cls.by_condition, cls.by_band = types["territory"], types["scale"]
        cls.by_field, cls.by_address = types["industry"], types["region"]
        cls.by_hand, cls.computed = types["customer_class"], types["tenure"]
        rule = {"kind": "rule", "locked": False, "active": True, "company_id": False}
        cls.by_condition.write({**rule, "rule_basis": "condition", "hierarchical": True})
        cls.by_band.write({**rule, "rule_basis": "band"})
        cls.by_field.write({**rule, "rule_basis": "field"})
        cls.by_address.write({**rule, "rule_basis": "address", "hierarchical": True})
        for dimension_type in types.values():
            dimension_type.default_value_id = False
            dimension_type.value_ids.active = False
        cls.country = cls.env["res.country"].create({"name": "Testland", "code": "ZZ"})
        cls.state = cls.env["res.country.state"].create(
            {"name": "Northern", "code": "NO", "country_id": cls.country.id}
        )
        cls.trade = cls.env["res.partner.industry"].create({"name": "Test Trade"})

    @staticmethod
    def shipped_codes():
        """Return the codes of the types that the tests use."""
        return ("territory", "scale", "industry", "region", "customer_class", "tenure")

    @classmethod
    def value(cls, dimension_type, name, **vals):
        """Make a value; ``source`` is the record that it stands for, ``domain`` its condition."""
        if source := vals.pop("source", None):
            vals["source_ref"] = f"{source._name},{source.id}"
        if "domain" in vals:
            vals["rule_domain"] = str(vals.pop("domain"))
        return cls.Value.create({"type_id": dimension_type.id, "name": name, **vals})

    def value_of(self, partner, dimension_type):
        """Return which value ``partner`` has, and check that its history says the same."""
        value = partner[dimension_type.column]
        if partner.commercial_partner_id == partner:
            self.assertEqual(self.entry(partner, dimension_type).value_id, value)
        return value

    def entry(self, partner, dimension_type):
        """Return the open entry of the history."""
        return partner.dimension_assignment_ids.filtered(
            lambda entry: entry.type_id == dimension_type and not entry.until
        )

    def run_job(self):
        """Run the job that evaluates, as Odoo does."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_evaluate_dimensions").method_direct_trigger()
        self.env.invalidate_all()

    def evaluate(self, dimension_type):
        """Evaluate one type over all customers, and return the run."""
        dimension_type.with_user(self.admin).action_evaluate()
        run = self.env["partner.dimension.run"].search([("type_id", "=", dimension_type.id)], limit=1)
        self.run_job()
        return run
