"""Real transactions within pytest-odoo, which otherwise keeps everything from being committed."""

import contextlib

import odoo.tools
from odoo.api import SUPERUSER_ID, Environment

from tests.bench import sides


@contextlib.contextmanager
def without_test_mode():
    """Let Odoo load registries as ever: not as a test run of its own, and with commits that are real."""
    odoo.tools.config["test_enable"] = False
    try:
        yield
    finally:
        odoo.tools.config["test_enable"] = True


@contextlib.contextmanager
def registry_with_commits(database):
    """Yield the registry of ``database``, in which commits are real."""
    with without_test_mode(), sides.registry_of(database) as registry:
        yield registry


@contextlib.contextmanager
def transaction(registry):
    """Yield an environment in a transaction of its own, which is rolled back unless it is committed."""
    with registry.cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
        cr.rollback()
