"""What a journey starts from: a served copy of the demo database and a browser."""

import pytest

from tests.support import browser as browsers
from tests.support import databases
from tests.support import server as servers


@pytest.fixture(scope="module")
def server(database):
    """A real Odoo process on a fresh copy of the template; its log must be clean in the end."""
    # Odoo's chat bot greets everyone once, at some moment after the first login, with a window over the phone's screen.
    with databases.cursor(database) as cr:
        cr.execute("UPDATE res_users SET odoobot_state = 'disabled'")
    with servers.serve(database) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium."""
    with browsers.chromium() as running:
        yield running
