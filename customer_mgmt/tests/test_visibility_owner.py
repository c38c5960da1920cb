from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import Form, new_test_user, tagged

from .test_visibility import VisibilityCase


@tagged("post_install", "-at_install")
class TestOwner(VisibilityCase):
    """Entering, taking on and handing over customers under the policy "own"."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Followers matter here, so the cases behave as the screens do.
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.Partner = cls.env["res.partner"]
        cls.set_policy("own")

    def enter(self, user, **vals):
        """Save a new customer as the form does, and return it; the form reads it back."""
        Partner = self.Partner.with_user(user)
        vals = {"name": "New", "is_company": True, "customer_status": "prospect", **vals}
        return self.Partner.browse(Partner.web_save(vals, {"name": {}, "user_id": {}})[0]["id"])

    def test_new_customers_belong_to_whoever_enters_them(self):
        """Without a salesperson it is the user's own, so that it does not vanish with the click on Save."""
        self.assertEqual(self.enter(self.user).user_id, self.user)
        self.assertEqual(self.enter(self.user, user_id=False).user_id, self.user)
        for policy, user in (("own", self.manager), ("own", self.outsider_creator()), ("open", self.user)):
            self.set_policy(policy)
            with self.subTest(policy=policy, user=user.login):
                self.assertFalse(self.enter(user).user_id)

    def outsider_creator(self):
        """Return a user without our rights who may create partners."""
        return new_test_user(self.env, "partner_creator", groups="base.group_user,base.group_partner_manager")

    def test_enter_a_customer_for_a_colleague(self):
        """It is the colleague's; whoever entered it goes on reading it as its follower."""
        customer = self.enter(self.user, user_id=self.colleague.id)
        self.assertEqual(customer.user_id, self.colleague)
        self.assertTrue(customer.with_user(self.user).has_access("read"))
        self.assertFalse(customer.with_user(self.user).has_access("write"))

    def test_taking_on_a_plain_partner(self):
        """A partner of nobody becomes a customer of whoever makes it one; a contact leads to its company."""
        contact = self.make_contact(self.vendor)
        contact.with_user(self.user).action_customer_manage()
        self.assertEqual((self.vendor.customer_status, self.vendor.user_id), ("prospect", self.user))
        self.assertTrue(contact.with_user(self.user).has_access("write"))

    def test_handing_over(self):
        """Whoever hands a customer over himself still sees it on his screen; its new owner has it."""
        customer = self.enter(self.user)
        customer.with_user(self.user).web_save({"user_id": self.colleague.id}, {"name": {}})
        self.assertTrue(customer.with_user(self.colleague).has_access("write"))
        self.assertFalse(customer.with_user(self.user).has_access("write"))

    def test_taking_away(self):
        """Whoever loses a customer to someone else's decision stops following it, contacts included, and seeing it."""
        customer = self.enter(self.user)
        contact = self.make_contact(customer)
        contact.message_subscribe((self.user | self.leader).partner_id.ids)
        customer.with_user(self.manager).web_save({"user_id": self.colleague.id}, {"name": {}})
        self.assertFalse((customer | contact).with_user(self.user)._filtered_access("read"))
        self.assertTrue(customer.with_user(self.leader).has_access("read"), "another follower stays one")

    def test_open_policy_keeps_followers(self):
        """Where nothing is hidden, Odoo's followers are none of our business."""
        self.set_policy("open")
        customer = self.enter(self.user, user_id=self.user.id)
        customer.with_user(self.manager).user_id = self.colleague
        self.assertIn(self.user.partner_id, customer.message_partner_ids)


@tagged("post_install", "-at_install")
class TestVisibilitySettings(VisibilityCase):
    """The settings page."""

    def test_settings_switch_the_policy(self):
        """What is chosen is in force and shown afterwards; saving something else changes nothing."""
        for policy in ("own", "team", "open"):
            with Form(self.env["res.config.settings"]) as settings:
                settings.customer_visibility = policy
            settings.record.execute()
            self.assertEqual(self.env["ir.rule"]._customer_visibility(), policy)
            self.assertEqual(Form(self.env["res.config.settings"]).customer_visibility, policy)
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.admin).create({"customer_visibility": "own"}).execute()

    def test_effect_is_what_will_happen(self):
        """The counts of the preview are those of the real searches under the policy."""
        users = self.user | self.leader | self.colleague
        customers = self.Partner._customer_domain() & Domain("id", "in", self.everything.ids)
        before = {
            policy: users._count_visible_customers(policy) for policy in ("own", "team")
        }  # other customers of the database included
        for policy in ("own", "team"):
            self.set_policy(policy)
            for user in users:
                with self.subTest(policy=policy, user=user.login):
                    others = self.Partner.with_user(user).search_count(
                        self.Partner._customer_domain() & Domain("id", "not in", self.everything.ids)
                    )
                    seen = self.Partner.with_user(user).search_count(customers)
                    self.assertEqual(before[policy][user] - others, seen)

    def test_effect_is_described(self):
        """The sentence changes with the choice, before anything is saved."""
        with Form(self.env["res.config.settings"]) as settings:
            self.assertIn("Everyone sees every customer", settings.customer_visibility_effect)
            settings.customer_visibility = "own"
            self.assertIn("no longer see everything", settings.customer_visibility_effect)
        self.assertEqual(self.env["ir.rule"]._customer_visibility(), "open")

    def test_users_without_rights_are_added(self):
        """The page lists them and nobody else, the wizard adds those who are left in it."""
        listed = self.env["res.config.settings"].create({}).customer_rightless_user_ids
        self.assertIn(self.outsider, listed)
        self.assertFalse(listed & (self.user | self.leader | self.manager | self.admin | self.portal))
        wizard = self.env["customer.users.add"].create({})
        self.assertEqual((wizard.user_ids, wizard.user_count), (listed, len(listed)))
        self.set_policy("own")
        wizard.user_ids = self.outsider | self.portal
        wizard.action_add()
        self.assertTrue(self.outsider.has_group("customer_mgmt.group_customer_own"))
        self.assertFalse(self.portal.has_group("customer_mgmt.group_customer_own"))
        self.assertFalse(self.colleagues.with_user(self.outsider).has_access("read"))

    def test_only_settings_may_add_users(self):
        """The administrator of the customer file does not give rights."""
        with self.assertRaises(AccessError):
            self.env["customer.users.add"].with_user(self.admin).create({"user_ids": self.outsider.ids})

    def test_settings_lead_to_adoption(self):
        """The page has the way to the partners who are there already, for those who may adopt them."""
        action = self.env["res.config.settings"].create({}).action_adopt_customers()
        self.assertEqual(action["res_model"], "customer.adoption")
        view = self.env.ref("customer_mgmt.res_config_settings_view_form")
        self.assertIn("customer_mgmt.group_customer_admin", view.arch)
