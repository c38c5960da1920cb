"""Grouping customers by dimensions."""

from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestDimensionGroup(CustomerCase):
    """Groups come in the order of the values, and no query joins these to all customers for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.env.ref("customer_mgmt.partner_dimension_value_importance_key")
        cls.ordinary = cls.env.ref("customer_mgmt.partner_dimension_value_importance_ordinary")
        (cls.key | cls.ordinary).active = True
        customers = [cls.make_customer(x_dim_importance_id=value.id) for value in (cls.ordinary, cls.key, cls.key)]
        cls.domain = [("id", "in", [customer.id for customer in [*customers, cls.make_customer()]])]

    def groups(self, **kwargs):
        """Return [(name of the value or False, number of customers)] in the order of the answer."""
        groups = self.Partner.with_user(self.user).formatted_read_group(
            self.domain, ["x_dim_importance_id"], ["__count"], **kwargs
        )
        return [
            (group["x_dim_importance_id"] and group["x_dim_importance_id"][0], group["__count"]) for group in groups
        ]

    def test_order(self):
        """By the sequence of the values, forwards or backwards, or by size; who is unclassified comes last or first."""
        key, ordinary, none = (self.key.id, 2), (self.ordinary.id, 1), (False, 1)
        self.assertEqual(self.groups(), [key, ordinary, none])
        self.assertEqual(self.groups(order="x_dim_importance_id desc"), [none, ordinary, key])
        self.assertEqual(self.groups(order="__count desc, x_dim_importance_id"), [key, ordinary, none])
        self.key.sequence = self.ordinary.sequence + 1
        self.assertEqual(self.groups(), [ordinary, key, none])

    def test_no_join(self):
        """Values are not joined to customers to put the groups in order."""
        query = self.Partner._search(self.domain)
        terms = {"x_dim_importance_id": self.Partner._read_group_groupby("res_partner", "x_dim_importance_id", query)}
        self.Partner._read_group_orderby("x_dim_importance_id", terms, query)
        self.assertNotIn("partner_dimension", query.select().code)
