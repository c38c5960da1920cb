from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestNeed(CustomerCase):
    """What customers are looking for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vans, cls.bikes = cls.env["product.category"].create([{"name": "Vans"}, {"name": "Bikes"}])
        cls.van = cls.env["product.product"].create({"name": "Van Six", "categ_id": cls.vans.id})
        cls.customer = cls.make_customer("Wants a Van")

    def need(self, **vals):
        """Record a need of the customer as the lowest role."""
        return self.env["customer.need"].with_user(self.user).create({"partner_id": self.customer.id, **vals})

    def test_what_is_wanted(self):
        """A product, a category or a text says it; the most precise is shown; the category follows the product."""
        cases = [  # values, shown, category
            ({"product_id": self.van.id}, "Van Six", self.vans),
            ({"product_category_id": self.bikes.id}, "Bikes", self.bikes),
            ({"name": "Something quick", "product_id": self.van.id}, "Something quick", self.vans),
            ({"name": "Something else"}, "Something else", self.env["product.category"]),
        ]
        for vals, shown, category in cases:
            need = self.need(**vals)
            with self.subTest(shown):
                self.assertEqual((need.display_name, need.product_category_id), (shown, category))

    def test_bad_input(self):
        """Every impossible need is refused with the field and the cause."""
        stranger = self.make_contact(self.make_customer("Other"), "Stranger")
        cases = [
            ({}, "nothing says what is wanted"),
            ({"name": "X", "budget_min": 9, "budget_max": 5}, "Budget of “X”: it goes from a smaller to a larger"),
            ({"name": "X", "budget_min": -1}, "neither is below 0"),
            ({"name": "X", "contact_id": stranger.id}, "Stranger does not belong to Wants a Van"),
        ]
        for vals, message in cases:
            with self.subTest(message), self.assertRaisesRegex(ValidationError, message):
                self.need(**vals)

    def test_recorded_on_a_contact(self):
        """A need said by a contact person stands on the company and remembers who said it."""
        contact = self.make_contact(self.customer, "Ann")
        need = self.need(partner_id=contact.id, name="Told by Ann")
        self.assertEqual((need.partner_id, need.contact_id), (self.customer, contact))

    def test_customers_found_by_need(self):
        """Customers are found by the product, the category and the budget of a need that is still open."""
        self.need(product_id=self.van.id, budget_min=20_000, budget_max=30_000)
        self.need(name="Old wish", budget_max=90_000, is_open=False)
        cases = [
            (Domain("need_ids.product_id", "=", self.van.id), True),
            (Domain("need_ids.product_category_id", "child_of", self.vans.id), True),
            (Domain("need_ids.product_category_id", "=", self.bikes.id), False),
            (Domain("need_budget", ">=", 25_000), True),
            (Domain("need_budget", ">=", 50_000), False),
            (Domain("need_budget", "<", 30_000), False),
        ]
        for domain, found in cases:
            with self.subTest(domain):
                self.assertEqual(self.customer in self.Partner.with_user(self.user).search(domain), found)
        self.assertEqual(self.customer.need_budget, 30_000)

    def test_rights_follow_the_customer(self):
        """Needs are read with the customer and hidden with it; an outsider may only read them."""
        need = self.need(name="Visible")
        foreign = self.make_customer("Foreign", company_id=self.other_company.id)
        hidden = self.env["customer.need"].create({"partner_id": foreign.id, "name": "Hidden"})
        Need = self.env["customer.need"]
        for user in (self.outsider, self.user):
            self.assertEqual(Need.with_user(user).search([("id", "in", (need | hidden).ids)]), need)
            with self.assertRaises(AccessError):
                hidden.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            need.with_user(self.outsider).write({"name": "Changed"})
        with self.assertRaises(AccessError):
            Need.with_user(self.user).create({"partner_id": foreign.id, "name": "Smuggled"})
        with self.assertRaises(AccessError):
            need.with_user(self.user).write({"partner_id": foreign.id})
