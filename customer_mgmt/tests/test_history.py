from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestHistory(CustomerCase):
    """What hangs on a customer, counted over every model that is installed."""

    def make_letters(self, partner, count=1, **vals):
        """Create letters to ``partner``: documents of a module that Odoo installs with ours."""
        values = {"partner_id": partner.id, "model": "res.partner", "res_id": partner.id, **vals}
        for _one in range(count):  # each posts a message of its own
            self.env["snailmail.letter"].create(values)

    def label(self, model):
        """Return what ``model`` is called."""
        return self.env["ir.model"]._get(model).name

    def test_documents_count_for_contact_and_company(self):
        """A contact's documents are its own and its company's; a company's are not its contacts'."""
        company, other, nobody = self.make_customer(), self.make_customer(), self.make_customer()
        contact = self.make_contact(company)
        self.make_letters(contact, 2)
        self.make_letters(company)
        self.make_letters(other)
        counts = (company | other | contact | nobody)._partner_history_counts()
        self.assertEqual(counts.pop(self.label("snailmail.letter")), {company.id: 3, contact.id: 2, other.id: 1})
        self.assertFalse(counts)

    def test_documents_of_hidden_companies_count(self):
        """That there is a history in a company the user cannot see is no secret to who deletes."""
        customer = self.make_customer()
        self.make_letters(customer, company_id=self.other_company.id)
        counts = customer.with_user(self.user)._partner_history_counts()
        self.assertEqual(counts, {self.label("snailmail.letter"): {customer.id: 1}})

    def test_each_record_counts_once(self):
        """Links that repeat one another, and records that name a customer twice, make one document."""
        links = self.Partner._partner_links()
        self.assertEqual(len(links), len({(link.model, link.condition.code, *link.condition.params) for link in links}))
        kinds = {link.model: link.kind for link in links}
        self.assertEqual(
            [kinds[model] for model in ("snailmail.letter", "customer.need", "res.partner.bank", "mail.message")],
            ["document", "other", "part", "other"],
        )

    def test_parts_of_the_file_are_no_history(self):
        """A need or a bank account goes with the customer; a link to a group says nothing about business."""
        customer = self.make_customer()
        self.env["customer.need"].create({"partner_id": customer.id, "name": "A ladder"})
        self.env["res.partner.bank"].create({"partner_id": customer.id, "acc_number": "1234"})
        self.make_customer(group_parent_id=customer.id)
        self.assertEqual(customer._partner_history_counts(), {})
        self.assertEqual(
            customer._partner_part_counts(),
            {self.label("customer.need"): {customer.id: 1}, self.label("res.partner.bank"): {customer.id: 1}},
        )

    def test_merged_customers_are_history(self):
        """A survivor keeps what leads to it."""
        survivor = self.make_customer()
        self.make_customer(active=False).sudo().merged_into_id = survivor
        self.assertEqual(survivor._partner_history_counts(), {"Merged Customers": {survivor.id: 1}})

    def test_labels_are_translated(self):
        """The counts speak the user's language."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.model"]._get("snailmail.letter").with_context(lang="zh_CN").name = "信件"
        customer = self.make_customer()
        self.make_letters(customer)
        self.assertIn("信件", customer.with_context(lang="zh_CN")._partner_history_counts())

    def test_nothing_for_nobody(self):
        """No partner has no history."""
        self.assertEqual(self.Partner._partner_history_counts(), {})
