from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .dimension import DimensionCase

IMPORTANCE, TERRITORY, TENURE = "x_dim_importance_id", "x_dim_territory_id", "x_dim_tenure_id"


@tagged("post_install", "-at_install")
class TestChoosing(DimensionCase):
    """Who may choose which value, on every way in which people choose."""

    # (column, attribute of the test with the value, who is refused how)
    BAD = [
        (IMPORTANCE, "north", ValidationError, "Importance: “Test North” is a value of “Sales Territory”"),
        (IMPORTANCE, "retired", ValidationError, "Importance: “Test Retired” cannot be chosen any more, or not yet"),
        (IMPORTANCE, "later", ValidationError, "Importance: “Test Later” cannot be chosen any more, or not yet"),
        (IMPORTANCE, "foreign", ValidationError, "Importance: “Test Foreign” serves only Other Company"),
        (TENURE, "old", UserError, "Tenure: its values come from rules only"),
    ]

    def doors(self, column, value, user):
        """Return {name: call} of every way to give ``value`` to a customer as ``user``."""
        Partner = self.Partner.with_user(user)
        new = {"name": "New", "is_company": True, "customer_status": "prospect"}
        known = self.make_customer("Known").with_user(user)
        pair = (known.sudo() | self.make_customer("Second")).with_user(user)
        return {
            "write": lambda: known.write({column: value.id}),
            "mass edit": lambda: pair.write({column: value.id}),
            "create": lambda: Partner.create({**new, column: value.id}),
            "default": lambda: Partner.with_context(**{f"default_{column}": value.id}).create(new),
            "copy": lambda: known.copy({column: value.id}),
        }

    def test_bad_values(self):
        """A value that does not fit is refused by its name, on every way."""
        for column, name, error, message in self.BAD:
            for door, call in self.doors(column, getattr(self, name), self.user).items():
                with self.subTest(value=name, door=door), self.refused(message, error):
                    call()
                    self.env.flush_all()

    def test_bad_values_by_import(self):
        """A file is refused at the row, with the same words, whether it names the value by id or by code."""
        names = ["id", "name", "customer_status"]
        for column, name, _error, message in self.BAD:
            value = getattr(self, name)
            for subfield, text in (("/.id", str(value.id)), ("", value.code)):
                if (subfield, name) in (("", "north"), ("", "foreign")):
                    continue  # not found: test_dimension_import.py
                with self.subTest(value=name, by=subfield):
                    Partner = self.Partner.with_user(self.user).with_context(import_file=True)
                    rows = [["cm_dim.a", "A", "prospect", ""], ["cm_dim.b", "B", "prospect", text]]
                    result = Partner.load([*names, column + subfield], rows)
                    self.assertFalse(result["ids"])
                    told = [entry["message"] for entry in result["messages"] if entry["record"] == 1]
                    self.assertRegex("\n".join(told), message)

    def test_value_that_is_not_there(self):
        """A client that invents a value is told so, and nothing is written."""
        customer = self.make_customer().with_user(self.user)
        with self.assertRaises(MissingError):
            customer.write({IMPORTANCE: self.key.id + 10_000_000})
            self.env.flush_all()

    def test_group(self):
        """Where a group is named only its members choose, on every way; nobody else is stopped for other reasons."""
        self.importance.edit_group_id = self.env.ref("customer_mgmt.group_customer_team")
        for door, call in self.doors(IMPORTANCE, self.key, self.user).items():
            with self.subTest(door=door), self.refused("Importance: only members of", AccessError):
                call()
        for door, call in self.doors(IMPORTANCE, self.key, self.leader).items():
            with self.subTest(door=door):
                call()
        customer = self.make_customer(**{IMPORTANCE: self.key.id}).with_user(self.user)
        self.assertIn(IMPORTANCE, customer.dimension_readonly)
        self.assertNotIn(IMPORTANCE, customer.with_user(self.leader).dimension_readonly)
        customer.write({"city": "Basel", IMPORTANCE: self.key.id})  # the same again is no change
        with self.assertRaises(AccessError):
            customer.write({IMPORTANCE: False})
        customer.sudo().write({IMPORTANCE: self.ordinary.id})

    def test_own_customers_only(self):
        """A salesperson who works with the own customers alone classes no others."""
        self.env["ir.rule"]._set_customer_visibility("own")
        own, other = self.make_customer(user_id=self.user.id), self.make_customer(user_id=self.leader.id)
        own.with_user(self.user).write({IMPORTANCE: self.key.id})
        with self.assertRaises(AccessError):
            other.with_user(self.user).write({IMPORTANCE: self.key.id})
        other.with_user(self.manager).write({IMPORTANCE: self.key.id})
        with self.assertRaises(AccessError):
            own.with_user(self.outsider).write({IMPORTANCE: self.key.id})

    def test_what_stands_there_stays(self):
        """A value that was retired, or that only rules give, does not stop other changes, nor being saved again."""
        customer = self.make_customer(**{IMPORTANCE: self.key.id, TENURE: self.old.id})
        self.key.active = False
        customer.with_user(self.user).write({"city": "Basel", IMPORTANCE: self.key.id, TENURE: self.old.id})
        with self.assertRaises(ValidationError):
            self.make_customer().with_user(self.user).write({IMPORTANCE: self.key.id})

    def test_companies(self):
        """A customer with a value of its company cannot be moved to another one; shared values go along."""
        customer = self.make_customer(company_id=self.other_company.id, **{IMPORTANCE: self.foreign.id})
        with self.refused("“Test Foreign” serves only Other Company"):
            customer.company_id = self.env.company
        customer.write({IMPORTANCE: self.key.id, "company_id": self.env.company.id})

    def test_form(self):
        """The form offers the values of the type that can be chosen, and saves the one chosen."""
        view = self.env["ir.ui.view"].create(
            {
                "name": "dimensions",
                "model": "res.partner",
                "mode": "primary",
                "arch": "<form><field name='name'/><field name='is_company'/><field name='customer_status'/>"
                "<field name='dimension_readonly' invisible='1'/><field name='parent_id'/><field name='company_id'/>"
                "<group name='dimension_fields'/></form>",
            }
        )
        customer = self.make_customer().with_user(self.user)
        with Form(customer, view) as form:
            form[IMPORTANCE] = self.key
            with self.assertRaisesRegex(AssertionError, "readonly"):
                form[TENURE] = self.old
        self.assertEqual(customer[IMPORTANCE], self.key)
        arch = customer.get_view(view.id, "form")["arch"]
        self.assertIn(f"[('type_id', '=', {self.importance.id}), ('is_selectable', '=', True)", arch)

    def test_visitors_read_no_dimension(self):
        """What we think of customers is not for them to read."""
        partner = self.portal.partner_id
        partner.write({"customer_status": "prospect", IMPORTANCE: self.key.id})
        for name in (IMPORTANCE, TENURE, "dimension_value_id", "dimension_assignment_ids", "dimension_readonly"):
            with self.subTest(name), self.assertRaises(AccessError):
                partner.with_user(self.portal).read([name])
        with self.assertRaises(AccessError):
            partner.with_user(self.portal).search([(IMPORTANCE, "=", self.key.id)])


