"""What a journey starts from: a served copy of the demo database and a browser."""

import pytest

from tests.support import browser as browsers
from tests.support import server as servers


@pytest.fixture(scope="module")
def server(database):
    """A real Odoo process on a fresh copy of the template; its log must be clean in the end."""
    with servers.serve(database) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium."""
    with browsers.chromium() as running:
        yield running
