from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from . import test_queries
from .common import CustomerCase


class DimensionBulkCase(CustomerCase):
    """A dimension that people fill in, with three values, and the dialogs on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.rule"]._set_customer_visibility("open")
        cls.importance = cls.env.ref("customer_mgmt.partner_dimension_type_importance")
        cls.importance.write(
            {"kind": "manual", "mandatory": "never", "active": True, "edit_group_id": False, "default_value_id": False}
        )
        cls.column = cls.importance.column
        Value = cls.env["partner.dimension.value"]
        cls.gold, cls.iron, cls.local = Value.create(
            [
                {"name": "Test Gold", "type_id": cls.importance.id},
                {"name": "Test Iron", "type_id": cls.importance.id},
                {"name": "Test Local", "type_id": cls.importance.id, "company_id": cls.env.company.id},
            ]
        )
        cls.region = cls.env.ref("customer_mgmt.partner_dimension_type_region")
        cls.asia = Value.create({"name": "Test Asia", "type_id": cls.region.id})

    def open_for(self, partners, user=None, **context):
        """Return the dialog (record) that the action in the menu opens on ``partners``."""
        partners = partners.with_user(user or self.user).with_context(**context)
        action = partners.action_customer_set_dimension()
        return self.env[action["res_model"]].with_user(user or self.user).browse(action["res_id"])

    def fill_in(self, wizard, value, reason=""):
        """Choose ``value`` (empty: take away) and ``reason`` as a person does, and return the saved dialog."""
        with Form(wizard) as form:
            form.type_id = value.type_id or self.importance
            if value:
                form.value_id = value
                form.reason = reason
            else:
                form.empty = True
        return wizard

    def assign(self, partners, value, user=None, **context):
        """Give ``value`` to ``partners`` through the dialog; return what it said before and the notification after."""
        wizard = self.fill_in(self.open_for(partners, user, **context), value)
        return wizard.summary, wizard.action_confirm()["params"]

    def history(self, partner):
        """Return value, source, author, reason and whether it is over of each entry of ``partner``, oldest first."""
        entries = partner.dimension_assignment_ids.filtered(lambda entry: entry.type_id == self.importance)
        return [
            (entry.value_id, entry.source, entry.user_id, entry.reason, bool(entry.until))
            for entry in entries.sorted("id")
        ]


@tagged("post_install", "-at_install")
class TestDimensionAssign(DimensionBulkCase):
    """Giving a value to a selection: counted first, on record afterwards, nobody changed whom one may not change."""

    def test_selection(self):
        """Companies stand for their contacts, who has the value is left alone, history and reason are written."""
        company, other, done = self.make_customer("A"), self.make_customer("B"), self.make_customer("C")
        contact = self.make_contact(company)
        done[self.column] = self.gold
        self.env.flush_all()
        stamps = company.write_date, len(company.message_ids)
        wizard = self.open_for(contact | company | other | done)
        self.assertEqual((wizard.selected_text, wizard.summary), ("Selected: 4", False))
        self.fill_in(wizard, self.gold, "They asked for it")
        self.assertEqual(wizard.changing_count, 2)
        self.assertIn("Will change: 2", wizard.summary)
        self.assertIn("Have this value already: 1", wizard.summary)
        params = wizard.action_confirm()["params"]
        self.assertEqual((params["message"], params["type"]), ("2 changed, 0 left out", "success"))
        self.assertEqual((company | other | contact).mapped(self.column), self.gold)
        self.assertEqual(self.history(company), [(self.gold, "manual", self.user, "They asked for it", False)])
        self.assertFalse(self.history(contact))
        self.assertEqual((company.write_date, len(company.message_ids)), stamps)

    def test_another_value_ends_the_first(self):
        """The former value stays in the history, at an end."""
        customer = self.make_customer()
        for value in (self.gold, self.iron):
            self.assign(customer, value)
        first, second = self.history(customer)
        self.assertEqual((first[0], first[-1], second[0], second[-1]), (self.gold, True, self.iron, False))

    def test_whole_filter(self):
        """When the client reaches its limit, everything that its filter finds is meant, and said to be."""
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "2")
        customers = self.Partner.union(*(self.make_customer(f"Filtered {number}") for number in range(3)))
        domain = [["name", "=like", "Filtered %"]]
        wizard = self.open_for(customers[:2], active_domain=domain)
        self.assertEqual(wizard.selected_text, "Everything that the filter finds: 3")
        few = self.open_for(customers[0], active_domain=domain)
        self.assertEqual(few.selected_text, "Selected: 1")
        self.fill_in(wizard, self.gold).action_confirm()
        self.assertEqual(customers.mapped(self.column), self.gold)

    def test_whole_filter_sees_with_the_eyes_of_the_user(self):
        """What the policy hides is not found by any filter."""
        self.env["ir.rule"]._set_customer_visibility("own")
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "1")
        own = self.make_customer("Seen", user_id=self.user.id)
        hidden = self.make_customer("Hidden", user_id=self.leader.id)
        wizard = self.open_for(own, active_domain=[["id", "in", (own | hidden).ids]])
        self.assertEqual(wizard.selected_ids, own.ids)
        self.assertFalse(self.open_for(hidden).selected_ids)

    def test_bad_filters(self):
        """A filter that a client made up is refused in words."""
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "1")
        customer = self.make_customer()
        for domain in ("x", [["no_such_field", "=", 1]], [5], [["name", "no such operator", 1]], ["&"], 7):
            with self.subTest(domain), self.assertRaisesRegex(UserError, "filter of the list cannot be read"):
                self.open_for(customer, active_domain=domain)

    def test_nothing_selected(self):
        """The action says so when nothing is selected."""
        with self.assertRaisesRegex(UserError, "nothing is selected"):
            self.open_for(self.Partner)

    def test_left_out(self):
        """Who may not be changed is left out and named, with the reason; everyone else is changed."""
        self.env["ir.rule"]._set_customer_visibility("own")
        here = {"user_id": self.user.id, "company_id": self.env.company.id}
        fine, anywhere = self.make_customer("Fine", **here), self.make_customer("Anywhere", user_id=self.user.id)
        plain = self.Partner.create({"name": "Plain", "is_company": True, **here})
        followed = self.make_customer("Followed", user_id=self.leader.id, company_id=self.env.company.id)
        followed.message_subscribe(self.user.partner_id.ids)
        before, params = self.assign(fine | anywhere | plain | followed, self.local)
        for text in (before, params["message"]):
            self.assertIn("they are no customers (1): Plain", text)
            self.assertIn(f"they do not belong to {self.env.company.name} (1): Anywhere", text)
            self.assertIn("you may not change them (1): Followed", text)
        self.assertIn("1 changed, 3 left out", params["message"])
        self.assertTrue(params["sticky"])
        self.assertEqual(fine[self.column], self.local)
        self.assertFalse((anywhere | plain | followed).mapped(self.column))

    def test_partners_of_colleagues(self):
        """Who may not change users may not change a colleague's partner, as in Odoo itself."""
        colleague, own = self.leader.partner_id, self.user.partner_id
        (colleague | own).customer_status = "prospect"
        _before, params = self.assign(colleague | own, self.gold)
        self.assertIn(f"you may not change them (1): {colleague.name}", params["message"])
        self.assertEqual((own[self.column], colleague[self.column].ids), (self.gold, []))

    def test_many_names(self):
        """Ten names are said, and how many more there are."""
        plain = self.Partner.create([{"name": f"Plain {number:02}", "is_company": True} for number in range(12)])
        before, _params = self.assign(plain | self.make_customer(), self.gold)
        self.assertIn("Plain 09, … and 2 more", before)
        self.assertNotIn("Plain 10", before)

    def test_nobody_left(self):
        """When nobody would change, that is said with the reasons, and nothing is written."""
        customer = self.make_customer()
        self.assign(customer, self.gold)
        wizard = self.fill_in(self.open_for(customer), self.gold)
        self.assertFalse(wizard.changing_count)
        with self.assertRaisesRegex(UserError, f"{self.importance.name}: no customer would change"):
            wizard.action_confirm()
        self.assertEqual(len(self.history(customer)), 1)

    def test_busy(self):
        """Whom somebody else is changing just now is left out and named."""
        customers = self.make_customer("Free") | self.make_customer("Busy")
        wizard = self.fill_in(self.open_for(customers), self.gold)
        self.patch(type(self.Partner), "_apply_dimension", lambda *args: customers[:1].ids)
        self.assertIn(
            "Left out, somebody else is changing them just now (1): Busy", wizard.action_confirm()["params"]["message"]
        )

    def test_hidden_ids_written_by_a_client(self):
        """Nobody learns the value of a hidden customer by writing its id into the dialog."""
        hidden = self.make_customer("Hidden", user_id=self.leader.id, **{self.column: self.gold.id})
        self.env["ir.rule"]._set_customer_visibility("own")
        wizard = self.open_for(self.make_customer(user_id=self.user.id))
        wizard.selected_ids = hidden.ids
        self.assertEqual(self.fill_in(wizard, self.gold).summary.count("<li>"), 1)

    def test_take_away(self):
        """A value can be taken away; its entry ends."""
        customer = self.make_customer()
        contact = self.make_contact(customer)
        self.assign(customer, self.gold)
        before, _params = self.assign(customer | self.make_customer(), self.gold.browse())
        self.assertIn("Have no value: 1", before)
        self.assertFalse(customer[self.column] or contact[self.column])
        self.assertTrue(self.history(customer)[0][-1])

    def test_take_away_what_is_mandatory(self):
        """Always mandatory: refused. Mandatory for active customers: these keep theirs."""
        prospect, active = self.make_customer("P"), self.make_customer("A", "active")
        self.assign(prospect | active, self.gold)
        self.importance.mandatory = "always"
        wizard = self.fill_in(self.open_for(prospect), self.gold.browse())
        with self.assertRaisesRegex(UserError, "every customer must have a value"):
            wizard.action_confirm()
        self.importance.mandatory = "active"
        _before, params = self.assign(prospect | active, self.gold.browse())
        self.assertIn("they must have a value (1): A", params["message"])
        self.assertEqual((prospect[self.column].ids, active[self.column]), ([], self.gold))

    def test_choice_of_dimensions(self):
        """Offered is what the user may choose; what a client chooses all the same is refused in words."""
        customer = self.make_customer()
        industry = self.env.ref("customer_mgmt.partner_dimension_type_industry")
        industry.write({"kind": "rule", "locked": True})
        wood = self.env["partner.dimension.value"].create({"name": "Test Wood", "type_id": industry.id})
        self.assertNotIn(industry, self.open_for(customer).allowed_type_ids)
        self.assertIn(self.importance, self.open_for(customer).allowed_type_ids)
        self.gold.valid_to = fields.Date.add(fields.Date.today(), days=-2)
        cases = [
            ({"type_id": self.importance.id}, UserError, "choose a dimension, and a value"),
            ({"value_id": self.iron.id}, UserError, "choose a dimension, and a value"),
            ({"type_id": self.importance.id, "value_id": self.asia.id}, UserError, "is no value of “Importance”"),
            ({"type_id": self.importance.id, "value_id": self.gold.id}, ValidationError, "cannot be chosen any more"),
            ({"type_id": industry.id, "value_id": wood.id}, UserError, "its values come from rules only"),
        ]
        for vals, error, message in cases:
            with self.subTest(message), self.assertRaisesRegex(error, message):
                wizard = self.open_for(customer)
                wizard.write(vals)
                wizard.action_confirm()
        self.importance.edit_group_id = self.env.ref("customer_mgmt.group_customer_all")
        self.assertNotIn(self.importance, self.open_for(customer).allowed_type_ids)
        with self.assertRaisesRegex(AccessError, "only members of"):
            wizard = self.open_for(customer)
            wizard.write({"type_id": self.importance.id, "value_id": self.iron.id})
            wizard.action_confirm()
        self.assign(customer, self.iron, self.manager)
        self.assertEqual(customer[self.column], self.iron)

    def test_archived_dimension(self):
        """A dimension that was archived while the dialog was open is refused."""
        wizard = self.fill_in(self.open_for(self.make_customer()), self.gold)
        self.importance.active = False
        with self.assertRaisesRegex(UserError, "“Importance” is archived"):
            wizard.action_confirm()

    def test_contact_dimension(self):
        """Where contact persons have values of their own, they are meant, and companies are not."""
        self.take_values_away(self.importance)
        self.importance.applies_to = "contact"
        company = self.make_customer("Firm")
        contact = self.make_contact(company, type="contact")
        _before, params = self.assign(company | contact, self.gold)
        self.assertIn("they are no contact persons of customers (1): Firm", params["message"])
        self.assertEqual((contact[self.column], company[self.column].ids), (self.gold, []))

    def test_roles(self):
        """From the lowest role up: who may open it, and whom it changes."""
        self.env["ir.rule"]._set_customer_visibility("own")
        team = self.env["crm.team"].create({"name": "Team", "member_ids": (self.user | self.leader).ids})
        vals = {"user_id": self.leader.id, "team_id": team.id}
        for user in (self.portal, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.open_for(self.make_customer(**vals), user)
        for user, changes in ((self.user, False), (self.leader, True), (self.manager, True), (self.admin, True)):
            with self.subTest(user.login):
                customer, own = self.make_customer(**vals), self.make_customer(user_id=user.id)
                self.assign(customer | own, self.gold, user)
                self.assertEqual(customer[self.column], self.gold if changes else self.gold.browse())
                self.assertEqual(own[self.column], self.gold)

    def test_dialogs_of_others(self):
        """Nobody confirms a dialog that somebody else has opened."""
        wizard = self.fill_in(self.open_for(self.make_customer(), self.manager), self.gold)
        with self.assertRaises(AccessError):
            wizard.with_user(self.outsider).action_confirm()


@tagged("post_install", "-at_install")
class TestDimensionAssignQueries(DimensionBulkCase):
    """Fifty customers cost no more than one."""

    assertSameQueries = test_queries.TestQueries.assertSameQueries

    def test_assign(self):
        """Opening, counting and changing take as many queries for fifty customers as for one."""
        self.env["ir.rule"]._set_customer_visibility("own")
        customers = {
            n: self.Partner.create(
                [
                    {"name": f"Q{i}", "is_company": True, "customer_status": "active", "user_id": self.user.id}
                    for i in range(n)
                ]
            )
            for n in (1, 50)
        }
        values = iter([self.gold, self.iron, self.iron])

        def assign(n):
            wizard = self.open_for(customers[n])
            wizard.write({"type_id": self.importance.id, "value_id": next(values).id})
            wizard.action_confirm()

        self.assertSameQueries(assign)
        self.assertSameQueries(lambda n: self.Partner.browse(customers[n].ids).mapped("dimension_notes"))
