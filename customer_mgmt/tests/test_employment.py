from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import CustomerCase

ROW = ("employer_name", "function", "since", "until")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 12:00:00")
class TestEmployment(CustomerCase):
    """Contacts that change their employer: nothing is lost, and nothing impossible happens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        street = {"street": "Old Street 1", "city": "Oldtown", "vat": "OLD-VAT", "user_id": cls.leader.id}
        cls.old = cls.make_customer("Old Ltd", status="active", customer_category_id=cls.shop.id, **street)
        cls.new = cls.make_customer("New Ltd")
        cls.contact = cls.make_contact(
            cls.old, "Ann", function="Buyer", contact_influence="high", phone="+41 44 668 18 00"
        )

    def wizard(self, new=None, user=None, contact=None, **vals):
        """Open the wizard as the button does, and fill it in."""
        contact = (contact or self.contact).with_user(user or self.user)
        action = contact.action_change_employer()
        wizard = self.env[action["res_model"]].with_user(user or self.user).browse(action["res_id"])
        wizard.write({"new_employer_id": (self.new if new is None else new).id, **vals})
        return wizard

    def history(self, contact=None):
        """Return the employments, the present one first, as tuples of ROW."""
        contact = contact or self.contact
        contact.invalidate_recordset(["employment_ids"])  # in the order of the database
        return [tuple(row[name] for name in ROW) for row in contact.employment_ids]

    def test_change(self):
        """The contact moves with all that depends on the company; both employments stand in the history."""
        self.wizard(date="2026-06-01", function="Head of Purchasing", note="Told by phone").action_apply()
        self.assertEqual((self.contact.parent_id, self.contact.function), (self.new, "Head of Purchasing"))
        self.assertEqual((self.contact.customer_status, self.contact.phone), ("prospect", "+41 44 668 18 00"))
        self.assertFalse(self.contact.customer_category_id)
        self.assertFalse(self.contact.contact_influence, "how much a word counts is another question elsewhere")
        self.assertEqual(
            self.history(),
            [
                ("New Ltd", "Head of Purchasing", date(2026, 6, 1), False),
                ("Old Ltd", "Buyer", False, date(2026, 6, 1)),
            ],
        )
        self.assertEqual(self.contact.employment_ids.by, self.user)
        self.assertEqual(self.contact.employment_ids.mapped("note"), ["Told by phone", False])

    def test_nothing_of_the_old_company_reaches_the_new_one(self):
        """Address, tax number and salesperson of the old company go neither with the contact nor to the new one."""
        self.wizard().action_apply()
        for partner in (self.contact, self.new):
            with self.subTest(partner.name):
                self.assertFalse(partner.street or partner.city or partner.vat)
        self.assertEqual(
            (self.old.street, self.old.vat, self.old.customer_status), ("Old Street 1", "OLD-VAT", "active")
        )
        self.assertFalse(self.contact.user_id)

    def test_notes(self):
        """The chatter of the person and of both employers tells it, in the name of whoever did it."""
        before = self.contact.message_ids
        self.wizard().action_apply()
        self.assertLessEqual(before, self.contact.message_ids)
        for partner in (self.contact, self.old, self.new):
            with self.subTest(partner.name):
                note = partner.message_ids[0]
                self.assertIn("Ann has changed from Old Ltd to New Ltd as of 06/15/2026", note.body)
                self.assertEqual(note.author_id, self.user.partner_id)

    def test_there_and_back(self):
        """A second change closes the recorded employment; a contact that never moved has no row."""
        self.assertFalse(self.contact.employment_ids)
        self.wizard(date="2026-05-01", function="A").action_apply()
        self.wizard(new=self.old, date="2026-06-01", function="B").action_apply()
        self.assertEqual(
            self.history(),
            [
                ("Old Ltd", "B", date(2026, 6, 1), False),
                ("New Ltd", "A", date(2026, 5, 1), date(2026, 6, 1)),
                ("Old Ltd", "Buyer", False, date(2026, 5, 1)),
            ],
        )

    def test_bad_input(self):
        """Every impossible change is refused with the field and the cause, and leaves everything as it was."""
        nobody = self.make_customer("Private", is_company=False)
        colleague = self.make_contact(self.new, "Colleague")
        below = self.Partner.create({"name": "Ann's Ltd", "is_company": True, "parent_id": self.contact.id})
        cases = [  # contact, values, message
            (self.contact, {"new_employer_id": self.contact.id}, "New Employer: “Ann” cannot be the own employer"),
            (self.contact, {"new_employer_id": self.old.id}, "New Employer: “Ann” works for “Old Ltd” already"),
            (self.contact, {"new_employer_id": False}, "New Employer: it is empty"),
            (self.contact, {"new_employer_id": colleague.id}, "is a contact or an address. Choose its company"),
            (self.contact, {"new_employer_id": below.id}, "stands below “Ann”"),
            (self.contact, {"date": "2026-06-16"}, "Since: 06/16/2026 lies in the future"),
            (self.old, {}, "Contact: “Old Ltd” is a company"),
            (nobody, {}, "Contact: “Private” has no employer yet"),
            (self.make_contact(self.old, "Depot", type="delivery"), {}, "has no employer yet"),
        ]
        for contact, vals, message in cases:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self.wizard(contact=contact, **vals).action_apply()
        self.assertEqual((self.contact.parent_id, self.contact.function), (self.old, "Buyer"))
        self.assertFalse(self.contact.employment_ids)

    def test_before_the_present_employment(self):
        """Nobody leaves an employer before the first day there."""
        self.wizard(date="2026-06-01").action_apply()
        with self.assertRaisesRegex(UserError, "Since: the present employment began on 06/01/2026"):
            self.wizard(new=self.old, date="2026-05-31").action_apply()

    def test_moved_meanwhile(self):
        """Two people who move the same contact at a time: the second is told."""
        wizard = self.wizard()
        self.contact.parent_id = self.make_customer("Third Ltd")
        with self.assertRaisesRegex(UserError, "Current Employer: someone has moved “Ann” to “Third Ltd” meanwhile"):
            wizard.action_apply()

    def test_to_a_company_that_is_no_customer(self):
        """A contact follows its company, in the wizard and in the form: to a company that is no customer, too."""
        supplier = self.Partner.create({"name": "Supplier", "is_company": True})
        other = self.make_contact(self.old, "Bo")
        self.wizard(new=supplier).action_apply()
        other.with_user(self.user).parent_id = supplier
        for contact in (self.contact, other):
            with self.subTest(contact.name):
                self.assertFalse(contact.customer_status or contact.customer_category_id)
                self.assertEqual([row[0] for row in self.history(contact)], ["Supplier", "Old Ltd"])

    def test_moved_by_hand(self):
        """A change on the form or by an import is kept in the history as well; an end without a new employer too."""
        self.contact.with_user(self.user).write({"parent_id": self.new.id, "function": "Chef"})
        self.assertEqual(
            self.history(),
            [("New Ltd", "Chef", date(2026, 6, 15), False), ("Old Ltd", "Buyer", False, date(2026, 6, 15))],
        )
        self.contact.parent_id = False
        self.assertEqual(self.history()[0][-1], date(2026, 6, 15))
        self.assertTrue(all(row.until for row in self.contact.employment_ids))

    def test_strangers_get_no_history(self):
        """Persons who are nobody's customers are moved exactly as Odoo does."""
        first, second = self.Partner.create([{"name": name, "is_company": True} for name in ("F", "S")])
        person = self.make_contact(first)
        person.parent_id = second
        self.assertFalse(person.employment_ids)

    def test_open_documents(self):
        """Needs stay with the old employer or go with the person, as chosen; closed ones are left alone."""
        for action, customer in (("stay", self.old), ("go", self.new)):
            contact = self.make_contact(self.old, f"Says {action}")
            need, closed = self.env["customer.need"].create(
                [{"partner_id": contact.id, "name": "Want", "is_open": is_open} for is_open in (True, False)]
            )
            wizard = self.wizard(contact=contact)
            self.assertEqual(wizard.line_ids.mapped(lambda line: (line.model, line.count)), [("customer.need", 1)])
            wizard.line_ids.action = action
            wizard.action_apply()
            with self.subTest(action):
                self.assertEqual(need.partner_id, customer)
                self.assertEqual(need.contact_id, contact if action == "go" else self.old)
                self.assertEqual((closed.partner_id, closed.contact_id), (self.old, contact))

    def test_form_of_the_wizard(self):
        """The dialog shows the contact, its employer, its documents and its history."""
        self.wizard().action_apply()
        self.env["customer.need"].create({"partner_id": self.contact.id, "name": "Want"})
        action = self.contact.with_user(self.user).action_change_employer()
        wizard = self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        with Form(wizard) as form:
            self.assertEqual((form.partner_id, form.employer_id), (self.contact, self.new))
            self.assertEqual((len(form.line_ids), len(form.employment_ids)), (1, 2))
            form.new_employer_id = self.old
        wizard.action_apply()
        self.assertEqual(self.contact.parent_id, self.old)

    def test_rights(self):
        """Who may not change the contact cannot move it; who may, moves it to any company that can be seen."""
        foreign = self.make_customer("Foreign", company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            self.wizard(user=self.outsider)
        with self.assertRaises(AccessError):
            self.wizard(new=foreign).action_apply()
        with self.assertRaises(AccessError):
            self.wizard().with_user(self.outsider).action_apply()
        login = new_test_user(self.env, "colleague", groups="base.group_user")
        login.partner_id.write({"parent_id": self.old.id})
        with self.assertRaises(AccessError):
            self.wizard(contact=login.partner_id).action_apply()

    def test_a_login_is_pointed_out(self):
        """The dialog warns where a login would show another company's documents from then on."""
        self.portal.partner_id.parent_id = self.old
        self.assertTrue(self.wizard(contact=self.portal.partner_id).has_login)
        self.assertFalse(self.wizard().has_login)

    def test_one_employer_at_a_time(self):
        """A second open employment is refused, in a batch and by reopening too; so is an end before the start."""
        Employment = self.env["partner.employment"].with_user(self.admin)
        row = {"partner_id": self.contact.id, "employer_id": self.old.id}
        ended = Employment.create({**row, "until": "2020-01-01"})
        with self.assertRaisesRegex(ValidationError, "Until: “Ann” has another employment without an end"):
            Employment.create([row, row])
        Employment.create(row)
        with self.assertRaisesRegex(ValidationError, "Until: “Ann” has another employment without an end"):
            ended.until = False
        with self.assertRaisesRegex(ValidationError, "Until: 01/01/2020 lies before the first day .*, 01/02/2020"):
            ended.since = "2020-01-02"

    def test_history_is_read_not_written(self):
        """Whoever sees the contact reads its history; only the administrator corrects it, and nobody deletes it."""
        self.wizard().action_apply()
        calls = {
            "read": lambda row: row.read(["employer_name"]),
            "write": lambda row: row.write({"note": "Changed"}),
            "create": lambda row: row.create({"partner_id": self.contact.id, "until": "2020-01-01"}),
            "unlink": lambda row: row.unlink(),
        }
        rights = {"portal": "", "outsider": "r", "user": "r", "manager": "r", "admin": "rwc"}
        for user, allowed in rights.items():
            row = self.contact.employment_ids[0].with_user(getattr(self, user))
            for operation, call in calls.items():
                with self.subTest(user=user, operation=operation):
                    if operation[0] in allowed:
                        call(row)
                    else:
                        self.assertRaises(AccessError, call, row)

    def test_deleted_employer_keeps_its_name(self):
        """The history still says where someone worked when that company is gone."""
        gone = self.Partner.create({"name": "Gone Ltd", "is_company": True})
        row = self.env["partner.employment"].create(
            {"partner_id": self.contact.id, "employer_id": gone.id, "until": "2020-01-01"}
        )
        gone.unlink()
        self.env.invalidate_all()
        self.assertEqual((row.employer_name, row.employer_id.id), ("Gone Ltd", False))

    def test_merged_persons(self):
        """When two entries of a person become one, every employment is kept, and one of them is the present one."""
        twin = self.make_contact(self.old, "Ann", email="ann@example.com")
        for contact in (self.contact, twin):
            self.wizard(contact=contact).action_apply()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.contact | twin).ids, self.contact)
        self.assertEqual(len(self.contact.employment_ids), 4)
        self.assertEqual(len(self.contact.employment_ids.filtered(lambda row: not row.until)), 1)

    def test_link_by_the_company(self):
        """A person taken over on the form of the new company is a change of employer as well."""
        self.new.with_user(self.user).write({"child_ids": [Command.link(self.contact.id)]})
        self.assertEqual([row[0] for row in self.history()], ["New Ltd", "Old Ltd"])
