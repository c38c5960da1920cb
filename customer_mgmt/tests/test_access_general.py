import contextlib

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.customer_mgmt.tools.dimension import is_column_name

from . import rights_table as table
from .common import CustomerCase
from .test_access import AccessCase


@tagged("post_install", "-at_install")
class TestAccessOfOurs(AccessCase):
    """What holds for every model and every field of ours, those of tomorrow included."""

    def our_models(self):
        """Return the models of this addon that have records."""
        names = [name for name, model in self.env.registry.items() if model._original_module == "customer_mgmt"]
        return [self.env[name] for name in names if not self.env[name]._abstract]

    def test_the_table_is_complete(self):
        """No model of ours is missing in the table."""
        known = {model for _title, model, *_rest in table.RECORDS + table.SHARED + table.TYPES} | {
            m for m, _roles in table.DIALOGS
        }
        # Lines of a record of the table, which they share every right with.
        known |= {"customer.adoption.batch", "partner.merge.log.line", "partner.employer.change.line"}
        # Rows that nobody makes: TestAsOfRights and TestFollowUpReportRights ask for them.
        known |= {"partner.dimension.as.of", "partner.follow.up.report"}
        # What other records show: TestTimelineRights asks for each.
        known |= {"partner.timeline"}
        known |= {"partner.dimension.preview.line"}
        # One a day for a segment, with whose rights it is read: TestSegmentRights.
        known |= {"partner.segment.size"}
        # Seen with its customer by whoever sees the scheduling: TestFollowUpSchedule.
        known |= {"partner.follow.up.bulk.line"}
        self.assertFalse({model._name for model in self.our_models()} - known)

    def test_companies_are_apart(self):
        """Every model with a company has a rule of companies, unless it is a part of a partner, whose rule holds."""
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        ruled = {rule.model_id.model for rule in rules if "company_id" in (rule.domain_force or "")}
        parts = self.env.registry["partner.part.mixin"]
        for model in self.our_models():
            if "company_id" in model._fields and model._fields["company_id"].store:
                self.assertTrue(model._name in ruled or issubclass(type(model), parts), model._name)

    def test_two_companies(self):
        """Who works in one company sees its records and the shared ones, who works in both sees both."""
        here, there = self.env.company, self.other_company
        makers = {
            "res.partner": lambda company: self.make_customer("M", company_id=company.id),
            "customer.category": lambda company: self.env["customer.category"].create(
                {"name": "M", "company_id": company.id}
            ),
            "customer.need": lambda company: self.env["customer.need"].create(
                {"name": "M", "partner_id": self.make_customer("N", company_id=company.id).id}
            ),
            "partner.dimension.value": lambda company: self.env["partner.dimension.value"].create(
                {"name": "M", "company_id": company.id, "type_id": self.env.ref(table.IMPORTANCE).id}
            ),
            "customer.adoption": lambda company: self.env["customer.adoption"].create(
                {"name": "M", "company_id": company.id}
            ),
        }  # fmt: skip
        self.put_in_companies(self.admin, here | there)
        for model, make in makers.items():
            ours, theirs = make(here), make(there)
            shared = make(self.env["res.company"])
            every = (ours | theirs | shared).with_user(self.admin)
            for companies, visible in (
                (here, ours | shared),
                (there, theirs | shared),
                (here | there, ours | theirs | shared),
            ):
                with self.subTest(model=model, companies=companies.mapped("name")):
                    found = every.with_context(allowed_company_ids=companies.ids).search([("id", "in", every.ids)])
                    self.assertEqual(set(found.ids), set(visible.ids))

    def test_portal_reads_no_field_of_ours(self):
        """A customer who logs in reads the own partner, but none of our fields."""
        partner = self.portal.partner_id.with_user(self.portal)
        ours = [
            name
            for name, field in self.Partner._fields.items()
            if field._modules[:1] == ("customer_mgmt",) or is_column_name(name)
        ]
        self.assertGreater(len(ours), 10)
        for name in ours:
            with self.subTest(name), self.assertRaises(AccessError):
                partner.read([name])

    def test_public_methods_ask_for_rights(self):
        """No method that a client can call helps someone without our rights to change a customer."""
        customer = self.make_customer("Someone's")
        plain = self.Partner.create({"name": "Plain"})
        self.env.flush_all()  # what is still to be stored would carry the name of whoever asks next
        before = customer.read(), plain.read()
        for name in dir(type(customer)):
            method = getattr(type(customer), name, None)
            if name.startswith("action_customer") and callable(method):
                for partner in (customer, plain):
                    with self.subTest(name), contextlib.suppress(AccessError):
                        getattr(partner.with_user(self.outsider), name)()
        self.env.invalidate_all()
        self.assertEqual((customer.read(), plain.read()), before)


@tagged("post_install", "-at_install")
class TestPortalAndSystem(CustomerCase):
    """Visitors and superuser code are not held up by rights that are none of their business."""

    def test_portal_can_still_search(self):
        """Our search by number does not stop a visitor from searching by name."""
        partner = self.portal.partner_id
        partner.name = "Visitor 4711"  # a digit makes it look like a number
        found = [pid for pid, _name in self.Partner.with_user(self.portal).name_search(partner.name)]
        self.assertEqual(found, partner.ids)

    def test_portal_can_still_change_the_own_address(self):
        """Odoo's portal writes as superuser for the visitor; our fields do not stand in the way."""
        self.portal.partner_id.customer_status = "prospect"
        for policy in ("open", "own"):
            self.env["ir.rule"]._set_customer_visibility(policy)
            partner = self.portal.partner_id.with_user(self.portal).sudo()
            partner.write({"city": "Basel"})
            partner.create({"name": "Delivery", "type": "delivery", "parent_id": partner.id})
            self.assertEqual(set(partner.child_ids.mapped("customer_status")), {"prospect"})
            self.assertTrue(partner.with_user(self.portal).sudo(False).read(["name"]))

    def test_outsider_cannot_use_the_buttons(self):
        """No button helps someone to change what they may not write."""
        customer = self.make_customer().with_user(self.outsider)
        for button in ("action_customer_activate", "action_customer_mark_invalid"):
            with self.subTest(button), self.assertRaises(AccessError):
                getattr(customer, button)()
        plain = self.Partner.create({"name": "Plain"}).with_user(self.outsider)
        with self.assertRaises(AccessError):
            plain.action_customer_manage()

    def test_numbers_are_drawn_without_rights_on_sequences(self):
        """The user who creates a customer may not touch sequences or other companies."""
        customer = self.Partner.with_user(self.user).create({"name": "New", "customer_status": "prospect"})
        self.assertTrue(customer.customer_number)
        with self.assertRaises(AccessError):
            self.Partner._get_shared_customer_sequence().with_user(self.user).write({"padding": 2})
