import doctest
import importlib
import pkgutil

from odoo.tests import BaseCase, tagged

from odoo.addons.customer_mgmt import tools


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    """The examples in the plain modules are their specification."""

    def test_examples(self):
        """The examples in every module below tools/ hold, and every module with a function has some."""
        for module in pkgutil.iter_modules(tools.__path__):
            with self.subTest(module=module.name):
                imported = importlib.import_module(f"{tools.__name__}.{module.name}")
                results = doctest.testmod(imported)
                self.assertEqual(bool(results.attempted), any(map(callable, vars(imported).values())))
                self.assertFalse(results.failed)
