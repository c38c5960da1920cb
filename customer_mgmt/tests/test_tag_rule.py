from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .tag_rule import TagRuleCase

CITY = "Test City"


@tagged("post_install", "-at_install")
class TestTagRule(TagRuleCase):
    """What a rule may ask for, and what becomes of tags when their kind changes."""

    def test_bad_conditions(self):
        """A condition that cannot be used is refused with the tag's name and the cause."""
        bad = {
            "[('gone', '=', 1)]": "there is no field “gone”",
            "[('country_id.gone', '=', 1)]": "there is no field “gone”",
            "[('child_ids', 'any', [('gone', '=', 1)])]": "there is no field “gone”",
            "[('city', '=', ": "it is not understood",
            "city = 'X'": "it is not understood",
            "[('city', 'near', 'X')]": "it is not understood",
            "[('credit_limit', '=', 'much')]": "it is not understood",
            "[('create_date', '>=', 'the other day')]": "it is not understood",
            "[('tag_reasons', '!=', False)]": "cannot be searched",
            "[('tz_offset', '=', '+0800')]": "cannot be searched",
            "[]": "it asks for nothing",
            "": "it is not understood",
        }
        if "credit_limit" not in self.Partner._fields:
            del bad["[('credit_limit', '=', 'much')]"]
        for domain, cause in bad.items():
            with self.subTest(domain=domain), self.assertRaises(ValidationError) as caught:
                self.make_tag("Bad Rule", domain)
            self.assertIn("the one of the tag “Bad Rule” cannot be used", caught.exception.args[0])
            self.assertIn(cause, caught.exception.args[0])

    def test_slow_condition(self):
        """A condition by which not even one customer is found within the time of a step is refused at once."""

        def slow(tag, _text):
            """Wait for the database."""
            tag.env.cr.execute("SELECT pg_sleep(5)", log_exceptions=False)

        with (
            patch.object(type(self.Tag), "_explain_bad_condition", slow),
            patch.object(type(self.env["partner.tag.run"]), "_statement_limit", 50),
            self.refused(
                "“Slow” cannot be used: to find a customer by it takes more than 0.05 seconds", ValidationError
            ),
        ):
            self.make_tag("Slow")
        self.assertEqual(self.env.execute_query(SQL("SHOW statement_timeout")), [("0",)])

    def test_negative_expiry(self):
        """Days are never negative."""
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"):
            self.make_tag(expiry_days=-1)

    def test_circles(self):
        """A rule that asks for its own tag, directly or through others, is refused, in whatever words it asks."""
        tag = self.make_tag("Circle")
        parent = self.Tag.create({"name": "Circle Parent"})
        tag.parent_id = parent
        own = "the very tag that it should give"
        for leaf in (
            ("category_id", "in", [tag.id]),
            ("category_id", "=", tag.id),
            ("category_id", "not in", [tag.id]),
            ("category_id", "=", "Circle"),
            ("category_id", "ilike", "circl"),
            ("category_id.name", "=", "Circle"),
            ("category_id", "child_of", parent.id),
            ("category_id", "any", [("name", "=", "Circle")]),
            ("parent_id.category_id", "in", [tag.id]),
            ("child_ids", "any", [("category_id", "in", [tag.id])]),
            ("category_id", "=", False),
            ("category_id", "!=", False),
        ):
            with self.subTest(leaf=leaf), self.refused(own, ValidationError):
                tag.rule_domain = str([leaf])
                self.env.flush_all()
        middle = self.make_tag("Middle", [("category_id", "in", [tag.id])])
        last = self.make_tag("Last", [("category_id", "in", [middle.id])])
        with self.refused("Circle → Last → Middle → Circle", ValidationError):
            tag.rule_domain = f"[('category_id', 'in', [{last.id}])]"

    def test_other_tags_are_fine(self):
        """A rule may ask for tags that people give, and for rule tags that do not ask back."""
        manual = self.Tag.create({"name": "By People"})
        tag = self.make_tag("Fine", [("category_id", "in", [manual.id])])
        self.make_tag("Fine Too", [("category_id", "not in", [tag.id])])

    def test_hidden_facts(self):
        """Nobody learns by a rule what is hidden from them: neither fields nor tags that tell personal facts."""
        configurator = new_test_user(self.env, "tag_configurator", groups="customer_mgmt.group_customer_config")
        personal = self.make_tag("Young", [("birth_date", ">", "2000-01-01")])
        self.assertTrue(personal.is_personal)
        Tag = self.Tag.with_user(configurator)
        for leaf in (("birth_date", ">", "2000-01-01"), ("birthday_this_month", "=", True)):
            with self.subTest(leaf=leaf), self.refused("“Nosy” cannot be used", ValidationError):
                Tag.create({"name": "Nosy", "tag_kind": "rule", "rule_domain": str([leaf])})
        with self.refused("personal facts, which you may not see", ValidationError):
            domain = str([("category_id", "in", [personal.id])])
            Tag.create({"name": "Nosy", "tag_kind": "rule", "rule_domain": domain})
        Tag.create({"name": "Decent", "tag_kind": "rule", "rule_domain": "[('city', '=', 'X')]"})
        self.assertNotIn(personal, Tag.search([]))
        with self.assertRaises(AccessError):
            personal.with_user(configurator).action_preview()
        with self.assertRaises(AccessError):
            self.env["partner.tag.preview"].with_user(configurator).create({"category_id": personal.id})

    def test_personal_through_tags(self):
        """A tag that looks at a personal one is personal itself, also when that one becomes it later."""
        first = self.make_tag("First")
        second = self.make_tag("Second", [("category_id", "in", [first.id])])
        third = self.make_tag("Third", [("category_id", "in", [second.id])])
        self.assertFalse(third.is_personal)
        first.rule_domain = "[('gender', '=', 'female')]"
        self.assertTrue(second.is_personal and third.is_personal)
        first.rule_domain = "[('city', '=', 'X')]"
        self.assertFalse(second.is_personal or third.is_personal)

    def test_who_makes_rules(self):
        """Who configures the customer file makes rules; others leave them alone."""
        user = new_test_user(self.env, "partner_manager", groups="base.group_partner_manager")
        tag = self.make_tag("Rule")
        for vals in ({"tag_kind": "manual"}, {"rule_domain": "[('name', '=', 'X')]"}, {"expiry_days": 3}):
            with self.subTest(vals=vals), self.refused("may make or change rules", AccessError):
                tag.with_user(user).write(vals)
        with self.refused("may make or change rules", AccessError):
            self.Tag.with_user(user).create({"name": "New", "tag_kind": "rule", "rule_domain": "[('name', '=', 'X')]"})
        self.Tag.with_user(user).create({"name": "By People"})
        tag.with_user(self.admin).expiry_days = 3
        self.Tag.create({"name": "By People Too"}).with_user(user).expiry_days = 3

    def test_turning(self):
        """A tag of people that becomes a rule's keeps its holders until the next run; back again it keeps them all."""
        keeper, loser = self.make_customer(city=CITY), self.make_customer()
        tag = self.Tag.create({"name": "Turning", "partner_ids": (keeper | loser).ids})
        tag.with_user(self.admin).write({"tag_kind": "rule", "rule_domain": f"[('city', '=', '{CITY}')]"})
        self.assertEqual(self.holders(tag), keeper | loser)
        self.assertEqual(self.history(loser, tag)[-1], ("rule", "Kept when the way of giving the tag changed", True))
        self.evaluate(tag)
        self.assertEqual(self.holders(tag), keeper)
        tag.with_user(self.admin).tag_kind = "manual"
        self.assertEqual(self.holders(tag), keeper)
        self.assertEqual(
            [(source, is_open) for source, _reason, is_open in self.history(keeper, tag)][-2:],
            [("rule", False), ("manual", True)],
        )
        keeper.with_user(self.user).category_id = [Command.unlink(tag.id)]
        self.assertFalse(keeper.category_id)

    def test_turned_tag_begins_its_days_anew(self):
        """Who had the tag from people long ago does not lose it by the first run of a rule with an expiry."""
        with freeze_time("2025-01-01"):
            keeper = self.make_customer(city=CITY)
            tag = self.Tag.create({"name": "Turning", "partner_ids": keeper.ids})
            self.env["partner.tag.assignment"].search([("category_id", "=", tag.id)]).unlink()
            self.env["partner.tag.assignment"].create(
                {"partner_id": keeper.id, "category_id": tag.id, "since": "2025-01-01", "source": "manual"}
            )
        tag.write({"tag_kind": "rule", "rule_domain": f"[('city', '=', '{CITY}')]", "expiry_days": 10})
        self.evaluate(tag)
        self.assertEqual(self.holders(tag), keeper)


