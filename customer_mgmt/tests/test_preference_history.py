from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .preference import PreferenceCase


@tagged("post_install", "-at_install")
class TestPreferenceHistory(PreferenceCase):
    """The newest statement wins, what was said before stays readable, and observations stand beside."""

    def periods(self):
        """Return (strength, from, until, replaced) of every statement of the customer, in the order of recording."""
        said = self.Preference.search([("partner_id", "=", self.customer.id)], order="id")
        return [
            (p.strength, str(p.valid_from), p.valid_until and str(p.valid_until), bool(p.superseded_by_id))
            for p in said
        ]

    def test_newest_wins(self):
        """A newer statement about the same target closes the older one the day before it begins."""
        with freeze_time("2026-03-01"):
            self.say("2")
        with freeze_time("2026-03-10"):
            newer = self.say("-1")
            self.say("1", option=self.train)
        expected = [("2", "2026-03-01", "2026-03-09", True), ("-1", "2026-03-10", False, False)]
        self.assertEqual(self.periods()[:2], expected)
        self.assertEqual(self.customer.preference_ids.filtered(lambda p: p.option_id == self.install), newer)

    def test_same_day(self):
        """What is corrected on the day it was said was never valid."""
        with freeze_time("2026-03-10"):
            older, newer = self.say("2"), self.say("-1")
            self.assertEqual((older.is_current, newer.is_current), (False, True))
        self.assertEqual(older.superseded_by_id, newer)

    def test_several_at_once(self):
        """Of several statements in one go the last one wins."""
        vals = {"partner_id": self.customer.id, "kind_id": self.service.id, "option_id": self.install.id}
        said = self.Preference.with_user(self.user).create([{**vals, "strength": s} for s in ("1", "-1", "2")])
        self.assertEqual(said.filtered(lambda p: not p.superseded_by_id), said[2])

    @freeze_time("2026-03-10")
    def test_other_times(self):
        """A statement about the past closes nothing, and one for later leaves what holds until then."""
        cases = [  # from and until of the newer, end of the older
            ({"valid_from": "2025-05-01", "valid_until": "2025-05-31"}, False),
            ({"valid_from": "2026-04-01"}, "2026-03-31"),
        ]
        for vals, until in cases:
            self.Preference.search([]).sudo().unlink()
            older = self.say("2", valid_from="2025-01-01")
            self.say("-1", **vals)
            with self.subTest(vals=vals):
                self.assertEqual(older.valid_until and str(older.valid_until), until)

    def test_changed_in_place(self):
        """To change a statement of an earlier day is to say something new; the old one stays as a closed copy."""
        with freeze_time("2026-03-01"):
            said = self.say("2", evidence="On the fair")
        with freeze_time("2026-03-01"):
            said.with_user(self.user).strength = "1"
        self.assertEqual(self.periods(), [("1", "2026-03-01", False, False)])
        with freeze_time("2026-03-10"):
            said.with_user(self.leader).strength = "-2"
            said.with_user(self.leader).evidence = "By telephone"
        expected = [("-2", "2026-03-10", False, False), ("1", "2026-03-01", "2026-03-09", True)]
        self.assertEqual(self.periods(), expected)
        self.assertEqual(said.recorded_by_id, self.leader)
        copy = self.Preference.search([("superseded_by_id", "=", said.id)])
        self.assertEqual((copy.evidence, copy.recorded_by_id), ("On the fair", self.user))

    def test_observed_is_the_systems(self):
        """People neither record nor change nor delete observations."""
        observed = self.observe().with_user(self.admin)
        category = {"kind_id": self.by_category.id, "product_category_id": self.vans.id}
        actions = [
            lambda: self.say(source="observed", **category),
            lambda: self.say(**category).write({"source": "observed"}),
            lambda: observed.write({"strength": "2"}),
            lambda: observed.unlink(),
        ]
        for action in actions:
            with self.assertRaisesRegex(UserError, "are computed from what customers buy"):
                action()

    def test_contradiction(self):
        """Said against observed is shown on both, and neither is overwritten."""
        observed = self.observe(evidence="5 orders")
        category = {"kind_id": self.by_category.id, "product_category_id": self.vans.id}
        agreeing = self.say("1", **category)
        self.assertFalse(agreeing.has_conflict)
        said = self.say("-2", **category)
        self.assertEqual((said.conflict_ids, observed.conflict_ids), (observed, said))
        self.assertEqual(said.conflict_text, "Observed: Likes: Vans (5 orders)")
        self.assertEqual((observed.is_current, said.is_current), (True, True))
        found = self.Preference.search([("has_conflict", "=", True), ("partner_id", "=", self.customer.id)])
        self.assertEqual(found, said | observed)
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        said.write({"valid_from": yesterday, "valid_until": yesterday})
        self.Preference.invalidate_model()
        self.assertFalse(observed.has_conflict or self.Preference.search([("has_conflict", "=", True)]) & observed)

    def test_merge(self):
        """After a merge the newest statement of all holds, and one observation per target is left."""
        double = self.make_customer("Says Much Too")
        with freeze_time("2026-03-01"):
            older = self.say("2")
        with freeze_time("2026-03-10"):
            newer = self.say("-1", partner_id=double.id)
        seen = self.observe(last_evidence_on="2026-01-01") | self.observe(
            partner_id=double.id, last_evidence_on="2026-02-01"
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard._merge((self.customer | double).ids, self.customer.with_env(wizard.env), extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((newer.partner_id, newer.commercial_partner_id), (self.customer, self.customer))
        self.assertEqual((older.superseded_by_id, newer.superseded_by_id), (newer, self.Preference))
        self.assertEqual(seen.exists(), seen[1])

    def test_queries(self):
        """Recording and contradictions cost as much for fifty as for one."""
        customers = self.Partner.create(
            [{"name": f"P{i}", "is_company": True, "customer_status": "prospect"} for i in range(50)]
        )
        vals = {"kind_id": self.by_category.id, "product_category_id": self.vans.id}
        Preference = self.Preference.with_user(self.user)

        def count(n, strength):
            """Return the queries of recording for ``n`` customers and of looking for contradictions."""
            wanted = [{"partner_id": customer.id, "strength": strength, **vals} for customer in customers[:n]]
            return self.count_queries(lambda: Preference.create(wanted).mapped("conflict_text"))

        count(1, "1")
        count(1, "2")  # the first that closes another one
        self.assertEqual(count(50, "-1"), count(1, "1"))
