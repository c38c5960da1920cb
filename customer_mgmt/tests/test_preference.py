from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.misc import DotDict
from odoo.tools.safe_eval import safe_eval

from .preference import PreferenceCase


@tagged("post_install", "-at_install")
class TestPreference(PreferenceCase):
    """What can be recorded, by whom, and how customers are found by it."""

    def test_targets(self):
        """Product, category, option and text are targets, each with its name and its key."""
        cases = [  # values, name, key
            ({"kind_id": self.by_product.id, "product_id": self.van.id}, "Van Six", f"product:{self.van.id}"),
            (
                {"kind_id": self.by_category.id, "product_category_id": self.vans.id},
                "Vans",
                f"product_category:{self.vans.id}",
            ),
            ({"kind_id": self.service.id, "option_id": self.install.id}, "Install It", f"option:{self.install.id}"),
            ({"kind_id": self.by_text.id, "text": " Ｒed  Wine "}, " Ｒed  Wine ", "text:red wine"),
        ]
        for vals, name, key in cases:
            preference = self.say(**vals)
            with self.subTest(name):
                self.assertEqual((preference.target_name, preference.target_key), (name, key))
                self.assertEqual(preference.display_name, f"Likes: {name}")
        self.van.name = "Van Seven"
        self.assertEqual(self.Preference.search([("product_id", "=", self.van.id)]).target_name, "Van Seven")

    def test_form_without_text(self):
        """A form on which the text is still to be typed asks nothing about other texts."""
        form = Form(self.env["partner.preference"].with_context(default_partner_id=self.customer.id))
        form.kind_id = self.by_text
        form.text = "Volvo"
        self.assertEqual(form.save().target_name, "Volvo")

    def test_one_spelling(self):
        """A text that was used before is called as it was then, so that reports count it once."""
        said = [self.say(kind_id=self.by_text.id, text=text) for text in ("Volvo", "ＶＯＬＶＯ ", "Saab")]
        self.assertEqual([one.target_name for one in said], ["Volvo", "Volvo", "Saab"])
        vals = {"partner_id": self.customer.id, "kind_id": self.by_text.id}
        both = self.Preference.with_user(self.user).create([{**vals, "text": text} for text in ("Audi", "audi")])
        self.assertEqual(both.mapped("target_name"), ["Audi", "Audi"])
        both[1].text = "AUDI"
        self.assertEqual(both[1].target_name, "Audi")

    def test_written_by_the_system(self):
        """Who recorded a preference, what replaced it and the figures of orders are no program's to set."""
        said = self.say()
        values = {"recorded_by_id": self.admin.id, "superseded_by_id": said.id, "lift": 9, "order_count": 9}
        for name, value in values.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "is written by the system"):
                self.say(option=self.train, **{name: value})
            with self.subTest(name), self.assertRaisesRegex(UserError, "is written by the system"):
                said.write({name: value})

    def test_bad_input(self):
        """Every impossible preference is refused with the field and the cause."""
        other_option = self.env["partner.preference.option"].create({"kind_id": self.by_text.id, "name": "Foreign"})
        period = {"valid_from": "2026-03-02", "valid_until": "2026-03-01"}
        cases = [
            ({"kind_id": self.service.id}, "“Test Service” names nothing. Fill in the field “Option”"),
            ({"kind_id": self.by_text.id, "text": ""}, "“Test Words” names nothing. Fill in the field “Text”"),
            ({"kind_id": self.by_text.id, "option_id": other_option.id}, "names nothing"),
            ({"kind_id": self.service.id, "option_id": other_option.id}, "“Foreign” is an option of “Test Words”"),
            ({"kind_id": self.by_text.id, "text": "X", **period}, "“X” of Says Much would end on 2026-03-01, before"),
        ]
        for vals, message in cases:
            with self.subTest(message), self.assertRaisesRegex(ValidationError, message):
                self.say(**vals)

    def test_product_of_another_company(self):
        """Nobody prefers what another company sells; a shared customer's preference is seen in that company only."""
        theirs = self.env["product.product"].create({"name": "Theirs", "company_id": self.other_company.id})
        vals = {"kind_id": self.by_product.id, "product_id": theirs.id}
        self.customer.company_id = self.env.company
        with self.assertRaisesRegex(
            ValidationError, "“Theirs” belongs to Other Company, but Says Much is a customer of"
        ):
            self.say(user=self.env.user, **vals)
        self.customer.company_id = False
        preference = self.say(user=self.env.user, **vals)
        self.assertEqual(preference.company_id, self.other_company)
        self.assertNotIn(preference, self.Preference.with_user(self.user).search([]))
        self.put_in_companies(self.user, self.env.company | self.other_company)
        seeing = self.Preference.with_user(self.user).with_context(allowed_company_ids=self.user.company_ids.ids)
        self.assertIn(preference, seeing.search([]))

    def test_personal_kinds(self):
        """Preferences of a personal kind, and the kind, are there only for who may know personal facts."""
        preference = self.say(user=self.admin, kind_id=self.secret.id, text="Chess", partner_id=self.contact.id)
        self.assertTrue(preference.is_personal)
        with self.assertRaises(AccessError):
            self.say(kind_id=self.secret.id, text="Go", partner_id=self.contact.id)
        self.assertNotIn(preference, self.Preference.with_user(self.user).search([]))
        self.env.invalidate_all()
        self.assertFalse(self.contact.with_user(self.user).preference_ids)
        self.env.invalidate_all()
        self.assertEqual(self.contact.with_user(self.admin).preference_ids, preference)
        self.assertNotIn(self.secret, self.env["partner.preference.kind"].with_user(self.user).search([]))
        found = [("preference_ids.target_name", "=", "Chess")]
        self.assertFalse(self.Partner.with_user(self.user).search(found))
        self.assertEqual(self.Partner.with_user(self.admin).search(found), self.contact)

    @freeze_time("2026-03-10 12:00:00")
    def test_valid_now(self):
        """A preference holds from its first to its last day, both included; finding says the same."""
        cases = [  # from, until, valid
            ("2026-03-10", False, True),
            ("2026-03-01", "2026-03-10", True),
            ("2026-03-01", "2026-03-09", False),
            ("2026-03-11", False, False),
        ]
        for since, until, valid in cases:
            preference = self.say(kind_id=self.by_text.id, text=f"{since} {until}", valid_from=since, valid_until=until)
            with self.subTest(since=since, until=until):
                self.assertEqual(preference.is_current, valid)
                found = self.Preference.search([("is_current", "=", True), ("id", "=", preference.id)])
                self.assertEqual(bool(found), valid)
                found = self.Preference.search([("is_current", "=", False), ("id", "=", preference.id)])
                self.assertEqual(bool(found), not valid)

    def test_customers_found(self):
        """Customers are found by what they like and by what they refuse, as it is now."""
        self.say(kind_id=self.by_text.id, text="Red Wine")
        self.say("-2", kind_id=self.by_text.id, text="Peanuts")
        self.say(kind_id=self.by_text.id, text="White Wine", valid_from="2020-01-01", valid_until="2020-12-31")
        self.assertEqual((self.customer.likes, self.customer.refuses), ("Red Wine", "Peanuts"))
        Partner = self.Partner.with_user(self.user)
        cases = [("likes", "wine", True), ("likes", "white", False), ("likes", "nut", False), ("refuses", "nut", True)]
        for field, text, found in cases:
            with self.subTest(field=field, text=text):
                self.assertEqual(self.customer in Partner.search([(field, "ilike", text)]), found)

    def test_quick_form(self):
        """Choosing a kind begins with its usual strength and forgets the target of another kind."""
        self.by_text.default_strength = "-2"
        with Form(self.Preference.with_user(self.user)) as form:
            form.partner_id = self.customer
            form.kind_id = self.service
            form.option_id = self.train
            form.kind_id = self.by_text
            self.assertEqual((form.strength, form.option_id), ("-2", self.env["partner.preference.option"]))
            form.text = "Peanuts"

    def test_most_used_first(self):
        """The nightly job counts valid preferences; what is used most is offered first."""
        for partner in (self.customer, self.contact):
            self.say(option=self.train, partner_id=partner.id)
        self.say(option=self.install, valid_from="2020-01-01", valid_until="2020-12-31")
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_preferences").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((self.install.usage_count, self.train.usage_count), (0, 2))
        options = self.env["partner.preference.option"].with_user(self.user)
        offered = [name for _id, name in options.name_search("", [("kind_id", "=", self.service.id)])]
        self.assertEqual(offered, ["Train Us", "Install It"])

    def test_kinds_in_use(self):
        """A kind or an option in use is not deleted, and a kind in use does not change its meaning."""
        self.say()
        cases = [
            (
                lambda: self.service.with_user(self.admin).unlink(),
                "“Test Service” is still in use \\(preferences: 1\\)",
            ),
            (lambda: self.install.with_user(self.admin).unlink(), "“Install It” is still in use \\(preferences: 1\\)"),
            (lambda: self.service.with_user(self.admin).write({"target": "text"}), "are recorded already \\(1\\)"),
        ]
        for action, message in cases:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                action()
        self.service.with_user(self.admin).write({"target": "option", "active": False})
        self.train.with_user(self.admin).unlink()

    def test_codes(self):
        """A code that is taken is refused in words."""
        self.service.code = "test_service"
        self.install.code = "install"
        cases = [
            (lambda: self.by_text.write({"code": "test_service"}), "“test_service” already belongs to “Test Service”"),
            (lambda: self.train.write({"code": "install"}), "“install” already belongs to “Install It”"),
        ]
        for action, message in cases:
            with self.subTest(message), self.assertRaisesRegex(ValidationError, message):
                action()

    def test_imported(self):
        """Preferences from a file say so; an unknown option is named with its row."""
        header = ["partner_id/.id", "kind_id", "option_id", "strength"]
        Preference = self.Preference.with_user(self.user).with_context(import_file=True)
        result = Preference.load(header, [[str(self.customer.id), "Test Service", "Install It", "Never"]])
        self.assertEqual(result["messages"], [])
        preference = self.Preference.browse(result["ids"])
        self.assertEqual((preference.source, preference.strength), ("imported", "-2"))
        result = Preference.load(header, [[str(self.customer.id), "Test Service", "Paint It", "Likes"]])
        self.assertIn("Paint It", result["messages"][0]["message"])

    def test_shipped_kinds(self):
        """An update brings the kinds into a database without any, and what was deleted stays deleted."""
        self.env.cr.execute("DELETE FROM partner_preference")
        kind = self.env.ref("customer_mgmt.partner_preference_kind_brand")
        kind.unlink()
        self.env["partner.preference.kind"]._load_shipped()
        self.assertFalse(self.env.ref("customer_mgmt.partner_preference_kind_brand", raise_if_not_found=False))
        self.env.cr.execute("SELECT setval('partner_preference_kind_id_seq', max(id) + 99, FALSE) FROM ir_model")
        self.env["partner.preference.kind"]._load_shipped()
        self.assertTrue(self.env.ref("customer_mgmt.partner_preference_kind_brand"))

    def test_personal_options(self):
        """The options of a personal kind are as personal as the kind."""
        self.secret.target = "option"
        chess = self.env["partner.preference.option"].create({"kind_id": self.secret.id, "name": "Chess"})
        for user, seen in ((self.outsider, False), (self.user, False), (self.admin, True)):
            with self.subTest(user=user.login):
                options = chess.with_user(user)
                self.assertEqual(chess in options.search([]), seen)
                self.assertEqual(bool(options.name_search("Chess")), seen)

    def test_options_stay_with_their_kind(self):
        """An option in use is not given to another kind; one that is not can be."""
        self.say()
        with self.assertRaisesRegex(UserError, "“Install It” are recorded already \\(1\\)"):
            self.install.with_user(self.admin).kind_id = self.by_text
        self.install.with_user(self.admin).kind_id = self.service
        self.train.with_user(self.admin).kind_id = self.by_text

    def test_customers_without_a_liking(self):
        """The domain editor's “is set” and “is not set” find whoever likes or refuses anything, or nothing."""
        self.say("1")
        other = self.make_customer("Says Nothing")
        mine = [("id", "in", (self.customer | other).ids)]
        cases = [
            ("likes", "!=", self.customer),
            ("likes", "=", other),
            ("refuses", "!=", self.Partner),
            ("refuses", "=", self.customer | other),
        ]
        for field, operator, found in cases:
            with self.subTest(field=field, operator=operator):
                self.assertEqual(self.Partner.with_user(self.user).search([(field, operator, False), *mine]), found)
        self.assertEqual(self.Partner.search([("likes", "not ilike", "install"), *mine]), other)

    def test_offered_kinds(self):
        """Companies, contacts and persons of their own are offered the kinds that fit them."""
        self.by_text.applies_to = "contact"
        person = self.make_customer("On His Own", is_company=False)
        cases = [
            (self.customer, "customer", {self.service}),
            (person, "customer", {self.service, self.by_text}),
            (self.contact, "contact", {self.by_text}),
        ]
        for partner, form, offered in cases:
            with self.subTest(partner.name):
                view = self.env.ref(f"customer_mgmt.res_partner_view_form_{form}")
                arch = etree.fromstring(self.Partner.get_view(view.id, "form")["arch"])
                [kind] = arch.xpath("//field[@name='preference_ids']/list/field[@name='kind_id']")
                values = {"is_company": partner.is_company, "parent_id": partner.parent_id.id}
                domain = safe_eval(kind.get("domain"), {"parent": DotDict(values)})
                self.assertEqual(set((self.service | self.by_text).filtered_domain(domain)), offered)
