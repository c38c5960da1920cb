"""The commands in setup/ with bad input: one clear line, a non-zero exit, nothing half-made that is taken for whole."""

import fcntl
import os
import pathlib
import socket
import subprocess
import sys

import pytest

import odoo.cli

from tests.support.databases import PROJECT, fetch

SETUP = PROJECT / "setup"
COMMANDS = sorted(path.name for path in SETUP.iterdir() if path.is_file() and b"bash" in path.read_bytes()[:30])
LOG_LINE = "2026-01-01 10:00:00,000 7 {} db odoo.addons.{}: some text\n"


def execute(command, home, **environment):
    """Run a command (list) with ``home`` as ODOO_HOME; return the CompletedProcess with its output."""
    environment = os.environ | {"ODOO_HOME": str(home)} | environment
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


def run(command, home, **environment):
    """Run one of the commands in setup/, with its arguments as in a shell."""
    name, *arguments = command.split()
    return execute([SETUP / name, *arguments], home, **environment)


def run_functions(script, home):
    """Run a bash ``script`` that has the functions of setup/lib at hand."""
    return execute(["bash", "-c", f'. "{SETUP}/lib/provision.sh"; prepare_state; {script}'], home)


def assert_refused(result, *words):
    """Check that a command failed and that all it said is one line with these words."""
    assert result.returncode == 1, result
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert [word for word in words if word not in line] == [], line


@pytest.fixture
def home(tmp_path):
    """Return a path for the state of the command under test; nothing is there yet."""
    return tmp_path / "home"


@pytest.fixture
def provisioned(home):
    """Put the Python packages of this test run into the home; return the environment that adds its Odoo."""
    home.mkdir()
    for part in ("venv", "pgwheel"):
        (home / part).symlink_to(pathlib.Path(os.environ["ODOO_HOME"], part))
    return {"ODOO_SOURCE": str(pathlib.Path(odoo.cli.__file__).parents[2])}


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command, home):
    """Every command explains itself, and does nothing else."""
    result = run(f"{command} --help", home)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"usage: setup/{command}" in result.stdout
    assert not home.exists()


@pytest.mark.parametrize(
    "command, words",
    [
        ("run --bogus", "unknown option --bogus; see setup/run --help"),
        ("run --port", "from 1 to 65535"),
        ("run --port web", "from 1 to 65535"),
        ("run --port=0", "from 1 to 65535"),
        ("run --port=65536", "from 1 to 65535"),
        ("lock --bogus", "unknown option --bogus; see setup/lock --help"),
    ],
)
def test_wrong_arguments(command, words, home):
    """A wrong argument is named before anything is made."""
    assert_refused(run(command, home), words)
    assert not home.exists()


