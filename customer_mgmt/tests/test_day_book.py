from ast import literal_eval
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .follow_up import FollowUpCase

DAY_BOOK = "customer_mgmt.partner_follow_up_action_day_book"
FORM = "customer_mgmt.partner_follow_up_view_form_day_book"


@tagged("post_install", "-at_install")
class TestDayBook(FollowUpCase):
    """A leader reads what the team did on a day, and says what it was worth; nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(cls.env, "book_colleague", groups="customer_mgmt.group_customer_own")
        cls.stranger = new_test_user(cls.env, "book_stranger", groups="customer_mgmt.group_customer_team")
        cls.team.member_ids |= cls.colleague
        cls.env["crm.team"].create({"name": "Another Team", "user_id": cls.stranger.id})

    def day_book(self, user, domain=()):
        """Return what ``user`` finds in the day-book, with a filter's ``domain``."""
        of_the_test = [("partner_id", "in", (self.customer | self.other).ids)]
        FollowUp = self.FollowUp.with_user(user)
        return FollowUp.search([*literal_eval(self.env.ref(DAY_BOOK).domain), *domain, *of_the_test])

    def attempts(self, follow_up, user):
        """Yield each way of scoring, as ``user``."""
        mine = follow_up.with_user(user)
        yield lambda: mine.write({"score": 4})
        yield lambda: mine.write({"score_stars": "4"})
        yield lambda: mine.write({"comment": "Well done"})
        yield lambda: mine.action_review(score=4, comment="Well done")
        yield mine.action_review

    def test_who_may_review(self):
        """From the lowest role up: only the leader of the team and the administrator, on every way."""
        follow_up = self.record()
        roles = (self.portal, self.outsider, self.user, self.colleague, self.stranger, self.manager)
        for user in roles:
            for number, attempt in enumerate(self.attempts(follow_up, user)):
                with self.subTest(user=user.login, way=number), self.assertRaises(AccessError):
                    attempt()
        self.assertFalse(follow_up.score or follow_up.comment or follow_up.reviewed_on)
        for user in (self.leader, self.admin):
            for number, attempt in enumerate(self.attempts(follow_up, user)):
                with self.subTest(user=user.login, way=number):
                    attempt()
        self.assertEqual((follow_up.score, follow_up.comment), (4, "Well done"))
        self.assertEqual(follow_up.reviewed_by_id, self.admin)

    def test_nobody_reviews_himself(self):
        """A leader and an administrator read their own contacts, but do not judge them."""
        for user in (self.leader, self.admin):
            follow_up = self.record(user=user)
            for number, attempt in enumerate(self.attempts(follow_up, user)):
                with self.subTest(user=user.login, way=number), self.assertRaises(AccessError):
                    attempt()

    def test_system_notes_stay_the_systems(self):
        """Who reviewed it when cannot be written, not even by the leader."""
        follow_up = self.record()
        for vals in ({"reviewed_by_id": self.user.id}, {"reviewed_on": "2020-01-01 00:00:00"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                follow_up.with_user(self.leader).write(vals)

    def test_who_finds_what(self):
        """A leader finds what the team recorded, whoever sees all customers everything, everybody else nothing."""
        follow_up = self.record()
        elsewhere = self.record(partner=self.other, user=self.manager)
        self.FollowUp.with_user(self.user).create({"partner_id": self.customer.id})
        for user, found in {
            self.outsider: self.FollowUp,
            self.user: self.FollowUp,
            self.stranger: self.FollowUp,
            self.leader: follow_up,
            self.manager: follow_up | elsewhere,
            self.admin: follow_up | elsewhere,
        }.items():
            with self.subTest(user=user.login):
                self.assertEqual(self.day_book(user), found)
                seen = (follow_up | elsewhere).with_user(user)
                self.assertEqual(seen.filtered("is_in_day_book"), found)
        self.assertNotIn(follow_up, self.FollowUp.with_user(self.leader).search([("is_in_day_book", "=", False)]))

    def test_menu(self):
        """Whoever leads a team finds the menu, whatever customers he sees, and whoever sees everybody's."""
        menu = self.env.ref("customer_mgmt.team_day_book_menu")
        member = new_test_user(self.env, "book_member", groups="customer_mgmt.group_customer_team")
        roles = {self.user: False, member: False, self.leader: True, self.manager: True, self.admin: True}
        for user, is_shown in roles.items():
            with self.subTest(user=user.login):
                self.assertEqual(menu.id in self.env["ir.ui.menu"].with_user(user).load_menus(False), is_shown)
        self.team.user_id = self.user
        for user, is_shown in {self.user: True, self.leader: False}.items():
            with self.subTest(user=user.login, leads=is_shown):
                self.assertEqual(menu.id in self.env["ir.ui.menu"].with_user(user).load_menus(False), is_shown)
        follow_up = self.record(user=self.colleague)
        self.assertEqual(self.day_book(self.user), follow_up)
        follow_up.with_user(self.user).action_review(score=4)
        self.assertEqual(follow_up.reviewed_by_id, self.user)

    @freeze_time("2026-03-04 06:00:00")
    def test_days(self):
        """Today, yesterday and any day are those of the reader."""
        self.leader.tz = "Asia/Shanghai"
        moments = {
            "today": datetime(2026, 3, 3, 16),
            "yesterday": datetime(2026, 3, 3, 15, 59),
            "before": datetime(2026, 3, 2, 15, 59),
        }
        found = {}
        for name, date in moments.items():
            found[name] = self.record(date=date, key_points=f"Spoken {name}")
        arch = self.FollowUp.get_view(self.env.ref(DAY_BOOK).search_view_id.id, "search")["arch"]
        self.assertIn("'today -1d'", arch)
        for domain, name in [
            ([("date", ">=", "today"), ("date", "<", "today +1d")], "today"),
            ([("date", ">=", "today -1d"), ("date", "<", "today")], "yesterday"),
            ([("contact_day", "=", "2026-03-04")], "today"),
            ([("contact_day", "in", ["2026-03-03"])], "yesterday"),
            ([("contact_day", "<", "2026-03-03")], "before"),
            ([("contact_day", "<=", "2026-03-02")], "before"),
            ([("contact_day", ">", "2026-03-03")], "today"),
        ]:
            with self.subTest(domain=domain):
                self.assertEqual(self.day_book(self.leader, domain), found[name])
        days = [str(one.with_user(self.leader).contact_day) for one in found.values()]
        self.assertEqual(days, ["2026-03-04", "2026-03-03", "2026-03-02"])

    def test_form(self):
        """The leader clicks the stars and writes a comment; the author's form refuses both."""
        follow_up = self.record()
        with Form(follow_up.with_user(self.leader), view=FORM) as form:
            form.score_stars = "5"
            form.comment = "Well prepared"
        self.assertEqual((follow_up.score, follow_up.comment), (5, "Well prepared"))
        self.assertEqual(follow_up.reviewed_by_id, self.leader)
        with self.assertRaises(AssertionError), Form(follow_up.with_user(self.user), view=FORM) as form:
            form.score_stars = "1"

    def test_author_is_told(self):
        """One message below the follow-up, addressed to the author, for each review that changes something."""
        follow_up = self.record().with_context(tracking_disable=False)
        before = follow_up.message_ids
        follow_up.with_user(self.leader).action_review(score=4, comment="Well <done>")
        [message] = follow_up.message_ids - before
        self.assertEqual(message.author_id, self.leader.partner_id)
        self.assertEqual(message.notified_partner_ids, self.user.partner_id)
        self.assertIn("★★★★☆", message.body)
        self.assertIn("Well &lt;done&gt;", message.body)
        follow_up.with_user(self.leader).action_review(score=4, comment="Well <done>")
        self.assertEqual(follow_up.message_ids - before, message)

    def test_one_review_is_one_note(self):
        """Stars save themselves and the comment follows: the author reads one note, unless he has it already."""
        follow_up = self.record()
        before = follow_up.message_ids
        leader = follow_up.with_user(self.leader)
        self.user.notification_type = "inbox"
        leader.score_stars = "2"
        leader.score_stars = "4"
        leader.comment = "Well done"
        [message] = follow_up.message_ids - before
        self.assertIn("★★★★☆", message.body)
        self.assertIn("Well done", message.body)
        self.assertEqual(message.notified_partner_ids, self.user.partner_id)
        message.notification_ids.is_read = True
        leader.comment = "Well done, and soon"
        self.assertEqual(len(follow_up.message_ids - before), 2)
        follow_up.with_user(self.admin).score_stars = "5"
        self.assertEqual(len(follow_up.message_ids - before), 3, "what another one said stays")
        with freeze_time(self.later(hours=2)):
            follow_up.with_user(self.admin).comment = "On second thoughts"
        self.assertEqual(len(follow_up.message_ids - before), 4)
        self.user.notification_type = "email"
        for comment in ("By mail", "By mail, again"):
            leader.comment = comment
        self.assertEqual(len(follow_up.message_ids - before), 5, "the first took the place of an unread one")

    def test_looked_at(self):
        """Without a word a review is only noted; nobody gets a message."""
        follow_up = self.record()
        before = follow_up.message_ids
        follow_up.with_user(self.leader).action_review()
        self.assertEqual((follow_up.reviewed_by_id, bool(follow_up.reviewed_on)), (self.leader, True))
        self.assertEqual(follow_up.message_ids, before)

    def test_taken_back(self):
        """A slip of the mouse that is taken back leaves no review."""
        follow_up = self.record()
        self.user.notification_type = "inbox"
        before = follow_up.message_ids
        follow_up.with_user(self.leader).score_stars = "2"
        self.assertTrue(follow_up.reviewed_on)
        follow_up.with_user(self.leader).score_stars = "0"
        self.assertFalse(follow_up.reviewed_on or follow_up.reviewed_by_id or follow_up.score)
        self.assertEqual(follow_up.message_ids, before)

    def test_bad_input(self):
        """Scores are 1 to 5, and what did not take place is not reviewed."""
        follow_up = self.record()
        for vals in ({"score": 6}, {"score": -1}, {"score_stars": "9"}, {"score_stars": "many"}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                follow_up.with_user(self.leader).write(vals)
        draft = self.FollowUp.with_user(self.user).create({"partner_id": self.customer.id})
        with self.assertRaises(UserError):
            draft.with_user(self.leader).action_review(score=3)

    def test_flags(self):
        """The list names why something does not count; each reason can be filtered."""
        short = self.record(key_points="ok")
        late = self.record(date=self.later(days=-3), key_points="Said three days ago")
        self.assertEqual((short.flag_names, late.flag_names), ("Says Nothing", "Recorded Late"))
        self.assertFalse(self.record(key_points="Said something else").flag_names)
        self.assertEqual(self.day_book(self.leader, [("is_short", "=", True)]), short)
        self.assertEqual(self.day_book(self.leader, [("is_late", "=", True)]), late)

    def test_empty_day(self):
        """On a phone an empty day says so: Odoo shows no help in columns of people, so only the list has groups."""
        action = self.env.ref(DAY_BOOK)
        self.assertNotIn("group", action.context)
        view = self.env.ref("customer_mgmt.partner_follow_up_view_list_day_book")
        self.assertIn('default_group_by="user_id"', self.FollowUp.get_view(view.id, "list")["arch"])
        self.assertIn("o_view_nocontent", action.help)

    def test_list(self):
        """At most eight columns, and the same number of queries for one row and for fifty."""
        xmlid = "customer_mgmt.partner_follow_up_view_list_day_book"
        FollowUp = self.FollowUp.with_user(self.leader)
        view = FollowUp.get_views([(self.env.ref(xmlid).id, "list")])["views"]["list"]["arch"]
        names = [name for name in FollowUp._fields if f'<field name="{name}"' in view]
        many2one = {"fields": {"display_name": {}}}
        specification = {name: many2one if FollowUp._fields[name].type == "many2one" else {} for name in names}
        self.assertIn("may_review", names)
        ids = [self.record(key_points=f"Said to number {number}").id for number in range(50)]

        def read(number):
            return lambda: FollowUp.web_search_read([("id", "in", ids[:number])], specification)

        self.count_queries(read(1))  # what Odoo remembers between calls
        self.assertEqual(self.count_queries(read(1)), self.count_queries(read(50)))
