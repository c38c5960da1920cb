from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestCategory(CustomerCase):
    """The tree of customer categories."""

    def test_loop_is_refused(self):
        """A category cannot stand below itself, directly or through others."""
        for category in (self.retail, self.shop):
            with self.subTest(category.name), self.assertRaisesRegex(ValidationError, "cannot be placed below itself"):
                self.retail.parent_id = category

    def test_code_is_unique_per_company(self):
        """The refusal names the category that has the code; another company may use it."""
        self.env["customer.category"].create({"name": "Same", "code": "TR", "company_id": self.other_company.id})
        with self.assertRaisesRegex(ValidationError, "“TR” already belongs to the customer category “Test Retail”"):
            self.env["customer.category"].create({"name": "Same", "code": "TR"})

    def test_path_in_every_language(self):
        """The name with its path is shown in the reader's language."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.retail.with_context(lang="zh_CN").name = "零售"
        self.shop.with_context(lang="zh_CN").name = "门店"
        self.assertEqual(self.shop.display_name, "Test Retail / Test Shop")
        self.assertEqual(self.shop.with_context(lang="zh_CN").display_name, "零售 / 门店")

    def test_count_includes_subcategories(self):
        """A category counts the customers below it, without contact persons and unmanaged partners."""
        customer = self.make_customer(customer_category_id=self.shop.id)
        self.make_contact(customer)
        self.make_customer(customer_category_id=self.retail.id)
        self.Partner.create({"name": "Unmanaged", "customer_category_id": self.retail.id})
        self.assertEqual((self.retail | self.shop).mapped("customer_count"), [2, 1])

    def test_count_opens_what_it_counts(self):
        """The number on the category and the list behind it are the same customers."""
        self.make_customer(customer_category_id=self.shop.id)
        action = self.retail.action_open_customers()
        self.assertEqual(action["context"]["search_default_customer_category_id"], self.retail.id)
        below = self.Partner._customer_domain() & Domain("customer_category_id", "child_of", self.retail.id)
        self.assertEqual(self.Partner.search_count(below), self.retail.customer_count)

    def test_contacts_follow_the_category(self):
        """The category is a commercial field: contacts have their company's."""
        customer = self.make_customer(customer_category_id=self.shop.id)
        contact = self.make_contact(customer)
        self.assertEqual(contact.customer_category_id, self.shop)
        customer.customer_category_id = self.retail
        self.assertEqual(contact.customer_category_id, self.retail)

    def test_category_of_another_company(self):
        """A customer of one company cannot have a category of another."""
        foreign = self.env["customer.category"].create({"name": "Foreign", "company_id": self.other_company.id})
        for company in (self.env.company.id, False):
            with self.subTest(company=company), self.assertRaisesRegex(ValidationError, "“Foreign” serves only Other"):
                self.make_customer(company_id=company, customer_category_id=foreign.id)
        with self.assertRaisesRegex(UserError, "Foreign"):
            self.env["customer.category"].create(
                {"name": "Child", "parent_id": foreign.id, "company_id": self.env.company.id}
            )

    def test_used_category_cannot_be_deleted(self):
        """A category with customers is kept; archiving is the way."""
        self.make_customer(customer_category_id=self.retail.id)
        self.shop.unlink()
        with self.assertRaisesRegex(UserError, "“Test Retail” is still in use .customers and contacts: 1"):
            self.retail.unlink()
        self.retail.active = False