def test_port_taken(home):
    """A port in use is reported at once, with the way out."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert_refused(run(f"run --port {port}", home), f"port {port} is taken", "setup/run --port")
    assert not home.exists()


def test_wrong_python(home):
    """A Python that is none of those supported is refused by name."""
    assert_refused(run("odoo", home, ODOO_PYTHON="/bin/false"), "ODOO_PYTHON=/bin/false", "3.10 to 3.13")


def test_wrong_odoo_source(home, tmp_path):
    """A directory without Odoo 19 is refused as ODOO_SOURCE; so is another version."""
    assert_refused(run("odoo", home, ODOO_SOURCE=str(tmp_path)), "ODOO_SOURCE", "holds no Odoo 19.0")
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo/release.py").write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    assert_refused(run("odoo", home, ODOO_SOURCE=str(tmp_path)), "holds no Odoo 19.0")


def test_unusable_home(tmp_path):
    """A home that is a file, or has a space in its path, is refused; nothing is made there."""
    (tmp_path / "file").touch()
    assert_refused(run("odoo", tmp_path / "file"), "cannot write", "set ODOO_HOME")
    assert_refused(run("odoo", tmp_path / "two words"), "a path with a space", "set ODOO_HOME")
    assert not (tmp_path / "two words").exists()


def test_unreachable_database_server(home, provisioned):
    """A PostgreSQL server that does not answer is named, with what to correct."""
    result = run("odoo", home, PGHOST=str(home), **provisioned)
    assert_refused(result, f"PGHOST={home} does not answer", "unset PGHOST")


def test_second_command_waits(home):
    """A command that finds another one at work says so and goes on when that has ended."""
    home.mkdir()
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment = os.environ | {"ODOO_HOME": str(home), "ODOO_PYTHON": "/bin/false"}
        second = subprocess.Popen([SETUP / "odoo"], env=environment, stderr=subprocess.PIPE, text=True)
        assert "waiting for it" in second.stderr.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(0.5)
    assert "ODOO_PYTHON" in second.communicate(timeout=30)[1]


def test_missing_space(home):
    """A disk without the room for everything is refused before the first download."""
    result = run_functions("unset ODOO_SOURCE; free_mb() { echo 12; }; ensure_odoo", home)
    assert_refused(result, "has 12 MB free", "set ODOO_HOME")
    assert not (home / "debs").exists()


def test_changed_package(home):
    """An Odoo package that is not the recorded one is never unpacked, and is asked for again the next time."""
    download = 'download_debs() { mkdir -p "$DEBS"; echo changed >"$DEBS/odoo-19_19.0_all.deb"; }'
    for _ in range(2):
        result = run_functions(f"unset ODOO_SOURCE; check_space() {{ :; }}; {download}; ensure_odoo", home)
        first, last = result.stderr.splitlines()
        assert result.returncode == 1
        assert "Downloading" in first
        assert "no longer the recorded" in last and "setup/lock" in last
    assert not (home / "root").exists()


@pytest.mark.parametrize(
    "output, cause",
    [
        ("Err:1 Temporary failure resolving 'mirror'", "no network"),
        ("error: Failed to fetch: index", "no network"),
        ("could not extend file: No space left on device", "the disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "a downloaded package is not the one recorded"),
    ],
)
def test_usual_causes(output, cause, home):
    """A step that fails for a usual reason says that reason, and only that, in one line."""
    result = run_functions(f'fails() {{ echo "{output}"; return 100; }}; step Trying fails', home)
    step, error = result.stderr.splitlines()
    assert result.returncode == 1
    assert step.startswith("==> Trying ... failed after")
    assert error.startswith(f"error: Trying: {cause}")


def test_unknown_cause(home):
    """A step that fails for another reason stops at the failing command and shows what it said."""
    result = run_functions("fails() { echo because; false; echo later; }; step Trying fails", home)
    assert result.returncode == 1
    assert "\nbecause\nerror: Trying: see the lines above" in result.stderr


def test_template_with_unknown_module():
    """A template that cannot be built fails with Odoo's own words and leaves no database, whole or partial."""
    result = run("lib/template broken no_such_module", os.environ["ODOO_HOME"])
    assert result.returncode == 1
    assert "no_such_module" in result.stderr
    assert fetch("postgres", "SELECT datname FROM pg_database WHERE starts_with(datname, 'broken-')") == []


@pytest.mark.parametrize(
    "line, code",
    [
        (LOG_LINE.format("INFO", "base"), 0),
        (LOG_LINE.format("WARNING", "base"), 1),
        (LOG_LINE.format("ERROR", "base"), 1),
        (LOG_LINE.format("CRITICAL", "base"), 1),
        (LOG_LINE.format("WARNING", "iap.tools.iap_tools"), 0),
        (LOG_LINE.format("ERROR", "base: partner_autocomplete"), 1),
    ],
)
def test_check_log(line, code, tmp_path):
    """What a server should not have logged is printed, and fails."""
    log = tmp_path / "log"
    log.write_text(LOG_LINE.format("INFO", "web") + line)
    result = execute([sys.executable, SETUP / "check_log.py", log], tmp_path)
    assert result.returncode == code
    assert result.stderr == (f"the server logged:\n{line}" if code else "")
