import contextlib

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..models.res_partner_status import UNCHECKED
from .common import CustomerCase


class RequirementCase(CustomerCase):
    """A shop must leave a phone number as prospect (from its parent category: a city), and an e-mail when active."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.retail.prospect_required_field_ids = cls.field("city")
        cls.shop.prospect_required_field_ids = cls.field("phone")
        cls.shop.active_required_field_ids = cls.field("email")
        # Has no group of ours, but may change partners.
        cls.clerk = new_test_user(cls.env, "clerk", groups="base.group_user,base.group_partner_manager")

    @classmethod
    def field(cls, name):
        """Return the field of the partner as a record."""
        return cls.env["ir.model.fields"]._get("res.partner", name)

    def shop_customer(self, status="prospect", **vals):
        """Create a customer of the shop category as a job would: without being asked for anything."""
        return self.make_customer("Acme", status, **{"customer_category_id": self.shop.id, **vals})

    @contextlib.contextmanager
    def refused(self, text):
        """Expect a refusal that matches ``text``, with everything rolled back as at the end of a request."""
        with self.assertRaises(ValidationError) as caught:
            yield caught
        self.assertRegex(caught.exception.args[0], text)

    def restart(self):
        """Forget what was read, as the next request does."""
        self.env.flush_all()
        self.env.invalidate_all()


FULL = {"city": "Basel", "phone": "061 000 00 00", "email": "office@acme.example"}
WITHOUT = {name: {key: value for key, value in FULL.items() if key != name} for name in FULL}
# What a person does to a customer of the shop: (status and values it has, what the person writes, labels refused)
POLICY = [
    # everything is there
    ("prospect", FULL,                {"customer_status": "active"},                     None),
    ("prospect", FULL,                {"customer_category_id": "retail"},                None),
    # something is missing for the new status or category
    ("prospect", WITHOUT["email"],    {"customer_status": "active"},                     "Email"),
    ("prospect", WITHOUT["email"],    {"customer_status": "active", "email": "a@b.example"}, None),
    ("prospect", {},                  {"customer_status": "active"},                     "City, Email, Phone"),
    ("prospect", {"category": "retail", "city": "Basel"}, {"customer_category_id": "shop"}, "Phone"),
    ("prospect", {"category": "retail", "city": "Basel"}, {"customer_category_id": "shop", "phone": "1"}, None),
    (False,      {},                  {"customer_status": "prospect"},                   "City, Phone"),
    (False,      FULL,                {"customer_status": "prospect"},                   None),
    # what must be filled in may not be emptied, but need not be completed in passing
    ("prospect", FULL,                {"phone": False},                                  "Phone"),
    ("prospect", FULL,                {"phone": ""},                                     "Phone"),
    ("prospect", FULL,                {"email": False},                                  None),
    ("active",   FULL,                {"email": False, "city": False},                   "City, Email"),
    ("active",   {},                  {"phone": "1"},                                    None),
    ("active",   {},                  {"phone": False},                                  None),
    ("active",   {"phone": "1"},      {"phone": "2", "email": False},                    None),
    # nobody asks
    ("active",   {},                  {"name": "Acme Ltd", "street": "Main Street"},     None),
    ("active",   {},                  {"customer_status": "invalid"},                    None),
    ("active",   {},                  {"customer_status": "active", "customer_category_id": "shop"}, None),
    ("active",   {},                  {"customer_category_id": False},                   None),
    ("invalid",  {},                  {"customer_status": "active"},                     None),
    ("invalid",  FULL,                {"phone": False},                                  None),
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestPolicy(RequirementCase):
    """When a person is asked for what is missing, and when not."""

    def customer_like(self, status, vals):
        """Return a customer of the table: in the shop unless ``vals`` say otherwise."""
        vals = dict(vals)
        category = getattr(self, vals.pop("category", "shop"))
        customer = self.shop_customer(status if status != "invalid" else "active", customer_category_id=category.id)
        customer.write(vals)
        if status == "invalid":
            customer.customer_status = "invalid"
        self.restart()
        return customer

    def test_table(self):
        """Every row of the table, for someone of the customer file and for a clerk who only has Odoo's rights."""
        for user in (self.user, self.clerk):
            for status, has, vals, refused in POLICY:
                customer = self.customer_like(status, has).with_user(user)
                vals = {name: self.resolve(value) for name, value in vals.items()}
                with self.subTest(user=user.login, status=status, has=has, vals=vals):
                    if refused:
                        with self.assertRaises(ValidationError) as caught:
                            customer.write(vals)
                        self.assertTrue(caught.exception.args[0].startswith(f"{refused}: must be"), caught.exception)
                    else:
                        customer.write(vals)

    def resolve(self, value):
        """Return the id of the category that a table names, any other value as it is."""
        return getattr(self, value).id if value in ("shop", "retail") else value

    def test_refusal_names_customer_category_and_labels(self):
        """The message says what, for whom and why, in the language of whoever reads it."""
        self.env["res.lang"]._activate_lang("zh_CN")
        customer = self.shop_customer().with_user(self.user)
        text = "“Acme”; the category “Test Retail / Test Shop” requires it .Active."
        with self.refused(f"City, Email, Phone: must be filled in for {text}"):
            customer.customer_status = "active"
        label = self.Partner.with_context(lang="zh_CN").fields_get(["city"], ["string"])["city"]["string"]
        with self.refused(label):
            customer.with_context(lang="zh_CN").customer_status = "active"

    def test_batch_names_every_customer_up_to_ten(self):
        """A selection is refused as a whole, and the message stays readable."""
        customers = self.Partner.browse().union(*(self.shop_customer() for _ in range(12))).with_user(self.user)
        with self.refused("Acme") as caught:
            customers.action_customer_activate()
        self.assertEqual(caught.exception.args[0].count("“Acme”"), 10)
        self.assertIn("… and 2 more customers.", caught.exception.args[0])
        self.restart()
        self.assertEqual(set(customers.mapped("customer_status")), {"prospect"})

    def test_contacts_are_never_asked(self):
        """A contact person has its company's category, but is no customer; its own fields are its own affair."""
        contact = self.make_contact(self.shop_customer(**FULL), phone="1").with_user(self.user)
        contact.write({"phone": False, "email": False})
        created = contact.create({"name": "New Contact", "parent_id": contact.parent_id.id})
        self.assertFalse(contact.customer_required_fields or created.customer_incomplete)

    def test_contact_must_not_empty_its_company(self):
        """Odoo copies a contact's address to its company; the company's required city stays."""
        customer = self.shop_customer(**FULL, street="Main Street")
        contact = self.make_contact(customer).with_user(self.user)
        contact.street = "Other Street"
        self.assertEqual((customer.street, customer.city), ("Other Street", "Basel"))
        with self.refused("City: must be filled in for “Acme”"):
            contact.city = False

    def test_only_fields_that_people_fill_in_can_be_required(self):
        """The form offers no others, and neither import nor client gets past it."""
        offered = self.env["ir.model.fields"].search(self.shop._requirable_field_domain()).mapped("name")
        self.assertTrue({"phone", "email", "category_id", "user_id", "source_id", "employee_headcount"} <= set(offered))
        for name in (
            "name",
            "customer_number",
            "customer_status",
            "signup_type",
            "barcode",
            "complete_name",
            "child_ids",
        ):
            with self.subTest(name):
                self.assertNotIn(name, offered)
                label = self.field(name).field_description
                with self.refused(f"Required for Prospects: “{label}” cannot be required"):
                    self.shop.with_user(self.admin).prospect_required_field_ids = [Command.link(self.field(name).id)]
        with self.refused("Also Required for Active Customers: “Country Name” cannot"):
            self.shop.active_required_field_ids = self.env["ir.model.fields"]._get("res.country", "name")

    def test_configuring_needs_its_right(self):
        """Who configures chooses among the fields of the customer; everyone else opens the category without them."""
        config = new_test_user(self.env, "config", groups="customer_mgmt.group_customer_config")
        with Form(self.shop.with_user(config)) as form:
            form.active_required_field_ids.add(self.field("vat"))
        self.assertEqual(self.shop.active_required_field_ids.sorted("name").mapped("name"), ["email", "vat"])
        choice = self.env["ir.model.fields"].with_user(config).with_context(hide_model=True)
        offered = choice.name_search("Tax ID", self.shop.with_user(config)._requirable_field_domain())
        self.assertEqual([label for _id, label in offered], ["Tax ID"])
        with self.assertRaises(AccessError):
            self.field("vat").with_user(config).write({"help": "Changed"})
        arch = self.shop.with_user(self.user).get_view(view_type="form")["arch"]
        self.assertNotIn("required_field_ids", arch)
        with self.assertRaises(AccessError):
            self.shop.with_user(self.user).read(["prospect_required_field_ids"])

    def test_policy_follows_the_tree(self):
        """A category moved elsewhere, or created, has at once what its new ancestors require."""
        other = self.env["customer.category"].create({"name": "Other"})
        customer = self.shop_customer(phone="1")
        self.assertTrue(customer.customer_incomplete)
        self.shop.parent_id = other
        self.restart()
        self.assertFalse(customer.customer_incomplete)
        kiosk = self.env["customer.category"].create({"name": "Kiosk", "parent_id": self.shop.id})
        customer = self.shop_customer(customer_category_id=kiosk.id)
        self.assertEqual(customer.customer_required_fields, ["phone"])


