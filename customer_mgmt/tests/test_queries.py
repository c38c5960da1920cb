from odoo.tests import tagged
from odoo.tools import SQL

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestQueries(CustomerCase):
    """What costs one query for one record costs no more for fifty."""

    def count(self, action):
        """Return the number of queries of ``action`` with a cold cache, everything written included."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def assertSameQueries(self, action):
        """Assert that ``action(n)`` takes as many queries for 50 as for 1; the first call warms the registry."""
        action(1)
        self.assertEqual(self.count(lambda: action(50)), self.count(lambda: action(1)))

    def partners(self, count, **vals):
        """Create ``count`` partners."""
        return self.Partner.create([{"name": f"Q{i}", "is_company": True, **vals} for i in range(count)])

    def test_draw_numbers(self):
        """Numbering draws in batches, whatever the categories."""
        self.assertSameQueries(lambda n: self.Partner._draw_customer_numbers([(False, self.shop.id)] * n))

    def test_number_customers(self):
        """Numbering existing customers is one statement for all of them."""
        partners = {n: self.partners(n) for n in (1, 50)}
        self.env.flush_all()

        def number(n):
            self.env.cr.execute(
                "UPDATE res_partner SET customer_status = 'prospect', customer_number = NULL WHERE id IN %s",
                [tuple(partners[n].ids)],
            )
            partners[n].invalidate_recordset()
            partners[n]._number_customers()

        self.assertSameQueries(number)

    def test_fill_search_keys(self):
        """The job that fills missing search keys reads and writes a batch at a time, former names and all."""
        partners = {n: self.partners(n, customer_status="prospect") for n in (1, 50)}
        for group in partners.values():
            group.write({"name": "Renamed"})
        missing = SQL("FROM res_partner WHERE customer_status IS NOT NULL AND partner_search_key IS NULL")
        self.env.flush_all()

        def fill(n):
            self.env.cr.execute("UPDATE res_partner SET partner_search_key = NULL WHERE id IN %s", [partners[n]._ids])
            self.assertEqual(self.Partner._fill_search_keys(missing, 1000), n)

        self.assertSameQueries(fill)

    def test_rename_customers(self):
        """Keeping the old names, and the keys with them, takes one statement for all customers."""
        partners = {n: self.partners(n, customer_status="prospect") for n in (1, 50)}
        for group in partners.values():
            group.write({"name": "Renamed before"})
        names = iter(f"Renamed {i}" for i in range(9))
        self.assertSameQueries(lambda n: partners[n].write({"name": next(names)}))

    def test_create_customers(self):
        """Creating customers takes as many queries for fifty as for one, keys included."""
        self.assertSameQueries(lambda n: self.partners(n, customer_status="prospect", phone="+86 138 0013 8000"))

    def test_category_counts(self):
        """Counting customers is one grouped query for all categories."""
        categories = self.env["customer.category"].create([{"name": f"Q{i}"} for i in range(50)])
        self.assertSameQueries(lambda n: categories[:n].mapped("customer_count"))

    def test_category_names(self):
        """The path of a category costs the depth of the tree, not the number of categories."""
        categories = self.env["customer.category"].create(
            [{"name": f"Q{i}", "parent_id": self.shop.id} for i in range(50)]
        )
        self.assertSameQueries(lambda n: categories[:n].mapped("display_name"))

    def test_contact_list_page(self):
        """A page of the list of contacts, its flags included, reads fifty with the queries of one."""
        role = self.env.ref("customer_mgmt.partner_contact_role_user")
        vals = {"is_company": False, "parent_id": self.make_customer().id, "phone": "123", "contact_role_id": role.id}
        contacts = self.partners(50, birth_date="1990-01-01", **vals)
        names = ("name", "function", "contact_influence", "phone_unclear", "age", "phone", "email")
        columns = {name: {} for name in names}
        columns |= {name: {"fields": {"display_name": {}}} for name in ("parent_id", "contact_role_id")}
        self.assertSameQueries(lambda n: contacts[:n].with_user(self.admin).web_read(columns))

    def test_accounts_and_numbers(self):
        """Accounts and numbers are checked, read and written in batches."""
        partner = self.partners(1)

        def record(n):
            accounts = self.env["partner.social.account"].create(
                [{"partner_id": partner.id, "kind": "qq", "handle": f"{n}-{i}"} for i in range(n)]
            )
            numbers = self.env["partner.phone"].create(
                [{"partner_id": partner.id, "number": f"+41 44 668 {n:02} {i:02}"} for i in range(n)]
            )
            (accounts.mapped("url"), numbers.mapped("is_unclear"))
            self.env.flush_all()
            (accounts + accounts[:0]).unlink()
            numbers.unlink()

        self.assertSameQueries(record)

    def test_history_of_employments(self):
        """The history of contacts that change their company together is written at once."""
        old, new = self.make_customer("Old"), self.make_customer("New")
        contacts = {n: self.partners(n, is_company=False, parent_id=new.id) for n in (1, 50)}

        def record(n):
            contacts[n]._record_employer_change({contact: (old, False) for contact in contacts[n]})
            self.env.flush_all()
            contacts[n].employment_ids.unlink()

        self.assertSameQueries(record)

    def test_list_page(self):
        """A page of the customer list reads fifty customers with the queries of one."""
        customers = self.partners(50, customer_status="prospect", customer_category_id=self.shop.id)
        columns = {
            "customer_number": {},
            "customer_status": {},
            "customer_category_id": {"fields": {"display_name": {}}},
        }
        self.assertSameQueries(lambda n: customers[:n].with_user(self.user).web_read(columns))
