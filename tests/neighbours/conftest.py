"""What tests beside Odoo's other apps start from; each file says in ``registry`` which apps those are."""

import pytest

from odoo.api import SUPERUSER_ID, Environment


@pytest.fixture
def env(registry):
    """The system's environment, in a transaction that is taken back."""
    with registry.cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {"no_reset_password": True, "tracking_disable": True})
        cr.rollback()