@tagged("post_install", "-at_install")
class TestTagReadOnly(TagRuleCase):
    """People neither give nor remove tags of rules, from whichever side; others do not notice them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder, cls.other = cls.make_customer("Holder", city=CITY), cls.make_customer("Other")
        cls.tag = cls.make_tag("Ruled")
        cls.by_hand, cls.by_hand_too = cls.Tag.create([{"name": "Hand A"}, {"name": "Hand B"}])
        cls.holder.category_id = cls.tag | cls.by_hand
        cls.env.flush_all()

    def read_only(self):
        """Expect the refusal that names tag and rule."""
        return self.refused(r"“Ruled” is given by a rule \(City\), so nobody can give or remove", UserError)

    def test_explicit_commands(self):
        """Who names the tag is told that it is a rule's; what changes nothing passes."""
        holder, other = self.holder.with_user(self.admin), self.other.with_user(self.admin)
        refused = [
            (holder, Command.unlink(self.tag.id)),
            (holder, Command.delete(self.tag.id)),
            (other, Command.link(self.tag.id)),
            (holder | other, Command.link(self.tag.id)),
        ]
        for partners, command in refused:
            with self.subTest(command=command), self.read_only():
                partners.write({"category_id": [command]})
        with self.refused("“Sly” is given by a rule", UserError):
            other.write({"category_id": [Command.create({"name": "Sly", "tag_kind": "rule"})]})
        with self.read_only():
            self.Partner.with_user(self.user).create({"name": "New", "category_id": [Command.link(self.tag.id)]})
        holder.write({"category_id": [Command.link(self.tag.id), Command.link(self.by_hand_too.id)]})
        other.write({"category_id": [Command.unlink(self.tag.id)]})
        self.assertEqual(self.holder.category_id, self.tag | self.by_hand | self.by_hand_too)
        self.assertFalse(self.other.category_id)

    def test_replacing(self):
        """Who replaces all tags, in any form, keeps those of rules and gives none."""
        both = (self.holder | self.other).with_user(self.user)
        for value, chosen in (
            ([Command.set((self.tag | self.by_hand_too).ids)], self.by_hand_too),
            ([Command.clear()], self.Tag),
            (self.by_hand.ids, self.by_hand),
            (self.tag | self.by_hand_too, self.by_hand_too),
            (False, self.Tag),
            ([Command.clear(), Command.link(self.by_hand.id)], self.by_hand),
        ):
            with self.subTest(value=value):
                both.write({"category_id": value})
                self.env.invalidate_all()
                self.assertEqual(self.holder.category_id, self.tag | chosen)
                self.assertEqual(self.other.category_id, chosen)
        both[1].category_id += self.tag.with_user(self.user)
        self.assertEqual(self.other.category_id, self.by_hand)
        partner = self.Partner.with_user(self.user).create(
            {"name": "New", "category_id": [Command.set((self.tag | self.by_hand).ids)]}
        )
        self.assertEqual(partner.category_id, self.by_hand)

    def test_import(self):
        """A file that names tags keeps and gives none of rules; its other tags go in."""
        self.env["ir.model.data"]._update_xmlids([{"xml_id": "__test__.holder", "record": self.holder}])
        Partner = self.Partner.with_user(self.admin)
        rows = [["__test__.holder", "Holder", "Hand B"], ["__test__.fresh", "Fresh", "Hand B,Ruled"]]
        result = Partner.with_context(import_file=True).load(["id", "name", "category_id"], rows)
        self.assertFalse(result["messages"])
        self.assertEqual(self.holder.category_id, self.tag | self.by_hand_too)
        self.assertEqual(self.env.ref("__test__.fresh").category_id, self.by_hand_too)

    def test_the_tags_side(self):
        """The same holds for the partners of the tag."""
        tag = self.tag.with_user(self.admin)
        for command in (Command.link(self.other.id), Command.unlink(self.holder.id), Command.create({"name": "X"})):
            with self.subTest(command=command), self.read_only():
                tag.partner_ids = [command]
        tag.write({"partner_ids": [Command.set(self.other.ids)], "color": 3})
        self.assertEqual((self.tag.partner_ids, self.tag.color), (self.holder, 3))
        (tag | self.by_hand_too.with_user(self.admin)).write({"partner_ids": [Command.set(self.other.ids)]})
        self.assertEqual((self.tag.partner_ids, self.by_hand_too.partner_ids), (self.holder, self.other))
        with self.refused("“New” is given by a rule", UserError):
            self.Tag.with_user(self.admin).create(
                {
                    "name": "New",
                    "tag_kind": "rule",
                    "rule_domain": "[('city', '=', 'X')]",
                    "partner_ids": [Command.link(self.other.id)],
                }
            )
        tag.write({"tag_kind": "manual", "partner_ids": [Command.link(self.other.id)]})
        self.assertEqual(self.tag.partner_ids, self.holder | self.other)

    def test_copies_and_defaults(self):
        """A copy has the tags that people gave; a new partner begins without a rule's, whatever the screen says."""
        for user in (self.user, self.env.user):
            self.assertEqual(self.holder.with_user(user).copy().category_id, self.by_hand)
        Partner = self.Partner.with_user(self.user)
        for context in ({"category_id": self.tag.id}, {"default_category_id": self.tag.ids}):
            with self.subTest(context=context):
                with Form(Partner.with_context(**context)) as form:
                    form.name = "From a Screen"
                self.assertNotIn(self.tag, form.record.category_id)
                created = Partner.with_context(**context).create({"name": "By Program"})
                self.assertNotIn(self.tag, created.category_id)

    def test_system(self):
        """The system and merges of customers are not asked."""
        self.other.category_id = [Command.link(self.tag.id)]
        self.holder.with_user(self.user).sudo().category_id = [Command.unlink(self.tag.id)]
        self.assertEqual(self.tag.partner_ids, self.other)
        self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)._merge(
            (self.holder | self.other).ids, self.holder.with_user(self.admin)
        )
        self.assertIn(self.tag, self.holder.category_id)


