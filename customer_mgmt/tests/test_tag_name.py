import psycopg2
from lxml import etree

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .tag import TagCase


@tagged("post_install", "-at_install")
class TestTagName(TagCase):
    """Names of tags: tidy, meaningful, and each only once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.vip = cls.make_tag("Tested VIP")

    def test_bad_names(self):
        """A name that is none is refused, whoever gives it on whatever way, with what to do."""
        cases = [
            ("", "it is empty"),
            ("   ", "it is empty"),
            (False, "it is empty"),
            ("★ !!", "no letter and no digit"),
            ("x" * 65, "65 characters are too many"),
        ]
        for name, message in cases:
            with self.subTest(name=name):
                with self.refused(message, ValidationError):
                    self.make_tag(name)
                with self.refused(message, ValidationError):
                    self.vip.with_user(self.curator).name = name
                with self.refused(message):
                    self.Tag.with_user(self.tagger).name_create(name)
        with self.refused("65 characters are too many", ValidationError):
            self.vip.update_field_translations("name", {"zh_CN": "贵" * 65})
        self.assertTrue(self.make_tag("贵" * 64))

    def test_tidy(self):
        """White space is tidied, also in translations."""
        self.assertEqual(self.make_tag("  Tested \t Gold\u3000Star ").name, "Tested Gold Star")
        self.vip.update_field_translations("name", {"zh_CN": " 测试　贵宾 "})
        self.assertEqual(self.vip.with_context(lang="zh_CN").name, "测试 贵宾")

    def test_taken(self):
        """A name that differs only in case, width, script or white space is taken; the message names the tag."""
        self.make_tag("测试电脑")
        for name, tag in (
            ("ｔｅｓｔｅｄ ＶＩＰ ", "Tested VIP"),
            ("TESTED  vip", "Tested VIP"),
            ("測試電腦", "测试电脑"),
        ):
            with self.subTest(name=name):
                with self.refused(f"there is the tag “{tag}” already", ValidationError):
                    self.make_tag(name)
        other = self.make_tag("Something Else")
        with self.refused("there is the tag “Tested VIP” already", ValidationError):
            other.name = "tested vip"
        with self.refused("there is the tag “Twice” already", ValidationError):
            self.Tag.create([{"name": "Twice"}, {"name": "TWICE"}])
        other.name = "SOMETHING ELSE"  # its own name in capitals
        self.assertEqual(other.name_key, "something else")

    def test_taken_by_archived(self):
        """The name of an archived tag is taken; the message says to take it out of the archive."""
        self.vip.active = False
        with self.refused("in the archive. Take it out", ValidationError):
            self.make_tag("tested vip")
        with self.refused("in the archive. Take it out"):
            self.Tag.with_user(self.tagger).name_create("tested vip")

    def test_parents_and_translations(self):
        """Below another parent a name is free; a name in any language is taken in every language."""
        parent = self.make_tag("Tested Asia")
        child = self.make_tag("Tested VIP", parent_id=parent.id)
        with self.refused("there is the tag “Tested VIP” already", ValidationError):
            child.parent_id = False
        self.vip.with_context(lang="zh_CN").name = "测试贵宾"
        with self.refused("already", ValidationError):
            self.make_tag("測試貴賓")
        other = self.make_tag("Tested Other")
        with self.refused("“测试贵宾”", ValidationError):
            other.with_context(lang="zh_CN").name = "测试贵宾"
        with self.refused("“Tested VIP”", ValidationError):
            other.update_field_translations("name", {"zh_CN": "测试贵宾"})
        self.assertEqual(self.vip.name_key, "tested vip")

    def test_the_database_keeps_them_apart(self):
        """Two transactions that know nothing of each other cannot both have a name."""
        rows = "INSERT INTO res_partner_category (name, name_key, tag_kind, rule_applies_to) VALUES (%s, %s, %s, %s)"
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute(rows, ['{"en_US": "Tested vip"}', "tested vip", "manual", "customer"])
        self.assertEqual(self.vip.copy().name, "Tested VIP (copy)")

    def test_old_collisions(self):
        """On a live database the installation refuses nothing: the later ones have no key and wait to be merged."""
        values = SQL(", ").join(
            SQL("(%s, 'manual', 'customer')", f'{{"en_US": "{name}"}}')
            for number in range(2_500)
            for name in (f"Old {number}", f"ＯＬＤ  {number}")
        )
        self.env.cr.execute(
            SQL("INSERT INTO res_partner_category (name, tag_kind, rule_applies_to) VALUES %s RETURNING id", values)
        )
        tags = self.Tag.browse(tag_id for (tag_id,) in self.env.cr.fetchall())
        tags[4:5].active = False
        self.env.flush_all()
        for _update in range(2):
            self.Tag.init()
            self.env.invalidate_all()
            self.assertEqual([tag.name_key for tag in tags[:6]], ["old 0", False, "old 1", False, False, "old 2"])
        self.assertEqual(len(tags.filtered("name_key")), 2_500)
        found = self.Tag.with_context(active_test=False).search([("has_same_name", "=", True)])
        self.assertEqual(found & tags, tags)
        self.assertFalse(self.Tag.search([("has_same_name", "=", False)]) & tags)
        self.assertTrue(tags[0].has_same_name and not self.vip.has_same_name)
        tags[1].description = "Changes that do not concern the name are never refused"
        tags[1].with_context(lang="zh_CN").name = "旧的"
        with self.refused("already", ValidationError):
            tags[1].name = "OLD 7"
        tags[1].name = "Quite New"
        self.assertEqual(tags[1].name_key, "quite new")
        tags[2].name = "Gone"
        self.Tag._fill_name_forms(everything=True)
        self.env.invalidate_all()
        self.assertEqual(tags[3].name_key, "old 1")  # the name is free for the other

    def test_old_bad_names_stay(self):
        """A tag of before whose name breaks the rules can be changed otherwise."""
        self.env.cr.execute(SQL('UPDATE res_partner_category SET name = \'{"en_US": "★"}\' WHERE id = %s', self.vip.id))
        self.env.invalidate_all()
        self.vip.write({"name": "★", "color": 3})
        self.assertEqual(self.vip.color, 3)

    def test_modules_are_not_refused(self):
        """A module that brings a tag of a name that is taken can be installed; nobody else can ask for that."""
        loading = self.Tag.with_context(install_mode=True)
        self.assertFalse(loading.with_user(SUPERUSER_ID).create({"name": "TESTED VIP"}).name_key)
        with self.refused("already", ValidationError):
            loading.with_user(self.curator).create({"name": "TESTED VIP"})

    def test_search(self):
        """A tag is found however its name is typed, with what is below it, and Odoo's operators work as ever."""
        child = self.make_tag("Below", parent_id=self.vip.id)
        computer = self.make_tag("测试电脑")
        percent = self.make_tag("Tested 100%")
        cases = [
            ("Ｔｅｓｔｅｄ ｖｉｐ", "ilike", self.vip | child),
            ("測試電腦", "ilike", computer),
            ("tested vi", "ilike", self.vip | child),
            ("Tested VIP", "=", self.vip),
            ("tested vip", "=", self.Tag),
        ]
        for text, operator, tags in cases:
            with self.subTest(text=text):
                found = self.Tag.browse(
                    tag_id for tag_id, _name in self.Tag.name_search(text, operator=operator, limit=50)
                )
                self.assertEqual(set(found), set(tags))
        self.assertEqual(self.Tag.search([("display_name", "ilike", "100%")]) & percent, percent)
        customer = self.make_customer(category_id=[Command.link(child.id)])
        self.assertEqual(self.Partner.search([("category_id", "child_of", "ＴＥＳＴＥＤ ＶＩＰ")]), customer)
        self.assertNotIn(self.vip, self.Tag.search([("display_name", "not ilike", "vip")]))


