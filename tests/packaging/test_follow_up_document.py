"""An addon whose documents have follow-ups; its own tests say what partner.follow.up.mixin gives them."""

import ast
import re

from tests.support.databases import PROJECT
from tests.support.server import run_odoo

PROBE = "customer_mgmt_follow_up_probe"


def test_documents(database, probes_in_sight):
    """Every test of the probe runs and passes in a database with its documents, without a warning."""
    source = PROJECT / "tests" / "addons" / PROBE / "tests" / "test_document.py"
    [case] = [node for node in ast.parse(source.read_text()).body if isinstance(node, ast.ClassDef)]
    tests = [node.name for node in case.body if getattr(node, "name", "").startswith("test_")]
    log = run_odoo(database, "-i", PROBE, "--test-tags", f"/{PROBE}")
    assert len(tests) > 10
    for name in tests:
        assert re.search(rf"Starting TestDocument\.{name} ", log), name
