from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from .common import CustomerCase


class VisibilityCase(CustomerCase):
    """A salesperson, a leader of a team, and customers of theirs, of the team, of a colleague and of nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(cls.env, "customer_colleague", groups="customer_mgmt.group_customer_own")
        cls.team = cls.env["crm.team"].create(
            {"name": "Our Team", "member_ids": [Command.set((cls.user | cls.leader).ids)]}
        )
        cls.own = cls.make_customer("Own", user_id=cls.user.id)
        cls.teams = cls.make_customer("Team's", user_id=cls.manager.id, team_id=cls.team.id)
        cls.colleagues = cls.make_customer(
            "Colleague's", user_id=cls.colleague.id, phone="+86 138 0013 8001", email="hidden@example.com"
        )
        cls.nobodys = cls.make_customer("Nobody's")
        cls.vendor = cls.Partner.create({"name": "Vendor", "is_company": True})
        cls.contact = cls.make_contact(cls.colleagues, "Colleague's Contact", email="contact@example.com")
        cls.everything = cls.own | cls.teams | cls.colleagues | cls.nobodys | cls.vendor | cls.contact

    def visible(self, user):
        """Return which of our partners ``user`` finds."""
        return self.Partner.with_user(user).search([("id", "in", self.everything.ids)]).with_env(self.env)

    @classmethod
    def set_policy(cls, policy):
        """Put a visibility policy into force."""
        cls.env["ir.rule"]._set_customer_visibility(policy)


@tagged("post_install", "-at_install")
class TestVisibility(VisibilityCase):
    """Each policy shows each role what it should, at once."""

    def test_who_sees_what(self):
        """The table of the policies; changing from one to another takes effect at once."""
        all_seen = self.everything
        hidden = self.colleagues | self.nobodys | self.contact
        seen = {
            # policy: (user, leader, manager, outsider)
            "open": (all_seen, all_seen, all_seen, all_seen),
            "team": (all_seen - hidden, all_seen - hidden - self.own, all_seen, all_seen),
            "own": (all_seen - hidden - self.teams, all_seen - hidden - self.own, all_seen, all_seen),
        }
        for policy in ("open", "own", "team", "own", "open"):
            self.set_policy(policy)
            self.assertEqual(self.env["ir.rule"]._customer_visibility(), policy)
            for role, expected in zip(("user", "leader", "manager", "outsider"), seen[policy], strict=True):
                with self.subTest(policy=policy, role=role):
                    self.assertEqual(self.visible(getattr(self, role)), expected)

    def test_team_change_takes_effect_at_once(self):
        """Whoever leaves a team loses its customers with the next click; the leader needs no membership."""
        self.set_policy("team")
        self.assertIn(self.teams, self.visible(self.user))
        self.team.crm_team_member_ids.filtered(lambda member: member.user_id == self.user).active = False
        self.assertNotIn(self.teams, self.visible(self.user))
        found = self.Partner.with_user(self.user).with_context(active_test=False).search([("name", "=", "Team's")])
        self.assertFalse(found, "a former membership counts where archived records are asked for")
        self.team.user_id = self.user
        self.assertIn(self.teams, self.visible(self.user))

    def test_contacts_follow_their_customer(self):
        """A contact is seen with its company, whoever is the contact's own salesperson; also of an archived one."""
        self.set_policy("own")
        self.contact.user_id = self.user
        self.assertNotIn(self.contact, self.visible(self.user))
        self.colleagues.user_id = self.user
        self.assertIn(self.contact, self.visible(self.user))
        self.colleagues.active = False
        self.assertTrue(self.contact.with_user(self.user).has_access("read"))

    def test_core_partners_stay_readable(self):
        """Users' own partners, the companies and whoever is no customer stay, even if someone made them customers."""
        self.set_policy("own")
        partners = self.user.partner_id | self.colleague.partner_id | self.env.company.partner_id | self.vendor
        partners.with_user(self.user).read(["name"])
        (self.user.partner_id | self.colleague.partner_id | self.env.company.partner_id).customer_status = "prospect"
        partners.with_user(self.user).read(["name"])

    def test_policy_of_switched_rules(self):
        """The setting shows what is in force even after an administrator has archived or deleted rules by hand."""
        self.set_policy("own")
        self.env.ref("customer_mgmt.res_partner_rule_group_customer_own").active = False
        self.assertEqual(self.env["ir.rule"]._customer_visibility(), "open")
        self.env.ref("customer_mgmt.res_partner_rule_group_customer_team").unlink()
        self.set_policy("own")
        self.assertEqual(self.env["ir.rule"]._customer_visibility(), "own")