@tagged("post_install", "-at_install")
class TestTagReasons(TagRuleCase):
    """The form of a customer says which rule gave each tag, and by what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(city=CITY, country_id=cls.env.ref("base.cn").id)

    def reasons(self, partner, user=None):
        """Return the text for ``user``."""
        self.env.invalidate_all()
        return partner.with_user(user or self.user).tag_reasons

    def test_rule_and_values(self):
        """Tag, labels and the customer's own values; nothing of tags that people gave."""
        tag = self.make_tag("Local", [("country_id.code", "=", "CN"), ("city", "=", CITY)])
        self.customer.category_id = self.Tag.create({"name": "Hand"})
        self.assertFalse(self.reasons(self.customer))
        self.evaluate(tag)
        text = self.reasons(self.customer)
        for part in ("Local", f"City: {CITY}", "Country: China", "since"):
            self.assertIn(part, text)
        self.assertNotIn("Hand", text)

    def test_kinds_of_values(self):
        """Every kind of field shows as people write it."""
        domain = [
            ("is_company", "=", True),
            ("customer_status", "=", "prospect"),
            ("create_date", ">=", "today -90d"),
            ("child_ids.name", "ilike", "Test"),
            ("employee_headcount", ">=", 0),
            ("website", "=", False),
        ]
        self.make_contact(self.customer)
        tag = self.make_tag("Kinds", domain)
        self.evaluate(tag)
        text = self.reasons(self.customer)
        for part in (": yes", ": Prospect", "Test Contact", "Website Link: –"):
            self.assertIn(part, text)

    def test_names_are_escaped(self):
        """What somebody typed is text, not markup."""
        self.customer.city = "<script>alert(1)</script>"
        self.evaluate(self.make_tag("<b>Bold</b>", [("city", "ilike", "alert")]))
        text = self.reasons(self.customer)
        self.assertNotIn("<script>", text)
        self.assertIn("&lt;b&gt;Bold", text)

    def test_hidden_values(self):
        """Who may not see a field does not see its value, and not even the tag where it is a personal fact."""
        person = self.make_customer("Person", is_company=False, city=CITY, birth_date="1990-01-01")
        tag = self.make_tag("Grown Up", [("birth_date", "<", "2000-01-01"), ("city", "=", CITY)])
        self.evaluate(tag)
        self.assertIn("Birth Date", self.reasons(person, self.admin))
        self.assertFalse(self.reasons(person, self.user))
        self.assertNotIn("Grown Up", str(person.with_user(self.user).category_id.mapped("name")))
        self.env.cr.execute("UPDATE res_partner_category SET is_personal = FALSE WHERE id = %s", [tag.id])
        text = self.reasons(person, self.user)
        self.assertIn(f"City: {CITY}", text)
        self.assertNotIn("Birth Date", text)

    def test_queries(self):
        """One tag or fifty, one customer or fifty: the same number of queries."""
        tags = self.Tag.create(
            [
                {"name": f"Q{i}", "tag_kind": "rule", "rule_domain": f"[('city', '=', '{CITY}'), ('zip', '!=', '{i}')]"}
                for i in range(50)
            ]
        )
        customers = self.Partner.create([{"name": f"Q{i}", "is_company": True, "city": CITY} for i in range(51)])
        customers[0].category_id = tags[0]
        customers[1:].category_id = tags
        self.env.flush_all()
        # More entries than Odoo reads at a time.
        self.env.cr.execute(
            "INSERT INTO partner_tag_assignment (partner_id, category_id, since, source) "
            "SELECT partner_id, category_id, '2026-01-01', 'rule' FROM res_partner_res_partner_category_rel "
            "WHERE category_id = ANY(%s) ON CONFLICT DO NOTHING",
            [tags.ids],
        )
        self.reasons(customers[0])

        def count(partners):
            """Return the queries of reading the reasons."""
            return self.count_queries(lambda: partners.with_user(self.user).mapped("tag_reasons"))

        one_tag, fifty_tags, fifty_customers = count(customers[0]), count(customers[1]), count(customers[1:])
        self.assertEqual((one_tag, fifty_customers), (fifty_tags, fifty_tags))

    def test_only_on_forms(self):
        """The lists of customers, contacts and partners do not ask for it; our two forms do."""
        for xmlid in ("customer_mgmt.res_partner_view_list_customer", "base.view_partner_tree"):
            self.assertNotIn("tag_reasons", self.Partner.get_view(self.env.ref(xmlid).id, "list")["arch"])
        for name in ("customer", "contact"):
            view = self.env.ref(f"customer_mgmt.res_partner_view_form_{name}")
            self.assertIn("tag_reasons", self.Partner.get_view(view.id, "form")["arch"])