@tagged("post_install", "-at_install")
class TestPolicyPaths(RequirementCase):
    """Every door through which a person changes customers, and every automatic one that must stay open."""

    def values(self, **vals):
        """Return the values of a new customer of the shop."""
        return {"name": "New", "is_company": True, "customer_category_id": self.shop.id, **vals}

    def test_create(self):
        """A person cannot create what lacks something, for prospects and for active ones."""
        Partner = self.Partner.with_user(self.user)
        prospect = Partner.with_context(default_customer_status="prospect")
        with self.refused("City, Phone: must be filled in for “New”"):
            prospect.create(self.values())
        with self.refused("Email: must"):
            Partner.create(self.values(**WITHOUT["email"], customer_status="active"))
        self.assertTrue(prospect.create(self.values(**WITHOUT["email"])).customer_number)
        self.assertTrue(Partner.create(self.values()), "without a status it is no customer")

    def test_form(self):
        """The customer's form is refused like every other client, and saves once everything is there."""
        view = "customer_mgmt.res_partner_view_form_customer_quick"
        Partner = self.Partner.with_user(self.user).with_context(default_customer_status="prospect")
        with self.assertRaisesRegex(AssertionError, "phone is a required field"), Form(Partner, view) as form:
            form.name = "By Form"
            form.customer_category_id = self.shop
            form.city = "Basel"
        with Form(Partner, view) as form:
            form.name = "By Form"
            form.customer_category_id = self.shop
            form.city, form.phone = "Basel", "1"
        with self.assertRaisesRegex(AssertionError, "phone is a required field"), Form(form.record, view) as form:
            form.phone = False

    def test_form_asks_no_more_than_the_server(self):
        """An incomplete customer can be saved after any other change; the missing fields are marked, not enforced."""
        customer = self.shop_customer("active", phone="1").with_user(self.user)
        self.assertEqual(customer.customer_required_fields, ["city", "email", "phone"])
        self.assertEqual(customer.customer_enforced_fields, ["phone"])
        with Form(customer, "customer_mgmt.res_partner_view_form_customer_quick") as form:
            form.name = "Renamed"
            form.customer_category_id = self.retail
            form.city = "Basel"
            self.assertEqual(form._values["customer_enforced_fields"], ["city"])
        self.assertEqual(customer.name, "Renamed")

    def test_import(self):
        """A row says which fields are missing, and nothing of the file is written."""
        names = ["id", "name", "customer_status", "customer_category_id", "city", "phone"]
        rows = [["cm.good", "Good", "prospect", "Test Shop", "Basel", "1"]]
        rows.append(["cm.bad", "Bad", "prospect", "Test Shop", "Basel", ""])
        Partner = self.Partner.with_user(self.user).with_context(import_file=True)
        result = Partner.load(names, rows)
        self.assertFalse(result["ids"])
        messages = {message["record"]: message["message"] for message in result["messages"]}
        self.assertIn("Phone: must be filled in for “Bad”", messages[1])
        self.assertFalse(self.env.ref("cm.good", raise_if_not_found=False))
        rows[1][-1] = "2"
        self.assertFalse(Partner.load(names, rows)["messages"])

    def test_buttons(self):
        """“Add to Customers” and “Make Active” are decisions of a person; marking invalid and restoring go through."""
        partner = self.Partner.create(self.values()).with_user(self.user)
        with self.refused("City, Phone"):
            partner.action_customer_manage()
        customer = self.shop_customer().with_user(self.user)
        with self.refused("City, Email, Phone"):
            customer.action_customer_activate()
        customer.action_customer_mark_invalid()
        customer.action_customer_restore()
        self.assertEqual(customer.customer_status, "prospect")

    def test_automatic_moves_never_fail(self):
        """What the system does goes on, whoever is logged in, and leaves the customer marked as incomplete."""
        moves = {
            "activation": lambda customer: customer._activate_customer("order"),
            "job": lambda customer: customer.sudo().write({"customer_status": "active", "phone": False}),
            "unchecked": lambda customer: customer.with_context(customer_unchecked=UNCHECKED).write(
                {"customer_status": "active"}
            ),
        }
        for name, move in moves.items():
            customer = self.shop_customer().with_user(self.user)
            with self.subTest(name):
                move(customer)
                self.assertEqual((customer.customer_status, customer.customer_incomplete), ("active", True))

    def test_merge_never_fails(self):
        """The survivor takes over category and status of the other, although it lacks what they require."""
        survivor = self.make_customer("Survivor", email="merge@acme.example")
        source = self.shop_customer("active", email="merge@acme.example")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard._merge((survivor | source).ids, survivor.with_user(self.admin))
        self.assertEqual((survivor.customer_status, survivor.customer_category_id), ("active", self.shop))
        self.assertTrue(survivor.customer_incomplete)

    def test_client_cannot_pass_as_automatic(self):
        """The context of an automatic move cannot be forged: no client can send that value."""
        customer = self.shop_customer().with_user(self.user).with_context(customer_unchecked="UNCHECKED")
        with self.assertRaises(ValidationError):
            customer.customer_status = "active"

    def test_quick_create_is_refused_so_that_the_dialog_opens(self):
        """Exactly a ValidationError makes Odoo's client open the form instead of showing the message."""
        Partner = self.Partner.with_user(self.user)
        context = {"default_customer_status": "prospect", "default_customer_category_id": self.shop.id}
        with self.assertRaises(ValidationError) as caught:
            Partner.with_context(**context).name_create("Quick")
        self.assertIs(type(caught.exception), ValidationError)
        partner = Partner.browse(Partner.name_create("Quick")[0])
        self.assertFalse(partner.customer_status, "without our context it stays a plain partner")


