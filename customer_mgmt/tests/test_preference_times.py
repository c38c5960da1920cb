from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .preference import PreferenceCase


@tagged("post_install", "-at_install")
class TestPreferenceTimes(PreferenceCase):
    """Statements for later, of before and replaced ones keep their time, whatever is said today."""

    @freeze_time("2026-03-10 12:00:00")
    def test_announced(self):
        """What holds until an announced change is still shown and found; the change stands beside it."""
        now = self.say("1", valid_from="2026-01-01")
        later = self.say("-2", valid_from="2026-04-01")
        self.assertEqual((str(now.valid_until), now.superseded_by_id), ("2026-03-31", later))
        self.assertEqual(self.customer.preference_ids, now | later)
        self.assertEqual((self.customer.likes, self.customer.refuses), ("Install It", ""))
        self.assertIn(self.customer, self.Partner.with_user(self.user).search([("likes", "ilike", "install")]))
        with freeze_time("2026-04-01 12:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.customer.preference_ids, later)
            self.assertEqual((self.customer.likes, self.customer.refuses), ("", "Install It"))

    @freeze_time("2026-03-10 12:00:00")
    def test_said_before_the_announced(self):
        """Whoever says something else before an announced change replaces both it and what held until then."""
        now, later = self.say("1", valid_from="2026-01-01"), self.say("-2", valid_from="2026-04-01")
        newest = self.say("2")
        self.assertEqual(str(now.valid_until), "2026-03-09")
        self.assertEqual((now | later).superseded_by_id, newest)
        self.assertEqual(self.customer.preference_ids, newest)

    def test_changed_out_of_its_time(self):
        """To change a statement of before or for later leaves its time as it is, and replaces nothing of today."""
        cases = [  # from and until
            ("2026-01-01", "2026-01-31"),
            ("2026-06-01", False),
        ]
        for since, until in cases:
            with freeze_time("2026-02-01 12:00:00"):
                said = self.say("2", kind_id=self.by_text.id, text=f"{since}", valid_from=since, valid_until=until)
                today = self.say("1", kind_id=self.by_text.id, text=f"{since}", valid_until="2026-05-31")
            with freeze_time("2026-03-10 12:00:00"), self.subTest(since=since):
                said.with_user(self.leader).strength = "-1"
                self.assertEqual((str(said.valid_from), said.valid_until and str(said.valid_until)), (since, until))
                self.assertEqual((said.recorded_by_id, said.superseded_by_id), (self.leader, self.Preference))
                copy = self.Preference.search([("superseded_by_id", "=", said.id)])
                self.assertEqual((copy.strength, copy.is_current), ("2", False))
                self.assertEqual((today.is_current, today.superseded_by_id), (True, self.Preference))

    def test_changed_with_its_first_day(self):
        """A statement that is changed with effect from an earlier day leaves no day on which two hold."""
        with freeze_time("2026-03-01"):
            said = self.say("2")
        with freeze_time("2026-03-10"):
            said.with_user(self.user).write({"strength": "-2", "valid_from": "2026-03-05"})
        copy = self.Preference.search([("superseded_by_id", "=", said.id)])
        self.assertEqual((str(copy.valid_until), str(said.valid_from)), ("2026-03-04", "2026-03-05"))

    def test_replaced_stays(self):
        """People do not change what was replaced; how we know of it can still be written down."""
        with freeze_time("2026-03-01"):
            older = self.say("2").with_user(self.user)
        with freeze_time("2026-03-10"):
            self.say("-1")
            for vals in ({"strength": "1"}, {"valid_until": False}, {"valid_from": "2026-01-01"}):
                message = "“Install It” of Says Much has been replaced from 2026-03-10 on"
                with self.subTest(vals=vals), self.assertRaisesRegex(UserError, message):
                    older.write(vals)
            older.write({"evidence": "Said by the buyer", "strength": "2"})

    def test_merge_of_changed_statements(self):
        """What was changed last wins a merge, however early its line was made; what is over wins nothing."""
        double = self.make_customer("Says Much Too")
        past = {"kind_id": self.by_text.id, "text": "Wine"}
        with freeze_time("2026-01-01"):
            changed = self.say("2")
            open_ended = self.say("1", **past)
        with freeze_time("2026-02-01"):
            other = self.say("-1", partner_id=double.id)
        with freeze_time("2026-03-01"):
            changed.with_user(self.user).strength = "-2"
            over = self.say("-1", partner_id=double.id, valid_from="2026-02-01", valid_until="2026-02-02", **past)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard._merge((self.customer | double).ids, self.customer.with_env(wizard.env), extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual((changed.superseded_by_id, other.superseded_by_id), (self.Preference, changed))
        self.assertEqual((open_ended.superseded_by_id, over.superseded_by_id), (self.Preference, self.Preference))
        self.assertEqual(str(over.valid_until), "2026-02-02")

    def test_observed_by_default(self):
        """A default value does not make an observation of what a person records."""
        with self.assertRaisesRegex(UserError, "are computed from what customers buy"):
            self.Preference.with_user(self.user).with_context(default_source="observed").create(
                {"partner_id": self.customer.id, "kind_id": self.service.id, "option_id": self.install.id}
            )
