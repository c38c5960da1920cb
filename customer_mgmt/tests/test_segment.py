from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.customer_mgmt.models import partner_segment

from .segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegment(SegmentCase):
    """Who is in a segment, by its condition or by hand, and what a segment may be."""

    def test_live(self):
        """A live segment holds whoever meets its condition now; conditions of every kind work."""
        self.env["partner.preference"].create(
            {
                "partner_id": self.cat.id,
                "kind_id": self.env.ref("customer_mgmt.partner_preference_kind_category").id,
                "product_category_id": self.env.ref("product.product_category_goods").id,
            }
        )
        importance = self.env.ref("customer_mgmt.partner_dimension_type_importance")
        importance.write({"active": True, "kind": "manual", "edit_group_id": False})
        key = self.env["partner.dimension.value"].create({"type_id": importance.id, "name": "Segment Key"})
        self.ben[importance.column] = key
        self.cat.customer_category_id = self.shop
        preference = ("preference_ids", "any", [("kind_id.code", "=", "category")])
        if "code" not in self.env["partner.preference.kind"]._fields:
            preference = ("preference_ids", "any", [("product_category_id", "!=", False)])
        for condition, members in (
            ((), self.ann | self.ben | self.cat),
            ((("customer_status", "=", "active"),), self.ben),
            ((("category_id", "in", self.tag.ids),), self.ann),
            (((importance.column, "=", key.id),), self.ben),
            ((("customer_category_id", "child_of", self.retail.id),), self.cat),
            ((preference,), self.cat),
            (("|", ("customer_status", "=", "active"), preference), self.ben | self.cat),
            ((("name", "=", "Nobody"),), self.Partner),
        ):
            with self.subTest(condition=condition):
                segment = self.make_segment(condition=condition)
                self.assertEqual(self.found(segment), members)
                self.assertEqual(segment.member_count, len(members))
        self.cat.customer_status = "active"
        self.assertEqual(
            self.found(self.make_segment(condition=[("customer_status", "=", "active")])), self.ben | self.cat
        )

    def test_population(self):
        """A segment of customers holds no contact, one of contacts no customer; those of other companies are out."""
        condition = [("id", "in", (self.ann | self.person).ids)]
        contacts = self.make_segment(condition=condition, applies_to="contact")
        self.assertEqual(self.found(contacts), self.person)
        self.assertEqual(self.found(self.make_segment(condition=condition)), self.ann)
        self.ben.company_id = self.other_company
        here = self.make_segment(company_id=self.env.company.id)
        self.assertEqual(self.found(here), self.ann | self.cat)
        self.assertEqual(self.found(self.make_segment()), self.ann | self.ben | self.cat)

    def test_built_of_segments(self):
        """A segment may ask for others, also for those who are not in one, and through the contacts."""
        active = self.make_segment("Active", [("customer_status", "=", "active")])
        people = self.make_segment("People", [("id", "=", self.person.id)], applies_to="contact")
        for condition, members in (
            (("segment_ids", "=", active.id), self.ben),
            (("segment_ids", "!=", active.id), self.ann | self.cat),
            (("segment_ids", "in", active.ids), self.ben),
            (("segment_ids", "not in", active.ids), self.ann | self.cat),
            (("child_ids", "any", [("segment_ids", "=", people.id)]), self.ann),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(self.found(self.make_segment(condition=[condition])), members)

    def test_search_by_name(self):
        """The search box finds customers by a part of the segment's name."""
        self.make_segment("Quartz Club", [("customer_status", "=", "active")])
        self.assertEqual(self.Partner.search([("segment_ids", "ilike", "quartz")]), self.ben)
        self.assertFalse(self.Partner.search([("segment_ids", "ilike", "no such segment")]))

    def test_search_views(self):
        """Customers and contacts can be searched by their segments."""
        for kind in ("customer", "contact"):
            view = self.env.ref(f"customer_mgmt.res_partner_view_search_{kind}")
            arch = self.Partner.with_user(self.user).get_view(view.id, "search")["arch"]
            self.assertIn('name="segment_ids"', arch)

    def test_names(self):
        """A name of spaces is refused, spaces around one are left out; an empty condition means everyone."""
        for name in ("", "   "):
            with self.refused("the name is empty", ValidationError):
                self.make_segment(name)
        segment = self.make_segment("  Spaced  ", domain=False)
        self.assertEqual((segment.name, segment.domain), ("Spaced", "[]"))
        with self.refused("the name is empty", ValidationError):
            segment.name = "  "

    def test_copy(self):
        """A copy has a name of its own and belongs to whoever made it; the sizes stay with the first."""
        segment = self.make_segment(owner_id=self.manager.id)
        segment.action_count_now()
        copy = segment.with_user(self.user).copy()
        self.assertEqual((copy.name, copy.owner_id, copy.domain), ("Test Segment (copy)", self.user, segment.domain))
        self.assertFalse(copy.size_ids or copy.last_counted_on or copy.last_size)

    def test_bad_conditions_are_refused(self):
        """What cannot be searched is refused when it is saved, naming the segment and the cause."""
        segment = self.make_segment("Base")
        gone = self.make_segment("Gone")
        gone_id = gone.id
        gone.unlink()
        for domain, cause in (
            ("[('x_dim_gone_id', '=', 1)]", "there is no field “x_dim_gone_id”"),
            ("[('child_ids', 'any', [('nothing', '=', 1)])]", "there is no field “nothing”"),
            ("not a list", "it is not understood"),
            ("[('name', '=', uid)]", "it is not understood"),
            ("[('name', 'sounds like', 'x')]", "it is not understood"),
            (f"[('segment_ids', '=', {segment.id})]", "it uses itself through the segment “Base”"),
            (f"[('segment_ids', '=', {gone_id})]", "a segment that it uses does not exist any more"),
            ("[('segment_ids', 'ilike', 'Base')]", "asked for by a part of it"),
            ("[('segment_ids.name', '=', 'Base')]", "asked for by a part of it"),
        ):
            with (
                self.subTest(domain=domain),
                self.refused(f"segment “Base” cannot be used: .*{cause}", ValidationError),
            ):
                segment.domain = domain
        self.assertEqual(self.found(segment), self.ann | self.ben | self.cat)

    def test_circles_are_refused(self):
        """A segment cannot be built of itself by way of others."""
        first = self.make_segment("First")
        second = self.make_segment("Second", [("segment_ids", "=", first.id)])
        third = self.make_segment("Third", [("segment_ids", "=", second.id)])
        with self.refused("“First” cannot be used: it uses itself through the segment “Third”", ValidationError):
            first.domain = f"[('segment_ids', 'in', [{third.id}])]"
        with self.refused("“First” is used in the condition of “Second, Third”|“Third, Second”"):
            first.unlink()
        (first | second | third).unlink()

    def break_it(self, segment, domain="[('x_dim_gone_id', '=', 1)]"):
        """Give ``segment`` a condition behind Odoo's back, as when a dimension is deleted afterwards."""
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE partner_segment SET domain = %s WHERE id = %s", domain, segment.id))
        self.env.invalidate_all()

    def test_broken_later(self):
        """What breaks later says why wherever it is used, and works again once it is repaired."""
        segment = self.make_segment("Fragile")
        built = self.make_segment("Built", [("segment_ids", "=", segment.id)])
        circle = self.make_segment("Circle")
        segment.action_count_now()
        self.break_it(segment)
        self.break_it(circle, f"[('segment_ids', '=', {circle.id})]")
        for broken, cause in (
            (segment, "“Fragile” cannot be used: there is no field “x_dim_gone_id”"),
            (built, "“Built” cannot be used: the segment “Fragile” that it uses cannot be used: there is no field"),
            (circle, "“Circle” cannot be used: it uses itself"),
        ):
            with self.subTest(segment=broken.name):
                self.assertRegex(broken.problem, cause)
                for use in (broken.action_open, broken.action_export, broken.action_count_now, broken.action_freeze):
                    with self.refused(cause):
                        use()
        for broken in segment | built | circle:
            with self.refused("cannot be used"):
                self.found(broken)
        self.assertEqual(segment.size_ids.size, 3)
        with Form(segment) as form:
            self.assertTrue(form.problem)
            form.domain = repr([("city", "=", self.CITY), ("customer_status", "=", "active")])
            self.assertFalse(form.problem)
            self.assertEqual(form.member_count, 1)
        self.assertFalse(segment.problem or built.problem)
        self.assertEqual(self.found(built), self.ben)

    def test_slow_on_the_form(self):
        """A condition that takes too long leaves the form usable and says so."""
        segment = self.make_segment("Slow")
        self.patch(partner_segment, "FORM_LIMIT", 50)
        slow = self.env.registry["partner.segment"]
        self.patch(slow, "_count_members", lambda segment: segment.env.cr.execute("SELECT pg_sleep(2)"))
        with mute_logger("odoo.sql_db"):
            self.assertIn("it takes too long: more than 0.05 seconds", segment.problem)
        self.assertEqual(self.found(segment), self.ann | self.ben | self.cat)

    def test_open(self):
        """Opening shows the own screens of customers or contacts, with those of the segment only."""
        for applies_to, members in (("customer", self.ann | self.ben | self.cat), ("contact", self.person)):
            segment = self.make_segment("Open", [("id", "in", members.ids)], applies_to=applies_to)
            action = segment.with_user(self.user).action_open()
            self.assertEqual(self.Partner.with_user(self.user).search(action["domain"]), members)
            self.assertIn(f"res.partner.search.{applies_to}", action["search_view_id"][1])
            self.assertNotIn("id", action)

    def test_export(self):
        """Whoever may export gets an address for it; nobody else, and not for nobody."""
        segment = self.make_segment()
        self.user.group_ids += self.env.ref("base.group_allow_export")
        action = segment.with_user(self.user).action_export()
        self.assertTrue(action["url"].startswith("/web/export/xlsx?data="))
        with self.refused("nobody whom you may see"):
            self.make_segment("None", [("name", "=", "Nobody")]).with_user(self.user).action_export()
        self.user.group_ids -= self.env.ref("base.group_allow_export")
        with self.refused("you do not have the right to export"):
            segment.with_user(self.user).action_export()

    def test_lists_do_not_count(self):
        """A list and cards of 50 segments take as many queries as of one."""
        segments = self.make_segment().concat(*(self.make_segment(f"Segment {n}") for n in range(49)))
        segments[:10].action_count_now()

        def count_queries(records, fields):
            return self.count_queries(lambda: records.with_user(self.user).web_read(fields))

        names = (
            "name",
            "mode",
            "last_size",
            "size_change",
            "last_counted_on",
            "last_problem",
            "size_graph",
            "has_history",
        )
        fields = {name: {} for name in names} | {"owner_id": {"fields": {"display_name": {}}}}
        count_queries(segments, fields)
        self.assertEqual(count_queries(segments[:1], fields), count_queries(segments, fields))
        for view_type in ("list", "kanban"):
            arch = self.env["partner.segment"].get_view(
                self.env.ref(f"customer_mgmt.partner_segment_view_{view_type}").id, view_type
            )["arch"]
            self.assertNotIn("member_count", arch)
            self.assertNotIn('"problem"', arch)

    def test_dimension_deleted(self):
        """The dialog that deletes a dimension names the segments and rule tags that need it; these stay."""
        importance = self.env.ref("customer_mgmt.partner_dimension_type_importance")
        importance.active = True
        self.make_segment("Needs It", [(importance.column, "!=", False)])
        self.make_segment("Does Not")
        private = {"name": "Rule Needs It", "tag_kind": "rule", "rule_domain": f"[('{importance.column}', '=', False)]"}
        self.env["res.partner.category"].create(private)
        dialog = self.env["partner.dimension.type.delete"].with_user(self.admin).create({"type_id": importance.id})
        self.assertRegex(dialog.stake, r"Segments that cannot be used without it: \d+ \([^)]*Needs It")
        self.assertRegex(dialog.stake, r"Tags whose rule fails without it: \d+ \([^)]*Rule Needs It")
        self.assertNotIn("Does Not", dialog.stake)
        self.assertNotIn("Needs It", dialog.obstacles or "")


@tagged("post_install", "-at_install")
class TestSegmentFrozen(SegmentCase):
    """Segments that keep who was in them, or that are filled by hand."""

    def test_freeze_and_make_live(self):
        """Freezing keeps who is in it, whatever changes; making it live lets the condition decide again."""
        segment = self.make_segment(condition=[("customer_status", "=", "active")])
        segment.action_freeze()
        self.assertTrue(segment.frozen_on)
        self.ben.customer_status, self.cat.customer_status = "invalid", "active"
        self.assertEqual((self.found(segment), segment.member_ids, segment.member_count), (self.ben, self.ben, 1))
        with self.refused("is frozen, its condition says how it was made"):
            segment.domain = "[]"
        segment.action_make_live()
        self.assertEqual((self.found(segment), segment.member_count), (self.cat, 1))
        self.assertFalse(segment.frozen_on or segment.member_ids)

    def test_freeze_what_one_sees(self):
        """Who freezes keeps those whom he may see."""
        self.env["ir.rule"]._set_customer_visibility("own")
        segment = self.make_segment(user=self.user)
        self.assertEqual(segment.member_count, 2)
        segment.action_freeze()
        self.assertEqual(segment.with_user(self.admin).member_ids, self.ann | self.cat)
        self.assertEqual(self.found(segment, self.user), self.ann | self.cat)

    def test_by_hand(self):
        """A group of contacts is filled by hand from the start, also later, and never turns into everyone."""
        group = self.make_segment("Panel", mode="frozen", applies_to="contact", member_ids=self.person.ids)
        self.assertTrue(group.frozen_on)
        self.assertEqual(self.found(group), self.person)
        other = self.make_contact(self.ben, "Other Person")
        group.member_ids += other
        self.assertEqual(self.found(group), self.person | other)
        group.member_ids -= self.person
        self.assertEqual((self.found(group), group.member_count), (other, 1))
        with self.refused("was filled by hand and has no condition"):
            group.action_make_live()

    def test_edit_what_one_sees(self):
        """Who changes the members of a frozen segment leaves alone those whom he may not see."""
        segment = self.make_segment(user=self.user)
        segment.sudo().action_freeze()
        self.env["ir.rule"]._set_customer_visibility("own")
        self.env.invalidate_all()
        with Form(segment.with_user(self.user)) as form:
            self.assertEqual(len(form.member_ids), 2)
            form.member_ids.remove(id=self.cat.id)
        self.assertEqual(segment.with_user(self.admin).member_ids, self.ann | self.ben)

    def test_strangers_are_refused(self):
        """Only customers can be put into a segment of customers; who is no customer any more is not counted."""
        segment = self.make_segment(mode="frozen", member_ids=(self.ann | self.ben).ids)
        with self.refused("“Ann Ltd, Per Son” cannot be in the segment “Test Segment”", ValidationError):
            segment.member_ids += self.person
        with self.refused("cannot be in the segment", ValidationError):
            self.make_segment("New", mode="frozen", applies_to="contact", member_ids=self.ann.ids)
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE res_partner SET customer_status = NULL WHERE id = %s", self.ben.id))
        self.env.invalidate_all()
        self.assertEqual(segment.member_count, 1)
        segment.member_ids += self.cat
        self.assertEqual(self.found(segment), self.ann | self.cat)

    def test_frozen_needs_no_condition(self):
        """A frozen segment works though its condition is broken; it cannot be made live."""
        segment = self.make_segment()
        segment.action_freeze()
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE partner_segment SET domain = %s WHERE id = %s", "[('x_dim_gone_id', '=', 1)]", segment.id)
        )
        self.env.invalidate_all()
        self.assertFalse(segment.problem)
        self.assertEqual(segment.member_count, 3)
        with self.refused("there is no field “x_dim_gone_id”", ValidationError):
            segment.action_make_live()

    def test_merge(self):
        """Members follow merges, also where both were members."""
        both = self.make_segment("Both", mode="frozen", member_ids=(self.ann | self.ben).ids)
        source = self.make_segment("Source", mode="frozen", member_ids=(self.ben | self.cat).ids)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin).create({})
        wizard._merge((self.ann | self.ben).ids, self.ann.with_env(wizard.env))
        self.env.invalidate_all()
        self.assertEqual((both.member_ids, both.member_count, self.found(both)), (self.ann, 1, self.ann))
        self.assertEqual((source.member_ids, source.member_count), (self.ann | self.cat, 2))

    def test_deletion(self):
        """Who is deleted leaves frozen segments."""
        person = self.make_contact(self.ann, "Short Lived")
        group = self.make_segment("Panel", mode="frozen", applies_to="contact", member_ids=(person | self.person).ids)
        person.unlink()
        self.assertEqual(group.member_ids, self.person)


@tagged("post_install", "-at_install")
class TestSegmentForm(SegmentCase):
    """The form as people use it."""

    def test_form(self):
        """The form counts while one writes the condition, and says what is wrong."""
        with Form(self.env["partner.segment"].with_user(self.user)) as form:
            form.name = "By Form"
            form.domain = repr([("city", "=", self.CITY)])
            self.assertEqual((form.member_count, form.problem), (3, False))
            form.domain = "[('nothing', '=', 1)]"
            self.assertRegex(form.problem, "there is no field “nothing”")
            form.domain = repr([("city", "=", self.CITY), ("customer_status", "=", "active")])
        segment = form.record
        self.assertEqual((segment.owner_id, segment.company_id), (self.user, self.user.company_id))
