from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestMergeJournal(CustomerCase):
    """Who merged what into whom, and how much moved."""

    def merge(self, survivor, *sources):
        """Merge as the administrator of the customer file and return what the journal says, if anything."""
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        logs = self.env["partner.merge.log"].search([])
        wizard._merge(survivor.union(*sources).ids, survivor.with_env(wizard.env), extra_checks=False)
        return self.env["partner.merge.log"].search([]) - logs

    def make_loaded(self, name="Loaded"):
        """Create a customer on which things hang, and return it with how many of each model."""
        customer = self.make_customer(name, customer_number=f"J-{name}", group_parent_id=self.make_customer("Top").id)
        self.make_contact(customer)
        self.make_customer("Subsidiary", group_parent_id=customer.id)
        needs = [{"partner_id": customer.id, "name": "A ladder"}, {"partner_id": customer.id, "name": "A roof"}]
        self.env["customer.need"].create(needs)
        letter = {"partner_id": customer.id, "model": "res.partner", "res_id": customer.id}
        for _three in range(3):  # each posts a message of its own
            self.env["snailmail.letter"].create(letter)
        self.env["res.partner.bank"].create({"partner_id": customer.id, "acc_number": "4711"})
        attachment = {"name": "a.txt", "res_model": "res.partner", "res_id": customer.id}
        self.env["ir.attachment"].create([attachment, {**attachment, "res_field": "image_1920"}])
        return customer, {
            "res.partner": 2,
            "customer.need": 2,
            "snailmail.letter": 3,
            "res.partner.bank": 1,
            "ir.attachment": 1,
            "partner.ownership": 1,
        }

    def test_counts_are_exact(self):
        """The journal counts every record that moves, and what it counts is the survivor's afterwards."""
        survivor = self.make_customer("Survivor", customer_number="J-S")
        source, expected = self.make_loaded()
        source.message_ids.unlink()
        source.message_follower_ids.unlink()
        log = self.merge(survivor, source)
        self.assertEqual({line.model: line.record_count for line in log.line_ids}, expected)
        self.assertEqual(log.record_count, sum(expected.values()))
        self.assertEqual((log.survivor_id, log.user_id), (survivor, self.admin))
        self.assertEqual(log.survivor_name, f"Survivor · J-S · ID {survivor.id}")
        self.assertEqual(log.sources, f"Loaded · J-LOADED · ID {source.id}")
        moved = {
            model: self.env[model].search_count([(field, "=", survivor.id)])
            for model, field in (("customer.need", "partner_id"), ("snailmail.letter", "partner_id"))
        }
        self.assertEqual(moved, {"customer.need": 2, "snailmail.letter": 3})
        self.assertEqual(len(survivor.child_ids), 1)
        self.assertEqual(survivor.subsidiary_ids.name, "Subsidiary")

    def test_preview_shows_what_the_journal_will_say(self):
        """Before the merge the wizard shows the same figures, and who is archived."""
        source, expected = self.make_loaded()
        partners = self.make_customer("Survivor") | source
        Wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard = Form(Wizard.with_context(active_model="res.partner", active_ids=partners.ids))
        wizard.dst_partner_id = partners[0]
        for model, count in expected.items():
            self.assertIn(f"{self.env['ir.model']._get(model).name}: {count}", wizard.move_preview)
        self.assertIn("Archived with a link to the destination: Loaded", wizard.move_preview)

    def test_only_merges_of_the_customer_file_are_noted(self):
        """Plain partners are merged as Odoo does, without a trace of ours."""
        plain = self.Partner.create([{"name": "Plain"}, {"name": "Plain too"}])
        self.assertFalse(self.merge(plain[0], plain[1]))
        self.assertEqual(plain.exists(), plain[0])
        self.assertEqual(len(self.merge(self.make_customer(), plain[0])), 1)

    def test_journal_follows_the_survivor(self):
        """When the survivor is merged again, the entry leads to the new one but still says what it was."""
        first, second, third = (self.make_customer(name) for name in ("First", "Second", "Third"))
        log = self.merge(second, first)
        self.merge(third, second)
        self.assertEqual(log.survivor_id, third)
        self.assertIn("Second", log.survivor_name)

    def test_kinds_have_names(self):
        """A line names its model in words, and an app that is gone by its technical name."""
        log = self.env["partner.merge.log"].create(
            {"line_ids": [(0, 0, {"model": model}) for model in ("customer.need", "gone.model")]}
        )
        self.assertEqual(set(log.line_ids.mapped("model_label")), {"Customer Need", "gone.model"})

    def test_rights(self):
        """Who may merge reads the journal of the own companies; nobody writes it, not even the administrator."""
        log = self.merge(self.make_customer(), self.make_customer())
        foreign = self.env["partner.merge.log"].create(
            {"company_id": self.other_company.id, "line_ids": [(0, 0, {"model": "x"})]}
        )
        log.with_user(self.admin).read(["sources", "record_count"])
        for records in (log, log.line_ids):
            for operation in ("write", "create", "unlink"):
                with self.subTest(operation), self.assertRaises(AccessError):
                    records.with_user(self.admin).check_access(operation)
            for user in (self.portal, self.outsider, self.user, self.manager):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    records.with_user(user).check_access("read")
        for records in (foreign, foreign.line_ids):
            with self.assertRaises(AccessError):
                records.with_user(self.admin).check_access("read")