@tagged("post_install", "-at_install")
class TestTagShipped(TagRuleCase):
    """The shipped rule tags: brought once, where there is none of that name, and true."""

    NEW, BIRTHDAY = "res_partner_category_new_customer", "res_partner_category_birthday"

    def bring(self, forget=True):
        """Bring the tags as an update does; ``forget``: as into a database that has never had them."""
        memory = self.env.ref("customer_mgmt.shipped_tags")
        if forget:
            memory.unlink()
        self.Tag._load_shipped()
        return [self.env.ref(f"customer_mgmt.{name}", raise_if_not_found=False) for name in (self.NEW, self.BIRTHDAY)]

    def test_once(self):
        """What has been deleted does not come back by an update."""
        self.assertEqual(self.bring(forget=False), [None, None])
        tags = self.bring()
        self.assertTrue(all(tags))
        self.assertEqual([tag.tag_kind for tag in tags], ["rule", "rule"])
        tags[0].unlink()
        self.assertEqual(self.bring(forget=False), [None, tags[1]])

    def test_own_name(self):
        """A database that has a tag of that name keeps it as it is."""
        own = self.Tag.create({"name": "new customer", "active": False})
        new, birthday = self.bring()
        self.assertFalse(new)
        self.assertTrue(birthday)
        self.assertEqual((own.tag_kind, own.active), ("manual", False))
        self.assertEqual(self.bring(forget=False), [None, birthday])

    def test_refused_name(self):
        """A tag that cannot be made does not stop the update, and is not tried again."""
        with patch.object(type(self.Tag), "_load_records", side_effect=UserError("No!")):
            with self.assertRaises(UserError):
                self.Tag._make_shipped(self.NEW, {}, {})
        with patch.object(type(self.Tag), "_make_shipped", side_effect=UserError("No!")):
            self.assertEqual(self.bring(), [None, None])
        self.assertEqual(self.bring(forget=False), [None, None])

    def test_new_customer(self):
        """Customers entered within the last 90 days, by the calendar of the company."""
        tag = self.bring()[0]
        self.env.company.partner_id.tz = "Asia/Shanghai"
        partners = self.Partner.create([{"name": f"N{i}", "customer_status": "prospect"} for i in range(3)])
        today = fields.Date.to_date("2026-06-30")
        # The day of 90 days ago begins in Shanghai at 16:00 UTC of the day before.
        begin = fields.Datetime.to_datetime(today - timedelta(days=90)) - timedelta(hours=8)
        for partner, created in zip(
            partners, (begin + timedelta(minutes=1), begin - timedelta(minutes=1), begin), strict=True
        ):
            self.env.cr.execute("UPDATE res_partner SET create_date = %s WHERE id = %s", [created, partner.id])
        with freeze_time("2026-06-30 03:00:00"):
            self.evaluate(tag)
        self.assertEqual(self.holders(tag) & partners, partners[0] | partners[2])

    def test_birthday(self):
        """Persons born in this month of the company's calendar; a personal fact."""
        tag = self.bring()[1]
        self.assertTrue(tag.is_personal)
        self.env.company.partner_id.tz = "Asia/Shanghai"
        company = self.make_customer("Company")
        people = self.Partner.create(
            [
                {"name": "May", "parent_id": company.id, "birth_date": "1990-05-31"},
                {"name": "June", "parent_id": company.id, "birth_date": "1990-06-01"},
                {"name": "June Customer", "customer_status": "prospect", "birth_date": "1985-06-30"},
                {"name": "Unknown", "parent_id": company.id},
            ]
        )
        # In Shanghai it is June already.
        with freeze_time("2026-05-31 17:00:00"):
            self.env.invalidate_all()
            self.assertEqual(people.mapped("birthday_this_month"), [False, True, True, False])
            find = self.Partner.search
            self.assertEqual(find([("birthday_this_month", "=", True)]) & people, people[1:3])
            self.assertEqual(find([("birthday_this_month", "=", False)]) & people, people[0] | people[3])
            self.assertEqual(find([("birthday_this_month", "!=", True)]) & people, people[0] | people[3])
            self.evaluate(tag)
        self.assertEqual(self.holders(tag) & people, people[1:3])
        self.assertNotIn(tag, self.Tag.with_user(self.user).search([]))
        self.assertIn(tag, self.Tag.with_user(self.admin).search([]))
