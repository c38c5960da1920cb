"""Each addon as a wheel: built with whool, installed beside an Odoo in a fresh environment, found there."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile

import pytest

from tests.support.addons import ADDONS, manifest
from tests.support.databases import PROJECT

# What the fresh environment must find. Odoo itself is the one of the running tests.
LOOK = """
import odoo.addons.{addon} as addon
from odoo.modules.module import Manifest
print(Manifest.for_addon("{addon}")["version"], addon.__file__)
"""


@pytest.fixture(scope="module", params=ADDONS)
def wheel(request, tmp_path_factory):
    """(addon, path of its wheel), built from a copy outside the repository, so that git adds no version part."""
    copy = shutil.copytree(PROJECT / request.param, tmp_path_factory.mktemp("source") / request.param)
    target = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", target, copy]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return request.param, next(target.glob("*.whl"))


def test_wheel_holds_everything(wheel):
    """Name and version are those of the manifest, and every file of the addon is in it but the tests' caches."""
    addon, path = wheel
    assert path.name == f"odoo_addon_{addon}-{manifest(addon)['version']}-py3-none-any.whl"
    inside = {name.removeprefix("odoo/addons/") for name in zipfile.ZipFile(path).namelist()}
    files = (file.relative_to(PROJECT) for file in (PROJECT / addon).rglob("*") if file.is_file())
    expected = {str(file) for file in files if "__pycache__" not in file.parts and file.name != "pyproject.toml"}
    assert expected <= inside


def test_wheel_is_found_beside_odoo(wheel, tmp_path):
    """Installed by pip into a fresh environment that knows Odoo, the addon is there without any addons path."""
    addon, path = wheel
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    # Odoo's tree and its libraries come from the environment of the tests, as a system-wide Odoo would.
    site = next((tmp_path / "env" / "lib").glob("python3*/site-packages"))
    (site / "beside.pth").write_text("\n".join(path for path in sys.path if "site-packages" in path) + "\n")
    registered = subprocess.run(
        [python, PROJECT / "setup" / "register_odoo.py", odoo_tree()], capture_output=True, text=True
    )
    assert registered.returncode == 0, registered.stderr
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-index", path], check=True, capture_output=True)
    environment = {key: value for key, value in os.environ.items() if key != "ODOO_RC"}
    shown = subprocess.run(
        [python, "-c", LOOK.format(addon=addon)], capture_output=True, text=True, cwd=tmp_path, env=environment
    )
    assert shown.returncode == 0, shown.stderr
    version, where = shown.stdout.split()
    assert (version, str(site) in where) == (manifest(addon)["version"], True)


def odoo_tree():
    """Return the directory that holds the odoo package of the running tests."""
    import odoo.release

    return os.path.dirname(os.path.dirname(odoo.release.__file__))
