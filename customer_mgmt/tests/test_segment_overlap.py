from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentOverlap(SegmentCase):
    """Two segments compared, of what the user may see."""

    def compare(self, first, second, user=None):
        """Return the dialog on ``first`` after ``second`` was chosen."""
        wizard = self.env["partner.segment.overlap"].with_user(user or self.user)
        form = Form(wizard.with_context(default_segment_id=first.id))
        form.other_id = second
        return form.save()

    def numbers(self, dialog):
        """Return (first, second, both, only first, only second, likeness)."""
        return (
            dialog.size_first,
            dialog.size_second,
            dialog.both,
            dialog.only_first,
            dialog.only_second,
            dialog.likeness,
        )

    def test_parts(self):
        """All parts are counted, and each opens those whom it counts."""
        first = self.make_segment("First", [("id", "in", (self.ann | self.ben).ids)])
        second = self.make_segment("Second", mode="frozen", member_ids=(self.ben | self.cat).ids)
        dialog = self.compare(first, second)
        self.assertEqual(self.numbers(dialog), (2, 2, 1, 1, 1, "33.3 %"))
        for part, members in (
            ("first", self.ann | self.ben),
            ("second", self.ben | self.cat),
            ("both", self.ben),
            ("only_first", self.ann),
            ("only_second", self.cat),
        ):
            with self.subTest(part=part):
                action = getattr(dialog, f"action_open_{part}")()
                self.assertEqual(self.Partner.with_user(self.user).search(action["domain"]), members)

    def test_empty(self):
        """Where nobody is in either there is no likeness; where only one is empty it is 0."""
        nobody = self.make_segment("Nobody", [("name", "=", "Nobody")])
        none = self.make_segment("None", mode="frozen")
        self.assertEqual(self.numbers(self.compare(nobody, none)), (0, 0, 0, 0, 0, "—"))
        every = self.make_segment("Every")
        self.assertEqual(self.numbers(self.compare(nobody, every)), (0, 3, 0, 0, 3, "0.0 %"))
        self.assertEqual(self.compare(every, self.make_segment("Again")).likeness, "100.0 %")

    def test_visibility(self):
        """Each user compares whom he may see."""
        self.env["ir.rule"]._set_customer_visibility("own")
        first, second = self.make_segment("First"), self.make_segment("Second", [("id", "!=", self.cat.id)])
        self.assertEqual(self.numbers(self.compare(first, second))[:3], (2, 1, 1))
        self.assertEqual(self.numbers(self.compare(first, second, self.manager))[:3], (3, 2, 2))

    def test_missing(self):
        """Without a second segment nothing opens."""
        dialog = self.env["partner.segment.overlap"].create({"segment_id": self.make_segment().id})
        with self.assertRaisesRegex(UserError, "the second segment is missing"):
            dialog.action_open_both()
        self.assertFalse(dialog.likeness)
