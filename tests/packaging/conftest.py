"""Addons that only tests install (tests/addons)."""

import configparser
import os

import pytest

from tests.support.databases import PROJECT


@pytest.fixture(scope="module")
def probes_in_sight(tmp_path_factory):
    """Let Odoo find the probes as long as the tests of one file run."""
    settings = configparser.RawConfigParser()
    settings.read(os.environ["ODOO_RC"])
    settings["options"]["addons_path"] += f",{PROJECT / 'tests' / 'addons'}"
    path = tmp_path_factory.mktemp("settings") / "odoo.conf"
    with path.open("w") as file:
        settings.write(file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ODOO_RC", str(path))
        yield
