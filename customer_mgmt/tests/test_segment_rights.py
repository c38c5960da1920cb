from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .segment import SegmentCase

BORN = ("birth_date", "!=", False)


@tagged("post_install", "-at_install")
class TestSegmentRights(SegmentCase):
    """Who sees and changes which segment, and whom it shows to whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        personal = "customer_mgmt.group_customer_personal"
        cls.confidant = new_test_user(cls.env, "segment_confidant", groups=personal)
        cls.both = new_test_user(cls.env, "segment_both", groups=f"customer_mgmt.group_customer_all,{personal}")
        cls.configurator = new_test_user(cls.env, "segment_configurator", groups="customer_mgmt.group_customer_config")

    def make_personal(self, name="Born", **vals):
        """Create a segment of those with a birth date, as who may know it."""
        return self.make_segment(name, [BORN], self.confidant, applies_to="contact", **vals)

    def test_own_and_others(self):
        """Everyone in the customer file reads; one's own are changed, those of others by managers and configurators."""
        foreign = self.make_segment("Foreign", user=self.manager)
        for user in (self.portal, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                foreign.with_user(user).read(["name"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Partner.with_user(user).search([("segment_ids", "=", foreign.id)])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                foreign.with_user(user).action_count_now()
        for user in (self.user, self.leader, self.confidant):
            with self.subTest(user=user.login):
                self.assertEqual(foreign.with_user(user).name, "Foreign")
                self.assertEqual(foreign.with_user(user).member_count, 3)
                for use in ("action_freeze", "action_make_live", "unlink"):
                    with self.assertRaises(AccessError):
                        getattr(foreign.with_user(user), use)()
                with self.assertRaises(AccessError):
                    foreign.with_user(user).name = "Mine"
                with self.assertRaises(AccessError):
                    self.make_segment("For Another", user=user, owner_id=self.manager.id)
                own = self.make_segment("Own", user=user)
                own.name = "Renamed"
                own.action_freeze()
                own.action_make_live()
                own.unlink()
        for user in (self.manager, self.admin, self.configurator):
            with self.subTest(user=user.login):
                segment = self.make_segment("Of a Salesperson", user=self.user).with_user(user)
                segment.owner_id = user
                segment.unlink()

    def test_visibility(self):
        """Everyone counts and opens only whom he may see; the nightly size is of all."""
        self.env["ir.rule"]._set_customer_visibility("own")
        segment = self.make_segment(user=self.manager)
        for user, members in ((self.user, self.ann | self.cat), (self.manager, self.ann | self.ben | self.cat)):
            with self.subTest(user=user.login):
                mine = segment.with_user(user)
                self.assertEqual((mine.member_count, self.found(mine, user)), (len(members), members))
        segment.with_user(self.user).action_count_now()
        self.assertEqual(segment.with_user(self.user).last_size, 3)

    def test_personal_condition(self):
        """Only who may know personal facts makes, sees and uses a segment that asks for them."""
        segment = self.make_personal()
        self.assertTrue(segment.is_personal)
        self.assertEqual(self.found(segment, self.confidant), self.person)
        segment.action_count_now()
        plain = self.make_segment("Plain", user=self.manager)
        for user in (self.user, self.manager, self.configurator):
            with self.subTest(user=user.login):
                self.assertNotIn(segment, self.Segment.with_user(user).search([]))
                self.assertFalse(segment.size_ids.with_user(user).search([("segment_id", "=", segment.id)]))
                for use in ("action_open", "action_export", "action_count_now", "action_hand_over"):
                    with self.assertRaises(AccessError):
                        getattr(segment.with_user(user), use)()
                with self.assertRaises(AccessError):
                    self.Partner.with_user(user).search([("segment_ids", "=", segment.id)])
                with self.assertRaises(AccessError):
                    self.Partner.with_user(user).search([("segment_ids", "not in", segment.ids)])
                self.assertFalse(self.Partner.with_user(user).search([("segment_ids", "ilike", "Born")]))
                for condition in (BORN, ("segment_ids", "=", segment.id)):
                    with self.refused("“Mine” cannot be used: ", AccessError):
                        self.make_segment("Mine", [condition], user, applies_to="contact")
                wizard = self.env["partner.segment.overlap"].with_user(user)
                with self.assertRaises(UserError):
                    dialog = wizard.create({"segment_id": plain.id, "other_id": segment.id})
                    dialog.action_open_both()
        # To manage all customers is no way round, and to know personal facts none to change those of others.
        with self.assertRaises(AccessError):
            segment.with_user(self.user).name = "Mine"
        segment.with_user(self.both).name = "Changed"
        self.assertEqual(segment.name, "Changed")

    def test_personal_stays(self):
        """What is frozen from or built of a personal segment is personal, too, also when the first changes."""
        first = self.make_segment("First", applies_to="contact", user=self.confidant)
        second = self.make_segment("Second", [("segment_ids", "=", first.id)], self.confidant, applies_to="contact")
        third = self.make_segment("Third", [("segment_ids", "=", second.id)], self.confidant, applies_to="contact")
        tag = self.env["res.partner.category"].create(
            {"name": "Of Third", "tag_kind": "rule", "rule_domain": f"[('segment_ids', '=', {third.id})]"}
        )
        every = first | second | third
        self.assertFalse(any(every.mapped("is_personal")) or tag.is_personal)
        first.domain = repr([BORN])
        self.assertTrue(all(every.mapped("is_personal")) and tag.is_personal)
        third.action_freeze()
        first.domain = "[]"
        self.assertEqual(every.mapped("is_personal"), [False, False, True])
        self.assertNotIn(third, self.Segment.with_user(self.user).search([]))
        third.action_make_live()
        self.assertFalse(third.is_personal)

    def test_personal_records(self):
        """A condition that names a personal tag is personal, by number or by name."""
        tag = self.env["res.partner.category"].create(
            {"name": "Secret Birthdays", "tag_kind": "rule", "rule_domain": repr([BORN])}
        )
        self.assertTrue(tag.is_personal)
        for condition, personal in (
            (("category_id", "in", tag.ids), True),
            (("category_id", "ilike", "secret birth"), True),
            (("parent_id.category_id", "=", tag.id), True),
            (("category_id", "in", self.tag.ids), False),
            (("category_id", "=", False), False),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(self.make_segment(condition=[condition]).is_personal, personal)

    def test_size_tells_no_personal_fact(self):
        """The size, which the system counts, does not say of a single person what only some may know."""
        tag = self.env["res.partner.category"].create(
            {"name": "Secret Birthdays", "tag_kind": "rule", "rule_domain": repr([BORN])}
        )
        self.env.cr.execute(
            "INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id) VALUES (%s, %s)",
            [self.person.id, tag.id],
        )
        kind = self.env["partner.preference.kind"].create(
            {"name": "Secret", "is_personal": True, "target": "option", "applies_to": "contact"}
        )
        option = self.env["partner.preference.option"].create({"kind_id": kind.id, "name": "Secret Love"})
        self.env["partner.preference"].create(
            {"partner_id": self.person.id, "kind_id": kind.id, "option_id": option.id}
        )
        self.env.invalidate_all()
        for condition in (
            ("category_id.name", "=", "Secret Birthdays"),
            ("category_id", "any", [("name", "ilike", "secret")]),
            ("preference_ids", "any", [("option_id", "=", option.id)]),
            ("preference_ids.target_name", "ilike", "secret"),
        ):
            with self.subTest(condition=condition):
                curious = [("id", "=", self.person.id), condition]
                segment = self.make_segment("Curious", curious, self.user, applies_to="contact")
                segment.action_count_now()
                self.assertEqual((segment.last_size, segment.member_count), (0, 0))

    def test_personal_in_any_order(self):
        """What is built of a personal segment is personal, whatever the names of those in between."""
        first = self.make_segment("M", applies_to="contact", user=self.confidant)
        second = self.make_segment("Z", [("segment_ids", "=", first.id)], self.confidant, applies_to="contact")
        third = self.make_segment("A", [("segment_ids", "=", second.id)], self.confidant, applies_to="contact")
        self.env.flush_all()
        self.env.invalidate_all()
        first.domain = repr([BORN])
        self.env.flush_all()  # both at once, in the order of their names
        self.env.invalidate_all()
        self.assertTrue(second.is_personal and third.is_personal)

    def test_frozen_with_another_condition(self):
        """Freezing with a new condition in one save keeps whom the new one finds, not those of a personal one."""
        segment = self.make_personal()
        segment.write({"mode": "frozen", "domain": repr([("id", "=", 0)])})
        self.assertEqual((segment.is_personal, len(segment.member_ids)), (False, 0))

    def test_tag_becomes_personal(self):
        """A tag that has become personal makes the segment personal in the next night."""
        tag = self.env["res.partner.category"].create(
            {"name": "Later", "tag_kind": "rule", "rule_domain": "[('id', '>', 0)]"}
        )
        segment = self.make_segment(condition=[("category_id", "in", tag.ids)])
        tag.rule_domain = repr([BORN])
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_count_segments").method_direct_trigger()
        self.assertTrue(segment.is_personal)

    def test_companies(self):
        """Segments of other companies are not seen, and none is built of them."""
        foreign = self.make_segment("Foreign", company_id=self.other_company.id)
        self.assertNotIn(foreign, self.Segment.with_user(self.admin).search([]))
        with self.refused("you may not use it", AccessError):
            self.make_segment("Built", [("segment_ids", "=", foreign.id)], self.admin)
