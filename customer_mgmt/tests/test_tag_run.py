from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.customer_mgmt.models import partner_run_mixin

from .tag_rule import TagRuleCase

CITY = "Test City"


@tagged("post_install", "-at_install")
class TestTagRun(TagRuleCase):
    """All customers are evaluated in the background: step by step, without traces but the history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inside = cls.Partner.create(
            [{"name": f"T{i}", "is_company": True, "customer_status": "prospect", "city": CITY} for i in range(5)]
        )
        cls.outside = cls.make_customer(city="Elsewhere")
        cls.contact = cls.make_contact(cls.inside[0], city=CITY)
        cls.tag = cls.make_tag()

    def evaluate_on(self, day, tag=None):
        """Evaluate at noon of ``day``."""
        with freeze_time(f"{day} 12:00:00"):
            return self.evaluate(tag or self.tag)

    def test_given_and_taken_away(self):
        """Who meets the condition gets it, who does not any more loses it within one run; the history tells why."""
        run = self.evaluate(self.tag)
        self.assertEqual((run.state, run.given, run.taken, run.changed, run.skipped), ("done", 5, 0, 5, 0))
        self.assertEqual(self.holders(self.tag), self.inside)
        self.inside[0].city = "Elsewhere"
        self.outside.city = CITY
        run = self.evaluate(self.tag)
        self.assertEqual((run.given, run.taken), (1, 1))
        self.assertEqual(self.holders(self.tag), self.inside[1:] | self.outside)
        reason = "Rule of “Test Rule”: City"
        self.assertEqual(
            self.history(self.inside[0], self.tag), [("rule", f"{reason} · condition not met any more", False)]
        )
        self.assertEqual(self.history(self.outside, self.tag), [("rule", reason, True)])
        entry = self.env["partner.tag.assignment"].search([("partner_id", "=", self.outside.id)])
        self.assertEqual(entry.user_id, self.admin)

    def test_no_traces(self):
        """No message is written, the date of the last change stays, and the same again writes nothing."""
        self.env.cr.execute("UPDATE res_partner SET write_date = '2026-01-01' WHERE id IN %s", [self.inside._ids])
        self.env.invalidate_all()
        messages = self.inside.message_ids
        self.evaluate(self.tag)
        self.assertEqual(set(self.inside.mapped("write_date")), {fields.Datetime.to_datetime("2026-01-01")})
        self.assertEqual(self.inside.message_ids, messages)
        query = SQL(
            "SELECT xmin::text, ctid::text FROM partner_tag_assignment WHERE category_id = %s ORDER BY id", self.tag.id
        )
        before = self.env.execute_query(query)
        run = self.evaluate(self.tag)
        self.assertEqual((run.changed, run.skipped, self.env.execute_query(query)), (0, 0, before))

    def test_whom_it_looks_at(self):
        """Customers, contacts or both; partners that are neither are left out, archived ones are not."""
        self.Partner.create({"name": "Vendor", "is_company": True, "city": CITY})
        self.inside[1].active = False
        expected = {"customer": self.inside, "contact": self.contact, "both": self.inside | self.contact}
        for applies_to, partners in expected.items():
            with self.subTest(applies_to=applies_to):
                self.tag.rule_applies_to = applies_to
                self.evaluate(self.tag)
                self.assertEqual(self.holders(self.tag), partners)

    def test_holders_outside_the_population(self):
        """Who is no customer and has the tag from elsewhere loses it too, before and after the last customer."""
        last = self.Partner.create({"name": "Vendor", "is_company": True, "city": CITY})
        first = self.env.ref("base.main_partner")
        (first | last).sudo().category_id = [Command.link(self.tag.id)]
        self.assertIn(first, self.tag.partner_ids)
        with patch.object(partner_run_mixin, "BATCH_SIZE", 2):
            run = self.evaluate(self.tag)
        self.assertEqual((run.state, self.holders(self.tag)), ("done", self.inside))

    def test_time_is_up(self):
        """When Odoo's time for the job is over, the rest waits for its next turn and begins where it stopped."""
        self.tag.with_user(self.admin).action_evaluate()
        run = self.Run.search([("category_id", "=", self.tag.id)], limit=1)
        with (
            self.enter_registry_test_mode(),
            patch.object(partner_run_mixin, "BATCH_SIZE", 2),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0),
        ):
            for done in (2, 4):
                self.Run._cron_evaluate()
                self.assertEqual((run.state, run.done), ("running", done))
        self.run_job()
        self.assertEqual((run.state, run.done, self.holders(self.tag)), ("done", run.total, self.inside))

    def test_lost_race(self):
        """A step that somebody else was faster than is taken back and done later."""
        self.tag.with_user(self.admin).action_evaluate()
        run = self.Run.search([("category_id", "=", self.tag.id)], limit=1)

        def lose(*_args):
            """Fail as the database does."""
            raise partner_run_mixin.LOST_RACES[0]

        with (
            patch.object(type(self.Run), "_look_at", lose),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            self.run_job()
        self.assertEqual((run.state, run.done), ("running", 0))
        self.run_job()
        self.assertEqual((run.state, self.holders(self.tag)), ("done", self.inside))

    def test_customers_that_others_change(self):
        """Skipped customers are looked at again a minute later."""
        real = type(self.Run)._look_at

        def all_but_one(run, ids):
            """Report one as locked."""
            changed, _skipped = real(run, ids)
            return changed, 1

        with patch.object(type(self.Run), "_look_at", all_but_one):
            run = self.evaluate(self.tag)
        self.assertEqual((run.state, run.passes, run.last_id), ("running", 1, 0))
        self.run_job()
        self.assertEqual((run.state, run.changed), ("done", 5))

    def test_expiry(self):
        """The tag goes after its days, and comes again only after the condition was not met for a time."""
        self.tag.expiry_days = 30
        partner = self.inside[0]
        self.evaluate_on("2026-01-01")
        self.evaluate_on("2026-01-30")
        self.assertIn(partner, self.holders(self.tag))
        run = self.evaluate_on("2026-01-31")
        self.assertEqual((run.taken, self.holders(self.tag)), (5, self.Partner))
        self.assertIn("expired after 30 days", self.history(partner, self.tag)[0][1])
        run = self.evaluate_on("2026-02-01")
        self.assertEqual((run.changed, run.given), (0, 0))
        partner.city = "Elsewhere"
        self.evaluate_on("2026-02-02")
        self.assertFalse(self.holders(self.tag))
        partner.city = CITY
        self.evaluate_on("2026-02-03")
        self.assertEqual(self.holders(self.tag), partner)
        self.evaluate_on("2026-03-05")
        self.assertFalse(self.holders(self.tag))

    def test_expiry_is_given_up(self):
        """Without expiry whoever lost the tag by time has it again, and keeps it when there is an expiry again."""
        self.tag.expiry_days = 30
        self.evaluate_on("2026-01-01")
        self.evaluate_on("2026-02-01")
        self.tag.expiry_days = 0
        self.evaluate_on("2026-02-02")
        self.assertEqual(self.holders(self.tag), self.inside)
        self.tag.expiry_days = 30
        self.evaluate_on("2026-02-03")
        self.assertEqual(self.holders(self.tag), self.inside)

    def test_ended_condition_is_not_expired(self):
        """Who loses the tag because the condition ended gets it again as soon as it is met."""
        self.tag.expiry_days = 30
        self.evaluate_on("2026-01-01")
        self.inside[0].city = "Elsewhere"
        self.evaluate_on("2026-02-15")
        self.inside[0].city = CITY
        self.evaluate_on("2026-02-16")
        self.assertEqual(self.holders(self.tag), self.inside[0])

    def test_order_of_dependencies(self):
        """A tag that asks for another one comes after it in the same night, whatever their order otherwise."""
        later = self.make_tag("Asks Last", [("city", "=", "x")])
        middle = self.make_tag("Asks", [("category_id", "in", [self.tag.id])])
        first = self.make_tag("First", [("city", "=", CITY)])
        self.tag.rule_domain = f"[('category_id', '=', {first.id})]"
        later.rule_domain = "[('category_id', '=', 'Asks')]"
        self.run_job()
        for tag in (first, self.tag, middle, later):
            self.assertEqual(self.holders(tag), self.inside, tag.name)

    def test_nightly(self):
        """The job evaluates every rule tag once a day; archived ones and those of people are left out."""
        manual = self.Tag.create({"name": "Manual Tag"})
        archived = self.make_tag("Archived Rule", active=False)
        self.run_job()
        runs = self.Run.search([])
        self.assertEqual((runs.category_id, runs.mapped("state")), (self.tag, ["done"]))
        self.assertFalse((manual | archived).partner_ids)
        self.run_job()
        self.assertEqual(self.Run.search([]), runs)

    def test_broken_meanwhile(self):
        """A rule whose field has gone stops its run, tells the owner once, and leaves the tags; others go on."""
        broken = self.make_tag("Broken", owner_id=self.manager.id)
        self.evaluate(broken)
        held = self.holders(broken)
        self.env.cr.execute(
            "UPDATE res_partner_category SET rule_domain = %s WHERE id = %s", ["[('x_dim_gone_id', '=', 1)]", broken.id]
        )
        self.env.invalidate_all()
        Message = self.env["mail.message"]
        domain = [("partner_ids", "in", self.manager.partner_id.ids), ("subject", "ilike", "Broken")]
        for night in (1, 2):
            self.Run.search([]).write({"started_on": fields.Datetime.now() - timedelta(days=2)})
            self.run_job()
            run = self.Run.search([("category_id", "=", broken.id)], limit=1)
            self.assertEqual(run.state, "stopped", night)
            self.assertIn("there is no field “x_dim_gone_id”", run.message)
            self.assertEqual(len(Message.search(domain)), 1, night)
        self.assertIn("x_dim_gone_id", Message.search(domain).body)
        self.assertEqual(self.holders(broken), held)
        self.assertEqual(self.holders(self.tag), self.inside)
        self.assertEqual(broken.with_user(self.admin).last_run_message, run.message)

    def test_too_slow(self):
        """A rule that takes too long is stopped, whoever started it is told, and the tags stay."""
        real = type(self.Tag)._rule_state_sql
        self.evaluate(self.tag)

        def slow(tag, ids):
            """Sleep on each row."""
            return SQL("(SELECT * FROM %s AS quick WHERE pg_sleep(0.2) IS NOT NULL)", real(tag, ids))

        with (
            patch.object(type(self.Tag), "_rule_state_sql", slow),
            patch.object(type(self.Run), "_statement_limit", 100),
            # The test's own transaction cannot be rolled back; a savepoint stands for it.
            self.step_in_savepoint(),
        ):
            run = self.evaluate(self.tag)
        self.assertEqual(run.state, "stopped")
        self.assertIn("It takes too long: more than 0.1 seconds", run.message)
        self.assertEqual(self.holders(self.tag), self.inside)
        message = self.env["mail.message"].search([("partner_ids", "in", self.admin.partner_id.ids)], limit=1)
        self.assertIn("Test Rule", message.body)
        self.assertIn("It takes too long", message.body)
        with (
            patch.object(type(self.Tag), "_rule_state_sql", slow),
            patch.object(type(self.Run), "_statement_limit", 100),
            self.refused("“Test Rule” takes more than 0.1 seconds", ValidationError),
        ):
            self.tag.with_user(self.admin).action_preview()

    def step_in_savepoint(self):
        """Return a patch by which a step is taken back to where it began."""
        real = type(self.Run)._take_step

        def step(run):
            """Take the step in a savepoint, so that the connection can be used afterwards."""
            with run.env.cr.savepoint():
                return real(run)

        return patch.multiple(type(self.Run), _take_step=step, _take_back=lambda run: None)

    def test_archived_or_turned_meanwhile(self):
        """A tag that is archived, or given by hand again, while it waits stops; nobody is told."""
        other = self.make_tag("Other Rule")
        (self.tag | other).with_user(self.admin).action_evaluate()
        self.tag.active = False
        other.tag_kind = "manual"
        count = self.env["mail.message"].search_count([])
        self.run_job()
        runs = self.Run.search([])
        self.assertEqual(runs.mapped("state"), ["stopped", "stopped"])
        self.assertEqual(self.env["mail.message"].search_count([]), count)

    def test_refusals(self):
        """What has nothing to evaluate is refused with words, and so is everything while the job is off."""
        manual = self.Tag.create({"name": "Manual Tag"})
        for action in ("action_evaluate", "action_preview"):
            with self.refused("“Manual Tag”: there is nothing to evaluate", UserError):
                getattr(manual.with_user(self.admin), action)()
        self.env.ref("customer_mgmt.ir_cron_evaluate_tags").active = False
        with self.refused("is switched off", UserError):
            self.tag.with_user(self.admin).action_evaluate()

    def test_rights(self):
        """Who configures the customer file starts and reads runs; nobody writes them."""
        run = self.evaluate(self.tag)
        for user in (self.outsider, self.user, self.manager):
            for action in ("action_evaluate", "action_preview"):
                with self.subTest(user=user.login, action=action), self.assertRaises(AccessError):
                    getattr(self.tag.with_user(user), action)()
            with self.assertRaises(AccessError):
                self.Run.with_user(user).search([])
            with self.assertRaises(AccessError):
                self.env["partner.tag.preview"].with_user(user).create({"category_id": self.tag.id})
        self.assertEqual(run.with_user(self.admin).read(["state"])[0]["state"], "done")
        with self.assertRaises(AccessError):
            run.with_user(self.admin).write({"state": "running"})
        domain = self.tag.with_user(self.admin).action_open_runs()["domain"]
        self.assertIn(run, self.Run.with_user(self.admin).search(domain))
        self.assertEqual(self.tag.with_user(self.admin).last_run_id, run)

    def test_preview_says_what_the_run_does(self):
        """The numbers and the customers of the preview are those of the run that follows; it changes nothing."""
        self.evaluate(self.tag)
        self.inside[0].city = "Elsewhere"
        self.outside.city = CITY
        tag = self.tag.with_user(self.admin)
        preview = self.env["partner.tag.preview"].with_user(self.admin).browse(tag.action_preview()["res_id"])
        self.assertEqual((preview.getting_count, preview.losing_count, preview.keeping_count), (1, 1, 4))
        self.assertEqual(
            preview.total, self.Partner.with_context(active_test=False).search_count(self.Partner._customer_domain())
        )
        shown = {
            name: self.Partner.search(getattr(preview, f"action_open_{name}")()["domain"])
            for name in ("getting", "losing", "keeping")
        }
        self.assertEqual(shown, {"getting": self.outside, "losing": self.inside[0], "keeping": self.inside[1:]})
        self.assertEqual(self.holders(self.tag), self.inside)
        self.assertEqual(preview.action_evaluate()["tag"], "display_notification")
        run = self.Run.search([("category_id", "=", self.tag.id)], limit=1)
        self.run_job()
        self.assertEqual((run.given, run.taken), (1, 1))

    def test_preview_shows_whom_the_user_may_see(self):
        """The numbers are everybody's; opened are only the customers that the user may see."""
        self.env["ir.rule"]._set_customer_visibility("own")
        groups = self.env.ref("customer_mgmt.group_customer_config")
        self.user.group_ids |= groups
        self.inside[0].user_id = self.user
        self.inside[1:].user_id = self.manager
        preview = self.env["partner.tag.preview"].with_user(self.user).create({"category_id": self.tag.id})
        self.assertEqual(preview.getting_count, 5)
        domain = preview.action_open_getting()["domain"]
        self.assertEqual(self.Partner.with_user(self.user).search(domain), self.inside[0])

    def test_old_runs_go(self):
        """The last thirty runs of a tag are kept."""
        self.Run.create([{"category_id": self.tag.id, "state": "done"}] * 35)
        self.evaluate(self.tag)
        self.assertEqual(self.Run.search_count([("category_id", "=", self.tag.id)]), 30)

    def test_statements_do_not_grow(self):
        """A step is as many statements for five customers as for one."""
        run = self.Run.create({"category_id": self.tag.id})
        counts = []
        for partners in (self.inside[0], self.inside[1], self.inside):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            given, _skipped = run._look_at(SQL("(SELECT unnest(%s))", partners.ids))
            counts.append((self.cr.sql_log_count - before, given))
        # The first one warms the registry.
        self.assertEqual(counts[1:], [(counts[1][0], 1), (counts[1][0], 3)])
