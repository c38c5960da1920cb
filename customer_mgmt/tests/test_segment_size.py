import json
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.customer_mgmt.models import partner_segment_count

from .segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentSize(SegmentCase):
    """The size of segments, counted every night and on demand."""

    def run_job(self):
        """Let the nightly job run as Odoo runs it."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_count_segments").method_direct_trigger()
        self.env.invalidate_all()

    def break_it(self, segment):
        """Let ``segment`` ask for a field that is gone."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE partner_segment SET domain = %s WHERE id = %s", "[('x_dim_gone_id', '=', 1)]", segment.id)
        )
        self.env.invalidate_all()

    def notes(self):
        """Return the messages that the owner of broken segments got."""
        return self.env["mail.message"].search(
            [("model", "=", "partner.segment"), ("subject", "ilike", "not be counted")]
        )

    def test_every_night(self):
        """The job counts every segment once a day, what others may not see included; a second run does nothing."""
        self.env["ir.rule"]._set_customer_visibility("own")
        segment = self.make_segment(user=self.user)
        frozen = self.make_segment("Frozen", mode="frozen", member_ids=self.ann.ids)
        archived = self.make_segment("Archived", active=False)
        self.run_job()
        self.assertEqual((segment.last_size, segment.size_ids.mapped("size")), (3, [3]))
        self.assertEqual((frozen.last_size, bool(frozen.last_counted_on)), (1, True))
        self.assertFalse(archived.size_ids)
        self.cat.active = False
        self.run_job()
        self.assertEqual(segment.last_size, 3)
        tomorrow = date.today() + timedelta(days=1)
        with freeze_time(f"{tomorrow} 12:00:00"):
            self.run_job()
        self.assertEqual(sorted(segment.size_ids.mapped("size")), [2, 3])
        self.assertEqual((segment.last_size, segment.size_change), (2, -1))

    def test_count_now(self):
        """Counting on demand replaces the size of the day, and does not touch who changed the segment."""
        segment = self.make_segment(user=self.manager)
        before = segment.write_date, segment.write_uid
        segment.with_user(self.user).action_count_now()
        self.cat.active = False
        segment.with_user(self.user).action_count_now()
        self.assertEqual(segment.size_ids.mapped("size"), [2])
        self.assertEqual((segment.last_size, segment.write_date, segment.write_uid), (2, *before))
        nobody = self.make_segment("None", [("name", "=", "Nobody")])
        nobody.action_count_now()
        self.assertEqual((nobody.last_size, bool(nobody.last_counted_on)), (0, True))

    def test_change(self):
        """The change is to the latest size of 30 days ago or more, else to the oldest."""
        segment = self.make_segment()
        today = date.today()
        for days, size in ((5, 10), (20, 20)):
            self.env["partner.segment.size"].create(
                {"segment_id": segment.id, "date": today - timedelta(days=days), "size": size}
            )
        segment.action_count_now()
        self.assertEqual(segment.size_change, 3 - 20)
        for days, size in ((30, 30), (40, 40)):
            self.env["partner.segment.size"].create(
                {"segment_id": segment.id, "date": today - timedelta(days=days), "size": size}
            )
        segment.action_count_now()
        self.assertEqual(segment.size_change, 3 - 30)
        [graph] = json.loads(segment.size_graph)
        self.assertEqual([value["y"] for value in graph["values"]], [40, 30, 20, 10, 3])
        self.assertTrue(segment.has_history)
        action = segment.with_user(self.user).action_size_history()
        self.assertEqual(self.env["partner.segment.size"].search(action["domain"]), segment.size_ids)

    def test_broken_one(self):
        """A broken segment keeps its sizes, its owner is told once why, and the others are counted."""
        broken = self.make_segment("Broken", user=self.user)
        broken.action_count_now()
        self.env.cr.execute(SQL("UPDATE partner_segment SET last_tried_on = NULL WHERE id = %s", broken.id))
        fine = self.make_segment("Fine")
        self.break_it(broken)
        self.run_job()
        self.assertRegex(broken.last_problem, "there is no field “x_dim_gone_id”")
        self.assertEqual(broken.size_ids.mapped("size"), [3])
        self.assertEqual(fine.last_size, 3)
        message = self.notes()
        self.assertEqual(message.notified_partner_ids, self.user.partner_id)
        self.assertIn("Broken", message.subject)
        with freeze_time(f"{date.today() + timedelta(days=1)} 12:00:00"):
            self.run_job()
        self.assertEqual(self.notes(), message)
        broken.with_user(self.user).domain = repr([("city", "=", self.CITY)])
        broken.action_count_now()
        self.assertFalse(broken.last_problem)

    def test_slow_one(self):
        """A segment that takes too long is given up, its owner is told, and the others are counted."""
        slow = self.make_segment("Slow", user=self.user)
        fine = self.make_segment("Fine")
        self.patch(partner_segment_count, "STATEMENT_LIMIT", 200)
        registry_class = self.env.registry["partner.segment"]
        original = registry_class._explain_problem

        def explain(segment):
            if segment.id == slow.id:
                segment.env.cr.execute("SELECT pg_sleep(3)")
            return original(segment)

        self.patch(registry_class, "_explain_problem", explain)
        with mute_logger("odoo.sql_db"):
            self.run_job()
        self.assertEqual(slow.last_problem, "it takes too long: more than 0.2 seconds")
        self.assertEqual((fine.last_size, len(self.notes())), (3, 1))

    def test_slow_now(self):
        """Counting on demand gives up, too, and says so."""
        segment = self.make_segment("Slow")
        self.patch(partner_segment_count, "STATEMENT_LIMIT", 50)
        self.patch(
            self.env.registry["res.partner"], "search_count", lambda *args: self.env.cr.execute("SELECT pg_sleep(2)")
        )
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, "“Slow” cannot be used: it takes too long"):
            segment.action_count_now()

    def test_one_size_a_day(self):
        """The database keeps one size per segment and day."""
        segment = self.make_segment()
        segment.action_count_now()
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "counted on that day|unique"):
            self.env["partner.segment.size"].create({"segment_id": segment.id, "date": date.today(), "size": 1})
            self.env.flush_all()