@tagged("post_install", "-at_install")
class TestTagOnTheFly(TagCase):
    """Making a tag while giving it: who may, and what is offered instead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.retail = cls.make_tag("Tested Retail")

    def test_name_create(self):
        """The same name gives the tag that there is; a near one is refused with its name, which opens the dialog."""
        tags = self.Tag.with_user(self.tagger)
        self.assertEqual(tags.name_create(" TESTED  retail"), (self.retail.id, "Tested Retail"))
        self.make_customer(category_id=[Command.link(self.retail.id)])
        with self.refused("almost the same as “Tested Retail” (1 customers)", ValidationError):
            tags.name_create("Tested Retial")
        self.assertTrue(tags.name_create("Tested Fair 2025")[0])
        self.assertTrue(tags.name_create("Tested Fair 2026")[0])  # numbers are no slips

    def test_name_create_of_rule(self):
        """What a rule gives cannot be given by hand."""
        rule = {"tag_kind": "rule", "rule_domain": "[('name', '=', 'X')]"}
        self.make_tag("Tested by Rule", **rule)
        with self.refused("“Tested by Rule” is given by a rule"):
            self.Tag.with_user(self.tagger).name_create("tested BY rule")

    def test_banner(self):
        """The form of a new tag shows what is almost the same, and lets the user insist."""
        with Form(self.Tag.with_user(self.tagger), "base.view_partner_category_form") as form:
            form.name = "Tested Retial"
            self.assertEqual(form.similar_note, "“Tested Retail” (0 customers)")
            form.name = "Something Else"
            self.assertFalse(form.similar_note)
            form.name = "Tested Retial"
        tag = form.save()
        self.assertFalse(tag.similar_note)  # settled
        self.assertEqual(tag.name_key, "tested retial")

    def test_who_may(self):
        """Creating tags is a right of its own in the customer file; elsewhere it is as Odoo has it."""
        for user, may in (
            (self.user, False),
            (self.manager, False),
            (self.tagger, True),
            (self.curator, True),
            (self.admin, True),
            (self.keeper, True),
            (self.outsider, False),
            (self.portal, False),
        ):
            with self.subTest(user=user.login):
                tags = self.Tag.with_user(user)
                self.assertEqual(tags.has_access("create"), may)
                if may:
                    self.assertTrue(tags.name_create(f"Tested {user.login}")[0])
                    continue
                with self.assertRaises(AccessError):
                    tags.name_create("Tested New")
                with self.assertRaises(AccessError):
                    tags.create({"name": "Tested New"})
        with self.refused("“Create Tags”", AccessError):
            self.Tag.with_user(self.user).name_create("Tested New")
        both = self.keeper.copy({"login": "both"})
        both.group_ids += self.env.ref("customer_mgmt.group_customer_own")
        with self.refused("“Create Tags”", AccessError):
            self.Tag.with_user(both).name_create("Tested New")
        self.assertEqual(self.Tag.with_user(self.user).name_create("tested retail")[0], self.retail.id)

    def test_forms_offer_it(self):
        """The form of the customer offers “Create” to whoever may, and no tags that rules give."""
        for user, may in ((self.user, "False"), (self.tagger, "True")):
            for xmlid in ("res_partner_view_form_customer", "res_partner_view_form_contact"):
                with self.subTest(user=user.login, view=xmlid):
                    view = self.env.ref(f"customer_mgmt.{xmlid}")
                    arch = self.Partner.with_user(user).get_view(view.id, "form")["arch"]
                    [node] = [n for n in tag_nodes(arch) if not n.xpath("ancestor::field")]
                    self.assertEqual(node.get("can_create"), may)
                    self.assertEqual(node.get("domain"), "[('tag_kind', '=', 'manual')]")


def tag_nodes(arch):
    """Return the nodes of the tags in a view."""
    return etree.fromstring(arch).xpath("//field[@name='category_id']")
