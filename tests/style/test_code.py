"""The checks of code, data files and translations: zero findings, every exception with its reason in the settings."""

import pathlib
import subprocess
import sys
from xml.parsers import expat

import pytest

from tests.support.addons import ADDONS, manifest
from tests.support.databases import PROJECT

BIN = pathlib.Path(sys.prefix, "bin")
SCRIPTS = [path for path in PROJECT.glob("setup/*") if path.is_file() and b"bash" in path.read_bytes()[:30]]
XML_FILES = sorted(path for addon in ADDONS for path in (PROJECT / addon).rglob("*.xml"))
REGISTRY_HOSTS = r"(debian|pypi|npmjs|pythonhosted)[a-z]*\.(org|com)"


def assert_silent(command):
    """Run a checker at the root of the project; its findings are the failure."""
    result = subprocess.run([BIN / command[0], *command[1:]], cwd=PROJECT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["pylint", "--rcfile=.pylintrc", "--disable=consider-merging-classes-inherited", *ADDONS],
        ["oca-checks-odoo-module", "--disable=prefer-readme-rst", *ADDONS],  # ours are Markdown, which whool takes too
        ["oca-checks-po", *(str(path) for path in sorted(PROJECT.glob("*/i18n/*.po*")))],
        ["shellcheck", "-x", "-P", "setup", *map(str, SCRIPTS), *map(str, PROJECT.glob("setup/lib/*")), ".ci/run"],
        ["python", "setup/build_docs.py", "--check"],
        ["manifestoo", "-d", ".", "--odoo-series", "19.0", "check-licenses"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_checker(command):
    """Every checker is content with every file."""
    assert_silent(command)


@pytest.mark.parametrize("path", XML_FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_xml_layout(path):
    """Elements that begin a line are indented by four spaces per level; no line is longer than 160 characters.

    Stands in for a formatter from a code host.
    """
    lines = path.read_text().splitlines()
    misplaced = []
    parser, depth = expat.ParserCreate(), 0

    def start(name, _attributes):
        nonlocal depth
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber
        if not lines[line - 1][:column].strip() and column != 4 * depth:
            misplaced.append(f"line {line}: <{name}> stands at column {column}, not {4 * depth}")
        depth += 1

    def end(_name):
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(path.read_text(), True)
    too_long = [f"line {number}: too long" for number, line in enumerate(lines, 1) if len(line) > 160]
    assert not misplaced + too_long


def test_no_registry_is_named():
    """No file names a package registry: machines bring their own configuration."""
    command = ["git", "grep", "-nIiE", REGISTRY_HOSTS, "--", ".", ":!tests/style/test_code.py"]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert found.returncode == 1, found.stdout


@pytest.mark.parametrize("addon", ADDONS)
def test_licence(addon):
    """Every addon says LGPL-3, as the LICENSE file does."""
    assert manifest(addon)["license"] == "LGPL-3"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (PROJECT / "LICENSE").read_text()
