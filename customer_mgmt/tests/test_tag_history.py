from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.customer_mgmt.models import partner_tag_history_job

from .tag import RELATION, TagCase


@tagged("post_install", "-at_install")
class TestTagHistory(TagCase):
    """Who gave which tag to whom, from when until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sailor = cls.make_tag("Test Sailor")
        cls.rider = cls.make_tag("Test Rider")
        cls.customer = cls.make_customer()

    def run_night(self):
        """Run the job as its trigger would."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_tag_history").method_direct_trigger()
        self.env.invalidate_all()

    def test_write(self):
        """Giving and taking a tag is written down with the user; what does not change is not."""
        self.give(self.customer, self.sailor)
        self.give(self.customer, self.sailor, self.rider)
        self.assertEqual(
            self.history(self.customer), [(self.sailor, "manual", "", True), (self.rider, "manual", "", True)]
        )
        entry = self.env["partner.tag.assignment"].search([("partner_id", "=", self.customer.id)], limit=1)
        self.assertEqual(entry.user_id, self.user)
        self.customer.with_user(self.user).category_id = [Command.unlink(self.sailor.id)]
        self.customer.name = "Other Name"
        self.assertEqual(
            self.history(self.customer), [(self.sailor, "manual", "", False), (self.rider, "manual", "", True)]
        )

    def test_create_and_copy(self):
        """New partners come with tags of their own, by default, or from the one they are a copy of."""
        own = self.make_customer(category_id=[Command.link(self.sailor.id)])
        by_default = self.Partner.with_context(category_id=self.rider.id).create({"name": "Default"})
        several = self.Partner.concat(own, self.customer).with_user(self.user)
        self.assertFalse(several.create({"name": "Called on several"}).category_id)
        for partner, tag in ((own, self.sailor), (own.copy(), self.sailor), (by_default, self.rider)):
            self.assertEqual(self.history(partner), [(tag, "manual", "", True)])

    def test_import(self):
        """What a file brings is marked as imported."""
        fields_, rows = ["name", "is_company", "category_id"], [["Imported One", "1", "Test Sailor,Test Rider"]]
        result = self.Partner.with_user(self.admin).with_context(import_file=True).load(fields_, rows)
        self.assertFalse(result["messages"])
        history = self.history(self.Partner.browse(result["ids"]))
        self.assertEqual({entry[:2] for entry in history}, {(self.sailor, "import"), (self.rider, "import")})

    def test_from_the_tag(self):
        """Partners put on a tag and taken off it are written down, too."""
        other = self.make_customer("Other")
        self.sailor.partner_ids = [Command.link(self.customer.id), Command.link(other.id)]
        self.sailor.partner_ids = [Command.unlink(other.id)]
        self.assertEqual(self.history(self.customer), [(self.sailor, "manual", "", True)])
        self.assertEqual(self.history(other), [(self.sailor, "manual", "", False)])
        new = self.make_tag("Test New", partner_ids=[Command.set(other.ids)])
        self.assertEqual(self.history(other, new), [(new, "manual", "", True)])

    def test_night_finds(self):
        """What came and went by other ways is found, and only that is written."""
        self.give(self.customer, self.rider)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE partner_id = %s", SQL.identifier(RELATION), self.customer.id))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (partner_id, category_id) VALUES (%s, %s)",
                SQL.identifier(RELATION),
                self.customer.id,
                self.sailor.id,
            )
        )
        self.env.invalidate_all()
        before = self.customer.write_date
        for _night in range(2):
            self.run_night()
            self.assertEqual(
                self.history(self.customer), [(self.rider, "manual", "", False), (self.sailor, "found", "", True)]
            )
        self.assertEqual(self.customer.write_date, before)

    def test_night_in_batches(self):
        """The work is done in batches until nothing is left."""
        partners = self.Partner.create([{"name": f"P{n}"} for n in range(25)])
        values = SQL(", ").join(SQL("(%s, %s)", partner_id, self.sailor.id) for partner_id in partners.ids)
        self.env.cr.execute(SQL("INSERT INTO %s (partner_id, category_id) VALUES %s", SQL.identifier(RELATION), values))
        self.patch(partner_tag_history_job, "BATCH_SIZE", 10)
        self.run_night()
        count = self.env["partner.tag.assignment"].search_count(
            [("category_id", "=", self.sailor.id), ("until", "=", False)]
        )
        self.assertEqual(count, 25)

    def test_expiry(self):
        """A tag given by hand is taken away after its days, with the reason; a day earlier and by a rule it stays."""
        self.sailor.expiry_days = 30
        later = self.make_customer("Later")
        kept = self.make_tag("Test Kept", expiry_days=0)
        ruled = self.make_tag("Test Ruled", expiry_days=30)
        self.give(self.customer | later, self.sailor, kept, ruled)
        self.env.cr.execute(SQL("UPDATE res_partner_category SET tag_kind = 'rule' WHERE id = %s", ruled.id))
        self.env.flush_all()
        now = fields.Datetime.now()
        for partner, days in ((self.customer, 30), (later, 29)):
            self.env.cr.execute(
                SQL(
                    "UPDATE partner_tag_assignment SET since = %s WHERE partner_id = %s",
                    now - timedelta(days=days),
                    partner.id,
                )
            )
        before = self.customer.write_date
        self.run_night()
        self.assertEqual(self.customer.category_id, kept | ruled)
        self.assertEqual(self.customer.write_date, before)
        self.assertEqual(
            self.history(self.customer, self.sailor), [(self.sailor, "manual", "Expired after 30 days", False)]
        )
        self.assertEqual(later.category_id, self.sailor | kept | ruled)
        self.give(self.customer, self.sailor)
        self.run_night()
        self.assertIn(self.sailor, self.customer.category_id)  # its time begins anew

    def test_merge_of_partners(self):
        """The survivor has the tags of all with one open entry each; what is archived has none."""
        source = self.make_customer("Source")
        gone = self.Partner.create({"name": "Gone"})
        self.give(self.customer, self.sailor)
        self.give(source, self.sailor, self.rider)
        self.give(gone, self.sailor, self.rider)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard._merge((self.customer | source | gone).ids, self.customer.with_env(wizard.env), extra_checks=False)
        history = self.history(self.customer)
        self.assertEqual(self.customer.category_id, self.sailor | self.rider)
        self.assertEqual([tag for tag, _source, _reason, is_open in history if is_open], [self.sailor, self.rider])
        self.assertEqual(len(history), 5)
        self.assertFalse(source.category_id)
        self.run_night()
        self.assertEqual(self.history(self.customer), history)
        self.assertFalse(self.history(source))

    def test_rights(self):
        """Nobody writes the history; whoever may see the partner reads it, and opens it from the customer."""
        self.give(self.customer, self.sailor)
        entry = self.env["partner.tag.assignment"].search([("partner_id", "=", self.customer.id)])
        for user in (self.user, self.admin):
            self.assertEqual(entry.with_user(user).category_id, self.sailor)
            with self.assertRaises(AccessError):
                entry.with_user(user).until = fields.Datetime.now()
        action = self.customer.with_user(self.user).action_open_tag_history()
        self.assertEqual(self.env["partner.tag.assignment"].search(action["domain"]), entry)
        with self.assertRaises(AccessError):
            entry.with_user(self.portal).read(["category_id"])

    def test_counts(self):
        """How many have a tag, and when it was given last; unused tags are found."""
        archived = self.make_customer("Archived", active=False)
        self.give(self.customer | archived, self.sailor)
        self.env.invalidate_all()
        self.assertEqual((self.sailor | self.rider).mapped("usage_count"), [1, 0])
        self.assertTrue(self.sailor.last_used_on and not self.rider.last_used_on)
        tags = self.sailor | self.rider
        for domain, found in (
            ([("usage_count", "=", 0)], self.rider),
            ([("usage_count", "!=", 0)], self.sailor),
            ([("usage_count", ">", 0)], self.sailor),
            ([("usage_count", "<=", 1)], tags),
            ([("usage_count", "in", [1, 2])], self.sailor),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(set(self.Tag.search(domain + [("id", "in", tags.ids)])), set(found))
        self.assertEqual(self.Partner.search(self.sailor.action_open_partners()["domain"]), self.customer)
        self.assertEqual(self.sailor.action_open_history()["domain"], [("category_id", "in", self.sailor.ids)])


@tagged("post_install", "-at_install")
class TestTagLimit(TagCase):
    """How many tags of a group one customer can have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["partner.tag.group"].create({"name": "Test Sizes", "max_per_partner": 1})
        cls.small, cls.large, cls.huge = (
            cls.make_tag(f"Test {name}", tag_group_id=cls.group.id) for name in ("Small", "Large", "Huge")
        )
        cls.free = cls.make_tag("Test Free")
        cls.customer = cls.make_customer()

    def test_refused(self):
        """A person's change is refused in words, on every way, and only where there would be more than before."""
        self.give(self.customer, self.small, self.free)
        message = "would have 2 tags of the group “Test Sizes”, which allows 1"
        with self.refused(message, ValidationError):
            self.give(self.customer, self.large)
        with self.refused(message, ValidationError):
            self.large.with_user(self.curator).partner_ids = [Command.link(self.customer.id)]
        both = [Command.set([self.small.id, self.large.id])]
        with self.refused(message, ValidationError):
            self.Partner.with_user(self.user).create({"name": "New", "category_id": both})
        self.customer.with_user(self.user).category_id = [Command.unlink(self.small.id), Command.link(self.large.id)]
        self.assertEqual(self.customer.category_id, self.large | self.free)

    def test_too_many_of_before(self):
        """Who has more already may lose them one by one, and be changed otherwise."""
        self.customer.category_id = self.small | self.large | self.huge  # the system's move
        self.customer.with_user(self.user).category_id = [Command.unlink(self.huge.id), Command.link(self.free.id)]
        self.assertEqual(self.customer.category_id, self.small | self.large | self.free)
        self.customer.with_user(self.user).name = "Other"
        self.huge.active = False
        with self.refused("would have 3", ValidationError):
            self.huge.active = True
            self.give(self.customer, self.huge)

    def test_names_the_partners(self):
        """Of many only some are named."""
        partners = self.Partner.create([{"name": f"P{n}"} for n in range(7)])
        self.give(partners, self.small)
        with self.refused("P0, P1, P2, P3, P4, … and 2 more", ValidationError):
            self.give(partners, self.large)


@tagged("post_install", "-at_install")
class TestTagQueries(TagCase):
    """What costs one query for one customer or tag costs no more for fifty."""

    def test_many(self):
        """Giving tags, lists of tags, and the list and form of customers with one tag or fifty."""
        group = self.env["partner.tag.group"].create({"name": "Test Wide", "max_per_partner": 99})
        tags = self.Tag.create([{"name": f"Test Q{n}", "tag_group_id": group.id} for n in range(50)])
        partners = self.Partner.create([{"name": f"Q{n}", "customer_status": "prospect"} for n in range(52)])
        warm, few, many = partners[:1], partners[1:2], partners[2:]
        (warm | few).category_id = tags[:1]
        many.category_id = tags
        extra = self.make_tag("Test Extra", tag_group_id=group.id)
        form = {"category_id": {"fields": {"display_name": {}, "color": {}}}}
        listed = {"usage_count": {}, "last_used_on": {}, "has_same_name": {}, "display_name": {}}
        actions = {
            "give": lambda some, _tags: some.with_user(self.user).write({"category_id": [Command.link(extra.id)]}),
            "list": lambda some, _tags: some.with_user(self.user).web_read(form),
            "form": lambda some, _tags: some[:1].with_user(self.user).web_read(form),
            "library": lambda _some, some: some.with_user(self.curator).web_read(listed),
        }
        for name, action in actions.items():
            with self.subTest(name):
                self.count_queries(lambda a=action: a(warm, tags[:1]))
                cold = {"few": (few, tags[:1]), "many": (many, tags)}
                costs = {size: self.count_queries(lambda a=action, c=chosen: a(*c)) for size, chosen in cold.items()}
                self.assertEqual(costs["few"], costs["many"])

    def test_nothing_without_tags(self):
        """Creating and changing partners without tags costs no query of ours."""
        self.Partner.create({"name": "Warm"}).name = "Warmer"
        self.patch(type(self.Partner), "_record_tags", lambda *_args: self.fail("asked"))
        self.patch(type(self.Partner), "_count_limited_tags", lambda *_args: self.fail("asked"))
        self.Partner.with_user(self.user).create({"name": "Cold"}).name = "Colder"
