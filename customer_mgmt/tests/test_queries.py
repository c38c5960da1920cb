from odoo import fields
from odoo.tests import tagged

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

    def test_history_counts(self):
        """What hangs on customers is one query over all models, however many customers."""
        customers = self.partners(50, customer_status="prospect")
        self.env["snailmail.letter"].create(
            [{"partner_id": customer.id, "model": "res.partner", "res_id": customer.id} for customer in customers]
        )
        self.assertSameQueries(lambda n: customers[:n]._partner_history_counts())

    def test_mark_invalid(self):
        """Setting fifty customers aside asks who they are as often as for one; each is then written as ever."""
        customers = self.partners(50, customer_status="prospect")
        self.assertSameQueries(lambda n: customers[:n]._can_be_marked_invalid())

    def test_merge_journal(self):
        """A page of the journal adds up and names its lines in one query each."""
        logs = self.env["partner.merge.log"].create(
            [{"line_ids": [fields.Command.create({"model": "res.partner", "record_count": 1})]} for _i in range(50)]
        )
        self.assertSameQueries(lambda n: logs[:n].mapped("record_count") + logs[:n].line_ids.mapped("model_label"))

    def test_list_page(self):
        """A page of the customer list reads fifty customers with the queries of one."""
        customers = self.partners(50, customer_status="prospect", customer_category_id=self.shop.id)
        columns = {
            "customer_number": {},
            "customer_status": {},
            "customer_category_id": {"fields": {"display_name": {}}},
        }
        self.assertSameQueries(lambda n: customers[:n].with_user(self.user).web_read(columns))

    def test_owners(self):
        """Whoever owns fifty customers is written down with the statements of one, also where nothing changes."""
        customers = self.partners(50, customer_status="prospect")
        self.assertSameQueries(lambda n: customers[:n]._sync_ownership("changed"))

        def hand_over(n):
            """Change the owner where Odoo's own notices about it do not count."""
            users = (self.user | self.leader) - customers[:1].user_id
            self.env.cr.execute(
                "UPDATE res_partner SET user_id = %s WHERE id IN %s", [users[0].id, tuple(customers[:n].ids)]
            )
            customers.invalidate_recordset()
            customers[:n]._sync_ownership("changed")

        self.assertSameQueries(hand_over)

    def test_days_of_ownership(self):
        """A list of fifty rows of history is read with the queries of one."""
        rows = self.partners(50, customer_status="prospect").ownership_ids
        columns = {"days": {}, "cause": {}, "partner_id": {"fields": {"display_name": {}}}}
        self.assertSameQueries(lambda n: rows[:n].with_user(self.user).web_read(columns))

    def test_adopt(self):
        """Adopting is a fixed number of statements per step, for any number of partners."""
        batches = {n: [self.partners(n, user_id=self.user.id).ids for _round in range(2)] for n in (1, 50)}
        self.assertSameQueries(
            lambda n: self.Partner._adopt_customers(batches[n].pop(), "active", self.shop, self.admin)
        )

    def test_progress(self):
        """How far fifty adoptions have come is one grouped query."""
        adoptions = self.env["customer.adoption"].create([{"preset": "domain"}] * 50)
        self.assertSameQueries(lambda n: adoptions[:n].mapped("progress"))
