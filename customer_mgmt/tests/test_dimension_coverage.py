from odoo.fields import Domain
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestDimensionCoverage(CustomerCase):
    """How many of the customers a dimension classes, counted for whoever asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Type = cls.env["partner.dimension.type"]
        cls.Value = cls.env["partner.dimension.value"]
        cls.importance = cls.env.ref("customer_mgmt.partner_dimension_type_importance")
        cls.territory = cls.env.ref("customer_mgmt.partner_dimension_type_territory")
        (cls.importance | cls.territory).write(
            {"default_value_id": False, "edit_group_id": False, "mandatory": "never"}
        )
        cls.territory.hierarchical = True
        cls.key, cls.plain = cls.Value.create(
            [{"type_id": cls.importance.id, "name": name} for name in ("Test Key", "Test Plain")]
        )
        cls.north = cls.Value.create({"type_id": cls.territory.id, "name": "Test North"})
        cls.coast = cls.Value.create({"type_id": cls.territory.id, "name": "Coast", "parent_id": cls.north.id})
        cls.bay = cls.Value.create({"type_id": cls.territory.id, "name": "Bay", "parent_id": cls.coast.id})
        # Whatever else is in the database belongs to nobody whom these tests ask.
        cls.env["ir.rule"]._set_customer_visibility("own")
        for number in range(5):
            cls.make_customer(
                f"C{number}",
                user_id=cls.user.id,
                x_dim_importance_id=(cls.key.id, cls.plain.id, False)[number % 3],
                x_dim_territory_id=(cls.north.id, cls.coast.id, cls.bay.id, False, False)[number],
            )
        cls.make_customer("Another's", user_id=cls.manager.id, x_dim_importance_id=cls.key.id)
        archived = cls.make_customer("Archived", user_id=cls.user.id, x_dim_importance_id=cls.key.id)
        archived.active = False
        contact = cls.make_contact(cls.Partner.search([("name", "=", "C0"), ("user_id", "=", cls.user.id)]))
        assert contact.x_dim_importance_id == cls.key

    def as_user(self, records, user=None):
        """Return ``records`` for a user, with nothing counted yet."""
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_user(user or self.user)

    def population(self):
        """Return the customers that the user sees."""
        return self.Partner.with_user(self.user).search(self.Partner._customer_domain() & self.ours())

    def ours(self):
        """Return the domain of the customers of this test: users are customers of nobody here."""
        return Domain("user_id", "in", (self.user | self.manager).ids)

    def test_coverage(self):
        """Classified, unclassified and their share, of what the user sees; contacts and archived ones do not count."""
        importance, territory = self.as_user(self.importance | self.territory)
        self.assertEqual(importance.population_count, len(self.population()))
        self.assertEqual(
            (importance.population_count, importance.classified_count, importance.unclassified_count), (5, 4, 1)
        )
        self.assertEqual(importance.coverage, 80)
        self.assertEqual((territory.classified_count, territory.coverage), (3, 60))

    def test_more_rights_see_more(self):
        """Each counts the customers that it may see."""
        mine, all_of_them = (self.as_user(self.importance, user).classified_count for user in (self.user, self.manager))
        self.assertGreater(all_of_them, mine)

    def test_nobody_to_class(self):
        """Without customers there is no share: the population is empty, and the screens show nothing."""
        nobody = self.as_user(self.importance, self.leader)
        self.assertEqual((nobody.population_count, nobody.unclassified_count, nobody.coverage), (0, 0, 0))
        self.assertFalse(self.Type._fields["coverage"].exportable)

    def test_archived_type(self):
        """An archived dimension still has its coverage, and a new one that is not saved has none."""
        self.importance.active = False
        self.assertEqual(self.as_user(self.importance).classified_count, 4)
        self.assertEqual(self.Type.new({"name": "New", "code": "new"}).population_count, 0)

    def test_dimension_of_a_company(self):
        """A dimension of one company classes the customers of that company."""
        self.env["partner.dimension.assignment"].search([("type_id", "=", self.territory.id)]).unlink()
        self.territory.value_ids.company_id = self.env.company
        self.territory.company_id = self.env.company
        self.make_customer("Ours", user_id=self.user.id, company_id=self.env.company.id)
        territory = self.as_user(self.territory)
        self.assertEqual((territory.population_count, territory.classified_count), (1, 0))

    def test_values_count_what_is_below(self):
        """A value counts its own customers and those of the values below it, archived ones among these too."""
        self.bay.active = False
        north, coast, bay = (value.customer_count for value in self.as_user(self.north | self.coast | self.bay))
        self.assertEqual((north, coast, bay), (3, 2, 1))
        self.assertEqual([value.customer_count for value in self.as_user(self.key | self.plain)], [2, 2])
        self.assertEqual(self.as_user(self.key, self.manager).customer_count, 3)

    def test_sums(self):
        """All cells of a table of two dimensions make all customers, the unclassified as the empty group."""
        Partner = self.Partner.with_user(self.user)
        columns = ["x_dim_importance_id", "x_dim_territory_id"]
        groups = Partner.formatted_read_group(list(Partner._customer_domain()), columns, ["__count"])
        self.assertEqual(sum(group["__count"] for group in groups), Partner.search_count(Partner._customer_domain()))
        self.assertIn(False, [group["x_dim_importance_id"] for group in groups])

    def test_buttons(self):
        """Each number opens the customers that it counts."""
        importance = self.as_user(self.importance)
        for action, count in (
            (importance.action_open_unclassified(), importance.unclassified_count),
            (importance.action_open_by_value(), importance.population_count),
            (self.north.with_user(self.user).action_open_customers(), 3),
        ):
            with self.subTest(action["name"]):
                Partner = self.env[action["res_model"]].with_user(self.user).with_context(**action["context"])
                self.assertEqual(Partner.search_count(action["domain"]), count)
                self.assertNotIn("id", action, "a favourite of everyone's would open with it")
                Partner.get_views([*action["views"], (action["search_view_id"][0], "search")])
        action = importance.action_open_by_value()
        self.assertEqual([view_type for _view, view_type in action["views"]], ["pivot", "graph", "list", "form"])
        self.assertEqual(action["context"]["pivot_row_groupby"], ["x_dim_importance_id"])

    def test_contact_persons(self):
        """A dimension of contact persons counts and opens these."""
        self.importance.flush_recordset()
        self.env["partner.dimension.assignment"].search([("type_id", "=", self.importance.id)]).unlink()
        self.importance.applies_to = "contact"
        importance = self.as_user(self.importance)
        self.assertEqual(importance.population_count, 1)
        action = importance.action_open_by_value()
        self.assertEqual(self.Partner.with_user(self.user).search_count(action["domain"]), 1)

    def count(self, records, names):
        """Return the number of queries that reading ``names`` takes with a cold cache."""
        return self.count_queries(lambda: records.read(names))

    def test_queries(self):
        """Nine dimensions take the queries of one, fifty values those of one."""
        values = self.Value.create([{"type_id": self.importance.id, "name": f"V{i}"} for i in range(50)])
        types = self.Type.search([("applies_to", "=", "customer")])
        self.assertGreater(len(types), 5)
        for records, names in (
            (types, ["population_count", "classified_count", "unclassified_count", "coverage"]),
            (values, ["customer_count"]),
        ):
            mine = records.with_user(self.user)
            self.count(mine, names)  # the first call warms what is kept between requests
            with self.subTest(names):
                self.assertEqual(self.count(mine, names), self.count(mine[:1], names))
