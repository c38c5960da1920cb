from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..models.res_partner_status import UNCHECKED
from .dimension import DimensionCase

IMPORTANCE, TERRITORY = "x_dim_importance_id", "x_dim_territory_id"


class MandatoryCase(DimensionCase):
    """Importance is mandatory for active customers, the territory always."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        others = cls.env["partner.dimension.type"].search([]) - cls.importance - cls.territory
        others.write({"mandatory": "never"})
        cls.importance.mandatory = "active"
        cls.territory.mandatory = "always"
        cls.full = {IMPORTANCE: cls.key.id, TERRITORY: cls.north.id}

    def restart(self):
        """Forget what was read, as the next request does."""
        self.env.flush_all()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMandatory(MandatoryCase):
    """When a person is asked for a value, and when nobody is."""

    def test_table(self):
        """Status, values it has, what a person writes, and what is missing then."""
        key, north = {IMPORTANCE: self.key.id}, {TERRITORY: self.north.id}
        none = {IMPORTANCE: False}
        rows = [
            ("prospect", {}, {"customer_status": "active"}, "Importance, Sales Territory"),
            ("prospect", north, {"customer_status": "active"}, "Importance"),
            ("prospect", north, {"customer_status": "active", **key}, None),
            ("prospect", self.full, {"customer_status": "active"}, None),
            (False, {}, {"customer_status": "prospect"}, "Sales Territory"),
            (False, key, {"customer_status": "prospect", **north}, None),
            ("prospect", self.full, {TERRITORY: False}, "Sales Territory"),
            ("prospect", self.full, none, None),
            ("active", self.full, none, "Importance"),
            ("active", key, {TERRITORY: False, **none}, "Importance"),
            ("active", {}, key, None),
            ("active", {}, none, None),
            ("active", {}, {"name": "Renamed", "phone": "1"}, None),
            ("active", {}, {"customer_category_id": self.shop.id}, "Importance, Sales Territory"),
            ("active", {}, {"customer_status": "invalid"}, None),
            ("invalid", {}, {"customer_status": "active"}, None),
            ("invalid", self.full, {**none, TERRITORY: False}, None),
        ]
        for status, has, vals, missing in rows:
            customer = self.make_customer("Acme", "active" if status == "invalid" else status, **has)
            if status == "invalid":
                customer.customer_status = "invalid"
            self.restart()
            customer = customer.with_user(self.user)
            with self.subTest(status=status, has=has, vals=vals):
                if missing:
                    with self.assertRaises(ValidationError) as caught:
                        customer.write(vals)
                    self.assertTrue(caught.exception.args[0].startswith(f"{missing}: must be"), caught.exception)
                else:
                    customer.write(vals)

    def test_message(self):
        """It blames the type where the type asks, and the category where the category does."""
        self.shop.prospect_required_field_ids = self.env["ir.model.fields"]._get("res.partner", "phone")
        customer = self.make_customer("Acme", customer_category_id=self.shop.id).with_user(self.user)
        with self.assertRaises(ValidationError) as caught:
            customer.customer_status = "active"
        self.assertEqual(
            caught.exception.args[0].split("\n"),
            [
                "Phone: must be filled in for “Acme”; the category “Test Retail / Test Shop” requires it (Active). "
                "Fill in what is missing, then save again.",
                "Importance, Sales Territory: must be filled in for “Acme”; every customer needs it in this status "
                "(Active). Choose a value, then save again.",
            ],
        )

    def test_create_and_import(self):
        """A new customer is asked for, whoever enters it and how; a row says it for itself."""
        Partner = self.Partner.with_user(self.user)
        new = {"name": "New", "customer_status": "prospect"}
        with self.refused("Sales Territory: must be filled in for “New”"):
            Partner.create(new)
        self.assertTrue(Partner.create({**new, TERRITORY: self.north.id}).customer_number)
        rows = [["A", "prospect", self.north.code], ["B", "prospect", ""]]
        result = Partner.with_context(import_file=True).load(["name", "customer_status", TERRITORY], rows)
        told = [entry["message"] for entry in result["messages"] if entry["record"] == 1]
        self.assertRegex("\n".join(told), "Sales Territory: must be filled in for “B”")

    def test_never_in_the_way(self):
        """What is no customer of a person's making is never asked: people, companies, contacts, visitors, jobs."""
        Partner = self.Partner.with_user(self.user)
        customer = self.make_customer("Acme", **self.full)
        self.assertTrue(Partner.create({"name": "Plain"}))
        self.assertTrue(Partner.create({"name": "Contact", "parent_id": customer.id}))
        self.assertTrue(Partner.create({"name": "Contact", "parent_id": self.make_customer("Bare").id}))
        self.assertTrue(self.env["res.company"].create({"name": "Branch"}).partner_id)
        self.assertTrue(self.env["res.users"].create({"name": "U", "login": "dimension_user"}))
        self.assertTrue(self.make_customer("By a job"))
        self.portal.partner_id.with_user(self.portal).sudo().write({"city": "Basel", "customer_status": "prospect"})
        signup = self.Partner.with_user(self.portal).sudo().create({"name": "Visitor", "customer_status": "prospect"})
        self.assertTrue(signup.customer_incomplete)

    def test_automatic_moves(self):
        """Order, adoption, merge, marking invalid and restoring go on, and leave the customer incomplete."""
        moves = {
            "order": lambda customer: customer._activate_customer("order"),
            "job": lambda customer: customer.sudo().write({"customer_status": "active", TERRITORY: False}),
            "unchecked": lambda customer: customer.with_context(customer_unchecked=UNCHECKED).write(
                {"customer_status": "active"}
            ),
            "adoption": lambda customer: self.Partner._adopt_customers(customer.ids, "active", self.shop, self.admin),
            "restore": lambda customer: (customer._mark_invalid(), customer.action_customer_restore()),
        }
        for name, move in moves.items():
            status = {"adoption": False, "restore": "active"}.get(name, "prospect")
            customer = self.make_customer("Acme", status, **{TERRITORY: self.north.id}).with_user(self.user)
            with self.subTest(name):
                move(customer)
                self.restart()
                self.assertEqual((customer.customer_status, customer.customer_incomplete), ("active", True))
        survivor = self.make_customer("Survivor", email="merge@acme.example")
        source = self.make_customer("Source", "active", email="merge@acme.example")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard._merge((survivor | source).ids, survivor.with_user(self.admin))
        self.assertEqual((survivor.customer_status, survivor.customer_incomplete), ("active", True))

    def test_who_may_not_choose_is_not_asked(self):
        """Where only a group chooses, others go on with their work, and see what is missing."""
        self.importance.edit_group_id = self.env.ref("customer_mgmt.group_customer_team")
        customer = self.make_customer(**{TERRITORY: self.north.id})
        with self.refused("Importance: must"):
            customer.with_user(self.leader).customer_status = "active"
        customer = customer.with_user(self.user)
        customer.customer_status = "active"
        self.assertEqual(customer.customer_missing, "Importance")
        self.assertEqual(customer.customer_required_fields, [IMPORTANCE, TERRITORY])
        self.assertEqual(customer.customer_enforced_fields, [TERRITORY])
        self.assertIn(IMPORTANCE, self.make_customer(status="active").with_user(self.leader).customer_required_fields)

    def test_one_company_only(self):
        """A type of one company is asked for on that company's customers; no others can be required to have it."""
        self.territory.mandatory = "never"
        self.env["partner.dimension.assignment"].search([("type_id", "=", self.importance.id)]).unlink()
        self.importance.value_ids.company_id = self.other_company
        self.importance.write({"company_id": self.other_company.id, "mandatory": "always"})
        self.retail.prospect_required_field_ids = self.env["ir.model.fields"]._get("res.partner", IMPORTANCE)
        self.put_in_companies(self.user, self.env.company | self.other_company)
        ours, shared = self.make_customer(company_id=self.env.company.id), self.make_customer()
        theirs = self.make_customer(company_id=self.other_company.id)
        customers = (ours | shared | theirs).with_user(self.user)
        customers = customers.with_context(allowed_company_ids=(self.env.company | self.other_company).ids)
        for category in (False, self.retail.id):
            customers.sudo().with_context(customer_unchecked=UNCHECKED).write({"customer_category_id": category})
            self.restart()
            self.assertEqual([bool(customer.customer_incomplete) for customer in customers], [False, False, True])
            domain = [("customer_incomplete", "=", True), ("id", "in", customers.ids)]
            self.assertEqual(customers.search(domain), theirs)
        (ours | shared).with_user(self.user).write({"customer_status": "active"})
        with self.refused("Importance: must"):
            customers[2].write({"customer_status": "active"})

    def test_completeness_and_search(self):
        """Compute, search and percentage follow the types, also without any category, and at once."""
        customers = {
            self.make_customer("P"): "Sales Territory",
            self.make_customer("PN", **{TERRITORY: self.north.id}): "",
            self.make_customer("A", "active"): "Importance, Sales Territory",
            self.make_customer("AF", "active", **self.full): "",
            self.make_customer("C", "active", customer_category_id=self.shop.id, **self.full): "",
            self.make_customer("CK", "active", customer_category_id=self.shop.id): "Importance, Sales Territory",
            self.Partner.create({"name": "Plain"}): "",
        }
        self.restart()
        for customer, missing in customers.items():
            self.assertEqual((customer.customer_missing or "", customer.customer_incomplete), (missing, bool(missing)))
        known = self.Partner.browse([customer.id for customer in customers])
        for wanted in (True, False):
            domain = [("customer_incomplete", "=", wanted), ("id", "in", known.ids)]
            self.assertEqual(self.Partner.search(domain), known.filtered_domain(domain).sorted())
        prospect = known[0]
        expected = len(self.Partner._customer_completeness_fields()) + 2
        self.assertEqual(prospect.customer_completeness, 100 // expected)
        self.territory.mandatory = "never"
        self.restart()
        self.assertFalse(prospect.customer_incomplete)
        self.territory.mandatory = "always"
        self.territory.active = False
        self.restart()
        self.assertFalse(prospect.customer_incomplete)
        self.assertNotIn(prospect, self.Partner.search([("customer_incomplete", "=", True)]))

    def test_form(self):
        """The form asks for the mandatory values, also where it has no place for dimensions of its own."""
        view = "customer_mgmt.res_partner_view_form_customer_quick"
        Partner = self.Partner.with_user(self.user).with_context(default_customer_status="prospect")
        with self.assertRaisesRegex(AssertionError, f"{TERRITORY} is a required field"), Form(Partner, view) as form:
            form.name = "By Form"
        with Form(Partner, view) as form:
            form.name = "By Form"
            form[TERRITORY] = self.north
        arch = etree.fromstring(Partner.get_view(self.env.ref(view).id, "form")["arch"])
        [node] = arch.xpath(f"//field[@name='{TERRITORY}']")
        self.assertIn("('is_selectable', '=', True)", node.get("domain"))
        self.assertIn("dimension_readonly", node.get("readonly"))

    def test_what_can_be_required(self):
        """A category may require what people choose on customers: no archived, frozen or contacts' dimension."""
        names = self.Partner._requirable_field_names()
        self.assertEqual(names.count(IMPORTANCE), 1)
        self.assertNotIn("x_dim_tenure_id", names)
        self.retail.prospect_required_field_ids = self.env["ir.model.fields"]._get("res.partner", IMPORTANCE)
        customer = self.make_customer(customer_category_id=self.retail.id, **{TERRITORY: self.north.id})
        self.assertEqual(customer.customer_missing, "Importance")
        for vals in ({"active": False}, {"kind": "computed", "mandatory": "never"}):
            self.importance.write(vals)
            self.restart()
            with self.subTest(vals=vals):
                self.assertNotIn(IMPORTANCE, self.Partner._requirable_field_names())
                self.assertFalse(customer.customer_incomplete)
            self.importance.write({"active": True, "kind": "manual"})
        self.env["partner.dimension.assignment"].search([("type_id", "=", self.importance.id)]).unlink()
        self.importance.write({"applies_to": "contact", "mandatory": "never"})
        self.assertNotIn(IMPORTANCE, self.Partner._requirable_field_names())

    def test_who_cannot_be_asked(self):
        """A type that nobody can fill in, or of contact persons, cannot be mandatory."""
        self.env["partner.dimension.assignment"].search([("type_id", "=", self.importance.id)]).unlink()
        cases = [
            (self.tenure, {"mandatory": "always"}, "Mandatory: nobody can fill in “Tenure”"),
            (self.importance, {"kind": "computed"}, "Mandatory: nobody can fill in “Importance”"),
            (self.importance, {"applies_to": "contact"}, "“Importance” is a dimension of contact persons"),
        ]
        for dimension_type, vals, message in cases:
            with self.subTest(vals=vals), self.refused(message):
                dimension_type.write(vals)
