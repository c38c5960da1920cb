from odoo.fields import Domain
from odoo.tests import tagged

from .tag_rule import TagRuleCase


@tagged("post_install", "-at_install")
class TestPersonalTags(TagRuleCase):
    """What a personal tag hides is not told by a search either."""

    def test_search_by_number(self):
        """Whoever may not know personal facts finds nobody by the number of such a tag; other tags work as ever."""
        personal = self.make_tag("Young", [("birth_date", "!=", False)])
        above = self.Tag.create({"name": "Test Above"})
        plain = self.Tag.create({"name": "Test Plain", "parent_id": above.id})
        young, old, bare = (self.make_customer(name, city="Test Tags") for name in ("Young", "Old", "Bare"))
        young.sudo().category_id = personal
        old.category_id = plain
        everyone = young | old | bare
        cases = [  # condition, found by who may know, found by who may not
            (Domain("category_id", "in", personal.ids), young, self.Partner),
            (Domain("category_id", "=", personal.id), young, self.Partner),
            (Domain("category_id", "not in", personal.ids), old | bare, everyone),
            (Domain("category_id", "child_of", personal.ids), young, self.Partner),
            (Domain("category_id", "in", (personal | plain).ids), young | old, old),
            (Domain("category_id", "in", [False, plain.id]), old | bare, old | bare),
            (Domain("category_id", "child_of", above.ids), old, old),
            (Domain("category_id", "not in", plain.ids), young | bare, young | bare),
            (Domain("category_id", "any", [("id", "in", personal.ids)]), young, self.Partner),
            (Domain("category_id", "ilike", "Young"), young, self.Partner),
        ]
        for condition, known, unknown in cases:
            for user, expected in ((self.admin, known), (self.user, unknown)):
                with self.subTest(condition=condition, user=user.login):
                    found = self.Partner.with_user(user).search(condition & Domain("id", "in", everyone.ids))
                    self.assertEqual(found, expected.sorted(lambda partner: partner.complete_name))

    def test_counted_by_tag(self):
        """Grouping by tags counts no personal one for whoever may not know it."""
        personal = self.make_tag("Young", [("birth_date", "!=", False)])
        young = self.make_customer("Young")
        young.sudo().category_id = personal
        for user, expected in ((self.admin, personal), (self.user, self.Tag)):
            groups = self.Partner.with_user(user)._read_group([("id", "=", young.id)], ["category_id"], ["__count"])
            with self.subTest(user=user.login):
                self.assertEqual(groups[0][0].sudo(), expected)

    def test_rules_tell_nothing(self):
        """A tag that everybody sees is not given by what a personal tag or preference says, in whatever words."""
        secret = self.make_tag("Test Secret", [("birth_date", "!=", False)])
        kind = self.env["partner.preference.kind"].create({"name": "Secret", "target": "text", "is_personal": True})
        young = self.make_customer("Young")
        young.sudo().category_id = secret
        self.env["partner.preference"].create({"partner_id": young.id, "kind_id": kind.id, "text": "Chess"})
        conditions = [
            [("preference_ids.target_name", "=", "Chess")],
            [("preference_ids", "any", [("strength_value", ">", 0), ("text", "ilike", "chess")])],
            [("category_id", "any", [("name", "ilike", "Test Secret")])],
        ]
        for number, condition in enumerate(conditions):
            tag = self.make_tag(f"Test Open {number}", condition)
            with self.subTest(condition=condition):
                if not tag.is_personal:
                    self.evaluate(tag)
                    self.assertFalse(self.holders(tag))
