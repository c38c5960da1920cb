from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestMerge(CustomerCase):
    """Odoo's merge wizard on customers: no clash of numbers, no status lost, no customer gone."""

    def merge(self, survivor, *sources, user=None):
        """Merge ``sources`` into ``survivor`` as the wizard does."""
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user or self.env.user)
        wizard._merge(survivor.union(*sources).ids, survivor.with_env(wizard.env))

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

    def test_customers_are_kept_others_deleted(self):
        """A source that is a customer is archived and leads to the survivor; any other is deleted as Odoo does."""
        customer, contact_of = self.make_customer("Customer"), self.make_customer("Elsewhere")
        invalid = self.make_customer("Invalid")
        invalid._mark_invalid()
        cases = [  # source, kept?
            (customer, True),
            (self.make_customer("Retail Person", "active", is_company=False), True),
            (invalid, True),
            (self.make_customer("Archived", active=False), True),
            (self.make_contact(contact_of, "Contact"), False),
            (self.Partner.create({"name": "Vendor", "is_company": True}), False),
            (self.Partner.create({"name": "Address", "type": "delivery"}), False),
        ]
        for source, kept in cases:
            with self.subTest(source.name):
                survivor, name = self.make_customer("Survivor"), source.name
                self.merge(survivor, source)
                self.assertEqual(bool(source.exists()), kept)
                if kept:
                    facts = source.merged_into_id, source.commercial_partner_id, source.name
                    self.assertEqual(facts, (survivor, source, name))
                    self.assertFalse(source.active or source.customer_status or source.customer_number)

    def test_survivor_is_no_trace_of_itself(self):
        """The survivor stays active, is merged into nothing, and counts as the only customer."""
        survivor, source = self.make_customer(), self.make_customer()
        self.merge(survivor, source)
        self.assertTrue(survivor.active and not survivor.merged_into_id)
        customers = self.Partner.with_context(active_test=False).search(self.Partner._customer_domain())
        self.assertEqual(customers & (survivor | source), survivor)
        self.assertIn("Merged into", source.message_ids[0].body)

    def test_chain_of_merges(self):
        """When a survivor is merged again, everything that led to it leads to the new one; also a trace is merged."""
        first, second, third = (self.make_customer(name) for name in ("First", "Second", "Third"))
        self.merge(second, first)
        self.merge(third, second)
        self.assertEqual((first | second).merged_into_id, third)
        fourth = self.make_customer("Fourth")
        self.merge(fourth, first)
        self.assertEqual(
            (first.merged_into_id, second.merged_into_id, fourth.merged_into_id.id), (fourth, third, False)
        )
        with self.assertRaisesRegex(UserError, "First was merged into Fourth before. Choose that one."):
            self.merge(first, third)

    def test_return_from_the_archive(self):
        """Only who may merge takes a merged partner out of the archive; both sides then say that it is on its own."""
        survivor, source = self.make_customer("Survivor"), self.make_customer("Source")
        self.merge(survivor, source)
        with self.assertRaisesRegex(UserError, "Source was merged into Survivor and stays archived"):
            source.with_user(self.manager).action_unarchive()
        with self.assertRaisesRegex(UserError, "stays archived"):
            source.with_user(self.user).write({"active": True})
        with self.assertRaisesRegex(UserError, "stays archived"):
            source.with_user(self.admin).action_customer_manage()
        source.with_user(self.admin).action_unarchive()
        self.assertEqual((source.active, source.merged_into_id.id, source.customer_status), (True, False, False))
        self.assertIn("no longer part of", source.message_ids[0].body)
        self.assertIn("was taken out of the archive", survivor.message_ids[0].body)

    def test_merged_partner_leads_to_its_survivor(self):
        """The link on its form opens the survivor, for everyone inside."""
        survivor, source = self.make_customer(), self.make_customer()
        self.merge(survivor, source)
        self.assertEqual(source.with_user(self.user).action_open_merged_into()["res_id"], survivor.id)

    def test_reason_follows_the_status(self):
        """Why a source was invalid says nothing about an active survivor, and everything about an invalid one."""
        closed = self.env.ref("customer_mgmt.customer_invalid_reason_closed")
        for own, status, expected in (("active", "active", False), (False, "invalid", True)):
            with self.subTest(own=own):
                survivor, source = self.make_customer("Survivor", own), self.make_customer("Source", "active")
                source.with_user(self.user)._mark_invalid(closed)
                self.merge(survivor, source)
                self.assertEqual(survivor.customer_status, status)
                facts = [survivor.invalid_reason_id, survivor.invalid_on, survivor.invalid_by_id]
                self.assertEqual([bool(fact) for fact in facts], [expected] * 3)
                self.assertEqual(survivor.customer_status_before_invalid, "active" if expected else False)

    def test_links_among_the_merged(self):
        """A subsidiary merged into its parent, or the other way round, leaves no company that is its own parent."""
        for upwards in (True, False):
            with self.subTest(upwards=upwards):
                parent = self.make_customer("Parent")
                child = self.make_customer("Child", group_parent_id=parent.id, channel_partner_id=parent.id)
                other = self.make_customer("Other", group_parent_id=parent.id)
                survivor, source = (parent, child) if upwards else (child, parent)
                self.merge(survivor, source)
                self.assertFalse(survivor.group_parent_id or survivor.channel_partner_id)
                self.assertEqual(other.group_parent_id, survivor)

    def find(self, number):
        """Return whom a colleague finds by typing ``number``."""
        return self.Partner.browse([pid for pid, _name in self.Partner.with_user(self.user).name_search(number)])

    def test_numbers_become_aliases(self):
        """Every number of a merged customer leads to the survivor, also after the next merge, and is noted there."""
        survivor, last = self.make_customer("Survivor", customer_number="KEEP-1"), self.make_customer("Last")
        sources = [self.make_customer(f"Source {i}", customer_number=f"GONE-{i}") for i in (1, 2)]
        self.merge(survivor, *sources)
        self.assertEqual(survivor.customer_number, "KEEP-1")
        self.assertEqual(set(survivor.number_alias_ids.mapped("number")), {"GONE-1", "GONE-2"})
        self.assertEqual(survivor.number_alias_ids.filtered(lambda a: a.number == "GONE-1").reason, "Merged: Source 1")
        self.assertTrue(survivor.message_ids.filtered(lambda message: "GONE-1" in message.body))
        self.assertEqual([self.find(number) for number in ("KEEP-1", "GONE-1", "GONE-2")], [survivor] * 3)
        self.merge(last, survivor)
        self.assertEqual([self.find(number) for number in ("KEEP-1", "GONE-1", "GONE-2")], [last] * 3)

    def test_first_number_is_taken_over(self):
        """A survivor without a number takes the first one; only the others become aliases."""
        survivor = self.Partner.create({"name": "Plain", "is_company": True})
        sources = [self.make_customer(customer_number=f"TAKE-{i}") for i in (1, 2)]
        self.merge(survivor, *sources)
        numbers = {survivor.customer_number, *survivor.number_alias_ids.mapped("number")}
        self.assertEqual(numbers, {"TAKE-1", "TAKE-2"})
        self.assertEqual(len(survivor.number_alias_ids), 1)

    def test_number_taken_in_the_survivors_company(self):
        """A number that somebody else has in the survivor's company stays an alias of its old company; one is drawn."""
        company = self.other_company.id
        twin = self.make_customer(company_id=company, customer_number="BOTH-1")
        survivor = self.Partner.create({"name": "Survivor", "is_company": True, "company_id": company})
        self.merge(survivor, self.make_customer(customer_number="BOTH-1"))
        self.assertEqual(survivor.customer_status, "prospect")
        self.assertTrue(survivor.customer_number and survivor.customer_number != "BOTH-1")
        alias = survivor.number_alias_ids
        self.assertEqual((alias.number, alias.company_id.id, twin.customer_number), ("BOTH-1", False, "BOTH-1"))

    def test_contacts_move_with_their_customer(self):
        """The contacts of a merged customer take over what the survivor is."""
        survivor = self.make_customer(status="active", customer_category_id=self.shop.id)
        source = self.make_customer()
        contact = self.make_contact(source)
        self.merge(survivor, source)
        self.assertEqual((contact.parent_id, contact.commercial_partner_id), (survivor, survivor))
        self.assertEqual((contact.customer_status, contact.customer_category_id), ("active", self.shop))

    def test_contacts_of_one_customer(self):
        """Two contacts of a customer become one contact, which is still no customer of its own."""
        customer = self.make_customer(status="active")
        first, second = self.make_contact(customer, "Ann"), self.make_contact(customer, "Anne")
        self.merge(first, second)
        self.assertEqual((first.customer_status, first.customer_number), ("active", False))
        self.assertFalse(second.exists())

    def test_customer_merged_into_a_contact(self):
        """A contact person is no customer: its company takes over the status, and the number if it has none."""
        company = self.Partner.create({"name": "Company", "is_company": True})
        contact = self.make_contact(company, "Ann")
        person = self.make_customer("Ann", "active", is_company=False, customer_number="ANN-1")
        self.merge(contact, person)
        self.assertEqual((company.customer_status, company.customer_number), ("active", "ANN-1"))
        self.assertEqual((contact.customer_status, contact.customer_number), ("active", False))

    def test_customer_that_becomes_a_contact(self):
        """A person merged with a contact of a company gets that company, which takes over the number as well."""
        company = self.make_customer("Company", customer_number="COM-1")
        person = self.make_customer("Ann", "active", is_company=False, customer_number="ANN-2")
        self.merge(person, self.make_contact(company, "Ann"))
        self.assertEqual((person.parent_id, person.customer_number), (company, False))
        self.assertEqual((company.customer_status, company.customer_number), ("active", "COM-1"))
        self.assertEqual(company.number_alias_ids.number, "ANN-2")

    def test_contacts_of_two_companies(self):
        """A contact's status is its company's: what the other contact's company is does not count."""
        plain = self.make_contact(self.Partner.create({"name": "Plain", "is_company": True}))
        self.merge(plain, self.make_contact(self.make_customer(status="active")))
        self.assertFalse(plain.customer_status)