@tagged("post_install", "-at_install")
class TestHiddenCustomer(VisibilityCase):
    """Under the policy "own" a colleague's customer shows nowhere, and nothing breaks because of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_policy("own")
        cls.as_user = cls.Partner.with_user(cls.user)
        cls.hidden = cls.colleagues.with_user(cls.user)

    def test_search_read_and_export_hide_it(self):
        """Every way to get at a partner: found by nothing, read and exported not at all."""
        for name in (self.colleagues.name, self.colleagues.customer_number, self.contact.name, "hidden@example.com"):
            with self.subTest(name):
                found = [partner_id for partner_id, _name in self.as_user.name_search(name)]
                self.assertFalse(set(found) & set((self.colleagues | self.contact).ids))
        self.user.group_ids |= self.env.ref("base.group_allow_export")
        activity = {"res_model_id": self.env["ir.model"]._get_id("res.partner"), "user_id": self.user.id}
        mine = self.env["mail.activity"].with_user(self.user).create({**activity, "res_id": self.own.id})
        given = self.own.with_user(self.manager).activity_schedule(user_id=self.user.id).with_user(self.user)
        refused = {
            "read": lambda: self.hidden.read(["name"]),
            "web_read": lambda: self.hidden.web_read({"name": {}}),
            "export": lambda: self.hidden.export_data(["name"]),
            "write": lambda: self.hidden.write({"city": "Basel"}),
            "copy": lambda: self.hidden.copy(),
            "button": lambda: self.hidden.action_customer_activate(),
            "message": lambda: self.hidden.message_post(body="Hello"),
            "plan": lambda: self.env["mail.activity"].with_user(self.user).create(
                {**activity, "res_id": self.colleagues.id}
            ),
            "move own plan": lambda: mine.write({"res_id": self.colleagues.id}) and self.hidden.read(["name"]),
            "move given plan": lambda: given.write({"res_id": self.colleagues.id}) and self.hidden.read(["name"]),
            "contact": lambda: self.as_user.create({"name": "Mine?", "parent_id": self.colleagues.id}),
            "contact of contact": lambda: self.as_user.create({"name": "Mine?", "parent_id": self.contact.id}),
            "move contact": lambda: self.make_contact(self.own).with_user(self.user).write(
                {"parent_id": self.colleagues.id}
            ),
        }  # fmt: skip
        for way, call in refused.items():
            with self.subTest(way), self.assertRaises(AccessError):
                call()
        self.hidden.message_subscribe(self.user.partner_id.ids)
        self.assertFalse(self.hidden.has_access("read"), "nobody makes himself a follower of what he may not see")

    def test_groups_count_nothing_hidden(self):
        """Grouping by salesperson, by company or over a path counts visible customers only."""
        domain = [("id", "in", self.everything.ids), ("customer_status", "!=", False)]
        by_owner = dict(self.as_user._read_group(domain, ["user_id"], ["__count"]))
        self.assertEqual(by_owner, {self.user: 1})
        by_parent = self.as_user.formatted_read_group([("parent_id", "=", self.colleagues.id)], ["parent_id"])
        self.assertFalse(by_parent)
        self.retail.with_user(self.user).invalidate_recordset()
        (self.own | self.colleagues).customer_category_id = self.retail
        self.assertEqual(self.retail.with_user(self.user).customer_count, 1)
        path = self.as_user.search([("commercial_partner_id.name", "=", self.colleagues.name)])
        self.assertFalse(path)

    def test_taken_number_tells_no_name(self):
        """A number that a hidden customer has is refused without saying whose it is."""
        with self.assertRaisesRegex(Exception, "another customer"):
            self.as_user.create(
                {"name": "New", "customer_status": "prospect", "customer_number": self.colleagues.customer_number}
            )

    def test_labels_of_links_are_shown(self):
        """A link to a hidden customer shows its name, as Odoo does everywhere; the record itself stays closed."""
        self.vendor.referrer_id = self.colleagues
        link = self.vendor.with_user(self.user).web_read({"referrer_id": {"fields": {"display_name": {}}}})
        self.assertEqual(link[0]["referrer_id"]["display_name"], self.colleagues.display_name)

    def test_send_message_with_a_hidden_follower(self):
        """On a document with a hidden follower the composer opens, does not name him, and the message goes out."""
        vendor = self.vendor.with_user(self.user)
        self.vendor.message_subscribe((self.colleagues | self.own).ids)
        self.env.flush_all()
        self.env.invalidate_all()  # what is in the cache is not asked for
        store = Store()
        vendor._thread_to_store(store, [], request_list=["activities", "followers", "suggestedRecipients"])
        names = [partner["name"] for partner in store.get_result()["res.partner"]]
        self.assertIn(self.colleagues.name, names, "a follower has a name, as a link to him has")
        self.env.invalidate_all()
        recipients = vendor._message_get_suggested_recipients(reply_discussion=True, no_create=False)
        self.assertNotIn("hidden@example.com", [recipient["email"] for recipient in recipients])
        self.env.invalidate_all()
        message = vendor.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertIn(self.colleagues, message.sudo().notified_partner_ids)
        with self.assertRaises(AccessError):
            self.hidden._message_get_suggested_recipients()

    def test_followed_customers_are_read(self):
        """Whoever follows a customer or one of its contacts reads all of it, and changes nothing."""
        for followed in (self.colleagues, self.contact):
            with self.subTest(followed.name):
                followed.message_subscribe(self.user.partner_id.ids)
                (self.colleagues | self.contact).with_user(self.user).read(["name", "email"])
                with self.assertRaises(AccessError):
                    self.hidden.write({"city": "Basel"})
                recipients = self.hidden._message_get_suggested_recipients()
                self.assertIn("hidden@example.com", [recipient["email"] for recipient in recipients])
                followed.message_unsubscribe(self.user.partner_id.ids)
                self.assertFalse(self.hidden.has_access("read"))

    def test_customers_with_my_activity_are_read(self):
        """Whoever is asked to do something on a customer or contact reads all of it until it is done."""
        for partner in (self.colleagues, self.contact):
            with self.subTest(partner.name):
                activity = partner.with_user(self.colleague).activity_schedule(
                    "mail.mail_activity_data_call", user_id=self.user.id
                )
                (self.colleagues | self.contact).with_user(self.user).read(["name", "email"])
                self.assertFalse(self.hidden.has_access("write"))
                activity.with_user(self.user).action_feedback("Called")
                (self.colleagues | self.contact).message_unsubscribe(self.user.partner_id.ids)
                self.assertFalse(self.hidden.with_context(active_test=False).has_access("read"))

    def test_parts_are_hidden_with_it(self):
        """What belongs to a hidden customer is hidden too; every model of parts is asked."""
        for model in self.env.registry.descendants(["partner.part.mixin"], "_inherit"):
            if not self.env[model]._abstract and model != "partner.part.mixin":
                with self.subTest(model):
                    visible = self.env[model].with_user(self.user).search([]).sudo().partner_id
                    allowed = self.as_user.with_context(active_test=False).search([("id", "in", visible.ids)])
                    self.assertEqual(len(visible), len(allowed))
        need = self.env["customer.need"].create({"partner_id": self.colleagues.id, "name": "A car"})
        self.assertFalse(need.with_user(self.user).search([("id", "=", need.id)]))
        for operation in ("read", "write", "unlink"):
            self.assertFalse(need.with_user(self.user).has_access(operation))
        with self.assertRaises(AccessError):
            need.with_user(self.user).create({"partner_id": self.colleagues.id, "name": "Another"})
        need.partner_id = self.own
        with self.assertRaises(AccessError):
            need.with_user(self.user).partner_id = self.colleagues

    def test_merged_file_stays_hidden(self):
        """What a merge left of a colleague's customer does not become visible by losing its status."""
        source = self.make_customer("Colleague's Double", user_id=self.colleague.id)
        self.env["base.partner.merge.automatic.wizard"]._merge((source | self.colleagues).ids, self.colleagues)
        self.assertEqual((source.active, source.merged_into_id), (False, self.colleagues))
        self.assertFalse(source.with_user(self.user).has_access("read"))

    def test_job_and_visitor_are_not_narrowed(self):
        """The system itself and superuser code see everything under every policy."""
        self.assertTrue(self.hidden.sudo().read(["name"]))
        self.assertTrue(self.Partner.search([("id", "=", self.colleagues.id)]))