@tagged("post_install", "-at_install")
class TestHistory(DimensionCase):
    """Every change becomes an entry, and the open one says what the column says."""

    def test_from_beginning_to_end(self):
        """Chosen, chosen anew, saved again, emptied: one entry for each change."""
        customer = self.Partner.with_user(self.user).create({"name": "A", IMPORTANCE: self.key.id})
        self.assertEqual(self.history(customer), [(self.key, "manual", "", True)])
        customer.write({IMPORTANCE: self.ordinary.id})
        customer.write({IMPORTANCE: self.ordinary.id, "city": "Basel"})
        self.assertEqual(self.history(customer), [(self.key, "manual", "", False), (self.ordinary, "manual", "", True)])
        self.assertEqual(customer.sudo().dimension_assignment_ids.user_id, self.user)
        customer.write({IMPORTANCE: False})
        self.assertEqual([entry[-1] for entry in self.history(customer)], [False, False])

    def test_defaults(self):
        """What comes by a default of the user or of a screen has its history, too."""
        self.env["ir.default"].set("res.partner", IMPORTANCE, self.key.id)
        plain = self.Partner.create({"name": "By default"})
        context = self.Partner.with_context(**{f"default_{IMPORTANCE}": self.ordinary.id})
        grouped = context.create({"name": "By screen"})
        self.assertEqual(self.history(plain), [(self.key, "manual", "", True)])
        self.assertEqual(self.history(grouped), [(self.ordinary, "manual", "", True)])

    def test_many_at_once(self):
        """A mass edit writes down only the customers that change."""
        customers = self.make_customer(**{IMPORTANCE: self.key.id}) | self.make_customer() | self.make_customer()
        customers.with_user(self.user).write({IMPORTANCE: self.key.id})
        for customer in customers:
            self.assertEqual(self.history(customer), [(self.key, "manual", "", True)])

    def test_adoption(self):
        """Who had values before becoming a customer keeps them with their history, and contacts get them."""
        partner = self.Partner.create({"name": "Before", "is_company": True, IMPORTANCE: self.key.id})
        contact = self.make_contact(partner)
        # As it was before our time: contacts without the values of their company.
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET x_dim_importance_id = NULL WHERE id = %s", [contact.id])
        self.env.invalidate_all()
        done = self.Partner._adopt_customers(partner.ids, "active", self.shop, self.admin)
        self.assertEqual(done, (1, 1))
        self.assertEqual(contact[IMPORTANCE], self.key)
        self.assertEqual(self.history(partner), [(self.key, "manual", "", True)])

    def test_copy(self):
        """A copy begins with what people have chosen; what a rule gave, or nobody may choose now, it has not."""
        customer = self.make_customer(**{IMPORTANCE: self.key.id, TENURE: self.old.id})
        self.give_by_rule(customer, self.north)
        copy = customer.with_user(self.user).copy()
        self.assertEqual(self.history(copy), [(self.key, "manual", "", True)])
        self.assertFalse(copy[TERRITORY] or copy[TENURE])
        self.key.active = False
        self.assertFalse(customer.with_user(self.user).copy()[IMPORTANCE])
        contact = self.make_contact(customer)
        self.assertEqual(contact.with_user(self.user).copy()[IMPORTANCE], self.key)

    def test_deletion(self):
        """The history goes with the partner, and is no reason to keep it."""
        customer = self.make_customer(**{IMPORTANCE: self.key.id})
        self.assertFalse(customer._partner_history_counts() or customer._partner_part_counts())
        entries = customer.dimension_assignment_ids
        customer.unlink()
        self.assertFalse(entries.exists())

    def test_archive(self):
        """Archiving and taking out of the archive are no changes of dimensions."""
        customer = self.make_customer(**{IMPORTANCE: self.key.id})
        customer.action_archive()
        customer.action_unarchive()
        customer._mark_invalid()
        customer.action_customer_restore()
        self.assertEqual(self.history(customer), [(self.key, "manual", "", True)])


