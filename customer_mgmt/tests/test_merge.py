from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestMerge(CustomerCase):
    """Odoo's merge wizard on customers: no clash of numbers, no status lost."""

    def merge(self, survivor, *sources):
        """Merge ``sources`` into ``survivor`` as the wizard does."""
        partners = survivor.union(*sources)
        self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, survivor)
        self.assertEqual(partners.exists(), survivor)

    def test_strongest_status_and_own_number_win(self):
        """Whatever is merged into whatever, the survivor keeps its number or takes the first one, and the status."""
        cases = [  # survivor's status, sources' statuses, status afterwards
            ("prospect", ["active"], "active"),
            ("active", ["prospect", "active"], "active"),
            (False, ["prospect"], "prospect"),
            (False, ["active", "prospect"], "active"),
            ("active", [False], "active"),
            (False, [False], False),
        ]
        for own, others, expected in cases:
            with self.subTest(own=own, others=others):
                survivor = self.make_customer("Survivor", own)
                sources = [self.make_customer("Source", status) for status in others]
                number = survivor.customer_number or next(
                    (s.customer_number for s in sources if s.customer_number), False
                )
                self.merge(survivor, *sources)
                self.assertEqual((survivor.customer_status or False, survivor.customer_number), (expected, number))

    def test_lost_numbers_are_noted(self):
        """The number of a merged customer can still be found in the survivor's history."""
        survivor = self.make_customer(customer_number="KEEP-1")
        self.merge(survivor, self.make_customer(customer_number="GONE-1"))
        self.assertTrue(survivor.message_ids.filtered(lambda message: "GONE-1" in message.body))

    def test_number_taken_in_the_survivors_company(self):
        """A number that the survivor's company has given to someone else is noted, and the survivor draws its own."""
        company = self.other_company.id
        self.make_customer(company_id=company, customer_number="BOTH-1")
        survivor = self.Partner.create({"name": "Survivor", "is_company": True, "company_id": company})
        self.merge(survivor, self.make_customer(customer_number="BOTH-1"))
        self.assertEqual(survivor.customer_status, "prospect")
        self.assertTrue(survivor.customer_number and survivor.customer_number != "BOTH-1")
        self.assertTrue(survivor.message_ids.filtered(lambda message: "BOTH-1" in message.body))

    def test_contacts_move_with_their_customer(self):
        """The contacts of a merged customer take over what the survivor is."""
        survivor = self.make_customer(status="active", customer_category_id=self.shop.id)
        source = self.make_customer()
        contact = self.make_contact(source)
        self.merge(survivor, source)
        self.assertEqual(contact.parent_id, survivor)
        self.assertEqual((contact.customer_status, contact.customer_category_id), ("active", self.shop))

    def test_contacts_of_one_customer(self):
        """Two contacts of a customer become one contact, which is still no customer of its own."""
        customer = self.make_customer(status="active")
        first, second = self.make_contact(customer, "Ann"), self.make_contact(customer, "Anne")
        self.merge(first, second)
        self.assertEqual((first.customer_status, first.customer_number), ("active", False))
