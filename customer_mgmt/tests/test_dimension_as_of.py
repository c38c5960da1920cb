import ast
from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from odoo.addons.customer_mgmt.models.partner_dimension_type import CONFIRMED

from .common import CustomerCase

MOMENT = "2020-03-10"
COLUMNS = ("partner_id", "user_id", "x_dim_importance_id", "x_dim_customer_class_id")

# Names of favourites cannot be translated.
INDUSTRY_REGION = "Industry × Region 行业 × 地区"
SCALE_IMPORTANCE_TENURE = "Scale × Importance × Tenure 规模 × 重要程度 × 新老客户"


class AsOfCase(CustomerCase):
    """Customers of the year 2020, before which there are none, with values of two dimensions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2020-03-10 12:00:00"))
        cls.env.company.partner_id.tz = "UTC"
        cls.importance = cls.env.ref("customer_mgmt.partner_dimension_type_importance")
        cls.classes = cls.env.ref("customer_mgmt.partner_dimension_type_customer_class")
        (cls.importance | cls.classes).write({"default_value_id": False, "edit_group_id": False, "mandatory": "never"})
        cls.key, cls.plain = cls.env["partner.dimension.value"].create(
            [{"type_id": cls.importance.id, "name": name} for name in ("Test Key", "Test Plain")]
        )
        cls.walk_in = cls.env["partner.dimension.value"].create({"type_id": cls.classes.id, "name": "Test Walk-in"})
        cls.AsOf = cls.env["partner.dimension.as.of"]

    def rows(self, day=MOMENT, user=None):
        """Return what the analysis shows on ``day``, as an export reads it but for names, which are today's."""
        self.env.flush_all()
        self.env.invalidate_all()
        AsOf = self.AsOf.with_user(user or self.env.user).with_context(dimension_as_of=day)
        return AsOf.search_read([], COLUMNS, order="id", load=None)

    def shown(self, partner, day=MOMENT):
        """Return (value of importance, owner) that the analysis shows for ``partner``, or None if it is no row."""
        self.env.invalidate_all()
        row = self.AsOf.with_context(dimension_as_of=day).search([("partner_id", "=", partner.id)])
        return (row.x_dim_importance_id, row.user_id) if row else None


