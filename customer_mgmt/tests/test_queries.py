import itertools

from lxml import etree

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CustomerCase

IMPORTANCE = "customer_mgmt.partner_dimension_type_importance"


@tagged("post_install", "-at_install")
class TestQueries(CustomerCase):
    """What costs one query for one record costs no more for fifty."""

    def assertSameQueries(self, action):
        """Assert that ``action(n)`` takes as many queries for 50 as for 1; the first call warms the registry."""
        action(1)
        self.assertEqual(self.count_queries(lambda: action(50)), self.count_queries(lambda: action(1)))

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

    def test_dimensions(self):
        """Entering and classing customers, contacts and history included, costs for fifty what it costs for one."""
        values = self.env["partner.dimension.value"].create(
            [{"type_id": self.env.ref(IMPORTANCE).id, "name": f"Q{i}"} for i in range(9)]
        )
        next_value = itertools.cycle(values.ids).__next__
        self.assertSameQueries(lambda n: self.partners(n, customer_status="prospect", x_dim_importance_id=next_value()))
        customers = {n: self.partners(n, customer_status="prospect") for n in (1, 50)}
        self.Partner.create([{"name": "C", "parent_id": customer.id} for customer in customers[50] | customers[1]])

        def check(n):
            """Do our part of a change by a person, without Odoo's own, which goes partner by partner."""
            partners = customers[n].with_user(self.user)
            dimensions = partners._dimensions_of("customer")
            [importance] = [dimension for dimension in dimensions if dimension.code == "importance"]
            value_id = next_value()
            partners._check_dimension_change(importance, value_id)
            self.env.cr.execute(
                "UPDATE res_partner SET x_dim_importance_id = %s WHERE id IN %s", [value_id, customers[n]._ids]
            )
            partners.invalidate_recordset()
            partners._align_dimensions(dimensions)
            partners._sync_dimension_history(dimensions, "manual")
            partners.invalidate_recordset()
            partners.mapped("dimension_readonly")

        self.assertSameQueries(check)
        columns = [dimension.column for dimension in self.Partner._dimensions_of()]
        fields = {name: {"fields": {"display_name": {}}} for name in columns}
        self.assertSameQueries(lambda n: customers[50][:n].with_user(self.user).web_read(fields))
        for n in (1, 50):
            customers[n].child_ids.unlink()
        self.assertSameQueries(lambda n: customers[n].write({"x_dim_importance_id": next_value()}))

    def test_mandatory_dimensions(self):
        """Asking fifty customers for a dimension, and saying what they lack, costs what it costs for one."""
        self.env.ref(IMPORTANCE).mandatory = "active"
        customers = self.partners(50, customer_status="active")
        self.assertSameQueries(lambda n: customers[:n].with_user(self.user).mapped("customer_missing"))

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

    def read_list(self, view, domain):
        """Read a page of 80 customers with every column of ``view``, as the client does; hidden ones too."""
        Partner = self.Partner.with_user(self.user).with_context(bin_size=True)
        arch = etree.fromstring(Partner.get_view(self.env.ref(view).id, "list")["arch"])
        fields = {node.get("name"): self.Partner._fields[node.get("name")] for node in arch.iterfind("field")}
        columns = {name: {"fields": {"display_name": {}}} if field.relational else {} for name, field in fields.items()}
        page = Partner.web_search_read(domain, columns, limit=80, count_limit=10_001)
        self.assertEqual(len(page["records"]), 80)

    def test_list_against_the_stock_list(self):
        """A page of 80 customers takes at most three queries more than the same partners in Odoo's own list."""
        self.Partner.create(
            [
                {
                    "name": f"L{i}",
                    "is_company": True,
                    "customer_status": "prospect",
                    "customer_category_id": (self.shop | self.retail).ids[i % 2],
                    "user_id": self.user.id,
                    "country_id": self.env.ref("base.cn").id,
                }
                for i in range(80)
            ]
        )
        domain = [("name", "=like", "L%"), *self.Partner._customer_domain()]
        for policy in ("open", "team", "own"):
            self.env["ir.rule"]._set_customer_visibility(policy)
            queries = {}
            for view in ("base.view_partner_tree", "customer_mgmt.res_partner_view_list_customer"):
                self.read_list(view, domain)
                queries[view] = self.count_queries(lambda view=view: self.read_list(view, domain))
            stock, ours = queries.values()
            with self.subTest(policy=policy):
                self.assertLessEqual(ours, stock + 3)

    def test_owners_lose_followers_in_batches(self):
        """Giving fifty customers to someone else takes as many queries as giving one."""
        self.env["ir.rule"]._set_customer_visibility("own")
        owners = self.user | self.leader
        customers = {n: self.partners(n, customer_status="prospect", user_id=owners[0].id) for n in (1, 50)}

        def give(n):
            customers[n].with_user(self.manager).user_id = owners - customers[n].user_id

        give(50)
        self.count_queries(lambda: give(1))  # the rules of the manager are read once
        self.assertSameQueries(give)

    def test_customers_entered_in_batches(self):
        """The policy costs a constant number of queries for whoever enters customers."""
        self.env["ir.rule"]._set_customer_visibility("own")
        Partner = self.Partner.with_user(self.user)

        def enter(n):
            vals = [{"name": f"E{i}", "is_company": True, "customer_status": "prospect"} for i in range(n)]
            return Partner.create(vals).mapped("user_id")

        enter(50)
        one, fifty = self.count_queries(lambda: enter(1)), self.count_queries(lambda: enter(50))
        self.env["ir.rule"]._set_customer_visibility("open")
        enter(50)
        self.assertLessEqual(
            fifty - one, self.count_queries(lambda: enter(50)) - self.count_queries(lambda: enter(1)) + 1
        )

    def test_visible_counts(self):
        """The preview of a policy asks three questions, however many users there are."""
        users = self.env["res.users"]
        for i in range(50):
            users |= users.create({"name": f"Q{i}", "login": f"q{i}", "group_ids": self.user.group_ids.ids})
        self.assertSameQueries(lambda n: users[:n]._count_visible_customers("team"))

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

    def test_preferences_of_a_customer(self):
        """The tab of preferences reads fifty of them with the queries of one, contradictions included."""
        kind = self.env["partner.preference.kind"].create({"name": "Q", "target": "product_category"})
        customers = {n: self.partners(1, customer_status="prospect") for n in (1, 50)}
        for n, customer in customers.items():
            goods = self.env["product.category"].create([{"name": f"Q{i}"} for i in range(n)])
            said = [{"partner_id": customer.id, "kind_id": kind.id, "product_category_id": good.id} for good in goods]
            self.env["partner.preference"].create(said)
            self.env["partner.preference"].create([{**vals, "strength": "-1", "source": "observed"} for vals in said])
        arch = self.Partner.get_view(self.env.ref("customer_mgmt.res_partner_view_form_customer").id, "form")["arch"]
        names = etree.fromstring(arch).xpath("//field[@name='preference_ids']/list/field/@name")
        fields = self.env["partner.preference"]._fields
        columns = {name: {"fields": {"display_name": {}}} if fields[name].relational else {} for name in names}
        self.assertIn("conflict_text", columns)

        def read(n):
            """Read the tab as the form does."""
            customer = customers[n].with_user(self.user)
            [values] = customer.web_read({"preference_ids": {"fields": columns, "limit": 200}})
            self.assertEqual(len([row for row in values["preference_ids"] if row["conflict_text"]]), 2 * n)

        read(50)
        self.assertSameQueries(read)

    def test_customers_with_preferences(self):
        """A page of customers costs the same whether they have preferences or not."""
        kind = self.env["partner.preference.kind"].create({"name": "Q", "target": "text"})
        customers = self.Partner.create(
            [{"name": f"L{i}", "is_company": True, "customer_status": "prospect"} for i in range(80)]
        )
        page = ("customer_mgmt.res_partner_view_list_customer", [("id", "in", customers.ids)])
        self.count_queries(lambda: self.read_list(*page))  # the first one also fills the caches of the registry
        without = self.count_queries(lambda: self.read_list(*page))
        self.env["partner.preference"].create(
            [{"partner_id": customer.id, "kind_id": kind.id, "text": "Q"} for customer in customers]
        )
        self.assertEqual(self.count_queries(lambda: self.read_list(*page)), without)
