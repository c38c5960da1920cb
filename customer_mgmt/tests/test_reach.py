from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.partner_social_account import handle_key
from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestReach(CustomerCase):
    """Accounts and numbers beside Odoo's one phone: what they are recognised by, and who may change them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Tea House")
        cls.contact = cls.make_contact(cls.customer, "Mei")
        cls.Account = cls.env["partner.social.account"]

    def account(self, handle="mei_tea", kind="wechat", partner=None, user=None):
        """Record an account as the lowest role."""
        vals = {"partner_id": (partner or self.contact).id, "kind": kind, "handle": handle}
        return self.Account.with_user(user or self.user).create(vals)

    def phone(self, number, **vals):
        """Record a number as the lowest role."""
        vals = {"partner_id": self.contact.id, "number": number, **vals}
        return self.env["partner.phone"].with_user(self.user).create(vals)

    def test_handle_key(self):
        """Width, capitals, blanks, invisible characters and a leading @ make no other account."""
        for handle in ("mei_tea", " Mei_Tea ", "@MEI_TEA", "ｍｅｉ＿ｔｅａ", "mei _tea", "mei\u200b_tea"):
            with self.subTest(handle):
                self.assertEqual(handle_key(handle), "mei_tea")
        self.assertEqual(
            (handle_key("+86 138 0013"), handle_key(False), handle_key("小红 书")), ("+861380013", "", "小红书")
        )

    def test_handle_twice(self):
        """An account that someone has is refused, naming handle, network and owner; elsewhere the handle is free."""
        self.account("Mei_Tea")
        other = self.make_contact(self.customer, "Bo")
        message = "Handle: “@mei_tea” \\(WeChat\\) already belongs to “Tea House, Mei”"
        with self.assertRaisesRegex(ValidationError, message):
            self.account("@mei_tea", partner=other)
        free = self.account("mei_tea", kind="qq", partner=other)
        with self.assertRaisesRegex(ValidationError, "already belongs to “Tea House, Mei”"):
            free.kind = "wechat"
        free.handle = "Mei_Tea "  # the same account, written differently
        self.assertEqual(free.handle_key, "mei_tea")

    def test_handle_of_a_hidden_partner(self):
        """The name of an owner whom the user may not read is not told."""
        hidden = self.make_customer("Top Secret Ltd", company_id=self.other_company.id)
        self.account("boss", partner=hidden, user=self.env.user)
        with self.assertRaisesRegex(ValidationError, "already belongs to another partner") as caught:
            self.account("boss")
        self.assertNotIn("Secret", str(caught.exception))

    def test_handle_twice_in_one_batch(self):
        """A handle that comes twice with one form or file is refused, and nothing of it is written."""
        lines = [Command.create({"kind": "qq", "handle": handle}) for handle in ("10001", " 10001")]
        with self.assertRaisesRegex(
            ValidationError, "“10001” \\(QQ\\) is there twice|“ 10001” \\(QQ\\) is there twice"
        ):
            self.contact.with_user(self.user).write({"social_account_ids": lines})
        self.assertFalse(self.contact.social_account_ids)
        pair = self.account("a1") | self.account("a2")
        with self.assertRaisesRegex(ValidationError, "is there twice"):
            pair.write({"handle": "a3"})

    def test_empty_handle(self):
        """An account without a name or number says so."""
        for handle in (" ", "@", "\u200b"):
            with self.subTest(handle), self.assertRaisesRegex(ValidationError, "Handle: .* no name or number"):
                self.account(handle)

    def test_page(self):
        """Networks with public pages link to them; nothing that is typed can be more than a name in the address."""
        cases = [
            ("linkedin", "mei-tea", "https://www.linkedin.com/in/mei-tea"),
            ("whatsapp", "+86 138 0013", "https://wa.me/861380013"),
            ("x", "@MeiTea", "https://x.com/MeiTea"),
            ("telegram", "a/../b?c", "https://t.me/a%2F..%2Fb%3Fc"),
            ("wechat", "mei", False),
        ]
        for kind, handle, url in cases:
            with self.subTest(kind):
                self.assertEqual(self.account(handle, kind=kind).url, url)

    def test_phone_is_read_with_the_country(self):
        """A number is read with the partner's country, else its company's; otherwise it is kept and flagged."""
        china, swiss = self.env.ref("base.cn"), self.env.ref("base.ch")
        self.env.company.country_id = False
        self.other_company.country_id = swiss
        cases = [  # partner's country, partner's company, number, E.164
            (china, False, "138 0013 8000", "+8613800138000"),
            (False, self.other_company, "044 668 18 00", "+41446681800"),
            (False, False, "+41 44 668 18 00", "+41446681800"),
            (False, False, "044 668 18 00", False),
            (china, False, "ask at the desk", False),
        ]
        for country, company, number, sanitized in cases:
            self.contact.write({"country_id": country and country.id, "company_id": company and company.id})
            phone = self.env["partner.phone"].create({"partner_id": self.contact.id, "number": number})
            with self.subTest(number=number):
                self.assertEqual((phone.number, phone.number_sanitized), (number, sanitized))
                self.assertEqual(phone.is_unclear, not sanitized)
                self.assertEqual(bool(phone.search([("is_unclear", "=", True), ("id", "=", phone.id)])), not sanitized)

    def test_phone_becomes_clear(self):
        """A country given later makes the number clear, without touching how it was written."""
        self.env.company.country_id = False
        phone = self.phone("044 668 18 00", extension="17")
        self.assertTrue(phone.is_unclear)
        self.contact.country_id = self.env.ref("base.ch")
        self.assertEqual((phone.number, phone.number_sanitized), ("044 668 18 00", "+41446681800"))

    def test_main_phone_without_country(self):
        """The same holds for the main number: kept, flagged, and found by the flag."""
        self.env.company.country_id = False
        cases = [("044 668 18 00", True), ("+41 44 668 18 00", False), (False, False)]
        for number, unclear in cases:
            self.contact.phone = number
            contact = self.contact.with_user(self.user)
            with self.subTest(number):
                self.assertEqual((contact.phone, contact.phone_unclear), (number, unclear))
                for value in (True, False):
                    found = contact.search([("phone_unclear", "=", value), ("id", "=", contact.id)])
                    self.assertEqual(bool(found), unclear is value)

    def test_found_by_every_number_and_account(self):
        """The one search box finds a person by any number in any notation and by any account that it has."""
        self.contact.country_id = self.env.ref("base.cn")
        self.phone("139 1024 5678")
        account = self.account("Mei_Tea88", kind="qq")
        for text in ("13910245678", "+86 139-1024-5678", "0245678", "mei_tea88"):
            with self.subTest(text):
                found = [pid for pid, _name in self.Partner.with_user(self.user).name_search(text)]
                self.assertEqual(found, self.contact.ids)
        account.unlink()
        self.assertFalse(self.Partner.name_search("mei_tea88"))

    def test_rights(self):
        """Parts follow their partner: internal users read, the customer file changes, others see nothing."""
        foreign = self.make_customer("Foreign", company_id=self.other_company.id)
        system = self.env["res.users"].browse(self.env.uid)
        parts = {
            "account": self.account("own"),
            "number": self.phone("+41 44 668 18 00"),
            "foreign account": self.account("foreign", partner=foreign, user=system),
            "foreign number": self.env["partner.phone"].create({"partner_id": foreign.id, "number": "1"}),
        }
        rights = {"portal": "", "outsider": "r", "user": "rwcu", "admin": "rwcu"}
        for name, part in parts.items():
            for role, allowed in rights.items():
                allowed = "" if name.startswith("foreign") else allowed
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(part=name, role=role, operation=operation):
                        if operation[0] in allowed:
                            self.attempt(part.with_user(getattr(self, role)), operation)
                        else:
                            with self.assertRaises(AccessError):
                                self.attempt(part.with_user(getattr(self, role)), operation)

    def attempt(self, part, operation):
        """Carry the operation out in a savepoint that is rolled back."""
        calls = {
            "read": lambda: part.read(["note"]),
            "write": lambda: part.write({"note": "Changed"}),
            "create": lambda: part.create(
                {"kind": "other", "partner_id": part.sudo().partner_id.id, part._rec_name: "new 123"}
            ),
            "unlink": part.unlink,
        }
        with self.env.cr.savepoint() as savepoint:
            calls[operation]()
            self.env.flush_all()
            savepoint.rollback()

    def test_hidden_parts_are_not_found(self):
        """A search finds no account and no number of a partner that the user may not read."""
        foreign = self.make_customer("Foreign", company_id=self.other_company.id)
        foreign.write(
            {
                "extra_phone_ids": [Command.create({"number": "+41 44 668 18 01"})],
                "social_account_ids": [Command.create({"kind": "qq", "handle": "foreign"})],
            }
        )
        for model, domain in (
            ("partner.phone", [("number_sanitized", "=", "+41446681801")]),
            ("partner.social.account", [("handle_key", "=", "foreign")]),
        ):
            self.assertTrue(self.env[model].search(domain))
            self.assertFalse(self.env[model].with_user(self.user).search(domain))

    def test_portal_reads_none_of_it(self):
        """A customer who logs in reads neither accounts nor numbers nor flags of the own partner."""
        for field in ("social_account_ids", "extra_phone_ids", "phone_unclear", "contact_role_id", "contact_influence",
                      "employment_ids"):  # fmt: skip
            with self.subTest(field), self.assertRaises(AccessError):
                self.portal.partner_id.with_user(self.portal).read([field])
