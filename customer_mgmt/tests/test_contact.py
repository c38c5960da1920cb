import ast

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestContact(CustomerCase):
    """The persons at our customers: who counts as one, their roles, and their screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Shoe Shop")
        cls.action = cls.env.ref("customer_mgmt.partner_contact_action")
        cls.decides = cls.env.ref("customer_mgmt.partner_contact_role_decision_maker")

    def test_who_is_a_contact(self):
        """Persons at managed customers are; companies, addresses, private customers and strangers are not."""
        unmanaged = self.Partner.create({"name": "Unmanaged", "is_company": True})
        cases = [
            (self.make_contact(self.customer), True),
            (self.customer, False),
            (self.make_contact(self.customer, "Warehouse", type="delivery"), False),
            (self.make_contact(self.customer, "Branch", is_company=True), False),
            (self.make_customer("Private", is_company=False), False),
            (self.make_contact(unmanaged), False),
        ]
        for partner, expected in cases:
            found = self.Partner.search(self.Partner._contact_domain() & Domain("id", "=", partner.id))
            with self.subTest(partner.display_name):
                self.assertEqual(bool(found), expected)

    def test_action_shows_the_contacts(self):
        """The list of the app uses the one definition of a contact."""
        domain = Domain(ast.literal_eval(self.action.domain))
        self.assertEqual(domain.optimize(self.Partner), self.Partner._contact_domain().optimize(self.Partner))

    def test_new_contact(self):
        """From the screen of contacts a person is created at a customer, and follows it."""
        context = {**ast.literal_eval(self.action.context), "default_is_company": False}
        Partner = self.Partner.with_user(self.user).with_context(**context)
        with Form(Partner, "customer_mgmt.res_partner_view_form_contact") as form:
            form.name = "Lee"
            form.parent_id = self.customer
            form.contact_role_id = self.decides
            with form.social_account_ids.new() as account:
                account.kind, account.handle = "wechat", "lee"
            with form.extra_phone_ids.new() as phone:
                phone.number = "+41 44 668 18 00"
        lee = form.record
        self.assertEqual((lee.type, lee.is_company, lee.customer_status), ("contact", False, "prospect"))
        self.assertFalse(lee.customer_number)
        self.assertIn(lee, self.Partner.search(self.Partner._contact_domain()))

    def test_new_contact_needs_a_company(self):
        """The form asks for the customer."""
        Partner = self.Partner.with_user(self.user).with_context(**ast.literal_eval(self.action.context))
        form = Form(Partner, "customer_mgmt.res_partner_view_form_contact")
        form.name = "Nobody's"
        with self.assertRaisesRegex(AssertionError, "parent_id is a required field"):
            form.save()

    def test_company_is_changed_by_the_button(self):
        """On a contact's form the company is fixed: typed over, Odoo would carry its address and tax number along."""
        contact = self.make_contact(self.customer)
        form = Form(contact.with_user(self.user), "customer_mgmt.res_partner_view_form_contact")
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.parent_id = self.make_customer("Other Shop")

    def test_new_contact_of_an_unmanaged_company(self):
        """A contact follows its company: where that is no customer, the contact is none."""
        unmanaged = self.Partner.create({"name": "Unmanaged", "is_company": True})
        Partner = self.Partner.with_user(self.user).with_context(**ast.literal_eval(self.action.context))
        contact = Partner.create({"name": "Kim", "parent_id": unmanaged.id})
        self.assertFalse(contact.customer_status)
        unmanaged.customer_status = "prospect"
        self.assertEqual(contact.customer_status, "prospect")

    def test_views(self):
        """Each view loads for the lowest role, on top of Odoo's, with what one needs to know of a person."""
        for view_type in ("list", "kanban", "form", "search"):
            view = self.env.ref(f"customer_mgmt.res_partner_view_{view_type}_contact")
            arch = etree.fromstring(self.Partner.with_user(self.user).get_view(view.id, view_type)["arch"])
            names = {node.get("name") for node in arch.iter("field")}
            with self.subTest(view_type):
                self.assertEqual((view.mode, view.inherit_id.model), ("primary", "res.partner"))
                self.assertLessEqual({"name", "parent_id", "contact_role_id", "function"}, names)

    def test_at_most_eight_columns(self):
        """The list shows at most eight columns beside the picture unless the user asks for more."""
        self.assertFewColumns("customer_mgmt.res_partner_view_list_contact")

    def test_filters(self):
        """Every filter of the screen finds whom it names."""
        self.env.company.country_id = False
        vals = {"contact_role_id": self.decides.id, "email": "a@example.com", "phone": "+41 44 668 18 00"}
        full = self.make_contact(self.customer, "Full", contact_influence="high", **vals)
        bare = self.make_contact(self.customer, "Bare")
        odd = self.make_contact(self.customer, "Odd", phone="1234", email="b@example.com", user_id=self.user.id)
        cases = {
            "decision_makers": full,
            "high_influence": full,
            "without_role": bare | odd,
            "without_phone": bare,
            "without_email": bare,
            "phone_unclear": odd,
            "my_contacts": odd,
        }
        view = self.env.ref("customer_mgmt.res_partner_view_search_contact")
        arch = etree.fromstring(self.Partner.with_user(self.user).get_view(view.id, "search")["arch"])
        for name, expected in cases.items():
            (node,) = arch.xpath(f"//filter[@name='{name}']")
            domain = Domain(ast.literal_eval(node.get("domain").replace("uid", str(self.user.id))))
            found = self.Partner.with_user(self.user).search(domain & Domain("id", "in", (full | bare | odd).ids))
            with self.subTest(name):
                self.assertEqual(set(found.ids), set(expected.ids))

    def test_role_code_taken(self):
        """A code that another role has is refused by name, also within one batch."""
        Role = self.env["partner.contact.role"]
        for batch in ([{"name": "X", "code": "buyer"}], [{"name": "X", "code": "q"}, {"name": "Y", "code": "q"}]):
            with self.subTest(batch), self.assertRaisesRegex(ValidationError, "Code: “.*” already belongs"):
                Role.create(batch)
        with self.assertRaisesRegex(ValidationError, "Code: “user” already belongs"):
            self.decides.code = "user"
        self.decides.code = "decision_maker"

    def test_role_in_use(self):
        """A role that contacts have is not deleted, and the message says what to do instead."""
        self.make_contact(self.customer, contact_role_id=self.decides.id)
        with self.assertRaisesRegex(UserError, "Contact Role: “Decision Maker” is still in use \\(contacts: [0-9]+\\)"):
            self.decides.unlink()
        self.env["partner.contact.role"].create({"name": "Unused"}).unlink()

    def test_rights_on_roles(self):
        """Everyone inside reads roles, only the configuration changes them."""
        calls = {
            "read": lambda role: role.read(["name"]),
            "write": lambda role: role.write({"name": "Changed"}),
            "create": lambda role: role.create({"name": "New"}),
            "unlink": lambda role: role.unlink(),
        }
        role = self.env["partner.contact.role"].create({"name": "Test Role"})
        rights = {"portal": "", "outsider": "r", "user": "r", "manager": "r", "admin": "rwcu"}
        for user, allowed in rights.items():
            for operation, call in calls.items():
                with self.subTest(user=user, operation=operation):
                    if operation[0] in allowed:
                        call(role.with_user(getattr(self, user)))
                    else:
                        self.assertRaises(AccessError, call, role.with_user(getattr(self, user)))
