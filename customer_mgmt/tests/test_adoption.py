from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.customer_mgmt.models import customer_adoption_job

from .adoption import AdoptionCase
from .test_ownership import BROKEN


@tagged("post_install", "-at_install")
class TestAdoption(AdoptionCase):
    """Partners that are there already become customers: by age, step by step, and nothing else changes."""

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

    def test_condition_that_broke_meanwhile(self):
        """What cannot be searched any more is stopped with the reason, and stops no other adoption."""
        broken, whole = self.adoption(), self.adoption()
        (broken | whole).action_start()
        self.cr.execute("UPDATE customer_adoption SET preset = 'gone' WHERE id = %s", [broken.id])
        broken.invalidate_recordset()
        self.run_job()
        self.assertEqual((broken.state, whole.state), ("stopped", "done"))
        self.assertIn("Choose a condition", "".join(broken.message_ids.mapped("body")))

    def test_job_is_switched_off(self):
        """Without the job nothing starts, and whoever tries learns whom to ask."""
        self.job.active = False
        adoption = self.adoption()
        with self.assertRaisesRegex(UserError, "is switched off"):
            adoption.action_start()
        self.assertEqual(adoption.state, "draft")

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