@tagged("post_install", "-at_install")
class TestContacts(DimensionCase):
    """Contact persons have what their company has, and no history of their own."""

    MOVED = "Place in a company changed"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.make_customer("Company", **{IMPORTANCE: cls.key.id})
        cls.contact = cls.make_contact(cls.company)
        cls.bare = cls.make_customer("Bare")

    def assertFollows(self, contact, company):
        """Assert that the contact has every value of the company, and no open entry."""
        self.env.flush_all()
        self.env.invalidate_all()
        for name in (IMPORTANCE, TERRITORY, TENURE):
            self.assertEqual(contact[name], company[name], name)
        self.assertFalse(contact.dimension_assignment_ids.filtered(lambda entry: not entry.until))

    def test_company_changes(self):
        """A value given, changed or emptied is the contacts' too, archived ones and addresses below included."""
        archived = self.make_contact(self.company, active=False)
        below = self.make_contact(self.contact, type="delivery")
        for vals in ({IMPORTANCE: self.ordinary.id}, {TERRITORY: self.north.id}, {IMPORTANCE: False}):
            self.company.with_user(self.user).write(vals)
            for contact in (self.contact, archived, below):
                with self.subTest(vals=vals, contact=contact):
                    self.assertFollows(contact, self.company)

    def test_contact_created(self):
        """A new contact has the company's values; another value is refused to people and corrected for jobs."""
        Partner = self.Partner.with_user(self.user)
        contact = Partner.create({"name": "New", "parent_id": self.company.id, IMPORTANCE: self.key.id})
        self.assertFollows(contact, self.company)
        for company in (self.company, self.bare):
            vals = {"name": "New", "parent_id": company.id, IMPORTANCE: self.ordinary.id}
            with self.subTest(company.name):
                with self.refused(f"New is a contact of {company.name} and has its value"):
                    Partner.create(vals)
                self.assertFollows(self.Partner.create(vals), company)

    def test_created_with_the_company(self):
        """Contacts that are entered together with their company have its values."""
        lines = [
            Command.create({"name": "One"}),
            Command.create({"name": "Two", "child_ids": [Command.create({"name": "Three"})]}),
        ]
        company = self.make_customer("Whole", child_ids=lines, **{IMPORTANCE: self.key.id, TERRITORY: self.north.id})
        family = company.child_ids | company.child_ids.child_ids
        self.assertEqual(len(family), 3)
        for contact in family:
            self.assertFollows(contact, company)

    def test_another_value(self):
        """A person cannot class a contact otherwise than its company, except together with it."""
        contact = self.contact.with_user(self.user)
        with self.refused("is a contact of Company and has its value"):
            contact.write({IMPORTANCE: self.ordinary.id})
        with self.refused("is a contact of Company and has its value"):
            contact.write({IMPORTANCE: False})
        (self.contact | self.company).with_user(self.user).write({IMPORTANCE: self.ordinary.id})
        self.assertFollows(self.contact, self.company)
        self.contact.write({IMPORTANCE: self.key.id})  # a job
        self.assertFollows(self.contact, self.company)

    def test_moves_between_companies(self):
        """A contact that changes its company has the new one's values, and none where that has none."""
        below = self.make_contact(self.contact)
        for company in (self.bare, self.company, self.Partner.create({"name": "Plain", "is_company": True})):
            self.contact.with_user(self.user).parent_id = company
            for contact in (self.contact, below):
                with self.subTest(company=company.name, contact=contact):
                    self.assertFollows(contact, company)
        self.assertFalse(self.contact.dimension_assignment_ids)

    def test_company_becomes_a_contact(self):
        """Its own entries end; it has what the other company has, also where that has nothing."""
        for company in (self.bare, self.make_customer("Other", **{TERRITORY: self.north.id})):
            person = self.make_customer("Person", is_company=False, **{IMPORTANCE: self.key.id})
            person.with_user(self.user).parent_id = company
            with self.subTest(company.name):
                self.assertFollows(person, company)
                self.assertEqual(self.history(person), [(self.key, "manual", "", False)])
        part = self.make_customer("Part", parent_id=self.bare.id, **{IMPORTANCE: self.key.id})
        worker = self.make_contact(part)
        part.with_user(self.user).is_company = False
        for contact in (part, worker):
            self.assertFollows(contact, self.bare)

    def test_contact_becomes_its_own(self):
        """It keeps the values as its own, with a reason; what a rule gave to the company stays a rule's."""
        self.give_by_rule(self.company, self.north)
        below = self.make_contact(self.contact)
        self.contact.with_user(self.user).parent_id = False
        self.assertEqual(self.history(self.contact), [(self.key, "manual", self.MOVED, True)])
        self.assertEqual(self.history(self.contact, self.territory), [(self.north, "rule", self.MOVED, True)])
        self.assertFollows(below, self.contact)
        branch = self.make_contact(self.company, "Branch")
        branch.is_company = True
        self.assertEqual(self.history(branch), [(self.key, "manual", self.MOVED, True)])
        branch.write({IMPORTANCE: self.ordinary.id})
        self.assertEqual(self.company[IMPORTANCE], self.key)

    def test_company_is_deleted(self):
        """Its contacts remain as partners of their own, with their values and a history of these."""
        self.company.unlink()
        self.assertEqual(self.contact[IMPORTANCE], self.key)
        self.assertEqual(self.history(self.contact), [(self.key, "manual", self.MOVED, True)])

    def test_import(self):
        """A row of a contact may leave the cell empty, and says nothing by that."""
        self.env["ir.model.data"]._update_xmlids([{"xml_id": "cm_dim.contact", "record": self.contact}])
        Partner = self.Partner.with_user(self.user).with_context(import_file=True)
        rows = [["cm_dim.contact", "Renamed", ""]]
        self.assertFalse(Partner.load(["id", "name", IMPORTANCE], rows)["messages"])
        self.assertFollows(self.contact, self.company)

    def test_plain_contacts_cost_nothing(self):
        """Without dimensions a contact is created with the queries of a world without types."""

        def count():
            return self.count_queries(lambda: self.Partner.create({"name": "Plain", "parent_id": self.bare.id}))

        count()
        usual = count()
        self.env["partner.dimension.type"].search([]).active = False
        count()
        self.assertEqual(usual, count())
