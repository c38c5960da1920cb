from odoo.exceptions import UserError
from odoo.tests import tagged

from .segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentDimension(SegmentCase):
    """Segments whose dimension is deleted: they stay, say what they miss, and can be repaired."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.type = cls.env["partner.dimension.type"].create({"name": "Segment Test", "code": "segment_test"})
        cls.value = cls.env["partner.dimension.value"].create({"name": "Yes", "type_id": cls.type.id})
        cls.ann.x_dim_segment_test_id = cls.value

    def setUp(self):
        # After the rollback of the test, and seen by its transaction: Odoo's own reset would not find the type here.
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()

    def test_deleted(self):
        """The segment is named before, broken after, keeps its sizes, and works again with another condition."""
        column = self.type.column
        segment = self.make_segment("Needs It", [(column, "=", self.value.id)])
        frozen = self.make_segment("Frozen", [(column, "=", self.value.id)])
        frozen.action_freeze()
        segment.action_count_now()
        context = {"active_model": self.type._name, "active_ids": self.type.ids}
        Dialog = self.env["partner.dimension.type.delete"].with_user(self.admin).with_context(**context)
        dialog = Dialog.create({"confirmation": "segment_test"})
        self.assertRegex(dialog.stake, "Segments that cannot be used without it: 2 .*Needs It")
        dialog.action_delete()
        self.env.invalidate_all()
        self.assertIn(f"“Needs It” cannot be used: there is no field “{column}”", segment.problem)
        with self.assertRaisesRegex(UserError, "“Needs It” cannot be used"):
            segment.action_open()
        self.assertEqual((segment.size_ids.size, segment.last_size), (1, 1))
        self.assertEqual((frozen.problem, frozen.member_count, self.found(frozen)), (False, 1, self.ann))
        segment.domain = repr([("city", "=", self.CITY)])
        self.assertFalse(segment.problem)
        self.assertEqual(self.found(segment), self.ann | self.ben | self.cat)
