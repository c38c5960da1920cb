from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CustomerCase

# Who merges what: everything not named is refused. "plain" are partners that are no customers.
MERGES = [
    # role       plain   customers  contacts of customers
    ("portal",   False,  False,     False),
    ("outsider", False,  False,     False),
    ("user",     False,  False,     False),
    ("manager",  False,  False,     False),
    ("keeper",   True,   False,     True),
    ("merger",   True,   True,      True),
    ("admin",    True,   True,      True),
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestMergeRights(CustomerCase):
    """Odoo lets whoever creates contacts merge; customers are merged by those who hold the right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's own right to merge, without and with ours
        cls.keeper = new_test_user(
            cls.env, "customer_keeper", groups="customer_mgmt.group_customer_own,base.group_partner_manager"
        )
        cls.merger = new_test_user(
            cls.env, "customer_merger", groups="customer_mgmt.group_customer_own,customer_mgmt.group_customer_merge"
        )

    def make_pair(self, kind):
        """Create two partners of a kind of MERGES, with the same e-mail as Odoo wants it."""
        vals = {"email": "same@example.com"}
        if kind == "plain":
            return self.Partner.create([{"name": f"Plain {i}", **vals} for i in range(2)])
        if kind == "customers":
            return self.make_customer("Survivor", **vals) | self.make_customer("Source", **vals)
        customer = self.make_customer()
        return self.make_contact(customer, "Ann", **vals) | self.make_contact(customer, "Anne", **vals)

    def merge_as(self, user, partners):
        """Merge the second of ``partners`` into the first through the wizard, as a client does."""
        Wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        wizard = Wizard.with_context(active_model="res.partner", active_ids=partners.ids).create({})
        wizard.dst_partner_id = partners[0]
        wizard.action_merge()

    def test_who_merges_what(self):
        """Every cell of the table, allowed and refused; a refusal changes nothing."""
        for role, *row in MERGES:
            for kind, allowed in zip(("plain", "customers", "contacts"), row, strict=True):
                with self.subTest(role=role, kind=kind):
                    partners = self.make_pair(kind)
                    if allowed:
                        self.merge_as(getattr(self, role), partners)
                        self.assertEqual(partners.exists().filtered("active"), partners[0])
                    else:
                        with self.assertRaises(AccessError):
                            self.merge_as(getattr(self, role), partners)
                        self.assertEqual(partners.exists().filtered("active"), partners)

    def test_refusal_names_customer_and_right(self):
        """Whoever lacks the right reads for which customers, and which one it is."""
        partners = self.make_pair("customers")
        message = "“S.*”, “S.*”: customers are merged only by users with the right “Merge Customers”"
        with self.assertRaisesRegex(AccessError, message):
            self.merge_as(self.keeper, partners)
        self.assertFalse(self.env["partner.merge.log"].search([("survivor_id", "=", partners[0].id)]))

    def test_sources_must_be_writable(self):
        """The right to merge is no right to customers that one may only look at."""
        partners = self.make_pair("customers")
        self.env["ir.rule"].create(
            {
                "name": "Look, do not touch",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {partners[1].id})]",
                "perm_read": False,
            }
        )
        with self.assertRaises(AccessError):
            self.merge_as(self.merger, partners)
        self.assertTrue(partners[1].active)

    def test_automatic_run_leaves_customers_out(self):
        """An automatic run of someone without the right proposes plain partners only, instead of stopping half-way."""
        customers, plain = self.make_pair("customers"), self.make_pair("plain")
        customers.email, plain.email = "run.customers@example.com", "run.plain@example.com"
        self.env.flush_all()
        for user, expected in ((self.keeper, {plain}), (self.merger, {plain, customers})):
            with self.subTest(user=user.login):
                wizard = (
                    self.env["base.partner.merge.automatic.wizard"]
                    .with_user(user)
                    .create({"group_by_email": True, "maximum_group": 10000})
                )
                wizard.action_start_manual_process()
                proposed = {self.Partner.browse(sorted(eval_ids(line.aggr_ids))) for line in wizard.line_ids}
                self.assertEqual(proposed & {plain, customers}, expected)
                self.assertEqual(wizard.number_group, len(wizard.line_ids))

    def test_odoos_entry_is_offered_to_members(self):
        """“Merge” stands in the actions menu of a list for whoever may merge at all, and for nobody else."""
        action = self.env.ref("base.action_partner_merge")
        view = self.env.ref("customer_mgmt.res_partner_view_list_customer")
        for user, expected in ((self.user, False), (self.merger, True)):
            with self.subTest(user=user.login):
                views = self.Partner.with_user(user).get_views([(view.id, "list")], {"toolbar": True})["views"]
                shown = {entry["id"] for entry in views["list"]["toolbar"]["action"]}
                self.assertEqual(action.id in shown, expected)

    def test_system_merges_without_the_right(self):
        """Code that acts for the system merges whatever it must."""
        partners = self.make_pair("customers")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.outsider).sudo()
        wizard._merge(partners.ids, partners[0].with_env(wizard.env), extra_checks=False)
        self.assertEqual(partners[1].merged_into_id, partners[0])

    def test_hook_runs_before_anything_moves(self):
        """Addons prepare their rows while everything still points at the sources."""
        survivor, source = self.make_pair("customers")
        contact = self.make_contact(source)
        Wizard = type(self.env["base.partner.merge.automatic.wizard"])
        seen = []

        prepare = Wizard._before_customers_merge

        def look(wizard, sources, into):
            seen.append((sources.ids, into.id, contact.parent_id.id))
            prepare(wizard, sources, into)

        with patch.object(Wizard, "_before_customers_merge", look):
            self.merge_as(self.merger, survivor | source)
        self.assertEqual(seen, [(source.ids, survivor.id, source.id)])
        self.assertEqual(contact.parent_id, survivor)


def eval_ids(text):
    """Return the ids that Odoo's wizard keeps as text."""
    return [int(number) for number in text.strip("[]").split(",")]
