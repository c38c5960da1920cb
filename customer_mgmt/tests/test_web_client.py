from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests import test_js


def complains(message):
    """Tell whether a line of the browser's console is more than the report of the tests."""
    return "[HOOT]" not in message


@tagged("post_install", "-at_install")
class TestWebClient(HttpCase):
    """What we change in Odoo's client, tested in a real browser against a simulated server."""

    def test_unit(self):
        """Every test in static/tests passes."""
        suite = test_js.HOOTCommon._generate_hash(self, "@customer_mgmt")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=complains,
        )
