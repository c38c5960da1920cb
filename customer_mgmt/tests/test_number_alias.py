from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestNumberAlias(CustomerCase):
    """A number that a customer had is its own for ever."""

    def test_adding(self):
        """Numbers are kept once, in capitals, with the company they were given in."""
        customer = self.make_customer(company_id=self.other_company.id)
        customer._add_number_aliases(["old-1", "OLD-1 ", "", False, "OLD-2"], reason="Merged")
        again = customer._add_number_aliases(["OLD-1"])
        aliases = customer.number_alias_ids.sorted("number")
        self.assertFalse(again)
        self.assertEqual(aliases.mapped("number"), ["OLD-1", "OLD-2"])
        self.assertEqual((aliases.company_id, set(aliases.mapped("kind"))), (self.other_company, {"customer"}))
        self.assertEqual(aliases[0].reason, "Merged")

    def test_company_of_the_number(self):
        """A number of another company is kept as that company's, where it stays unique."""
        company = self.other_company.id
        self.make_customer(customer_number="BOTH-1", company_id=company)
        customer = self.make_customer(company_id=company)
        self.assertFalse(customer._add_number_aliases(["BOTH-1"]))
        alias = customer._add_number_aliases(["BOTH-1"], company_id=False)
        self.assertEqual((alias.number, alias.company_id.id), ("BOTH-1", False))

    def test_never_given_again(self):
        """An alias can neither be typed nor drawn within its company; elsewhere it is free."""
        owner = self.make_customer("Owner")
        owner._add_number_aliases(["OLD-1"])
        with self.assertRaisesRegex(ValidationError, "OLD-1 already belongs to Owner"):
            self.make_customer(customer_number="old-1")
        plain = self.Partner.create({"name": "Plain", "is_company": True, "customer_status": "prospect"})
        self.assertNotEqual(plain.customer_number, "OLD-1")
        self.make_customer(customer_number="OLD-1", company_id=self.other_company.id)

        sequence = self.Partner._get_shared_customer_sequence()
        (next_number,) = ("".join(parts) for parts in sequence._format_numbers([sequence.number_next_actual]))
        owner._add_number_aliases([next_number])
        self.assertNotEqual(self.make_customer().customer_number, next_number)

    def test_read_only(self):
        """Nobody edits aliases, not even the administrator of the customer file."""
        alias = self.make_customer()._add_number_aliases(["OLD-1"])
        for user in (self.outsider, self.user, self.manager, self.admin):
            mine = alias.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(mine.number, "OLD-1")
                for denied in (
                    lambda mine=mine: mine.write({"number": "X"}),
                    mine.unlink,
                    lambda mine=mine: mine.create({"partner_id": alias.partner_id.id, "number": "X"}),
                ):
                    with self.assertRaises(AccessError):
                        denied()
        with self.assertRaises(AccessError):
            alias.with_user(self.portal).read(["number"])

    def test_hidden_with_the_customer(self):
        """Who may not see the customer sees none of its former numbers."""
        alias = self.make_customer(company_id=self.other_company.id)._add_number_aliases(["OLD-1"])
        Alias = self.env["partner.number.alias"].with_user(self.user)
        self.assertFalse(Alias.search([("number", "=", "OLD-1")]))
        with self.assertRaises(AccessError):
            Alias.browse(alias.id).read(["number"])
