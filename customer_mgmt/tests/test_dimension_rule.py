import itertools
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .dimension_rule import DimensionRuleCase


@tagged("post_install", "-at_install")
class TestDimensionRule(DimensionRuleCase):
    """Customers have what the rules of a type say, as soon as somebody changes what the rules look at."""

    def test_conditions(self):
        """The first value by sequence whose condition is met is given; without any there is none."""
        large = self.value(self.by_condition, "Large", sequence=1, domain=[("employee_headcount", ">=", 100)])
        ours = self.value(self.by_condition, "Ours", sequence=2, domain=[("country_id.code", "=", "ZZ")])
        named = self.value(self.by_condition, "Named", sequence=3, domain=[("name", "ilike", "chosen")])
        self.value(self.by_condition, "No Condition", sequence=0)
        for vals, expected in (
            ({"employee_headcount": 100, "country_id": self.country.id}, large),
            ({"employee_headcount": 99, "country_id": self.country.id}, ours),
            ({"name": "Chosen Ltd"}, named),
            ({}, self.Value),
        ):
            with self.subTest(vals=vals):
                self.assertEqual(self.value_of(self.make_customer(**vals), self.by_condition), expected)

    def test_bands(self):
        """A band holds its lower bound and not its upper one; 0 employees means that nobody knows."""
        small = self.value(self.by_band, "Small", bound_min=0, bound_max=10)
        medium = self.value(self.by_band, "Medium", bound_min=10, bound_max=50)
        large = self.value(self.by_band, "Large", bound_min=100, bound_max=0)
        self.value(self.by_band, "No Band")
        customer = self.make_customer()
        for number, expected in (
            (0, self.Value),
            (1, small),
            (9, small),
            (10, medium),
            (49, medium),
            (50, self.Value),
            (99, self.Value),
            (100, large),
            (10**6, large),
        ):
            with self.subTest(number=number):
                customer.employee_headcount = number
                self.assertEqual(self.value_of(customer, self.by_band), expected)

    def test_field(self):
        """The value stands for the record that the field names."""
        trade = self.value(self.by_field, "Trade", source=self.trade)
        customer = self.make_customer(industry_id=self.trade.id)
        self.assertEqual(self.value_of(customer, self.by_field), trade)
        customer.industry_id = False
        self.assertFalse(self.value_of(customer, self.by_field))

    def test_address(self):
        """City before state before country; a city counts by its exact name in any language, within its place."""
        southern = self.env["res.country.state"].create(
            {"name": "Southern", "code": "SO", "country_id": self.country.id}
        )
        land = self.value(self.by_address, "Testland", source=self.country, sequence=1)
        north = self.value(self.by_address, "Northern", source=self.state, parent_id=land.id)
        city = self.value(self.by_address, "Guangzhou", parent_id=north.id)
        city.with_context(lang="zh_CN").name = "广州市"
        capital = self.value(self.by_address, "Capital", parent_id=land.id)
        self.value(self.by_address, "Nowhere")
        country, state = {"country_id": self.country.id}, {"state_id": self.state.id}
        customer = self.make_customer()
        for vals, expected in (
            (country, land),
            (country | state, north),
            (state, north),
            (country | state | {"city": "Guangzhou"}, city),
            (country | state | {"city": " guangZHOU "}, city),
            (country | state | {"city": "广州市"}, city),
            (country | state | {"city": "Guangzhou East"}, north),
            (country | {"city": "Guangzhou"}, land),
            (country | {"state_id": southern.id, "city": "Guangzhou"}, land),
            (country | state | {"city": "Capital"}, capital),
            ({"city": "Nowhere"}, self.Value),
            ({}, self.Value),
        ):
            with self.subTest(vals=vals):
                customer.write({"country_id": False, "state_id": False, "city": False, **vals})
                self.assertEqual(self.value_of(customer, self.by_address), expected)

    def test_order_in_a_tree(self):
        """What stands below is tried before what stands above, whatever its sequence; else the sequence decides."""
        everyone = [("name", "!=", False)]
        top = self.value(self.by_condition, "Top", sequence=1, domain=everyone)
        below = self.value(self.by_condition, "Below", sequence=9, parent_id=top.id, domain=everyone)
        first = self.value(self.by_condition, "First", sequence=5, parent_id=below.id, domain=[("city", "=", "A")])
        other = self.value(self.by_condition, "Other", sequence=0, domain=[("city", "=", "B")])
        for city, expected in (("A", first), ("B", other), ("C", below)):
            with self.subTest(city=city):
                self.assertEqual(self.value_of(self.make_customer(city=city), self.by_condition), expected)

    def test_chosen_value(self):
        """A value that somebody has chosen stays until it is emptied; where only rules count it does not."""
        small = self.value(self.by_band, "Small", bound_min=1, bound_max=10)
        large = self.value(self.by_band, "Large", bound_min=10)
        customer = self.make_customer(employee_headcount=5)
        customer.with_user(self.admin)[self.by_band.column] = large
        self.assertEqual(self.entry(customer, self.by_band).source, "manual")
        customer.employee_headcount = 6
        self.assertEqual(self.value_of(customer, self.by_band), large)
        customer.with_user(self.admin)[self.by_band.column] = False
        self.assertEqual(self.value_of(customer, self.by_band), small)
        self.assertEqual(self.entry(customer, self.by_band).source, "rule")
        customer.with_user(self.admin)[self.by_band.column] = large
        self.by_band.locked = True
        customer.employee_headcount = 7
        self.assertEqual(self.value_of(customer, self.by_band), small)

    def test_value_of_all_others(self):
        """It goes to whoever has no other, also where people choose; there it replaces nothing."""
        small = self.value(self.by_band, "Small", bound_min=1, bound_max=10)
        unknown = self.value(self.by_band, "Unknown")
        self.by_band.default_value_id = unknown
        usual, special = self.value(self.by_hand, "Usual"), self.value(self.by_hand, "Special")
        self.by_hand.default_value_id = usual
        customer = self.make_customer()
        self.assertEqual(self.value_of(customer, self.by_band), unknown)
        self.assertEqual(self.entry(customer, self.by_band).reason, "Value of all others")
        customer.employee_headcount = 5
        self.assertEqual(self.value_of(customer, self.by_band), small)
        self.assertEqual(
            (self.value_of(customer, self.by_hand), self.entry(customer, self.by_hand).source), (usual, "rule")
        )
        customer.with_user(self.admin)[self.by_hand.column] = special
        customer.employee_headcount = 0
        self.assertEqual(self.value_of(customer, self.by_hand), special)
        customer.with_user(self.admin)[self.by_hand.column] = False
        self.assertEqual(self.value_of(customer, self.by_hand), usual)
        usual.active = False
        self.assertFalse(self.value_of(self.make_customer(), self.by_hand))

    def test_retired_values(self):
        """What is archived, or not valid today, is not given; the next one that fits is."""
        today = date.today()
        value = self.value(self.by_condition, "Value", sequence=1, domain=[("name", "!=", False)])
        spare = self.value(self.by_condition, "Spare", sequence=2, domain=[("name", "!=", False)])
        day = timedelta(days=1)
        for vals, expected in (
            ({}, value),
            ({"active": False}, spare),
            ({"valid_from": today + day}, spare),
            ({"valid_to": today - day}, spare),
            ({"valid_from": today, "valid_to": today}, value),
        ):
            with self.subTest(vals=vals):
                value.write({"active": True, "valid_from": False, "valid_to": False, **vals})
                self.assertEqual(self.value_of(self.make_customer(), self.by_condition), expected)

    def test_companies(self):
        """A value of a company goes to the customers of that company alone."""
        here, there = self.env.company, self.other_company
        rule = {"domain": [("name", "!=", False)], "sequence": 1}
        ours = self.value(self.by_condition, "Ours", company_id=here.id, **rule)
        theirs = self.value(self.by_address, "Theirs", company_id=there.id, source=self.country)
        shared = self.value(self.by_condition, "Shared", **(rule | {"sequence": 2}))
        default = self.value(self.by_hand, "Ours", company_id=here.id)
        self.by_hand.default_value_id = default
        none = self.Value
        for company, expected in (
            (here, (ours, none, default)),
            (there, (shared, theirs, none)),
            (there.browse(), (shared, none, none)),
        ):
            with self.subTest(company=company.name):
                customer = self.make_customer(company_id=company.id, country_id=self.country.id)
                types = (self.by_condition, self.by_address, self.by_hand)
                self.assertEqual(tuple(self.value_of(customer, each) for each in types), expected)
                contact = self.make_contact(customer)
                self.assertEqual(tuple(contact[each.column] for each in types), expected)

    def test_change_of_company(self):
        """A customer that goes to another company loses what rules gave it here; what was chosen must be changed."""
        here, there = self.env.company, self.other_company
        self.admin.company_ids = here | there
        rule = {"domain": [("name", "!=", False)]}
        ours, theirs = (self.value(self.by_condition, "V", company_id=company.id, **rule) for company in (here, there))
        customer = self.make_customer(company_id=here.id)
        self.assertEqual(self.value_of(customer, self.by_condition), ours)
        customer.with_user(self.admin).company_id = there
        self.assertEqual(self.value_of(customer, self.by_condition), theirs)
        customer.with_user(self.admin)[self.by_condition.column] = False
        theirs.active = False
        chosen = self.value(self.by_condition, "Chosen", company_id=there.id)
        customer.with_user(self.admin)[self.by_condition.column] = chosen
        with self.assertRaisesRegex(ValidationError, "“Chosen” serves only Other Company"):
            customer.with_user(self.admin).company_id = here

    def test_contacts_follow(self):
        """Contact persons have their company's value and no history of their own."""
        small = self.value(self.by_band, "Small", bound_min=1, bound_max=10)
        customer = self.make_customer()
        contact = self.make_contact(customer, employee_headcount=500)
        customer.employee_headcount = 3
        self.assertEqual(contact[self.by_band.column], small)
        self.assertFalse(contact.dimension_assignment_ids)
        later = self.make_contact(customer)
        self.assertEqual(later[self.by_band.column], small)

    def test_contact_goes_its_own_way(self):
        """Who leaves a company keeps nothing that rules gave to the company."""
        self.value(self.by_band, "Small", bound_min=1, bound_max=10)
        land = self.value(self.by_address, "Testland", source=self.country)
        customer = self.make_customer(employee_headcount=3, country_id=self.country.id)
        contact = self.make_contact(customer, type="contact")
        contact.with_user(self.admin).parent_id = False
        self.assertFalse(self.value_of(contact, self.by_band))
        self.assertEqual(self.value_of(contact, self.by_address), land)

    def test_becoming_a_customer(self):
        """A partner is classed when it becomes a customer, and not before."""
        small = self.value(self.by_band, "Small", bound_min=1, bound_max=10)
        partner = self.Partner.create({"name": "Partner", "employee_headcount": 3})
        self.assertFalse(partner[self.by_band.column])
        partner.action_customer_manage()
        self.assertEqual(self.value_of(partner, self.by_band), small)

    def test_reasons(self):
        """The history says which rule it was, and by what."""
        self.value(self.by_band, "Small", bound_min=1, bound_max=10)
        self.value(self.by_band, "Large", bound_min=10)
        self.value(self.by_field, "Trade", source=self.trade)
        land = self.value(self.by_address, "Testland", source=self.country)
        self.value(self.by_address, "Capital", parent_id=land.id)
        self.value(self.by_condition, "Both", domain=[("name", "!=", False), ("city", "!=", False)])
        vals = {"industry_id": self.trade.id, "country_id": self.country.id, "city": "Capital"}
        bands = {5: "“Small”: Number of Employees from 1 to below 10", 11: "“Large”: Number of Employees from 10"}
        for number, band in bands.items():
            customer = self.make_customer(employee_headcount=number, **vals)
            for dimension_type, reason in (
                (self.by_band, f"Rule of {band}"),
                (self.by_field, "Rule of “Trade”: Industry"),
                (self.by_address, "Rule of “Capital”: City"),
                (self.by_condition, "Rule of “Both”: City, Name"),
            ):
                self.assertEqual(self.entry(customer, dimension_type).reason, reason)

    def test_rules_on_other_dimensions(self):
        """A rule may look at another dimension, and follows it at once."""
        large = self.value(self.by_band, "Large", bound_min=10)
        big = self.value(self.by_condition, "Big", domain=[(self.by_band.column, "=", large.id)])
        customer = self.make_customer(employee_headcount=10)
        self.assertEqual(self.value_of(customer, self.by_condition), big)
        customer.employee_headcount = 1
        self.assertFalse(self.value_of(customer, self.by_condition))

    def test_computed(self):
        """An app that knows the type gives the values by their codes; without one the type is left alone."""
        new, old = (self.value(self.computed, name, code=f"test_{name}") for name in ("new", "old"))
        self.assertFalse(self.value_of(self.make_customer("New"), self.computed))

        def compute(_types, partner_ids):
            """Call everyone what their name begins with."""
            return SQL(
                "SELECT id AS partner_id, 'test_' || lower(left(name, 3)) AS value_code FROM res_partner "
                "WHERE id IN %s",
                partner_ids,
            )

        with patch.object(type(self.computed), "_dimension_compute_tenure", compute, create=True):
            self.env.registry.clear_cache("stable")
            for name, expected in (("New", new), ("Old One", old), ("Unknown", self.Value)):
                customer = self.make_customer(name)
                self.assertEqual(self.value_of(customer, self.computed), expected)
                self.assertIn(self.entry(customer, self.computed).source, ("computed", False))
        self.env.registry.clear_cache("stable")

    def test_copies(self):
        """A copy keeps what somebody has chosen, and gets afresh what the rules say."""
        small = self.value(self.by_band, "Small", bound_min=1, bound_max=10)
        large = self.value(self.by_band, "Large", bound_min=10)
        given, chosen = (self.make_customer(employee_headcount=5) for _ in range(2))
        chosen.with_user(self.admin)[self.by_band.column] = large
        self.by_field.locked = True
        for customer, value, source in ((given, small, "rule"), (chosen, large, "manual")):
            copy = customer.with_user(self.admin).copy()
            self.assertEqual(
                (self.value_of(copy, self.by_band), self.entry(copy, self.by_band).source), (value, source)
            )

    def test_bad_conditions(self):
        """What cannot be searched is refused with the value and the reason, on creation and on change."""
        value = self.value(self.by_condition, "Value")
        for domain, reason in (
            ("[('name', '=', 'x'", "not understood"),
            ("name", "not understood"),
            ("[('name', '=', uid)]", "not understood"),
            ("[('no_such_field', '=', 1)]", "no field “no_such_field”"),
            ("[('country_id.no_such_field', '=', 1)]", "no field “no_such_field”"),
            ("[('country_id', 'any', [('no_such_field', '=', 1)])]", "no field “no_such_field”"),
            ("[('name', 'sounds like', 'x')]", "not understood"),
            ("[('dimension_readonly', '=', 1)]", "cannot be searched"),
            (f"[('{self.by_condition.column}', '=', 1)]", "the very value"),
            (f"[('parent_id.{self.by_condition.column}', '=', 1)]", "the very value"),
        ):
            with self.subTest(domain=domain):
                with self.assertRaisesRegex(ValidationError, f"Condition: the one of “Value” .*{reason}"):
                    value.rule_domain = domain
                with self.assertRaisesRegex(ValidationError, f"Condition: the one of “Value” .*{reason}"):
                    self.value(self.by_condition, "Value", rule_domain=domain)

    def test_hidden_fields(self):
        """Nobody learns by a rule what is hidden from them."""
        value = self.value(self.by_condition, "Value").with_user(self.manager)
        with self.assertRaisesRegex(ValidationError, "Condition: the one of “Value”"):
            value.rule_domain = "[('birth_date', '>', '1990-01-01')]"

    def test_condition_that_broke_meanwhile(self):
        """A field that has gone stops its own type alone."""
        self.value(self.by_condition, "Value", domain=[("name", "!=", False)])
        small = self.value(self.by_band, "Small", bound_min=1, bound_max=10)
        self.env.cr.execute(
            "UPDATE partner_dimension_value SET rule_domain = %s WHERE type_id = %s",
            ["[('gone', '=', 1)]", self.by_condition.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache("stable")
        customer = self.make_customer(employee_headcount=5)
        self.assertEqual(self.value_of(customer, self.by_band), small)
        self.assertFalse(customer[self.by_condition.column])

    def test_categories_of_partners(self):
        """A condition on tags, with what stands below them, is followed too."""
        tag = self.env["res.partner.category"].create({"name": "Tag"})
        below = self.env["res.partner.category"].create({"name": "Below", "parent_id": tag.id})
        value = self.value(self.by_condition, "Tagged", domain=[("category_id", "child_of", tag.id)])
        customer = self.make_customer()
        customer.category_id = [Command.link(below.id)]
        self.assertEqual(self.value_of(customer, self.by_condition), value)

    # -- what it costs -----------------------------------------------------------------------------------------------

    def test_queries(self):
        """Fifty customers cost no more queries than one; what nobody's customer is costs none at all."""
        self.value(self.by_band, "Small", bound_min=1, bound_max=10)
        self.value(self.by_band, "Large", bound_min=10)
        self.value(self.by_condition, "Named", domain=[("name", "=", "Q0")])

        def make(n, **vals):
            return self.Partner.create([{"name": f"Q{i}", "is_company": True, **vals} for i in range(n)])

        customers = {n: make(n, customer_status="prospect", employee_headcount=5) for n in (1, 50)}
        plain = make(5)
        numbers = {n: itertools.cycle((20, 5)) for n in customers}

        def change(n):
            customers[n].employee_headcount = next(numbers[n])

        with self.subTest("change"):
            change(1), change(50)
            self.assertEqual(self.count_queries(lambda: change(50)), self.count_queries(lambda: change(1)))
        with self.subTest("create"):
            vals = {"customer_status": "prospect", "employee_headcount": 5}
            make(1, **vals)
            self.assertEqual(self.count_queries(lambda: make(50, **vals)), self.count_queries(lambda: make(1, **vals)))
        asked = []
        real = type(self.Partner)._evaluate_once
        with patch.object(type(self.Partner), "_evaluate_once", lambda *args: asked.append(1) or real(*args)):
            with self.subTest("plain"):
                given = self.count_queries(lambda: make(5))
                write = self.count_queries(lambda: plain.write({"country_id": self.country.id}))
                self.assertFalse(asked)
            with patch.object(type(self.Partner), "_evaluate_dimensions", lambda self: None):
                self.assertEqual(given, self.count_queries(lambda: make(5)))
                self.assertEqual(write, self.count_queries(lambda: plain.write({"country_id": False})))


@tagged("post_install", "-at_install")
class TestDimensionRuleOfContacts(DimensionRuleCase):
    """A dimension of contact persons classes each of them for itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.of_contacts = cls.env["partner.dimension.type"].create(
            {"name": "Test Part", "code": "test_part", "kind": "rule", "applies_to": "contact"}
        )

    def test_contacts(self):
        """Contact persons get their own value and history; their companies get none."""
        buyer = self.value(self.of_contacts, "Buyer", domain=[("function", "ilike", "buy")])
        customer = self.make_customer(function="Buyer")
        contact, other = self.make_contact(customer, function="Buyer"), self.make_contact(customer)
        self.assertEqual(contact[self.of_contacts.column], buyer)
        self.assertEqual(self.entry(contact, self.of_contacts).value_id, buyer)
        self.assertFalse((customer | other).mapped(self.of_contacts.column))
        self.evaluate(self.of_contacts)
        self.assertFalse(customer[self.of_contacts.column])
        self.assertEqual(contact[self.of_contacts.column], buyer)
