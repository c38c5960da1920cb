"""What the tests of rule tags share."""

import contextlib

from .common import CustomerCase


class TagRuleCase(CustomerCase):
    """Short ways to make a rule tag, to evaluate it as the job does, and to ask who has it and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Tag = cls.env["res.partner.category"]
        cls.Run = cls.env["partner.tag.run"]
        # The tests' own rules are the only ones.
        cls.Tag.with_context(active_test=False).search([("tag_kind", "=", "rule")]).unlink()

    @classmethod
    def make_tag(cls, name="Test Rule", domain=(("city", "=", "Test City"),), **vals):
        """Make a rule tag."""
        text = domain if isinstance(domain, str) else str(list(domain))
        return cls.Tag.create({"name": name, "tag_kind": "rule", "rule_domain": text, **vals})

    def run_job(self):
        """Run the job that evaluates, as Odoo does."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_evaluate_tags").method_direct_trigger()
        self.env.invalidate_all()

    def evaluate(self, tag, user=None):
        """Evaluate one tag, and return the run."""
        tag.with_user(user or self.admin).action_evaluate()
        run = self.Run.search([("category_id", "=", tag.id)], limit=1)
        self.run_job()
        return run

    def holders(self, tag):
        """Return who has ``tag``, and check that the history says the same."""
        self.env.invalidate_all()
        partners = self.Partner.with_context(active_test=False).search([("category_id", "in", tag.ids)])
        entries = self.env["partner.tag.assignment"].search([("category_id", "=", tag.id), ("until", "=", False)])
        self.assertEqual(entries.partner_id, partners)
        return partners

    def history(self, partner, tag):
        """Return [(source, reason, whether it holds now)] in order of time."""
        domain = [("category_id", "=", tag.id), ("partner_id", "=", partner.id)]
        entries = self.env["partner.tag.assignment"].search(domain, order="since, id")
        return [(entry.source, entry.reason or "", not entry.until) for entry in entries]

    @contextlib.contextmanager
    def refused(self, message, error):
        """Expect a refusal that matches ``message``, with everything rolled back as at the end of a request."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(caught.exception.args[0], message)
