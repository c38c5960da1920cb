import doctest
import importlib
import pkgutil

from odoo.tests import BaseCase, tagged

from odoo.addons.customer_mgmt import tools


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    """The examples in the plain modules are their specification."""

    def test_examples(self):
        """The examples in every module below tools/ give what they say, as every one with a function does."""
        for module in pkgutil.iter_modules(tools.__path__):
            with self.subTest(module=module.name):
                imported = importlib.import_module(f"{tools.__name__}.{module.name}")
                results = doctest.testmod(imported)
                self.assertEqual(bool(results.attempted), any(map(callable, vars(imported).values())))
                self.assertFalse(results.failed)
