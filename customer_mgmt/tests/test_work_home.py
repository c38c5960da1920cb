from collections import defaultdict
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.customer_mgmt.models.partner_follow_up_step import BY_STEP

from .follow_up import FollowUpCase

# A Wednesday, two o'clock in the afternoon in Shanghai.
NOW = datetime(2026, 3, 4, 6)
ZONE = "Asia/Shanghai"

# When (UTC), outcome, recorded so many hours later; where it belongs, for the reader.
CONTACTS = [
    (datetime(2026, 3, 4, 5), "reached", 0),  # today
    (datetime(2026, 3, 3, 16, 30), "no_answer", 0),  # today, half past midnight in Shanghai
    (datetime(2026, 3, 3, 15, 30), "agreed", 0),  # yesterday
    (datetime(2026, 3, 1, 16, 30), "reached", 0),  # Monday, half past midnight
    (datetime(2026, 3, 1, 17), "reached", 60),  # this week, but recorded late
    (datetime(2026, 3, 1, 15, 30), "reached", 0),  # Sunday: last week, later than now
    (datetime(2026, 2, 25, 7), "reached", 0),  # last Wednesday, later than now
    (datetime(2026, 2, 25, 5), "refused", 0),  # last Wednesday
    (datetime(2026, 2, 24, 17), "no_answer", 0),  # last Wednesday, one o'clock at night
    (datetime(2026, 2, 24, 15), "no_answer", 0),  # last Tuesday
    (datetime(2026, 2, 22, 15), "reached", 0),  # the week before
]
# Due (UTC), state, closed (UTC), times postponed.
PROMISES = [
    (datetime(2026, 3, 4, 2), "done", datetime(2026, 3, 4, 3), 0),  # kept
    (datetime(2026, 3, 3, 2), "done", datetime(2026, 3, 3, 15, 59), 1),  # kept in the last minute of its day
    (datetime(2026, 3, 2, 2), "done", datetime(2026, 3, 2, 16), 0),  # a minute after it
    (datetime(2026, 3, 2, 3), "done", datetime(2026, 3, 2, 4), 2),  # in time, but postponed twice
    (datetime(2026, 3, 4, 5), "open", False, 0),  # not done
    (datetime(2026, 3, 3, 5), "superseded", datetime(2026, 3, 3, 6), 0),  # replaced on its day: not done
    (datetime(2026, 3, 3, 4), "superseded", datetime(2026, 3, 2, 10), 0),  # replaced before: does not count
    (datetime(2026, 3, 3, 4), "cancelled", datetime(2026, 3, 3, 10), 0),  # cancelled on its day: not done
    (datetime(2026, 3, 3, 4), "cancelled", datetime(2026, 3, 2, 10), 0),  # cancelled before: does not count
    (datetime(2026, 3, 3, 4), "planned", False, 0),  # does not count
    (datetime(2026, 3, 4, 9), "open", False, 0),  # later today: does not count yet
    (datetime(2026, 2, 24, 2), "done", datetime(2026, 2, 20), 0),  # last week, kept early
    (datetime(2026, 2, 26, 2), "open", False, 0),  # last week, later than now
]
# Steps due at this time that a follow-up kept: when that took place, its text; recorded after the end of the day.
DUE = datetime(2026, 3, 3, 4)
RESULTS = [
    (datetime(2026, 3, 3, 15, 59), "Spoke on the day"),  # kept
    (datetime(2026, 3, 3, 16), "Spoke at midnight"),  # late
    (datetime(2026, 3, 3, 10), "ok"),  # says nothing, so it does not count
]


