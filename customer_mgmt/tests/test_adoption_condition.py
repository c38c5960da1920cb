from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .adoption import AdoptionCase


@tagged("post_install", "-at_install")
class TestAdoptionCondition(AdoptionCase):
    """Exactly those are adopted who are meant, and the preview says so before."""

    def test_who_is_adopted(self):
        """Each condition adopts exactly its own, and the preview has said so before."""
        people = self.admin.partner_id | self.env.company.partner_id
        names = str(["Young", "Shopper", "Test Contact", self.admin.name, self.env.company.name, "Known"])
        cases = [  # label, values, customers, contacts that follow, customers already
            ("tag and those below", {}, self.meant, 2, self.known),
            ("other tag", {"tag_ids": [Command.set(self.other_tag.ids)]}, self.not_meant, 0, self.known.browse()),
            (
                "any filter",
                {"preset": "domain", "domain": f"[('name', 'in', {names}), ('create_date', '<', '2026-02-01')]"},
                self.young | self.shopper | self.by_contact,
                1,
                self.known.browse(),
            ),
            (
                "own companies and people",
                {"preset": "domain", "domain": f"[('id', 'in', {people.ids})]"},
                None,
                0,
                None,
            ),
            ("one company", {"company_id": self.other_company.id}, self.meant, 2, self.known),
        ]
        everyone = self.meant | self.contact | self.not_meant | self.known | people
        for label, vals, customers, contacts, known in cases:
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                before = self.adopted_among(everyone)
                customers = customers or self.Partner
                adoption = self.adoption(**vals)
                counts = (adoption.to_adopt_count, adoption.contact_count, adoption.managed_count)
                self.assertEqual(counts, (len(customers), contacts, len(known or ())))
                shown = self.Partner.search(adoption.action_open_partners()["domain"])
                self.assertEqual(shown, customers & shown)
                self.assertEqual(len(shown), len(customers))
                adoption.action_start()
                self.run_job()
                self.assertEqual(self.adopted_among(everyone) - before, customers)
                self.assertEqual((adoption.done, adoption.done_contacts), (len(customers), contacts))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_company_scope(self):
        """A company's adoption leaves partners of other companies alone; its own category leaves shared ones, too."""
        company = self.env.company
        self.old.company_id = company
        category = self.env["customer.category"].create({"name": "Ours", "company_id": company.id})
        adoption = self.adopt(company_id=company.id, category_id=category.id)
        self.assertEqual((adoption.done, self.old.customer_category_id), (1, category))
        self.adopt(company_id=company.id)
        self.assertEqual(self.adopted_among(self.meant), self.meant - self.middle)

    def test_only_what_the_starter_may_see(self):
        """Partners of a company that the administrator may not enter are not adopted."""
        self.admin.company_ids -= self.other_company
        self.adopt()
        self.assertEqual(self.adopted_among(self.meant), self.meant - self.middle)

    def test_bad_conditions(self):
        """What cannot be searched is refused with a reason, before anything starts."""
        with self.assertRaisesRegex(ValidationError, "Tags: none is chosen"):
            self.adoption(tag_ids=False).action_start()
        for domain in ("[('no_such_field', '=', 1)]", "[(", "open('/etc/passwd')", "{}"):
            with self.subTest(domain), self.assertRaisesRegex(ValidationError, "Filter: it is not understood"):
                self.adoption(preset="domain", domain=domain)
        with self.assertRaises(UserError):
            self.adoption(category_id=self.env["customer.category"].create({"name": "O", "company_id": 1}).id)

    def test_form(self):
        """The form shows what will happen while one chooses."""
        with Form(self.env["customer.adoption"].with_user(self.admin)) as form:
            form.preset = "tags"
            self.assertEqual(form.to_adopt_count, 0)
            form.tag_ids.add(self.tag)
            self.assertEqual((form.to_adopt_count, form.contact_count, form.managed_count), (5, 2, 1))
        self.assertEqual(form.record.state, "draft")
