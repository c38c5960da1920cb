from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentMailing(SegmentCase):
    """Handing a segment to a mailing list, where Email Marketing is installed, and without it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installed = "mailing.list" in cls.env
        if cls.installed:
            cls.user.group_ids += cls.env.ref("mass_mailing.group_mass_mailing_user")
        cls.ann.email = "Ann <ann@segment.example.com>"
        cls.ben.email = "ben@segment.example.com"
        cls.cat.email = False
        cls.dan = cls.make_customer("Dan Ltd", city=cls.CITY, email="DAN@segment.example.com")
        cls.eve = cls.make_customer("Eve Ltd", city=cls.CITY, email="dan@segment.example.com")
        cls.fay = cls.make_customer("Fay Ltd", city=cls.CITY, email="fay@segment.example.com")
        cls.gus = cls.make_customer("Gus Ltd", city=cls.CITY, email="gus@segment.example.com")
        cls.env["mail.blacklist"].create({"email": "fay@segment.example.com"})
        cls.segment = cls.make_segment("Handed")

    def hand_over(self, user=None, **vals):
        """Return the dialog after it has handed the segment over."""
        wizard = self.env["partner.segment.mailing"].with_user(user or self.user)
        dialog = wizard.create({"segment_id": self.segment.id, **vals})
        dialog.action_hand_over()
        return dialog

    def test_without_email_marketing(self):
        """Without Email Marketing there is no button, and who calls the method all the same is told."""
        if self.installed:
            self.skipTest("Email Marketing is installed")
        self.assertFalse(self.segment.with_user(self.admin).can_hand_over)
        with self.refused("Email Marketing is not installed"):
            self.hand_over(self.admin)

    def test_new_list(self):
        """A new list gets every address once, without blocked ones, and the dialog says how many of what."""
        if not self.installed:
            self.skipTest("Email Marketing is not installed")
        self.assertTrue(self.segment.with_user(self.user).can_hand_over)
        dialog = self.hand_over(new_name="Spring")
        self.assertEqual(dialog.list_ref.name, "Spring")
        emails = {f"{name}@segment.example.com" for name in ("ann", "ben", "dan", "gus")}
        self.assertEqual(set(dialog.list_ref.contact_ids.mapped("email_normalized")), emails)
        numbers = dialog.added, dialog.known, dialog.without_email, dialog.blocked, dialog.shared
        self.assertEqual(numbers, (4, 0, 1, 1, 1))
        self.assertEqual(dialog.state, "done")

    def test_known_list(self):
        """Who is known is linked, who is there stays, who left stays away; a second time adds nobody."""
        if not self.installed:
            self.skipTest("Email Marketing is not installed")
        mailing_list, other = self.env["mailing.list"].create([{"name": "Old"}, {"name": "Other"}])
        Contact = self.env["mailing.contact"]
        known = Contact.create({"name": "Ann", "email": "ANN@segment.example.com", "list_ids": other.ids})
        there = Contact.create({"name": "Ben", "email": "ben@segment.example.com", "list_ids": mailing_list.ids})
        left = Contact.create({"name": "Gus", "email": "gus@segment.example.com", "list_ids": mailing_list.ids})
        left.subscription_ids.opt_out = True
        chosen = {"target": "known", "list_ref": f"mailing.list,{mailing_list.id}"}
        dialog = self.hand_over(**chosen)
        self.assertEqual((dialog.added, dialog.known), (2, 2))
        self.assertEqual(len(mailing_list.contact_ids), 4)
        self.assertLessEqual(known | there | left, mailing_list.contact_ids)
        self.assertTrue(left.subscription_ids.opt_out)
        self.assertEqual(Contact.search_count([("email_normalized", "=", "ann@segment.example.com")]), 1)
        again = self.hand_over(**chosen)
        self.assertEqual((again.added, again.known, len(mailing_list.contact_ids)), (0, 4, 4))

    def test_rights(self):
        """Without rights on mailing lists there is no button and nothing happens; others are handed whom they see."""
        if not self.installed:
            self.skipTest("Email Marketing is not installed")
        self.assertFalse(self.segment.with_user(self.leader).can_hand_over)
        with self.assertRaises(AccessError):
            self.hand_over(self.leader)
        self.env["ir.rule"]._set_customer_visibility("own")
        dialog = self.hand_over()
        self.assertEqual(dialog.list_ref.contact_ids.mapped("email_normalized"), ["ann@segment.example.com"])

    def test_missing(self):
        """Without a list or a name for one nothing happens."""
        if not self.installed:
            self.skipTest("Email Marketing is not installed")
        for vals, message in (
            ({"target": "known"}, "none is chosen"),
            ({"target": "new", "new_name": "  "}, "Name of the List: it is empty"),
        ):
            with self.refused(message, UserError):
                self.hand_over(**vals)
