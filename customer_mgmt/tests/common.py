"""The people and partners that the tests of this addon share."""

from lxml import etree

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL


class CustomerCase(TransactionCase):
    """One user per role from the lowest up, a second company, and short ways to make customers.

    ========  ===================================================
    portal    a customer who logs in
    outsider  an internal user without any right of ours
    user      works in the customer file (own customers)
    leader    the team's customers
    manager   all customers
    admin     all customers and every separate right
    ========  ===================================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "no_reset_password": True, "tracking_disable": True})
        cls.other_company = cls.env["res.company"].create({"name": "Other Company"})
        cls.portal = new_test_user(cls.env, "portal_customer", groups="base.group_portal")
        cls.outsider = new_test_user(cls.env, "outsider", groups="base.group_user")
        cls.user = new_test_user(cls.env, "customer_user", groups="customer_mgmt.group_customer_own")
        cls.leader = new_test_user(cls.env, "customer_leader", groups="customer_mgmt.group_customer_team")
        cls.manager = new_test_user(cls.env, "customer_manager", groups="customer_mgmt.group_customer_all")
        cls.admin = new_test_user(cls.env, "customer_admin", groups="customer_mgmt.group_customer_admin")
        cls.Partner = cls.env["res.partner"]
        cls.retail = cls.env["customer.category"].create({"name": "Test Retail", "code": "TR", "number_prefix": "TR-"})
        cls.shop = cls.env["customer.category"].create({"name": "Test Shop", "parent_id": cls.retail.id})

    @classmethod
    def make_customer(cls, name="Test Customer", status="prospect", **vals):
        """Create one managed customer, a company unless ``vals`` say otherwise."""
        return cls.Partner.create({"name": name, "is_company": True, "customer_status": status, **vals})

    @classmethod
    def make_contact(cls, customer, name="Test Contact", **vals):
        """Create a contact person of ``customer``."""
        return cls.Partner.create({"name": name, "parent_id": customer.id, **vals})

    @classmethod
    def put_in_companies(cls, user, companies):
        """Let ``user`` work in ``companies``."""
        user.write({"company_ids": [Command.set(companies.ids)]})

    @classmethod
    def take_values_away(cls, dimension_type):
        """Leave nobody with a value of ``dimension_type``, whatever the demo data have given."""
        [dimension] = [found for found in cls.Partner._dimensions_of() if found.id == dimension_type.id]
        wanted = SQL(
            "SELECT partner_id, NULL::integer AS value_id FROM partner_dimension_assignment "
            "WHERE type_id = %s AND until IS NULL",
            dimension_type.id,
        )
        cls.Partner._apply_dimension(dimension, wanted, "manual", {})

    def count_queries(self, action):
        """Return the number of queries of ``action`` with a cold cache, everything written included."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def assertFewColumns(self, xmlid):
        """Assert that the list ``xmlid`` shows at most eight columns beside the picture, unasked."""
        arch = etree.fromstring(self.Partner.with_user(self.user).get_view(self.env.ref(xmlid).id, "list")["arch"])
        shown = [
            field.get("name")
            for field in arch.findall("field")
            if field.get("optional") != "hide" and not field.get("column_invisible") and not field.get("nolabel")
        ]
        self.assertLessEqual(len(shown), 8, shown)
