"""What several tests of tags share."""

import contextlib

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import CustomerCase

RELATION = "res_partner_res_partner_category_rel"


class TagCase(CustomerCase):
    """Users with and without the right to make tags, and short ways to look at the history.

    ========  ==============================================================
    tagger    works in the customer file and may create tags
    curator   configures the customer file
    keeper    a partner manager of Odoo, who is no user of the customer file
    ========  ==============================================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Tag = cls.env["res.partner.category"]
        groups = "customer_mgmt.group_customer_own,customer_mgmt.group_customer_"
        cls.tagger = new_test_user(cls.env, "tagger", groups=f"{groups}tag")
        cls.curator = new_test_user(cls.env, "curator", groups=f"{groups}config")
        cls.keeper = new_test_user(cls.env, "keeper", groups="base.group_user,base.group_partner_manager")

    @classmethod
    def make_tag(cls, name, **vals):
        """Create a tag."""
        return cls.Tag.create({"name": name, **vals})

    def give(self, partners, *tags, user=None):
        """Let a person give ``tags`` to ``partners``."""
        partners.with_user(user or self.user).write({"category_id": [Command.link(tag.id) for tag in tags]})

    def history(self, partner, tag=None):
        """Return [(tag, source, reason, open)] of a partner, oldest first."""
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("partner_id", "=", partner.id)] + ([("category_id", "=", tag.id)] if tag else [])
        entries = self.env["partner.tag.assignment"].search(domain, order="id")
        return [(entry.category_id, entry.source, entry.reason or "", not entry.until) for entry in entries]

    @contextlib.contextmanager
    def refused(self, message, error=UserError):
        """Assert that the block is refused with a message that has ``message`` in it, and undo it."""
        with self.assertRaises(error) as caught, self.env.cr.savepoint():
            yield
        self.assertIn(message, str(caught.exception))
        self.env.invalidate_all()
