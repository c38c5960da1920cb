"""Fixtures for the tests outside the addons."""

import os

import pytest

from .support import databases

# Addons with tests of their own, which Odoo runs where they are installed.
collect_ignore = ["addons"]


@pytest.fixture(scope="session")
def template():
    """Name of the template database with our addons, their demo data, English and Chinese."""
    return os.environ["TEST_TEMPLATE"]


@pytest.fixture(scope="module")
def database(template):
    """Name of a fresh copy of the template, dropped after the module."""
    with databases.copy_of(template) as name:
        yield name
