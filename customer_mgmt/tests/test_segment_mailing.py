from odoo.tests import tagged

from .segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentMailing(SegmentCase):
    """Handing a segment to a mailing list without Email Marketing; with it: tests/neighbours/test_mailing_list.py."""

    def test_without_email_marketing(self):
        """There is no button, and who calls the method all the same is told."""
        segment = self.make_segment()
        installed = "mailing.list" in self.env
        self.assertEqual(segment.with_user(self.admin).can_hand_over and not installed, False)
        dialog = self.env["partner.segment.mailing"].with_user(self.user).create({"segment_id": segment.id})
        self.assertEqual(dialog.new_name, "Test Segment")
        if not installed:
            self.assertFalse(dialog._select_list_models())
            with self.refused("Email Marketing is not installed"):
                dialog.action_hand_over()
