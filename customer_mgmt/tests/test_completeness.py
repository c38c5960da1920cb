from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_requirement import FULL, WITHOUT, RequirementCase

# (status, values, what is missing)
CASES = [
    ("prospect", {}, ["city", "phone"]),
    ("prospect", WITHOUT["phone"], ["phone"]),
    ("prospect", {**WITHOUT["phone"], "phone": ""}, ["phone"]),
    ("prospect", WITHOUT["email"], []),
    ("active", WITHOUT["email"], ["email"]),
    ("active", FULL, []),
    ("invalid", {}, []),
    (False, {}, []),
]


@tagged("post_install", "-at_install")
class TestCompleteness(RequirementCase):
    """What is missing is shown, found and measured by the policy of this moment."""

    def customers(self):
        """Return {customer: names missing} of CASES, with a contact each that lacks everything."""
        result = {}
        for status, vals, missing in CASES:
            customer = self.shop_customer("active" if status == "invalid" else status, **vals)
            if status == "invalid":
                customer.customer_status = "invalid"
            self.make_contact(customer)
            result[customer] = missing
        self.restart()
        return result

    def test_compute_and_search_agree(self):
        """The filter finds exactly what the field says, also negated, for a user of the file."""
        cases = self.customers()
        known = self.Partner.browse([customer.id for customer in cases])
        known |= known.child_ids
        Partner = self.Partner.with_user(self.user)
        for operator, value in (("=", True), ("=", False), ("!=", True), ("in", [True]), ("in", [True, False])):
            with self.subTest(operator=operator, value=value):
                domain = [("customer_incomplete", operator, value), ("id", "in", known.ids)]
                self.assertEqual(Partner.search(domain), known.filtered_domain(domain).sorted())
        for customer, missing in cases.items():
            labels = ", ".join(self.Partner._fields[name].string for name in missing)
            self.assertEqual((customer.customer_incomplete, customer.customer_missing or ""), (bool(missing), labels))

    def test_kinds_of_fields(self):
        """Compute and search also agree on numbers, tags and relations, archived ones included."""
        fields = ["employee_headcount", "category_id", "country_id", "lang", "source_id"]
        self.shop.prospect_required_field_ids = self.env["ir.model.fields"].browse(
            [self.field(name).id for name in fields]
        )
        self.retail.prospect_required_field_ids = False
        tag = self.env["res.partner.category"].create({"name": "Old Tag", "active": False})
        values = {
            "employee_headcount": 7,
            "category_id": [Command.link(tag.id)],
            "country_id": self.env.ref("base.cn").id,
            "lang": "en_US",
            "source_id": self.env["utm.source"].create({"name": "Fair"}).id,
        }
        empty = {"employee_headcount": 0, "lang": False}
        customers = self.shop_customer(**values)
        for name in fields:
            customers |= self.shop_customer(**{**values, name: empty.get(name, False)})
        self.restart()
        self.assertEqual([bool(customer.customer_incomplete) for customer in customers], [False] + [True] * 5)
        found = self.Partner.search([("customer_incomplete", "=", True), ("id", "in", customers.ids)])
        self.assertEqual(found.sorted("id"), customers[1:].sorted("id"))

    def test_policy_changes_count_at_once(self):
        """Nothing is stored: a new requirement makes customers incomplete, and dropping it makes them complete."""
        customer = self.shop_customer(**FULL)
        self.assertFalse(customer.customer_incomplete)
        self.shop.prospect_required_field_ids |= self.field("vat")
        self.restart()
        self.assertTrue(customer.customer_incomplete)
        self.assertIn(customer, self.Partner.search([("customer_incomplete", "=", True)]))
        self.shop.prospect_required_field_ids -= self.field("vat")
        self.restart()
        self.assertNotIn(customer, self.Partner.search([("customer_incomplete", "=", True)]))

    def test_filling_in_completes(self):
        """Within one transaction the figures follow what is written."""
        customer = self.shop_customer(city="Basel")
        self.assertEqual(customer.customer_missing, "Phone")
        before = customer.customer_completeness
        customer.phone = "1"
        self.assertFalse(customer.customer_missing)
        self.assertGreater(customer.customer_completeness, before)

    def test_completeness(self):
        """Filled in ÷ expected: the base list and what the category requires of active customers, each once."""
        self.shop.active_required_field_ids |= self.field("vat")
        expected = len({*self.Partner._customer_completeness_fields(), "vat"})
        customer = self.shop_customer(city="Basel", vat="/")
        filled = len(["name", "customer_category_id", "city", "vat"])
        self.assertEqual(customer.customer_completeness, 100 * filled // expected)
        contact = self.make_contact(customer)
        self.assertFalse(contact.customer_completeness)
        self.assertFalse(self.Partner.create({"name": "Plain", "city": "Basel"}).customer_completeness)

    def test_form_asks_only_for_direct_fields(self):
        """The condition stands on every field that may be required, and on none within the contacts."""
        view = self.env.ref("customer_mgmt.res_partner_view_form_customer_quick")
        arch = etree.fromstring(self.Partner.with_user(self.user).get_view(view.id, "form")["arch"])
        for name in self.Partner._requirable_field_names():
            nodes = arch.xpath(f"//field[@name='{name}'][not(ancestor::field)]")
            self.assertTrue(nodes, name)
            self.assertIn(f"'{name}' in (customer_enforced_fields or [])", nodes[0].get("required"))
        plain = self.Partner.get_view(self.env.ref("base.view_partner_simple_form").id, "form")["arch"]
        self.assertNotIn("customer_enforced_fields", plain)

    def test_view_does_not_depend_on_the_policy(self):
        """The form that is kept between requests is the same whatever the categories require."""
        view = self.env.ref("customer_mgmt.res_partner_view_form_customer_quick")
        before = self.Partner.get_view(view.id, "form")["arch"]
        self.shop.prospect_required_field_ids = False
        self.env.registry.clear_cache("templates")
        self.assertEqual(self.Partner.get_view(view.id, "form")["arch"], before)

    def test_visitors_see_nothing_of_it(self):
        """A customer who logs in reads none of these fields of the own partner."""
        partner = self.portal.partner_id.with_user(self.portal)
        for name in (
            "customer_incomplete",
            "customer_missing",
            "customer_required_fields",
            "customer_enforced_fields",
            "customer_completeness",
            "verified_on",
            "verified_by_id",
            "customer_verification_due",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                partner.read([name])
