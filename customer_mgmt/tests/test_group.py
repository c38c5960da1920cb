from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestGroup(CustomerCase):
    """Groups of companies, channel partners, and where customers come from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.make_customer("Head")
        cls.daughter = cls.make_customer("Daughter", group_parent_id=cls.head.id)
        cls.granddaughter = cls.make_customer("Granddaughter", group_parent_id=cls.daughter.id)

    def test_figures_roll_up(self):
        """Companies, contacts and open needs are counted at every level from the company downwards."""
        self.make_contact(self.head)
        self.make_contact(self.granddaughter)
        self.env["customer.need"].create(
            [
                {"partner_id": self.granddaughter.id, "name": "Open"},
                {"partner_id": self.daughter.id, "name": "Closed", "is_open": False},
            ]
        )
        group = (self.head | self.daughter | self.granddaughter).with_user(self.user)
        self.assertEqual(group.mapped("group_company_count"), [3, 2, 1])
        self.assertEqual(group.mapped("group_contact_count"), [2, 1, 1])
        self.assertEqual(group.mapped("group_open_need_count"), [1, 1, 1])

    def test_figures_leave_out_what_is_hidden(self):
        """A subsidiary that belongs to another company of ours is not counted for who may not see it."""
        self.granddaughter.company_id = self.other_company
        self.assertEqual(self.head.with_user(self.user).group_company_count, 2)

    def test_subsidiary_keeps_what_is_its_own(self):
        """A legal person in a group keeps its number, status and address."""
        self.head.write({"city": "Hamburg", "customer_status": "active"})
        self.assertEqual((self.daughter.city, self.daughter.customer_status), (False, "prospect"))
        self.assertNotEqual(self.daughter.customer_number, self.head.customer_number)
        self.assertEqual(self.daughter.commercial_partner_id, self.daughter)

    def test_bad_links_are_refused(self):
        """No company stands below itself, none is reached through itself, nobody recommends itself."""
        channel = self.make_customer("Channel")
        self.daughter.channel_partner_id = channel
        cases = [
            (self.head, {"group_parent_id": self.granddaughter.id}, "Parent in Group: a company cannot stand below"),
            (channel, {"channel_partner_id": self.daughter.id}, "Channel Partner: a customer cannot be reached"),
            (self.head, {"referrer_id": self.head.id}, "Recommended by: Head cannot recommend itself"),
            (self.head, {"employee_headcount": -1}, "Number of Employees: Head cannot have fewer than 0"),
        ]
        for customer, vals, message in cases:
            with self.subTest(message), self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
                customer.write(vals)

    def test_group_opens_what_it_counts(self):
        """The number of companies and the list behind it are the same."""
        action = self.head.action_open_group()
        self.assertEqual(self.Partner.search_count(action["domain"]), self.head.group_company_count)

    def test_contacts_follow_the_team(self):
        """The sales team of a customer is the team of its contacts."""
        team = self.env["crm.team"].create({"name": "Store North"})
        contact = self.make_contact(self.head)
        self.head.team_id = team
        self.assertEqual(contact.team_id, team)

    def test_team_of_another_company(self):
        """A customer of one company has no team of another; a shared customer may have a company's team."""
        team = self.env["crm.team"].create({"name": "Foreign", "company_id": self.other_company.id})
        self.head.team_id = team
        with self.assertRaisesRegex(ValidationError, "“Foreign” works for Other Company"):
            self.make_customer(company_id=self.env.company.id, team_id=team.id)