@tagged("post_install", "-at_install")
class TestWorkHome(FollowUpCase):
    """What waits for a salesperson in the morning: all of it, nothing of others, and quickly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.env.company.partner_id.tz = ZONE
        cls.user.tz = ZONE
        cls.home = cls.Partner.with_user(cls.user)

    def sections(self, user=None):
        """Return the work home of ``user`` as {key: section}."""
        home = self.Partner.with_user(user or self.user).get_work_home()
        return {section["key"]: section for section in home["sections"]}

    def names(self, key, user=None):
        """Return the names of the customers in a section, in order."""
        return [row["partner"]["name"] for row in self.sections(user)[key]["rows"]]

    def numbers(self):
        """Return {figure: (this week, last week)}."""
        return {
            number["key"]: (number["value"], number["previous"]) for number in self.sections()["numbers"]["numbers"]
        }

    def call(self, row):
        """Do what one tap on a row does, as the user; return the action."""
        record = row["record"]
        return getattr(self.env[record["model"]].with_user(self.user).browse(record["ids"]), record["method"])()

    # -- steps --------------------------------------------------------------------------------------------------------

    def test_steps_by_the_users_day(self):
        """Overdue and due today are days on the user's calendar, the earliest first."""
        for name, date in {
            "Tomorrow": datetime(2026, 3, 4, 16),
            "Tonight": datetime(2026, 3, 4, 15, 59),
            "First of today": datetime(2026, 3, 3, 16),
            "Last of yesterday": datetime(2026, 3, 3, 15, 59),
            "Long ago": datetime(2026, 1, 1),
        }.items():
            self.promise(partner=self.make_customer(name), date=date)
        for now in (NOW, datetime(2026, 3, 3, 20)):  # at four o'clock in the morning Greenwich is still at yesterday
            with self.subTest(now=now), freeze_time(now):
                self.assertEqual(self.names("overdue"), ["Long ago", "Last of yesterday"])
                self.assertEqual(self.names("today"), ["First of today", "Tonight"])
        sections = self.sections()
        self.assertEqual((sections["overdue"]["count"], sections["today"]["count"]), (2, 2))

    def test_steps_of_an_absent_colleague(self):
        """Who acts for a colleague finds the colleague's step, with the name; the colleague still finds it, too."""
        step = self.promise(user=self.leader, days=-1)
        self.assertEqual(self.names("overdue"), [])
        step.activity_id.with_context(**{BY_STEP: True}).user_id = self.user
        [row] = self.sections()["overdue"]["rows"]
        self.assertEqual((row["record"]["ids"], row["badge"]["text"]), (step.ids, f"For {self.leader.name}"))
        self.assertEqual(self.call(row)["context"]["default_finished_step_id"], step.id)
        self.assertEqual(self.names("overdue", self.leader), ["Hears from Us"])

    def test_step_is_recorded_with_one_tap(self):
        """A row says when, how and what; the dialog it opens finishes the step, and the row is gone."""
        step = self.promise(days=-1)
        step.sudo().postponed = 3
        [row] = self.sections()["overdue"]["rows"]
        self.assertEqual((row["when"], row["what"]), ("2026-03-03 06:00:00", "Phone · Send the offer"))
        self.assertEqual(row["badge"]["text"], "Postponed 3 times")
        action = self.call(row)
        self.assertEqual(action["target"], "new")
        self.assertEqual(action["context"]["default_finished_step_id"], step.id)
        dialog = self.FollowUp.with_user(self.user).with_context(**action["context"])
        dialog.create({"outcome": "agreed", "key_points": "Orders today", "finished_step_id": step.id}).action_done()
        self.assertEqual(step.state, "done")
        self.assertEqual(self.names("overdue"), [])
        self.assertEqual(self.names("recent"), ["Hears from Us"])

    def test_only_twenty_rows(self):
        """A section shows its first twenty rows and says how many there are."""
        for number in range(25):
            self.promise(partner=self.make_customer(f"Number {number:02}"), days=-50 + number)
        overdue = self.sections()["overdue"]
        self.assertEqual((len(overdue["rows"]), overdue["count"]), (20, 25))
        self.assertEqual(overdue["rows"][0]["partner"]["name"], "Number 00")
        action = self.env.ref(overdue["action"]["xmlid"])
        self.assertEqual(action.res_model, "partner.follow.up.step")

    def found_behind(self, key):
        """Return what the list of “See All” shows, by the filters that it switches on."""
        action = self.sections()[key]["action"]
        window = self.env.ref(action["xmlid"])
        arch = etree.fromstring(self.env[window.res_model].get_view(window.search_view_id.id, "search")["arch"])
        switched = {**safe_eval(window.context or "{}"), **action["context"]}
        domains = defaultdict(list)
        for node in arch.iter("filter"):
            if switched.get(f"search_default_{node.get('name')}"):
                # Filters between two separators are alternatives.
                group = len(node.xpath("preceding-sibling::separator"))
                names = {"uid": self.user.id, "current_date": str(NOW.date())}
                domains[node.getparent(), group].append(Domain(safe_eval(node.get("domain"), names)))
        found = Domain(safe_eval(window.domain or "[]", {"uid": self.user.id}))
        found &= Domain.AND([Domain.OR(alternatives) for alternatives in domains.values()])
        return self.env[window.res_model].with_user(self.user).search(found)

    def test_lists_have_what_was_counted(self):
        """“See All” shows as many as the number beside the title says, those of colleagues one acts for among them."""
        acted = self.promise(user=self.leader, days=-3)
        acted.activity_id.with_context(**{BY_STEP: True}).user_id = self.user
        mine = self.promise(partner=self.other, days=-1)
        today = self.promise(partner=self.make_customer("Today"), days=0)
        self.promise(user=self.leader, partner=self.make_customer("Not Mine"), days=-1)
        silent = self.make_customer("Silent", user_id=self.user.id, status="active")
        silent._refresh_follow_up_status()
        draft = self.FollowUp.with_user(self.user).create({"partner_id": silent.id})
        for key, expected in (
            ("overdue", acted | mine),
            ("today", today),
            ("drafts", draft),
            ("unplanned", silent),
        ):
            with self.subTest(section=key):
                self.assertEqual(self.found_behind(key), expected)
                self.assertEqual(self.sections()[key]["count"], len(expected))

    def test_every_list_behind_a_section_exists(self):
        """“See All” opens an action whose search knows each filter that it switches on."""
        self.promise(days=-1)
        self.promise(partner=self.other, days=-1).activity_id.with_user(self.user)._action_done()
        for section in self.sections().values():
            if "action" not in section:
                continue
            action = self.env.ref(section["action"]["xmlid"])
            view = self.env[action.res_model].get_view(action.search_view_id.id, "search")["arch"]
            for name, value in section["action"]["context"].items():
                with self.subTest(section=section["key"], filter=name):
                    self.assertTrue(not value or f'name="{name.removeprefix("search_default_")}"' in view)

    # -- the other sections -------------------------------------------------------------------------------------------

    def test_drafts(self):
        """What was finished in Odoo's to-do list waits to be described, until it is."""
        self.assertFalse(self.sections()["drafts"]["rows"])
        self.promise(days=-1).activity_id.with_user(self.user)._action_done(feedback="She thinks about it")
        [row] = self.sections()["drafts"]["rows"]
        self.assertEqual((row["partner"]["name"], row["what"]), ("Hears from Us", "She thinks about it"))
        self.assertFalse(self.sections(self.leader)["drafts"]["rows"])
        action = self.call(row)
        draft = self.FollowUp.browse(action["res_id"])
        self.assertEqual((action["target"], draft.state), ("new", "draft"))
        draft.with_user(self.user).write({"outcome": "reached"})
        draft.with_user(self.user).action_done()
        self.assertFalse(self.sections()["drafts"]["rows"])

    def test_unplanned(self):
        """Customers of mine without a next step, the longest silent first; not those that have one, or of others."""
        mine = {"user_id": self.user.id, "status": "active"}
        silent, spoken, planned = (self.make_customer(name, **mine) for name in ("Silent", "Spoken to", "Planned"))
        strange = self.make_customer("Of the leader", user_id=self.leader.id)
        self.promise(partner=self.customer)
        self.promise(partner=planned)
        self.record(partner=spoken)
        (self.customer | silent | spoken | planned | strange)._refresh_follow_up_status()
        section = self.sections()["unplanned"]
        rows = {row["partner"]["name"]: row for row in section["rows"]}
        self.assertEqual((set(rows), section["count"]), ({"Silent", "Spoken to"}, 2))
        self.assertEqual(
            [rows[name]["badge"]["text"] for name in ("Silent", "Spoken to")], ["Never Contacted", "No Plan"]
        )
        self.assertEqual(self.call(rows["Silent"])["context"]["default_partner_id"], silent.id)

    def test_recent(self):
        """Each customer once, the newest contact first, with what was said; attempts of others do not show."""
        self.record(date=self.later(hours=-5), key_points="Said first")
        self.record(partner=self.other, date=self.later(hours=-4), key_points="Somebody spoke")
        self.record(date=self.later(hours=-3), key_points="Said last")
        self.record(user=self.leader, partner=self.make_customer("The leader's"))
        rows = self.sections()["recent"]["rows"]
        self.assertEqual(
            [(row["partner"]["name"], row["what"]) for row in rows],
            [("Hears from Us", "Said last"), ("Somebody Else", "Somebody spoke")],
        )

    def test_whom_to_call(self):
        """The customer's own number, else a contact's, else none; a refusal is named."""
        phoned = self.make_customer("Has a Phone", phone="+32 2 290 34 90")
        mute = self.make_customer("Has None")
        for partner in (self.customer, phoned, mute):
            self.promise(partner=partner, days=-1)
        never = self.env["partner.preference.option"].search([("channel", "=", "phone")], limit=1)
        self.env["partner.preference"].create(
            {"partner_id": phoned.id, "kind_id": never.kind_id.id, "option_id": never.id, "strength": "-2"}
        )
        cards = {row["partner"]["name"]: row["partner"] for row in self.sections()["overdue"]["rows"]}
        self.assertEqual(cards["Hears from Us"]["phone"], "+32 470 12 34 56")
        self.assertIn("Ann", cards["Hears from Us"]["callee"])
        self.assertFalse(cards["Hears from Us"]["refused"])
        self.assertEqual((cards["Has None"]["phone"], cards["Has None"]["refused"]), (False, False))
        self.assertEqual(cards["Has a Phone"]["phone"], "+32 2 290 34 90")
        self.assertIn("Has a Phone", cards["Has a Phone"]["refused"])

    def test_empty(self):
        """Without anything every section has a text, except for the drafts, which do not appear."""
        self.customer.user_id = False
        for section in self.sections().values():
            with self.subTest(section=section["key"]):
                self.assertFalse(section["rows"])
                self.assertTrue(section.get("empty") or section.get("numbers") or section.get("is_hidden_empty"))
        self.assertEqual(
            self.numbers(), {"today": (0, 0), "week": (0, 0), "reach": (None, None), "on_time": (None, None)}
        )

    # -- figures ------------------------------------------------------------------------------------------------------

    def test_contacts_by_hand(self):
        """Contacts and reach equal the hand-computed ones: days and weeks of the company, up to the same time."""
        for number, (date, outcome, hours) in enumerate(CONTACTS):
            with freeze_time(date + timedelta(hours=hours)):
                self.record(date=date, outcome=outcome, key_points=f"Said at number {number}")
        self.record(user=self.leader, key_points="Not mine")
        numbers = self.numbers()
        self.assertEqual((numbers["today"], numbers["week"]), ((2, 2), (4, 3)))
        self.assertEqual(numbers["reach"][0], 75)
        self.assertAlmostEqual(numbers["reach"][1], 100 / 3)

    def test_contacts_in_another_zone(self):
        """The same contacts fall on other days where the company is in Los Angeles."""
        self.env.company.partner_id.tz = "America/Los_Angeles"
        for number, (date, outcome, _hours) in enumerate(CONTACTS[:4]):
            with freeze_time(date):
                self.record(date=date, outcome=outcome, key_points=f"Said at number {number}")
        # Still Tuesday there: the 3rd began at eight o'clock UTC, the week on the 2nd.
        self.assertEqual((self.numbers()["today"], self.numbers()["week"]), ((3, 0), (3, 0)))

    def test_promises_by_hand(self):
        """What was due this week so far and done by the end of its day; postponed twice is late."""
        for date, state, closed_on, postponed in PROMISES:
            step = {"state": state, "closed_on": closed_on, "postponed": postponed}
            partner = self.make_customer(str(date))
            self.Step.sudo().create({"partner_id": partner.id, "user_id": self.user.id, "date": date, **step})
        for date, text in RESULTS:
            partner = self.make_customer(text)
            step = {"state": "done", "closed_on": datetime(2026, 3, 3, 18), "date": DUE}
            step["result_id"] = self.record(partner=partner, date=date, key_points=text).id
            self.Step.sudo().create({"partner_id": partner.id, "user_id": self.user.id, **step})
        on_time = self.numbers()["on_time"]
        self.assertAlmostEqual(on_time[0], 100 * 3 / 10)
        self.assertEqual(on_time[1], 100)

    def rows_behind(self, key, previous=False, user=None):
        """Return what the list behind a figure shows."""
        action = self.Partner.with_user(user or self.user).action_open_work_home_number(key, previous)
        self.assertEqual(action["views"][0][1] if "views" in action else "list", "list")
        return self.env[action["res_model"]].with_user(user or self.user).search(action["domain"])

    def test_figures_open_what_they_count(self):
        """The list behind a figure has the rows that it counts, and their groups add up to a rate."""
        self.test_contacts_by_hand()
        self.test_promises_by_hand()
        for key, (now, before) in self.numbers().items():
            for previous, figure in ((False, now), (True, before)):
                with self.subTest(figure=key, previous=previous):
                    rows = self.rows_behind(key, previous)
                    if key == "reach":
                        self.assertAlmostEqual(figure, 100 * sum(rows.mapped("is_reached")) / len(rows))
                    elif key == "on_time":
                        self.assertAlmostEqual(figure, 100 * rows.mapped("result").count("yes") / len(rows))
                    else:
                        self.assertEqual(figure, len(rows))
        self.assertEqual(self.rows_behind("on_time")._name, "partner.follow.up.report")
        with self.assertRaises(UserError):
            self.home.action_open_work_home_number("nothing")
        with self.assertRaises(AccessError):
            self.Partner.with_user(self.outsider).action_open_work_home_number("today")

    def test_week_across_a_change_of_clocks(self):
        """A week before noon is noon, also where the clocks went forward in between."""
        self.env.company.partner_id.tz = "Europe/Brussels"
        noon = datetime(2026, 3, 31, 10)
        self.assertEqual(self.Partner._week_before(noon), datetime(2026, 3, 24, 11))

    # -- rights, cost, hooks ------------------------------------------------------------------------------------------

    def test_rights(self):
        """From the lowest role up: who does not work with customers is refused, everybody else sees only own work."""
        step = self.promise(days=-1)
        for user in (self.portal, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Partner.with_user(user).get_work_home()
        for user in (self.leader, self.manager, self.admin):
            with self.subTest(user=user.login):
                self.assertEqual(self.names("overdue", user), [])
        self.assertEqual(self.names("overdue"), [step.partner_id.name])

    def test_hidden_customers(self):
        """Under the policy “own” nothing shows of customers that went to somebody else, in no figure either."""
        self.promise(partner=self.other, days=-1)
        self.record(partner=self.other)
        self.env["ir.rule"]._set_customer_visibility("own")
        self.other.user_id = self.leader
        self.other.activity_ids.unlink()
        self.other.message_unsubscribe(self.user.partner_id.ids)
        self.Step.search([("partner_id", "=", self.other.id)]).sudo().write({"state": "open"})
        self.assertFalse(self.other.with_user(self.user)._filtered_access("read"))
        self.assertEqual((self.names("overdue"), self.names("recent")), ([], []))
        self.assertEqual(self.numbers()["today"], (0, 0))
        self.assertFalse(self.rows_behind("today"))

    def fill(self, count):
        """Give the user ``count`` rows for each section."""
        for _number in range(count):
            late, due, silent, done = (self.make_customer("Row", user_id=self.user.id) for _part in range(4))
            self.promise(partner=late, days=-2)
            self.promise(partner=due, days=0)
            self.FollowUp.with_user(self.user).create({"partner_id": silent.id})
            self.record(partner=done)

    def test_queries(self):
        """Under twenty queries, with one row in each section as with fifty."""
        # What not everybody has: somebody to act for, a kept promise, a customer who refuses calls.
        self.promise(user=self.leader, days=-3).activity_id.with_context(**{BY_STEP: True}).user_id = self.user
        kept = self.promise(partner=self.other, days=0)
        self.record(partner=self.other, finished_step_id=kept.id)
        never = self.env["partner.preference.option"].search([("channel", "=", "phone")], limit=1)
        refusal = {"kind_id": never.kind_id.id, "option_id": never.id, "strength": "-2"}
        self.env["partner.preference"].create({"partner_id": self.contact.id, **refusal})
        self.assertTrue(self.sections()["overdue"]["rows"][0]["partner"]["refused"])
        self.assertEqual(self.numbers()["on_time"][0], 100)
        # A promise that a colleague kept meanwhile, with a contact that does not count.
        done = self.promise(partner=self.make_customer("Done for Me"), days=0)
        self.record(user=self.leader, partner=done.partner_id, finished_step_id=done.id, key_points="ok")
        self.assertEqual(self.numbers()["on_time"][0], 50)
        self.fill(1)
        self.count_queries(self.home.get_work_home)  # what Odoo remembers between calls: rules, groups
        one = self.count_queries(self.home.get_work_home)
        self.fill(49)
        many = self.count_queries(self.home.get_work_home)
        self.assertEqual(self.sections()["overdue"]["count"], 51)
        self.assertLess(one, 20)
        self.assertEqual(one, many)

    def test_queries_in_narrow_sight(self):
        """As quick for who does not see all customers, with drafts and steps of those that went to somebody else."""
        self.fill(20)
        gone = self.Partner.search([("name", "=", "Row"), ("user_id", "=", self.user.id)])[::3]
        gone.sudo().write({"user_id": self.leader.id})
        gone.sudo().message_unsubscribe(self.user.partner_id.ids)
        for policy in ("own", "team"):
            self.env["ir.rule"]._set_customer_visibility(policy)
            gone.activity_ids.user_id = self.leader
            self.count_queries(self.home.get_work_home)
            with self.subTest(policy=policy):
                self.assertLess(self.count_queries(self.home.get_work_home), 20)
                self.assertGreater(self.sections()["drafts"]["count"], 5)
                self.assertLess(self.sections()["drafts"]["count"], 20)

    def test_many_drafts(self):
        """Hundreds of drafts, as somebody leaves who finished a whole list at once, take no query more."""
        self.fill(1)
        self.count_queries(self.home.get_work_home)
        few = self.count_queries(self.home.get_work_home)
        draft = self.FollowUp.search([("state", "=", "draft"), ("user_id", "=", self.user.id)], limit=1)
        partners = [self.make_customer(f"Drafted {number}").id for number in range(60)]
        draft.with_user(self.user).create([{"partner_id": partners[number % 60]} for number in range(300)])
        self.assertEqual(self.count_queries(self.home.get_work_home), few)
        self.assertEqual(self.sections()["drafts"]["count"], 301)

    def test_sections_of_others(self):
        """Another addon adds a section by the hook; its customers get names and numbers like all others."""
        row = {"key": "lead-1", "partner": self.contact, "when": NOW.date(), "what": "Offer", "record": False}
        extra = {"key": "leads", "title": "Opportunities", "count": 1, "rows": [row]}
        Model = self.env.registry["res.partner"]
        original = Model._work_home_sections
        with patch.object(Model, "_work_home_sections", lambda self: [extra, *original(self)]):
            section = next(iter(self.sections().values()))
        self.assertEqual(section["key"], "leads")
        self.assertEqual(
            (section["rows"][0]["when"], section["rows"][0]["partner"]["id"]), ("2026-03-04", self.contact.id)
        )

    def test_home_action(self):
        """Everybody who works with customers may let Odoo open it after the log-in, and stop that again."""
        user = self.user.with_user(self.user)
        self.assertFalse(user.begins_with_my_day)
        user.begins_with_my_day = True
        self.assertEqual(self.user.action_id.id, self.env.ref("customer_mgmt.work_home_action").id)
        self.env.invalidate_all()
        self.assertTrue(user.read(["begins_with_my_day"])[0]["begins_with_my_day"])
        user.begins_with_my_day = False
        self.assertFalse(self.user.action_id)
        other = self.env.ref("customer_mgmt.partner_follow_up_action")
        self.user.action_id = other.id
        user.begins_with_my_day = False
        self.assertEqual(self.user.action_id.id, other.id)
        with self.assertRaises(AccessError):
            self.leader.with_user(self.user).begins_with_my_day = True
        with self.assertRaises(UserError):
            self.outsider.with_user(self.outsider).begins_with_my_day = True
        menu = self.env.ref("customer_mgmt.work_home_menu")
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(self.user).load_menus(False))
        self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(self.outsider).load_menus(False))