@tagged("post_install", "-at_install")
class TestAsOf(AsOfCase):
    """The analysis of a past day shows what held then, whatever has changed since."""

    def test_past_is_reproduced(self):
        """An export of a day is the same after every kind of change that came later."""
        first, second, third, fourth = (
            self.make_customer(name, user_id=self.user.id, x_dim_importance_id=self.key.id) for name in "ABCD"
        )
        second.x_dim_customer_class_id = self.walk_in
        fourth.x_dim_importance_id = False
        before = self.rows()
        self.assertEqual([row["partner_id"] for row in before], (first | second | third | fourth).ids)
        with freeze_time("2020-06-01 12:00:00"):
            first.write({"x_dim_importance_id": self.plain.id, "user_id": self.leader.id})
            second.write({"x_dim_importance_id": False, "active": False})
            third.write({"parent_id": first.id, "is_company": False})
            fourth.write({"x_dim_importance_id": self.key.id, "customer_status": "invalid"})
            self.make_customer("E", x_dim_importance_id=self.key.id)
            self.plain.write({"active": False})
            self.assertEqual(self.rows(), before)
            self.assertEqual(self.shown(first, "2020-06-01"), (self.plain, self.leader))
            self.assertEqual(self.shown(second, "2020-06-01"), (self.plain.browse(), self.user))
            self.assertIsNone(self.shown(third, "2020-06-01"))
            self.assertEqual(len(self.rows("2020-06-01")), len(before), "one came, one became a contact")

    def test_today_is_what_customers_have(self):
        """Without a day the analysis agrees with the customers themselves, archived ones included."""
        customers = self.Partner.union(
            *(self.make_customer(name, x_dim_importance_id=self.key.id) for name in "AB"), self.make_customer("C")
        )
        customers[0].active = False
        for row in self.AsOf.search([("partner_id", "in", customers.ids)]):
            self.assertEqual(row.x_dim_importance_id, row.partner_id.x_dim_importance_id)
            self.assertEqual((row.id, row.as_of), (row.partner_id.id, date(2020, 3, 10)))
        self.assertEqual(len(self.AsOf.search([("partner_id", "in", customers.ids)])), 3)

    def test_day_ends_in_the_zone_of_the_company(self):
        """The last second of the day counts, the first of the next does not, wherever the user is."""
        cases = [
            # zone of the company, last second of 10 March there in UTC
            ("UTC", "2020-03-10 23:59:59", "2020-03-11 00:00:00"),
            ("Asia/Shanghai", "2020-03-10 15:59:59", "2020-03-10 16:00:00"),
            ("America/New_York", "2020-03-11 03:59:59", "2020-03-11 04:00:00"),
            (False, "2020-03-10 23:59:59", "2020-03-11 00:00:00"),
        ]
        for zone, last, next_day in cases:
            self.env.company.partner_id.tz = zone
            customer = self.make_customer(zone or "none")
            with freeze_time(last):
                customer.x_dim_importance_id = self.key
            with freeze_time(next_day):
                customer.x_dim_importance_id = self.plain
            self.AsOf.env.user.tz = "Pacific/Auckland"
            with self.subTest(zone=zone):
                self.assertEqual(self.shown(customer)[0], self.key)
                self.assertEqual(self.shown(customer, "2020-03-11")[0], self.plain)

    def test_moments_are_not_mixed(self):
        """Rows of two days in one transaction keep their own values."""
        customer = self.make_customer(x_dim_importance_id=self.key.id)
        with freeze_time("2020-06-01 12:00:00"):
            customer.x_dim_importance_id = self.plain
        self.env.invalidate_all()
        row = self.AsOf.browse(customer.id)
        then, now = (row.with_context(dimension_as_of=day) for day in (MOMENT, "2020-06-01"))
        for _again in range(2):
            self.assertEqual((then.x_dim_importance_id, now.x_dim_importance_id), (self.key, self.plain))
            self.assertEqual((then.as_of, now.as_of), (date(2020, 3, 10), date(2020, 6, 1)))

    def test_day_that_is_none(self):
        """A day that nobody can read is refused in words."""
        for day in ("yesterday", "2020-13-01", 7, ["2020-01-01"]):
            with self.subTest(day), self.assertRaisesRegex(UserError, "is no day"):
                self.AsOf.with_context(dimension_as_of=day).search_count([])

    def test_who_was_no_customer(self):
        """Before a partner is managed, and after it no longer is, it is no row."""
        partner = self.Partner.create({"name": "Later", "is_company": True})
        with freeze_time("2020-04-01"):
            partner.customer_status = "prospect"
        self.assertIsNone(self.shown(partner))
        self.assertTrue(self.shown(partner, "2020-04-01"))

    def test_deleted_values(self):
        """Where a value was deleted since, the past says so."""
        customer = self.make_customer(x_dim_importance_id=self.key.id)
        with freeze_time("2020-06-01 12:00:00"):
            customer.x_dim_importance_id = self.plain
            self.key.unlink()
        value, _owner = self.shown(customer)
        self.assertEqual((value.code, value.active), ("deleted_values", False))

    def test_merged_customers(self):
        """Who was merged since has left its past with the survivor, which stays one row with its own owner."""
        survivor = self.make_customer("Survivor", user_id=self.user.id, x_dim_importance_id=self.key.id)
        source = self.make_customer("Source", user_id=self.leader.id)
        with freeze_time("2020-06-01 12:00:00"):
            Wizard = self.env["base.partner.merge.automatic.wizard"]
            Wizard.create({})._merge((survivor | source).ids, survivor)
        self.assertEqual(self.shown(survivor), (self.key, self.user))
        self.assertEqual([row["id"] for row in self.rows()], survivor.ids)

    def test_groups_add_up(self):
        """Grouped as the pivot does, the cells add up to all customers, the unclassified among them."""
        for number in range(9):
            self.make_customer(
                f"C{number}",
                x_dim_importance_id=(self.key.id, self.plain.id, False)[number % 3],
                x_dim_customer_class_id=self.walk_in.id if number % 2 else False,
            )
        AsOf = self.AsOf.with_user(self.user).with_context(dimension_as_of=MOMENT)
        groups = AsOf.formatted_read_group([], ["x_dim_importance_id", "x_dim_customer_class_id"], ["__count"])
        self.assertEqual(len(groups), 6)
        self.assertEqual(sum(group["__count"] for group in groups), 9)
        self.assertEqual(len([group for group in groups if not group["x_dim_importance_id"]]), 2)
        for group in groups:
            found = AsOf.search_read(group["__extra_domain"], COLUMNS)
            self.assertEqual(len(found), group["__count"])
            self.assertEqual({row["x_dim_importance_id"] for row in found}, {group["x_dim_importance_id"]})

    def test_export(self):
        """A day can be exported as it is shown."""
        customer = self.make_customer("Exported", x_dim_importance_id=self.key.id)
        with freeze_time("2020-06-01 12:00:00"):
            customer.x_dim_importance_id = self.plain
        row = self.AsOf.with_context(dimension_as_of=MOMENT).browse(customer.id)
        names = ["partner_id/name", "as_of", "x_dim_importance_id"]
        self.assertEqual(row.export_data(names)["datas"], [["Exported", date(2020, 3, 10), "Test Key"]])

    def test_archived_type(self):
        """The column of an archived type is offered nowhere, and reading it fails nowhere."""
        customer = self.make_customer(x_dim_importance_id=self.key.id)
        self.importance.active = False
        self.assertEqual(self.shown(customer)[0], self.key)
        self.assertFalse(self.AsOf.fields_get(["x_dim_importance_id"])["x_dim_importance_id"]["groupable"])
        self.assertNotIn("x_dim_importance_id", self.AsOf.get_view(view_type="search")["arch"])

    def test_search(self):
        """By customer (an archived one, too), by value with those below it, by category."""
        customer = self.make_customer("Searched", customer_category_id=self.shop.id, active=False)
        self.classes.hierarchical = True
        below = self.walk_in.create({"type_id": self.classes.id, "name": "Below", "parent_id": self.walk_in.id})
        customer.x_dim_customer_class_id = below
        for domain in (
            [("partner_id", "ilike", "Searched")],
            [("x_dim_customer_class_id", "child_of", self.walk_in.id)],
            [("customer_category_id", "child_of", self.retail.id)],
        ):
            with self.subTest(domain):
                self.assertEqual(self.AsOf.search(domain).partner_id, customer)

    def test_views(self):
        """List and search hold each dimension of customers; none of our views names one, it could not be deleted."""
        columns = [dimension.column for dimension in self.Partner._dimensions_of("customer")]
        self.assertIn("x_dim_industry_id", columns)
        for view_type, path in (("list", "//field"), ("search", "//field"), ("search", "//filter")):
            arch = etree.fromstring(self.AsOf.with_user(self.user).get_view(view_type=view_type)["arch"])
            names = [node.get("name").removeprefix("group_") for node in arch.xpath(path)]
            self.assertEqual([name for name in names if name.startswith("x_dim_")], columns, view_type)
            self.assertFalse(arch.xpath("//separator[starts-with(@name, 'dimension_')]"))
        ours = self.env["ir.model.data"].search([("module", "=", "customer_mgmt"), ("model", "=", "ir.ui.view")])
        views = self.env["ir.ui.view"].browse(ours.mapped("res_id"))
        self.assertFalse(views.filtered(lambda view: "x_dim_" in view.arch_db))

    def test_customer_opens(self):
        """A row leads to the customer as it is today."""
        customer = self.make_customer()
        action = self.AsOf.browse(customer.id).with_user(self.user).action_open_customer()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", customer.id))


