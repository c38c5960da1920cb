import re

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .test_dimension_bulk import DimensionBulkCase


@tagged("post_install", "-at_install")
class TestPlaybook(DimensionBulkCase):
    """How to treat a customer, and where its values come from, one click away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region.write({"hierarchical": True, "active": True})
        Value = cls.env["partner.dimension.value"]
        cls.japan = Value.create({"name": "Test Japan", "type_id": cls.region.id, "parent_id": cls.asia.id})
        cls.tokyo = Value.create({"name": "Test Tokyo", "type_id": cls.region.id, "parent_id": cls.japan.id})

    def read_playbook(self, partner, user=None):
        """Return the page (HTML) that the button opens."""
        user = user or self.user
        action = partner.with_user(user).action_open_playbook()
        Dialog = partner.env[action["res_model"]].with_user(user).with_context(**action["context"])
        return str(Form(Dialog).content)

    def test_texts(self):
        """Strategy, service plan, where the value comes from, who answers for it and the rhythm."""
        self.gold.write(
            {
                "strategy": "<p>Visit <b>often</b></p>",
                "service_plan": "<p>Free delivery</p>",
                "user_id": self.leader.id,
                "cadence_days": 14,
            }
        )
        customer = self.make_customer()
        self.fill_in(self.open_for(customer), self.gold, "Large orders").action_confirm()
        page = self.read_playbook(customer)
        for text in ("Importance", "Test Gold", "<b>often</b>", "Free delivery", self.leader.name, "14"):
            self.assertIn(text, page)
        self.assertRegex(page, re.escape(f"Chosen by {self.user.name} on ") + ".*: Large orders")

    def test_nearest_above_speaks(self):
        """In a tree the nearest text above counts, each text for itself, and says whose it is."""
        self.asia.write({"strategy": "<p>Bow</p>", "service_plan": "<p>Ships monthly</p>", "user_id": self.leader.id})
        self.japan.strategy = "<p>Bow deeply</p>"
        self.tokyo.strategy = "<p><br></p>"  # what an editor leaves behind
        page = self.read_playbook(self.make_customer(**{self.region.column: self.tokyo.id}))
        self.assertIn("Test Asia / Test Japan / Test Tokyo", page)
        self.assertIn("Bow deeply", page)
        self.assertNotIn("<p>Bow</p>", page)
        self.assertRegex(page, r"(?s)of\s+Test Japan.*Bow deeply.*of\s+Test Asia.*Ships monthly")
        self.assertIn(self.leader.name, page)

    def test_values_without_texts(self):
        """They are listed, nothing more."""
        page = self.read_playbook(self.make_customer(**{self.column: self.iron.id}))
        self.assertIn("None of its values has a strategy", page)
        self.assertIn("Test Iron", page)

    def test_no_values(self):
        """A customer without values learns what would stand here."""
        self.assertIn("no dimension values yet", self.read_playbook(self.make_customer()))

    def test_contact(self):
        """A contact person shows what holds for its company."""
        self.gold.strategy = "<p>Call first</p>"
        company = self.make_customer(**{self.column: self.gold.id})
        page = self.read_playbook(self.make_contact(company))
        self.assertIn("Call first", page)
        self.assertIn("Chosen by", page)

    def test_roles(self):
        """Whoever may read the customer may read its playbook, and nobody else."""
        customer = self.make_customer(**{self.column: self.gold.id, "user_id": self.leader.id})
        for user in (self.outsider, self.user, self.leader, self.manager):
            with self.subTest(user.login):
                self.assertIn("Test Gold", self.read_playbook(customer, user))
        with self.assertRaises(AccessError):
            self.read_playbook(customer, self.portal)
        self.env["ir.rule"]._set_customer_visibility("own")
        with self.assertRaises(AccessError):
            self.read_playbook(customer)
        wizard = self.env["partner.dimension.playbook"].with_user(self.user).create({"partner_id": customer.id})
        with self.assertRaises(AccessError):
            wizard.content  # noqa: B018

    def test_language(self):
        """The page speaks the user's language, names of values included."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.gold.with_context(lang="zh_CN").write({"name": "金"})
        customer = self.make_customer(**{self.column: self.gold.id})
        self.assertIn("金", self.read_playbook(customer.with_context(lang="zh_CN")))


@tagged("post_install", "-at_install")
class TestDimensionNotes(DimensionBulkCase):
    """Where the values of a customer come from, for the icons beside them."""

    def note(self, partner):
        """Return what is said beside Importance on ``partner``."""
        return (partner.with_user(self.user).dimension_notes or {}).get(self.column)

    def test_sources(self):
        """Each way to get a value is told in words, with the reason if there is one."""
        dimension = next(d for d in self.Partner._dimensions_of() if d.id == self.importance.id)
        customer = self.make_customer(**{self.column: self.gold.id})
        entry = customer.dimension_assignment_ids.filtered(lambda entry: entry.type_id == self.importance)
        entry.write({"since": "2026-11-25 12:00:00", "user_id": self.leader.id})
        texts = {
            "manual": f"Chosen by {self.leader.name} on 11/25/2026",
            "import": f"Imported by {self.leader.name} on 11/25/2026",
            "rule": "Given by a rule of “Importance” on 11/25/2026",
            "computed": "Computed on 11/25/2026",
        }
        for source, text in texts.items():
            for reason in (False, "Because"):
                with self.subTest(source, reason=reason):
                    entry.write({"source": source, "reason": reason})
                    self.env.flush_all()
                    customer.invalidate_recordset()
                    expected = text + (": Because" if reason else "")
                    note = {"source": source, "text": expected, "locked": dimension.frozen, "value_id": self.gold.id}
                    self.assertEqual(self.note(customer), note)

    def test_follows_changes(self):
        """After every change the note says what holds now, for contact persons too."""
        customer = self.make_customer()
        contact = self.make_contact(customer)
        self.assertIsNone(self.note(customer) or self.note(contact))
        customer.with_user(self.user).write({self.column: self.gold.id})
        for partner in (customer, contact):
            self.assertIn(f"Chosen by {self.user.name}", self.note(partner)["text"])
        self.fill_in(self.open_for(contact, self.manager), self.iron, "Grown").action_confirm()
        for partner in (customer, contact):
            self.assertRegex(self.note(partner)["text"], re.escape(f"Chosen by {self.manager.name} on ") + ".*: Grown")
        customer.write({self.column: False})
        self.assertIsNone(self.note(customer) or self.note(contact))

    def test_never_in_the_way(self):
        """New and unsaved partners have no notes or their company's, and raise nothing."""
        company = self.make_customer(**{self.column: self.gold.id})
        self.assertFalse(self.Partner.new().dimension_notes)
        self.assertFalse(self.Partner.new({"name": "New", "is_company": True}).dimension_notes)
        self.assertIn(self.column, self.Partner.new({"parent_id": company.id}).dimension_notes)
        self.assertIn(self.column, self.Partner.new(origin=company).dimension_notes)
        mixed = company | self.make_customer()
        self.assertEqual([bool(notes) for notes in mixed.mapped("dimension_notes")], [True, False])
        self.assertFalse(self.Partner.browse().mapped("dimension_notes"))

    def test_locked(self):
        """Where nobody can choose, the note says so."""
        customer = self.make_customer(**{self.column: self.gold.id})
        self.importance.write({"kind": "rule", "locked": True})
        self.assertTrue(self.note(customer)["locked"])
