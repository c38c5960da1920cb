from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..models.res_partner_status import UNCHECKED
from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestCategoryDefault(CustomerCase):
    """What customers get from their category, and what they do not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create({"name": "Shop Team", "company_id": False})
        Pricelist = cls.env["product.pricelist"]
        Pricelist.create({"name": "Everyone's Prices", "sequence": 0})  # Odoo stores no choice of the usual one
        cls.pricelist = Pricelist.create({"name": "Shop Prices", "sequence": 99, "company_id": False})
        # The salesperson is of the parent category, the rest of the category itself.
        cls.retail.default_user_id = cls.leader
        cls.shop.write({"default_team_id": cls.team.id, "default_pricelist_id": cls.pricelist.id})

    def given(self, customer):
        """Return salesperson, team and the customer's own pricelist."""
        return customer.user_id, customer.team_id, customer.specific_property_product_pricelist

    def test_created_with_a_category(self):
        """A new customer gets everything, from the nearest category that has it; a plain partner gets nothing."""
        customer = self.make_customer(customer_category_id=self.shop.id)
        self.assertEqual(self.given(customer), (self.leader, self.team, self.pricelist))
        plain = self.Partner.create({"name": "Plain", "is_company": True, "customer_category_id": self.shop.id})
        self.assertFalse(any(self.given(plain)))

    def test_what_is_there_stays(self):
        """A value that the caller sends is kept, even an empty one; only in a file an empty cell says nothing."""
        customer = self.make_customer(customer_category_id=self.shop.id, user_id=self.user.id, team_id=False)
        self.assertEqual(self.given(customer), (self.user, self.team.browse(), self.pricelist))
        imported = self.Partner.with_context(import_file=True).create(
            {"name": "Row", "customer_status": "prospect", "customer_category_id": self.shop.id, "user_id": False}
        )
        self.assertEqual(imported.user_id, self.leader)

    def test_category_chosen_later(self):
        """A person who gives a category, in a list or by a client, completes what is empty and changes nothing else."""
        customers = self.make_customer(user_id=self.user.id) | self.make_customer()
        customers.with_user(self.user).write({"customer_category_id": self.shop.id})
        self.assertEqual(customers.mapped("user_id"), self.user | self.leader)
        self.assertEqual(customers.team_id, self.team)
        customers[1].with_user(self.user).write({"customer_category_id": self.retail.id, "user_id": False})
        self.assertFalse(customers[1].user_id)

    def test_automatic_moves_give_nothing(self):
        """Adoption, merge and jobs leave salesperson, team and prices as they are."""
        unchecked = self.Partner.with_context(customer_unchecked=UNCHECKED)
        created = unchecked.create(
            {"name": "Auto", "customer_status": "prospect", "customer_category_id": self.shop.id}
        )
        written = self.make_customer()
        written.customer_category_id = self.shop  # as superuser
        self.assertFalse(any(self.given(created)) or any(self.given(written)))

    def test_form_shows_it_at_once(self):
        """Choosing the category in the form fills the empty fields before anything is saved."""
        Partner = self.Partner.with_user(self.user).with_context(default_customer_status="prospect")
        with Form(Partner, "customer_mgmt.res_partner_view_form_customer_quick") as form:
            form.name = "By Form"
            form.customer_category_id = self.shop
            self.assertEqual(form.user_id, self.leader)
        self.assertEqual(self.given(form.record), (self.leader, self.team, self.pricelist))

    def test_what_cannot_be_used_is_not_given(self):
        """No team of a company that is not the customer's, no pricelist of another company, nobody who left."""
        foreign = self.other_company.id
        self.team.company_id = foreign
        self.pricelist.company_id = foreign
        ours = self.make_customer(customer_category_id=self.shop.id, company_id=self.env.company.id)
        self.assertFalse(any(self.given(ours)[1:]))
        self.assertEqual(self.make_customer(customer_category_id=self.shop.id).team_id, self.team)
        theirs = self.make_customer(customer_category_id=self.shop.id, company_id=foreign)
        self.assertEqual((theirs.team_id, theirs.user_id), (self.team, self.user.browse()))
        self.leader.active = False
        self.assertFalse(self.make_customer(customer_category_id=self.shop.id).user_id)

    def test_rhythm_is_inherited_and_not_negative(self):
        """A category without days of its own has its parent's; fewer than 0 are refused by name."""
        self.retail.cadence_days = 30
        self.assertEqual(self.shop._inherited_value("cadence_days"), 30)
        for name, label in (("cadence_days", "Follow-up Cadence"), ("verification_days", "Verify Every")):
            with self.assertRaises(ValidationError) as caught:
                self.shop[name] = -1
            text = f"{label} (Days): “Test Retail / Test Shop” cannot have fewer than 0 days."
            self.assertIn(text, caught.exception.args[0])

    def test_queries(self):
        """Giving a category to fifty customers adds as many queries as to one."""
        customers = self.Partner.create(
            [{"name": f"Q{i}", "is_company": True, "customer_status": "prospect"} for i in range(50)]
        )

        def looked_up(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for partner in partners:
                partner._missing_category_values()
            return self.cr.sql_log_count - before

        customers.customer_category_id = self.shop
        looked_up(customers)
        self.assertEqual(looked_up(customers), looked_up(customers[:1]))