@tagged("post_install", "-at_install")
class TestAsOfRights(AsOfCase):
    """Whoever sees a customer today sees its past, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create(
            {"name": "Our Team", "member_ids": [Command.set((cls.user | cls.leader).ids)]}
        )
        cls.mine = cls.make_customer("Mine", user_id=cls.user.id)
        cls.teams = cls.make_customer("Team's", user_id=cls.manager.id, team_id=cls.team.id)
        cls.another = cls.make_customer("Another's", user_id=cls.manager.id)
        cls.archived = cls.make_customer("Archived", user_id=cls.user.id, active=False)
        cls.foreign = cls.make_customer("Foreign", user_id=cls.user.id, company_id=cls.other_company.id)

    def test_roles(self):
        """Every role under every policy, by search, by group and by reading one row."""
        every = self.mine | self.teams | self.another | self.archived
        seen = {
            # policy: (user, leader, manager)
            "open": (every, every, every),
            "team": (every - self.another, self.teams, every),
            "own": (self.mine | self.archived, self.teams, every),
        }
        for policy, expected in seen.items():
            self.env["ir.rule"]._set_customer_visibility(policy)
            for role, customers in zip(("user", "leader", "manager"), expected, strict=True):
                with self.subTest(policy=policy, role=role):
                    user = getattr(self, role)
                    self.assertEqual([row["id"] for row in self.rows(user=user)], customers.ids)
                    AsOf = self.AsOf.with_user(user).with_context(dimension_as_of=MOMENT)
                    [group] = AsOf.formatted_read_group([], [], ["__count"])
                    self.assertEqual(group["__count"], len(customers))
                    for customer in every | self.foreign:
                        row = AsOf.browse(customer.id)
                        self.assertEqual(row.has_access("read"), customer in customers, customer.name)
                        if customer not in customers:
                            self.assertRaises(AccessError, row.read, ["x_dim_importance_id"])

    def test_two_companies(self):
        """Who works in the other company sees its customer, and only while it works there."""
        self.put_in_companies(self.manager, self.env.company | self.other_company)
        AsOf = self.AsOf.with_user(self.manager).with_context(dimension_as_of=MOMENT)
        for companies, seen in ((self.env.company, False), (self.manager.company_ids, True)):
            found = AsOf.with_context(allowed_company_ids=companies.ids).search([])
            self.assertEqual(self.foreign.id in found.ids, seen)

    def test_outside_the_file(self):
        """Nobody else reads it, and nobody writes, creates or deletes."""
        for user in (self.portal, self.outsider):
            self.assertRaises(AccessError, self.AsOf.with_user(user).search, [])
            self.assertFalse(self.env["partner.dimension.as.of.choose"].with_user(user).has_access("create"))
        for user in (self.user, self.admin):
            row = self.AsOf.with_user(user).browse(self.mine.id)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(row.has_access(operation), operation)


@tagged("post_install", "-at_install")
class TestAsOfDialog(AsOfCase):
    """The dialog asks for a day and two dimensions, and opens the analysis with them."""

    def choose(self, **vals):
        """Fill in the dialog as the user."""
        Choice = self.env["partner.dimension.as.of.choose"].with_user(self.user)
        return Choice.create({"row_type_id": self.importance.id, "column_type_id": self.classes.id, **vals})

    def test_opens_the_day(self):
        """What was chosen stands in title and context, and the analysis can be read with it."""
        customer = self.make_customer(x_dim_importance_id=self.key.id)
        with freeze_time("2020-06-01"):
            customer.x_dim_importance_id = self.plain
            action = self.choose(date=MOMENT).action_open()
        self.assertEqual(action["name"], "As of 2020-03-10")
        self.assertEqual(action["id"], self.env.ref("customer_mgmt.partner_dimension_as_of_action").id)
        context = action["context"]
        self.assertEqual(
            context,
            {
                "dimension_as_of": MOMENT,
                "pivot_row_groupby": ["x_dim_importance_id"],
                "pivot_column_groupby": ["x_dim_customer_class_id"],
                "graph_groupbys": ["x_dim_importance_id", "x_dim_customer_class_id"],
            },
        )
        AsOf = self.env[action["res_model"]].with_user(self.user).with_context(**context)
        [group] = AsOf.formatted_read_group([], context["graph_groupbys"], ["__count"])
        self.assertEqual((group["x_dim_importance_id"][0], group["x_dim_customer_class_id"]), (self.key.id, False))

    def test_proposals(self):
        """Today, by the first two dimensions of customers."""
        choice = self.env["partner.dimension.as.of.choose"].with_user(self.user).create({})
        first, second = self.env["partner.dimension.type"].search([("applies_to", "=", "customer")], limit=2)
        self.assertEqual((choice.date, choice.row_type_id, choice.column_type_id), (date(2020, 3, 10), first, second))
        for types in (
            {"row_type_id": False},
            {"column_type_id": False},
            {"row_type_id": False, "column_type_id": False},
        ):
            context = self.choose(**types).action_open()["context"]
            self.assertEqual(len(context["graph_groupbys"]), 2 - len(types))

    def test_bad_input(self):
        """A day to come, the same dimension twice, an archived one: each is refused by name."""
        archived = self.importance.browse(self.env.ref("customer_mgmt.partner_dimension_type_store").id)
        archived.active = False
        for vals, message in (
            ({"date": "2020-03-11"}, "2020-03-11 lies in the future"),
            ({"column_type_id": self.importance.id}, "stands in the rows already"),
            ({"column_type_id": archived.id}, "is archived"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, message):
                self.choose(**vals)

    def test_today_is_the_companys(self):
        """Tomorrow in Shanghai can be chosen while it is still today in London."""
        with freeze_time("2020-03-10 20:00:00"):
            self.env.company.partner_id.tz = "Asia/Shanghai"
            self.assertEqual(self.choose().date, date(2020, 3, 11))
            self.env.company.partner_id.tz = "Europe/London"
            self.assertRaises(ValidationError, self.choose, date="2020-03-11")


@tagged("post_install", "-at_install")
class TestDimensionActions(AsOfCase):
    """The analyses that come with the addon open, and say what they should."""

    def shared_filters(self, xmlid, model):
        """Return {name: favourite} that any user of the file finds on an action."""
        action = self.env.ref(f"customer_mgmt.{xmlid}")
        found = self.env["ir.filters"].with_user(self.user).get_filters(model, action.id)
        return {favourite["name"]: favourite for favourite in found}

    def test_analysis_shows_the_customers(self):
        """The analysis of today uses the one definition of a customer."""
        action = self.env.ref("customer_mgmt.res_partner_action_dimension_analysis")
        customers = self.Partner._customer_domain()
        self.assertEqual(
            Domain(ast.literal_eval(action.domain)).optimize(self.Partner), customers.optimize(self.Partner)
        )

    def test_saved_analyses(self):
        """Both are there for everyone, on today's customers and on those of a day, and can be read."""
        for xmlid, model in (
            ("res_partner_action_dimension_analysis", "res.partner"),
            ("partner_dimension_as_of_action", "partner.dimension.as.of"),
        ):
            favourites = self.shared_filters(xmlid, model)
            self.assertEqual(set(favourites), {INDUSTRY_REGION, SCALE_IMPORTANCE_TENURE})
            for name, favourite in favourites.items():
                with self.subTest(model=model, name=name):
                    self.assertFalse(favourite["user_ids"])
                    context = ast.literal_eval(favourite["context"])
                    groupby = context["pivot_row_groupby"] + context["pivot_column_groupby"]
                    self.assertEqual((context["graph_groupbys"], context["group_by"]), (groupby, groupby))
                    Model = self.env[model].with_user(self.user)
                    groups = Model.formatted_read_group([], groupby, ["__count"])
                    self.assertEqual(sum(group["__count"] for group in groups), Model.search_count([]))
        default = {name for name, favourite in self.shared_filters(xmlid, model).items() if favourite["is_default"]}
        self.assertFalse(default, "the dialog says what is shown")

    def test_history_is_an_analysis(self):
        """The history can be listed and grouped by what its search offers."""
        customer = self.make_customer(x_dim_importance_id=self.key.id)
        History = self.env["partner.dimension.assignment"].with_user(self.user)
        action = self.env.ref("customer_mgmt.partner_dimension_assignment_action")
        self.assertEqual(action.view_mode, "list,pivot,graph")
        arch = etree.fromstring(History.get_view(action.search_view_id.id, "search")["arch"])
        domain = [("partner_id", "=", customer.id)]
        for node in arch.xpath("//group/filter"):
            groupby = ast.literal_eval(node.get("context"))["group_by"]
            with self.subTest(groupby):
                [group] = History.formatted_read_group(domain, [groupby], ["__count"])
                self.assertEqual(group["__count"], 1)
        for node in arch.xpath("/search/filter[@domain]"):
            with self.subTest(node.get("name")):
                wanted = ast.literal_eval(node.get("domain").replace("uid", str(self.user.id)))
                found = History.search_count(domain + wanted)
                self.assertEqual(found, int(node.get("name") in ("now", "manual")))


