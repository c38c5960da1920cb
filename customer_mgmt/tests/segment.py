"""The segments that several tests of this addon share."""

import contextlib

from odoo.exceptions import UserError

from .common import CustomerCase


class SegmentCase(CustomerCase):
    """Three customers of one city of the test's own, a contact person, and short ways to make segments of them."""

    CITY = "Segmentville"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.rule"]._set_customer_visibility("open")
        cls.Segment = cls.env["partner.segment"]
        cls.tag = cls.env["res.partner.category"].create({"name": "Segment Test Tag"})
        cls.ann = cls.make_customer("Ann Ltd", city=cls.CITY, user_id=cls.user.id, category_id=cls.tag.ids)
        cls.ben = cls.make_customer("Ben Ltd", city=cls.CITY, status="active", user_id=cls.manager.id)
        cls.cat = cls.make_customer("Cat Ltd", city=cls.CITY, user_id=cls.user.id)
        cls.person = cls.make_contact(cls.ann, "Per Son", birth_date="1980-05-05", email="per@example.com")

    @classmethod
    def make_segment(cls, name="Test Segment", condition=(), user=None, **vals):
        """Create a segment of whoever meets ``condition`` in the city, as ``user``."""
        where = [] if vals.get("applies_to") == "contact" or vals.get("mode") == "frozen" else [("city", "=", cls.CITY)]
        values = {"name": name, "domain": repr([*where, *condition]), "company_id": False, **vals}
        return cls.Segment.with_user(user or cls.env.user).create(values)

    def found(self, segment, user=None):
        """Return the partners that a search for ``segment`` finds, as ``user``."""
        return self.Partner.with_user(user or self.env.user).search([("segment_ids", "=", segment.id)])

    @contextlib.contextmanager
    def refused(self, message, error=UserError):
        """Assert that the block is refused with exactly this kind of error and a text that matches ``message``."""
        with self.assertRaisesRegex(error, message), self.env.cr.savepoint():
            yield
