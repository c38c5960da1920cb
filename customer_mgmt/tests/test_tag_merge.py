from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .tag import TagCase


@tagged("post_install", "-at_install")
class TestTagMerge(TagCase):
    """Making one tag of several."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls.make_tag("Test Kept")
        cls.old = cls.make_tag("Test Old")
        cls.older = cls.make_tag("Test Older")
        cls.customer = cls.make_customer()
        cls.other = cls.make_customer("Other")

    def open_merge(self, tags, user=None, **vals):
        """Open the dialog as the list does."""
        context = {"active_model": "res.partner.category", "active_ids": tags.ids}
        return self.env["partner.tag.merge"].with_user(user or self.curator).with_context(**context).create(vals)

    def merge(self, target, *sources):
        """Merge in the dialog."""
        self.open_merge(target.union(*sources), target_id=target.id).action_merge()
        self.env.invalidate_all()

    def test_moves_tags_and_history(self):
        """Whoever had an old tag has the kept one, with one open entry; the old one is readable in the archive."""
        self.give(self.customer, self.old, self.kept)
        self.give(self.other, self.old, self.older)
        self.other.with_user(self.user).category_id = [Command.unlink(self.older.id)]
        write_date = self.customer.write_date
        for _time in range(2):
            self.merge(self.kept, self.old, self.older)
            self.assertEqual((self.customer | self.other).category_id, self.kept)
            self.assertCountEqual(
                self.history(self.customer),
                [
                    (self.kept, "manual", "Merged into “Test Kept”", False),
                    (self.kept, "manual", "", True),
                ],
            )
            self.assertCountEqual(
                self.history(self.other), [(self.kept, "manual", "", True), (self.kept, "manual", "", False)]
            )
            self.assertFalse((self.old | self.older).filtered("active"))
            self.assertEqual((self.old | self.older).merged_into_id, self.kept)
        self.assertEqual(self.customer.write_date, write_date)
        self.assertFalse(self.kept.merged_into_id)
        self.assertEqual(self.old.with_user(self.user).name, "Test Old")

    def test_opens_with_numbers(self):
        """The dialog keeps the tag that is used most, and says what will move."""
        self.give(self.customer | self.other, self.kept)
        self.give(self.customer, self.old)
        self.make_tag("Test Below", parent_id=self.old.id)
        self.env["ir.filters"].create(
            {"name": "F", "model_id": "res.partner", "domain": f"[('category_id', 'in', [{self.old.id}])]"}
        )
        self.env.flush_all()
        context = {"active_model": "res.partner.category", "active_ids": (self.old | self.kept).ids}
        form = Form(self.env["partner.tag.merge"].with_user(self.curator).with_context(**context))
        self.assertIn("Partners that have it already: 1", form.summary)
        wizard = form.save()
        self.assertEqual(wizard.target_id, self.kept)
        for text in (
            "Partners that get the kept tag: 0",
            "Partners that have it already: 1",
            "Tags below that move along: 1",
            "Conditions and filters that name the tags: 1",
            "Archived, with a link to “Test Kept”: Test Old",
        ):
            self.assertIn(text, wizard.summary)

    def test_children_and_parents(self):
        """Tags below move along, and the kept one never stands below an archived one."""
        child = self.make_tag("Test Child", parent_id=self.old.id)
        twin = self.make_tag("Test Twin", parent_id=self.kept.id)
        same = self.make_tag("test twin", parent_id=self.old.id)
        self.merge(self.kept, self.old)
        self.assertEqual((child | same).parent_id, self.kept)
        self.assertEqual(twin.name_key, "test twin")
        self.assertTrue(same.has_same_name and not same.name_key)
        self.assertEqual(self.Tag.search([("id", "child_of", self.kept.ids)]), self.kept | child | twin | same)
        top = self.make_tag("Test Top", parent_id=self.older.id)
        middle = self.make_tag("Test Middle", parent_id=top.id)
        low = self.make_tag("Test Low", parent_id=middle.id)
        self.merge(low, top)
        self.assertEqual((low.parent_id, middle.parent_id), (self.older, low))

    def test_other_links(self):
        """Every many2many and many2one of any module follows; what would be there twice is left out."""
        adoption = self.env["customer.adoption"].create(
            {"name": "A", "preset": "tag", "tag_ids": [Command.set([self.old.id, self.kept.id])]}
        )
        self.merge(self.kept, self.old)
        self.assertEqual(adoption.tag_ids, self.kept)

    def test_conditions(self):
        """Conditions that name an old tag name the kept one; what else stands in them stays."""
        old, kept = self.old.id, self.kept.id
        user_filter = self.env["ir.filters"].create(
            {
                "name": "F",
                "model_id": "res.partner",
                "domain": f"['|', ('category_id', 'in', [{old}, {kept}]), "
                f"'&', ('user_id', '=', uid), ('color', '=', {old})]",
            }
        )
        on_tags = self.env["ir.filters"].create(
            {"name": "T", "model_id": "res.partner.category", "domain": f"[('parent_id', 'child_of', {old})]"}
        )
        rule = self.make_tag(
            "Test Rule", tag_kind="rule", rule_domain=f"[('category_id', 'any', [('id', '=', {old})])]"
        )
        adoption = self.env["customer.adoption"].create(
            {"name": "A", "preset": "domain", "domain": f"[('category_id.id', '=', {old})]"}
        )
        self.merge(self.kept, self.old)
        self.assertEqual(
            user_filter.domain,
            f"['|', ('category_id', 'in', [{kept}]), '&', ('user_id', '=', uid), ('color', '=', {old})]",
        )
        self.assertEqual(on_tags.domain, f"[('parent_id', 'child_of', {kept})]")
        self.assertEqual(rule.rule_domain, f"[('category_id', 'any', [('id', '=', {kept})])]")
        self.assertEqual(adoption.domain, f"[('category_id.id', '=', {kept})]")

    def test_names_afterwards(self):
        """The key of an old name goes to the tag that is kept; a merged name leads to the kept tag, and comes back."""
        self.env.cr.execute(
            "UPDATE res_partner_category SET name = %s WHERE id = %s", ['{"en_US": "test OLD"}', self.kept.id]
        )
        self.Tag._fill_name_forms(everything=True)
        self.env.invalidate_all()
        self.assertFalse(self.kept.name_key)
        self.merge(self.kept, self.old, self.older)
        self.assertEqual((self.kept.name_key, self.old.name_key), ("test old", False))
        with self.refused("“Test Older” was merged into “test OLD”"):
            self.make_tag("Test OLDER")
        self.older.active = True
        self.assertFalse(self.older.merged_into_id)
        self.assertEqual(self.older.name_key, "test older")
        self.merge(self.kept, self.older)
        self.merge(self.make_tag("Test Last"), self.kept)
        self.assertEqual(self.older.merged_into_id.name, "Test Last")  # old ones lead to the last

    def test_refused(self):
        """What cannot be merged is said before, and refused when it is tried all the same."""
        rule = self.make_tag("Test Rule", tag_kind="rule", rule_domain="[('name', '=', 'X')]")
        archived = self.make_tag("Test Archived", active=False)
        for target, source, message in (
            (self.kept, rule, "not given in the same way"),
            (archived, self.kept, "“Test Archived” is archived"),
        ):
            with self.subTest(message):
                wizard = self.open_merge(target | source, target_id=target.id)
                self.assertIn(message, wizard.problem)
                self.assertFalse(wizard.summary)
                with self.refused(message):
                    wizard.action_merge()
        with self.refused("select at least two"):
            self.open_merge(self.kept)
        with self.refused("nothing but the kept tag"):
            self.open_merge(
                self.kept | self.old, target_id=self.kept.id, tag_ids=[Command.set(self.kept.ids)]
            ).action_merge()
        personal = self.make_tag("Test Personal", tag_kind="rule", rule_domain="[('birth_date', '!=', False)]")
        with self.refused("tells a personal fact"):
            personal._merge_into(rule)

    def test_rights(self):
        """Only whoever configures the customer file merges tags."""
        for user in (self.user, self.tagger, self.manager, self.keeper, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.open_merge(self.kept | self.old, user)
        self.open_merge(self.kept | self.old, self.admin).action_merge()