class NewTypeCase(AsOfCase):
    """A dimension that an administrator has just added, with one value."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.mood = cls.env["partner.dimension.type"].create({"name": "Mood", "code": "test_mood"})
        cls.sunny = cls.env["partner.dimension.value"].create({"type_id": cls.mood.id, "name": "Sunny"})


@tagged("post_install", "-at_install")
class TestAsOfOfNewType(NewTypeCase):
    """A dimension that an administrator adds is in the analysis at once."""

    def test_new_type(self):
        """Its column is shown, grouped and searched by; renamed it is called otherwise."""
        customer = self.make_customer(x_dim_test_mood_id=self.sunny.id)
        self.assertEqual(set(self.mood._find_columns().mapped("model")), set(self.mood._dimension_targets()))
        [group] = self.AsOf.formatted_read_group([("id", "=", customer.id)], ["x_dim_test_mood_id"], ["__count"])
        self.assertEqual(group["x_dim_test_mood_id"], (self.sunny.id, "Sunny"))
        self.assertIn("group_x_dim_test_mood_id", self.AsOf.get_view(view_type="search")["arch"])
        with freeze_time("2020-06-01"):
            customer.x_dim_test_mood_id = False
        self.env.invalidate_all()
        row = self.AsOf.browse(customer.id)
        days = [row.with_context(dimension_as_of=day).x_dim_test_mood_id for day in (MOMENT, "2020-06-01")]
        self.assertEqual(days, [self.sunny, self.sunny.browse()])
        self.mood.name = "Temper"
        self.assertEqual(self.AsOf.fields_get(["x_dim_test_mood_id"])["x_dim_test_mood_id"]["string"], "Temper")


# The registry does not come back before the end of a class: one test each.
@tagged("post_install", "-at_install")
class TestAsOfOfDeletedType(NewTypeCase):
    """What is deleted leaves the analyses whole."""

    def test_deleted_types(self):
        """Column and favourites go with their type; everything else stays, and both actions open."""
        industry = self.env.ref("customer_mgmt.partner_dimension_type_industry")
        customer = self.make_customer(x_dim_test_mood_id=self.sunny.id, x_dim_importance_id=self.key.id)
        (self.mood | industry).with_context(dimension_delete=CONFIRMED).unlink()
        for column in ("x_dim_test_mood_id", "x_dim_industry_id"):
            self.assertNotIn(column, self.AsOf._fields)
            self.assertNotIn(column, self.AsOf.get_view(view_type="search")["arch"])
        self.assertEqual(self.shown(customer)[0], self.key)
        for xmlid, model in (
            ("res_partner_action_dimension_analysis", "res.partner"),
            ("partner_dimension_as_of_action", "partner.dimension.as.of"),
        ):
            action = self.env.ref(f"customer_mgmt.{xmlid}")
            found = self.env["ir.filters"].with_user(self.user).get_filters(model, action.id)
            self.assertEqual([favourite["name"] for favourite in found], [SCALE_IMPORTANCE_TENURE])
            Model = self.env[model].with_user(self.user)
            Model.get_views([*action.views, (action.search_view_id.id, "search")])
            Model.formatted_read_group([], ["x_dim_region_id"], ["__count"])
