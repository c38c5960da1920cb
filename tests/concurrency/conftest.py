"""What tests with several transactions start from."""

import pytest

from tests.support.transactions import registry_with_commits


@pytest.fixture(scope="module")
def registry(database, enable_odoo_test_flag):
    """The registry of a database of the module's own, in which commits are real."""
    with registry_with_commits(database) as registry:
        yield registry
