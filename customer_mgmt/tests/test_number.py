from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestNumber(CustomerCase):
    """Customer numbers: given once, unique within the company, by the right sequence, and never changed."""

    def test_numbered_when_created(self):
        """Every customer of a batch has a number of its own."""
        customers = self.Partner.create([{"name": f"C{i}", "customer_status": "prospect"} for i in range(5)])
        numbers = customers.mapped("customer_number")
        self.assertEqual(len(set(numbers)), 5)
        self.assertTrue(all(number.startswith("C") for number in numbers))

    def test_numbered_when_managed(self):
        """Partners that become customers in one write are numbered in one go, contacts are not."""
        companies = self.Partner.create([{"name": f"C{i}", "is_company": True} for i in range(3)])
        contact = self.make_contact(companies[0])
        companies.write({"customer_status": "prospect"})
        self.assertEqual(len(set(companies.mapped("customer_number"))), 3)
        self.assertFalse(contact.customer_number)
        self.assertEqual(contact.commercial_customer_number, companies[0].customer_number)

    def test_numbered_when_default_comes_from_the_app(self):
        """The Customers app creates customers through a default value; they are numbered too."""
        app = self.Partner.with_user(self.user).with_context(default_customer_status="prospect")
        with Form(app, "customer_mgmt.res_partner_view_form_customer") as form:
            form.name = "From the form"
        self.assertTrue(form.record.customer_number)

    def test_contact_that_leaves_its_company(self):
        """A contact that becomes independent is a customer and gets its number."""
        contact = self.make_contact(self.make_customer())
        contact.parent_id = False
        self.assertTrue(contact.customer_number)

    def test_sequences_of_companies(self):
        """Customers of a company draw from its own sequence, shared customers from the shared one."""
        self.other_company.customer_sequence_id.write({"prefix": "OC", "padding": 3})
        own, shared = self.make_customer(company_id=self.other_company.id), self.make_customer()
        self.assertEqual(own.customer_number, "OC001")
        self.assertTrue(shared.customer_number.startswith("C"))

    def test_same_number_in_two_companies(self):
        """Two companies may give the same number; one company may not."""
        first = self.make_customer(company_id=self.other_company.id, customer_number="A1")
        self.assertEqual(self.make_customer(customer_number="A1").customer_number, first.customer_number)
        with self.assertRaisesRegex(ValidationError, "A1 already belongs to"):
            self.make_customer(company_id=self.other_company.id, customer_number="A1")

    def test_move_to_a_company_where_the_number_is_taken(self):
        """Moving a customer must not produce the same number twice."""
        self.make_customer(company_id=self.other_company.id, customer_number="A1")
        shared = self.make_customer(customer_number="A1")
        with self.assertRaisesRegex(ValidationError, "A1 already belongs to"):
            shared.company_id = self.other_company

    def test_prefix_of_category(self):
        """The nearest prefix up the tree stands in front; the category given later changes nothing."""
        self.assertRegex(self.make_customer(customer_category_id=self.shop.id).customer_number, r"^TR-\d{6}$")
        customer = self.make_customer()
        number = customer.customer_number
        customer.customer_category_id = self.retail
        self.assertEqual(customer.customer_number, number)

    def test_drawn_number_avoids_imported_ones(self):
        """A number imported by hand that the sequence would give next is skipped."""
        sequence = self.Partner._get_shared_customer_sequence()
        upcoming = sequence.number_next_actual
        for number in (upcoming, upcoming + 1):
            self.make_customer(customer_number=f"C{number:06d}")
        drawn = self.Partner.create([{"name": n, "customer_status": "prospect"} for n in "ab"])
        self.assertEqual(drawn.mapped("customer_number"), [f"C{upcoming + 2:06d}", f"C{upcoming + 3:06d}"])

    def test_prefix_stays_with_its_customer(self):
        """When one number of a batch is taken, only that customer draws again; nobody gets another's prefix."""
        upcoming = self.Partner._get_shared_customer_sequence().number_next_actual
        self.make_customer(customer_number=f"TR-{upcoming:06d}")
        batch = [{"name": "In shop", "customer_category_id": self.shop.id}, {"name": "Without category"}]
        shop, other = self.Partner.create([{**vals, "customer_status": "prospect"} for vals in batch])
        self.assertEqual((shop.customer_number[:3], other.customer_number[:1]), ("TR-", "C"))

    def test_sequence_that_begins_again(self):
        """A sequence put back below many given numbers soon finds a free one."""
        first, *_others = self.Partner.create([{"name": f"N{i}", "customer_status": "prospect"} for i in range(200)])
        self.env.flush_all()
        self.Partner._get_shared_customer_sequence().number_next_actual = int(first.customer_number.removeprefix("C"))
        before = self.cr.sql_log_count
        self.assertTrue(self.make_customer().customer_number)
        self.assertLess(self.cr.sql_log_count - before, 80)

    def test_one_dict_for_many(self):
        """A caller that passes the same values several times gets several numbers, and its values back unchanged."""
        vals = {"name": "Same", "customer_status": "prospect"}
        numbers = self.Partner.create([vals] * 3).mapped("customer_number")
        self.assertEqual((len(set(numbers)), vals), (3, {"name": "Same", "customer_status": "prospect"}))

    def test_one_number_for_many(self):
        """The same number cannot be written to two customers at once."""
        partners = self.Partner.create([{"name": f"P{i}", "is_company": True} for i in range(2)])
        with self.assertRaisesRegex(ValidationError, "ONE already belongs to"):
            partners.write({"customer_status": "prospect", "customer_number": "one"})

    def test_imported_number_is_kept(self):
        """A number from the old system is kept as it is, without blanks and in capitals."""
        self.assertEqual(self.make_customer(customer_number=" old-77 ").customer_number, "OLD-77")

    def test_number_is_frozen(self):
        """A number once given is neither changed nor emptied, by nobody."""
        customer = self.make_customer("Acme", customer_number="F1")
        for wanted in ("F2", False):
            with self.subTest(wanted=wanted), self.assertRaisesRegex(UserError, "Acme keeps the number F1"):
                customer.customer_number = wanted
        customer.write({"customer_number": "f1 ", "city": "Basel"})
        self.assertEqual((customer.customer_number, customer.city), ("F1", "Basel"))

    def test_bad_numbers(self):
        """A number is refused, with the reason, to contacts, to unmanaged partners, and twice in a batch."""
        customer = self.make_customer(customer_number="T1")
        cases = [
            ("taken", [{"name": "A", "customer_status": "prospect", "customer_number": "T1"}], "T1 already belongs"),
            ("unmanaged", [{"name": "B", "customer_number": "T2"}], "“B” is no customer of its own"),
            ("contact", [{"name": "C", "parent_id": customer.id, "customer_number": "T3"}], "“C” is no customer"),
            (
                "twice",
                [{"name": n, "customer_status": "prospect", "customer_number": "T4"} for n in "DE"],
                "T4 already",
            ),
        ]
        for label, vals_list, message in cases:
            with self.subTest(label), self.assertRaisesRegex(ValidationError, message):
                self.Partner.create(vals_list)

    def test_refusal_does_not_reveal_other_companies(self):
        """Who has a number in a company one may not see stays unknown; the refusal stays."""
        self.make_customer("Secret Partner", company_id=self.other_company.id, customer_number="S1")
        with self.assertRaises(ValidationError) as refusal:
            self.Partner.with_user(self.user)._raise_number_taken(
                "S1", self.Partner.search([("customer_number", "=", "S1")]).id
            )
        self.assertNotIn("Secret Partner", str(refusal.exception))
        self.assertIn("another customer", str(refusal.exception))

    def test_new_company_brings_its_sequence(self):
        """Every company has exactly one sequence, however often it is asked for."""
        sequence = self.other_company.customer_sequence_id
        self.assertTrue(sequence)
        self.other_company._ensure_customer_sequences()
        self.assertEqual(self.other_company.customer_sequence_id, sequence)

    def test_bad_format(self):
        """A prefix that Odoo cannot fill in, or an impossible length, is refused when it is chosen."""
        for vals, message in (
            ({"prefix": "%(yaer)s"}, "“%.yaer.s” is not understood"),
            ({"padding": 0}, "from 1 to 20"),
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(ValidationError, message):
                self.Partner._get_shared_customer_sequence().write(vals)

    def test_deleted_shared_sequence(self):
        """Without the shared sequence companies can still be created, and the message says how to get it back."""
        self.Partner._get_shared_customer_sequence().unlink()
        self.assertTrue(self.env["res.company"].create({"name": "Born later"}).customer_sequence_id)
        with self.assertRaisesRegex(UserError, "sequence for shared customers was deleted"):
            self.make_customer()
