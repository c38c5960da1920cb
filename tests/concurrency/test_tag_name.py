"""Two people who make the same tag at the same moment, in real transactions."""

import psycopg2
import pytest

from odoo.api import SUPERUSER_ID, Environment


def test_one_of_two_wins(registry):
    """Neither sees the other's tag; the database refuses the second, in words of ours."""
    with registry.cursor() as one, registry.cursor() as two:
        first, second = (Environment(cr, SUPERUSER_ID, {})["res.partner.category"] for cr in (one, two))
        second.search([], limit=1)  # its snapshot is taken
        first.create({"name": "Made Twice"})
        one.commit()
        with pytest.raises(psycopg2.errors.UniqueViolation) as caught:
            second.create({"name": "ＭＡＤＥ  twice"})
        two.rollback()
        assert "another tag has this name already" in second._sql_error_to_message(caught.value)
        assert second.search_count([("name_key", "=", "made twice")]) == 1
