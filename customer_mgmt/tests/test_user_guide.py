from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestUserGuide(HttpCase):
    """The guide opens from the app, in the reader's language, with its pictures."""

    def test_guide_in_the_language_of_the_reader(self):
        """English and Chinese users reach their page."""
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, words in (("en_US", "Customers"), ("zh_CN", "客户")):
            user = new_test_user(self.env, f"reader_{lang}", "base.group_user", password="reader-password", lang=lang)
            self.authenticate(user.login, "reader-password")
            response = self.url_open("/customer_mgmt/guide")
            with self.subTest(lang=lang):
                self.assertEqual(response.status_code, 200)
                self.assertIn(words, response.text)
                self.assertIn(f'lang="{lang[:2]}', response.text)
