from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.customer_mgmt.models.partner_preference_voice import MIN_CUSTOMERS

from .preference import PreferenceCase

CUSTOMERS = "customer_count:count_distinct"


@tagged("post_install", "-at_install")
class TestVoice(PreferenceCase):
    """The voice of the customer, and who likes a product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM partner_preference")
        importance = cls.env.ref("customer_mgmt.partner_dimension_value_importance_key")
        cls.customers = cls.Partner.create(
            [
                {
                    "name": f"V{i}",
                    "is_company": True,
                    "customer_status": "prospect",
                    "x_dim_importance_id": importance.id,
                }
                for i in range(5)
            ]
        )
        cls.importance = importance

    def test_too_few_customers(self):
        """A figure over fewer than five customers is withheld, however many statements there are."""
        for customer in self.customers:
            self.say("2", partner_id=customer.id)
        for customer in self.customers[:4]:
            self.say("-1", partner_id=customer.id, option=self.train)
            self.say("1", partner_id=self.make_contact(customer).id, option=self.train)
        Preference = self.Preference.with_user(self.user).with_context(voice_of_customer=True)
        groups = Preference.formatted_read_group([], ["option_id"], ["__count", "strength_value:avg"])
        known = {group["option_id"][0]: group for group in groups}
        many, few = known[self.install.id], known[self.train.id]
        self.assertEqual((many["__count"], many["strength_value:avg"], "__withheld" in many), (5, 2.0, False))
        self.assertEqual((few["__count"], few["strength_value:avg"], few["__withheld"]), (None, None, True))
        self.assertNotIn(CUSTOMERS, many)
        sets = Preference.formatted_read_grouping_sets([], [[], ["option_id"]], ["__count", CUSTOMERS])
        self.assertEqual(sets[0][0][CUSTOMERS], 5)
        [few] = [group for group in sets[1] if group["option_id"][0] == self.train.id]
        self.assertEqual((few["__count"], few[CUSTOMERS], few["__withheld"]), (None, None, True))
        [few] = self.Preference.formatted_read_group([("option_id", "=", self.train.id)], [], ["__count"])
        self.assertEqual(few["__count"], 8)

    def test_customers(self):
        """Customers are counted once, however many statements they and their contacts make; alone, too."""
        for partner in (self.customer, self.contact, self.customers[0]):
            self.say("1", partner_id=partner.id)
        [group] = self.Preference.with_user(self.user).formatted_read_group([], [], ["__count", CUSTOMERS])
        self.assertEqual((group["__count"], group[CUSTOMERS]), (3, 2))
        self.assertEqual(
            self.Preference.fields_get(["customer_count"])["customer_count"]["aggregator"], "count_distinct"
        )

    def test_list(self):
        """Lists of the analysis group few customers as ever, so that a figure's records can be opened."""
        said = self.say("1")
        Preference = self.Preference.with_user(self.user).with_context(voice_of_customer=True)
        groups = Preference.web_read_group(
            [], ["option_id"], ["strength_value:avg"], auto_unfold=True, unfold_read_specification={"strength": {}}
        )["groups"]
        self.assertEqual([(group["__count"], group["strength_value:avg"]) for group in groups], [(1, 1.0)])
        self.assertEqual(groups[0]["__records"], [{"id": said.id, "strength": "1"}])

    def test_order_of_strengths(self):
        """Strengths stand from the lowest to the highest, and the other way round, also beside other groups."""
        for strength in ("1", "-1", "2", "-2"):
            self.say(strength, kind_id=self.by_text.id, text=f"Text {strength}")
        Preference = self.Preference.with_user(self.user)
        sets = Preference.formatted_read_grouping_sets([], [["strength"], ["kind_id", "strength"]], ["__count"])
        for groups in sets:
            self.assertEqual([group["strength"] for group in groups], ["-2", "-1", "1", "2"])
        groups = Preference.formatted_read_group([], ["strength"], ["__count"], order="strength desc")
        self.assertEqual([group["strength"] for group in groups], ["2", "1", "-1", "-2"])

    def test_words(self):
        """The client's words say "five"."""
        self.assertEqual(MIN_CUSTOMERS, 5)

    def test_screens(self):
        """The search of the analysis finds and groups by the dimensions, and every filter of it can be asked."""
        Preference = self.Preference.with_user(self.user)
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_preference_action_analysis")
        arch = Preference.get_view(action["search_view_id"][0], "search")["arch"]
        search = etree.fromstring(arch)
        self.assertTrue(search.xpath("//field[@name='x_dim_importance_id']"))
        self.assertTrue(search.xpath("//filter[@name='group_x_dim_importance_id']"))
        for found in search.xpath("//filter[@domain]"):
            with self.subTest(filter=found.get("name")):
                Preference.search(safe_eval(found.get("domain"), {"uid": self.user.id}), limit=1)

    def test_by_dimension(self):
        """Statements of contacts count for the dimension of their company."""
        for customer in self.customers:
            self.say("2", partner_id=self.make_contact(customer).id)
        Preference = self.Preference.with_user(self.user).with_context(voice_of_customer=True)
        [group] = Preference.formatted_read_group([], ["x_dim_importance_id"], [CUSTOMERS])
        self.assertEqual((group["x_dim_importance_id"][0], group[CUSTOMERS]), (self.importance.id, 5))

    def test_only_what_one_may_see(self):
        """The analysis counts the preferences of those customers that the user may see."""
        for customer in self.customers:
            self.say("2", partner_id=customer.id)
        self.env["ir.rule"]._set_customer_visibility("own")
        Preference = self.Preference.with_context(voice_of_customer=True)
        counts = {}
        for user in (self.user, self.manager):
            self.env.invalidate_all()
            [group] = Preference.with_user(user).formatted_read_group([], [], ["__count"])
            counts[user] = group["__count"]
        self.assertEqual(counts, {self.user: 0, self.manager: 5})

    def test_who_likes_a_product(self):
        """A product knows the customers who like it, its category or one above, now."""
        above = self.env["product.category"].create({"name": "Vehicles"})
        self.vans.parent_id = above
        one, two, three, four, five = self.customers
        self.say("1", partner_id=one.id, kind_id=self.by_product.id, product_id=self.van.id)
        self.say("2", partner_id=one.id, kind_id=self.by_category.id, product_category_id=self.vans.id)
        self.say("1", partner_id=self.make_contact(two).id, kind_id=self.by_category.id, product_category_id=above.id)
        self.say("-1", partner_id=three.id, kind_id=self.by_product.id, product_id=self.van.id)
        past = {"valid_from": "2020-01-01", "valid_until": "2020-12-31"}
        self.say("1", partner_id=four.id, kind_id=self.by_product.id, product_id=self.van.id, **past)
        self.say("1", partner_id=five.id, kind_id=self.by_text.id, text="Van Six")
        gone = self.make_customer("Gone")
        self.say("1", partner_id=gone.id, kind_id=self.by_product.id, product_id=self.van.id)
        gone.active = False
        template = self.van.product_tmpl_id.with_user(self.user)
        self.assertEqual((template.liked_count, template.refused_count), (2, 1))
        for product in (self.van, self.van.product_tmpl_id):
            action = product.with_user(self.user).action_open_liking_customers()
            self.assertEqual(self.Partner.search(action["domain"]), one | two)

    def test_queries(self):
        """Who likes fifty products costs as many queries as who likes one."""
        products = self.env["product.template"].create([{"name": f"P{i}", "categ_id": self.vans.id} for i in range(50)])
        for product in products:
            self.say(kind_id=self.by_product.id, product_id=product.product_variant_id.id)

        def count(n):
            """Return the number of queries for ``n`` products."""
            return self.count_queries(
                lambda: (
                    products[:n]
                    .with_user(self.user)
                    .mapped(lambda product: (product.liked_count, product.refused_count))
                )
            )

        count(1)
        self.assertEqual(count(50), count(1))
