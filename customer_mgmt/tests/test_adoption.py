from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.customer_mgmt.models import customer_adoption_job

from .common import CustomerCase
from .test_ownership import BROKEN

PAST = "2026-01-{:02} 08:00:00"  # partners of the tests are made on these days, in an order of its own


@tagged("post_install", "-at_install")
class TestAdoption(CustomerCase):
    """Partners that are there already become customers: exactly those meant, by age, and nothing else changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag, cls.other_tag = cls.env["res.partner.category"].create([{"name": "To Adopt"}, {"name": "Not"}])
        cls.below = cls.env["res.partner.category"].create({"name": "Below", "parent_id": cls.tag.id})
        tagged_ = {"category_id": [Command.set(cls.tag.ids)], "is_company": True}
        cls.young = cls.Partner.create({"name": "Young", "user_id": cls.user.id, **tagged_})
        cls.old = cls.Partner.create({"name": "Old", **tagged_})
        cls.middle = cls.Partner.create({"name": "Middle", "company_id": cls.other_company.id, **tagged_})
        cls.shopper = cls.Partner.create({"name": "Shopper", "category_id": [Command.set(cls.below.ids)]})
        cls.by_contact = cls.Partner.create({"name": "By Contact", "is_company": True})
        cls.contact = cls.make_contact(cls.by_contact, category_id=[Command.set(cls.tag.ids)])
        cls.archived_contact = cls.make_contact(cls.old, active=False)
        cls.not_meant = cls.Partner.create({"name": "N", "category_id": [Command.set(cls.other_tag.ids)]})
        cls.known = cls.make_customer("Known", customer_category_id=cls.retail.id, **tagged_)
        cls.meant = cls.old | cls.middle | cls.young | cls.shopper | cls.by_contact
        cls.admin.company_ids += cls.other_company
        cls.made_on(cls.old, 1), cls.made_on(cls.middle, 2), cls.made_on(cls.young, 3)
        cls.made_on(cls.shopper, 4), cls.made_on(cls.by_contact | cls.contact | cls.archived_contact, 5)
        cls.job = cls.env.ref("customer_mgmt.ir_cron_adopt_customers")

    @classmethod
    def made_on(cls, partners, day):
        """Let ``partners`` be created and last changed on that day of the past."""
        partners.flush_recordset()
        query = "UPDATE res_partner SET create_date = %s, write_date = %s WHERE id IN %s"
        cls.env.cr.execute(query, [PAST.format(day), PAST.format(day), tuple(partners.ids)])
        partners.invalidate_recordset()

    def adoption(self, **vals):
        """Make an adoption of the partners with our tag, by the administrator of customers."""
        vals = {"preset": "tags", "tag_ids": [Command.set(self.tag.ids)], **vals}
        return self.env["customer.adoption"].with_user(self.admin).create(vals)

    def run_job(self):
        """Run the job as Odoo does."""
        with self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.env.invalidate_all()

    def adopt(self, **vals):
        """Start an adoption, let the job do it, and return it."""
        adoption = self.adoption(**vals)
        adoption.action_start()
        self.run_job()
        return adoption

    def adopted_among(self, partners):
        """Return those of ``partners`` that are customers with a number."""
        return partners.filtered(lambda partner: partner.customer_status and partner.customer_number)

    def test_by_age(self):
        """Numbers follow the age of the partners, within each company's sequence and prefix."""
        adoption = self.adopt(category_id=self.retail.id)
        self.assertEqual((adoption.state, adoption.done, adoption.progress), ("done", 5, 100))
        shared = self.old | self.young | self.shopper | self.by_contact
        numbers = shared.mapped("customer_number")
        self.assertEqual(numbers, sorted(numbers))
        self.assertTrue(all(number.startswith("TR-") for number in numbers))
        self.assertTrue(self.middle.customer_number)

    def test_what_changes(self):
        """The entities get status, category, number and owner; contacts follow; all else stays, the dates too."""
        everyone = self.meant | self.contact | self.archived_contact
        dates = everyone.mapped("write_date")
        messages = everyone.message_ids
        self.adopt(category_id=self.shop.id, customer_status="prospect")
        self.assertEqual(set(everyone.mapped("customer_status")), {"prospect"})
        self.assertEqual(everyone.customer_category_id, self.shop)
        self.assertEqual(everyone.mapped("write_date"), dates)
        self.assertEqual(everyone.message_ids, messages)
        self.assertFalse(self.contact.customer_number or self.archived_contact.customer_number)
        row = self.young.ownership_ids
        self.assertEqual((row.user_id, row.cause, row.by_id), (self.user, "adopted", self.admin))
        self.assertFalse((self.contact | self.archived_contact).ownership_ids)
        self.cr.execute(BROKEN)
        self.assertFalse(self.cr.fetchall())

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

    def test_existing_customers_stay(self):
        """Who is a customer already, or has a category, keeps what it has."""
        self.young.customer_category_id = self.shop
        before = (self.known.customer_number, self.known.write_date, self.known.ownership_ids.ids)
        self.adopt(category_id=self.retail.id, customer_status="active")
        self.assertEqual((self.known.customer_number, self.known.write_date, self.known.ownership_ids.ids), before)
        self.assertEqual((self.known.customer_status, self.young.customer_category_id), ("prospect", self.shop))

    def test_second_run_changes_nothing(self):
        """The same adoption again finds nobody and writes nothing."""
        self.adopt()
        self.cr.execute("SELECT xmin::text, id FROM res_partner WHERE id IN %s ORDER BY id", [tuple(self.meant.ids)])
        before = self.cr.fetchall()
        again = self.adopt()
        self.cr.execute("SELECT xmin::text, id FROM res_partner WHERE id IN %s ORDER BY id", [tuple(self.meant.ids)])
        self.assertEqual(self.cr.fetchall(), before)
        self.assertEqual((again.state, again.done, again.progress), ("done", 0, 100))

    def test_stop_and_go_on(self):
        """A stop leaves whole steps behind, and the next start takes up the rest in the same order."""
        adoption = self.adoption()
        adoption.action_start()
        real = type(adoption)._adopt_step
        steps = []

        def step_then_stop(record, ids):
            """Stop after the second step, as a person would in the middle of the work."""
            steps.append(list(ids))
            result = real(record, ids)
            if len(steps) == 2:
                record.with_user(self.admin).action_stop()
            return result

        with patch.object(customer_adoption_job, "BATCH_SIZE", 2):
            with patch.object(type(adoption), "_adopt_step", step_then_stop):
                self.run_job()
            self.assertEqual((adoption.state, adoption.done, adoption.progress), ("stopped", 4, 80))
            self.assertEqual(self.adopted_among(self.meant), self.meant - self.by_contact)
            self.run_job()
            self.assertEqual(adoption.done, 4)
            adoption.action_start()
            self.run_job()
        self.assertEqual((adoption.state, adoption.done, adoption.total), ("done", 5, 5))
        numbers = (self.meant - self.middle).mapped("customer_number")
        self.assertEqual((steps[0], numbers), ((self.old | self.middle).ids, sorted(numbers)))

    def test_time_is_up(self):
        """When Odoo's time for the job is over, the rest waits for its next turn."""
        adoption = self.adoption()
        adoption.action_start()
        with (
            self.enter_registry_test_mode(),
            patch.object(customer_adoption_job, "BATCH_SIZE", 2),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0),
        ):
            self.env["customer.adoption"]._cron_adopt()
        self.assertEqual((adoption.state, adoption.done), ("running", 2))
        self.run_job()
        self.assertEqual((adoption.state, adoption.done), ("done", 5))

    def test_starter_is_told(self):
        """Whoever started it finds a to-do, and the adoption holds the result."""
        adoption = self.adopt()
        self.assertEqual(adoption.activity_ids.user_id, self.admin)
        self.assertIn("Adopted: 5 customers and 2 contacts.", "".join(adoption.message_ids.mapped("body")))

    def test_required_fields_do_not_stop_it(self):
        """An adoption asks nobody for missing data, not even for a name."""
        nameless = self.Partner.create({"name": "X", "category_id": [Command.set(self.tag.ids)]})
        self.adopt()
        self.assertTrue(nameless.customer_number)

    def test_late_contact(self):
        """A contact person that somebody saved just while the company was adopted is taken along in the end."""
        adoption = self.adoption()
        adoption.action_start()
        real = type(self.Partner)._adopt_customers

        def then_forget(partners, *args):
            """Leave a contact as a transaction that began earlier would."""
            result = real(partners, *args)
            partners.env.cr.execute("UPDATE res_partner SET customer_status = NULL WHERE id = %s", [self.contact.id])
            return result

        with patch.object(type(self.Partner), "_adopt_customers", then_forget):
            self.run_job()
        self.assertEqual((adoption.state, self.contact.customer_status), ("done", "active"))

    def test_bad_conditions(self):
        """What cannot be searched is refused with a reason, before anything starts."""
        with self.assertRaisesRegex(ValidationError, "Tags: none is chosen"):
            self.adoption(tag_ids=False).action_start()
        for domain in ("[('no_such_field', '=', 1)]", "[(", "open('/etc/passwd')", "{}"):
            with self.subTest(domain), self.assertRaisesRegex(ValidationError, "Filter: it is not understood"):
                self.adoption(preset="domain", domain=domain)
        with self.assertRaises(UserError):
            self.adoption(category_id=self.env["customer.category"].create({"name": "O", "company_id": 1}).id)

    def test_record_stays_as_it_was(self):
        """Nobody changes what was adopted or how far it has come, and nobody deletes it; a draft goes."""
        adoption = self.adopt()
        for vals in ({"domain": "[]"}, {"tag_ids": False}, {"customer_status": "prospect"}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "stays as the record"):
                adoption.write(vals)
        for vals in ({"state": "running"}, {"started_by_id": 1}, {"total": 1}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "by its buttons"):
                adoption.write(vals)
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "by its buttons"):
                self.adoption(**vals)
        with self.assertRaisesRegex(UserError, "stays as the record"):
            adoption.unlink()
        self.assertTrue(self.adoption().unlink())

    def test_rights(self):
        """Only the administrator of customers sees, makes, starts or stops an adoption."""
        adoption = self.adoption()
        for user in (self.portal, self.outsider, self.user, self.leader, self.manager):
            record = adoption.with_user(user)
            for action in (
                lambda record=record: record.read(["name"]),
                lambda record=record: record.create({"preset": "domain"}),
                lambda record=record: record.write({"name": "Mine"}),
                lambda record=record: record.unlink(),
                record.action_start,
                record.action_stop,
                record.action_refresh,
                record.action_open_partners,
                lambda record=record: record.env["customer.adoption.batch"].search([]),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    action()
        with self.assertRaises(AccessError):
            self.env["customer.adoption.batch"].with_user(self.admin).create({"adoption_id": adoption.id})

    def test_form(self):
        """The form shows what will happen while one chooses."""
        with Form(self.env["customer.adoption"].with_user(self.admin)) as form:
            form.preset = "tags"
            self.assertEqual(form.to_adopt_count, 0)
            form.tag_ids.add(self.tag)
            self.assertEqual((form.to_adopt_count, form.contact_count, form.managed_count), (5, 2, 1))
        self.assertEqual(form.record.state, "draft")