@tagged("post_install", "-at_install")
class TestPolicyQueries(RequirementCase):
    """The policy costs nobody who does not touch it, and no more for many customers than for one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whether a field is required anywhere decides what a write costs; the demo data require some.
        others = cls.env["customer.category"].search([]) - (cls.retail | cls.shop)
        others.write({"prospect_required_field_ids": [Command.clear()], "active_required_field_ids": [Command.clear()]})

    def count(self, action):
        """Return the number of queries of ``action`` from a cold cache to the database."""
        self.restart()
        before = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def assertFree(self, action):
        """Assert that ``action(partners)`` takes a person the queries it takes where nobody asks."""
        person = self.Partner.with_user(self.user)
        automatic = person.with_context(customer_unchecked=UNCHECKED)
        counts = [self.count(lambda: action(partners)) for partners in (person, automatic) * 3]  # noqa: B023
        # The first two warm the registry; Odoo's own caches now and then cost one more query, never one less.
        self.assertEqual(min(counts[2::2]), min(counts[3::2]))

    def test_other_writes_cost_nothing(self):
        """Writing fields that no category can require, or none does, costs nothing on customers and contacts."""
        customers = self.shop_customer() | self.shop_customer("active", **FULL)
        ids = (customers | self.make_contact(customers[1])).ids
        for values in ({"comment": "x"}, {"color": 1}, {"vat": "/"}, {"street": "x"}, {"ref": "x", "website": "y"}):

            def write(partners, values=values):
                partners.browse(ids).write({name: False for name in values})
                partners.browse(ids).write(dict(values))

            with self.subTest(values=values):
                self.assertFree(write)

    def test_plain_partner_costs_nothing(self):
        """Creating partners that are no customers costs nothing either."""
        self.assertFree(lambda partners: partners.create([{"name": f"Plain {i}", "phone": "1"} for i in range(5)]))

    def test_asking_is_batched(self):
        """Activating fifty customers, and reading what they lack, takes the queries of one."""
        customers = self.Partner.create(
            [{**FULL, "name": f"Q{i}", "is_company": True, "customer_status": "prospect"} for i in range(50)]
        )
        customers.customer_category_id = self.shop
        names = ["customer_incomplete", "customer_missing", "customer_completeness", "customer_enforced_fields"]
        person = customers.with_user(self.user)
        person.read(names)
        self.assertEqual(self.count(lambda: person.read(names)), self.count(lambda: person[:1].read(names)))
        # Odoo's own write costs queries per partner; the policy adds the same for all of them.
        added = [
            self.count(lambda: part.write({"phone": "2"})) - self.count(lambda: part.sudo().write({"phone": "3"}))  # noqa: B023
            for part in (person[:1], person[:1], person)
        ]
        self.assertEqual(added[1], added[2])
