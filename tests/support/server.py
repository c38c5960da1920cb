"""Real Odoo processes: one-shot commands and servers, whose logs must be clean."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from .databases import PROJECT

sys.path.append(str(PROJECT / "setup"))
from check_log import bad_lines  # noqa: E402 (setup/ is no package)

ODOO = pathlib.Path(sys.prefix, "bin", "odoo")


def run_command(*arguments):
    """Run the odoo command until it stops by itself and return its log (str).

    Raises AssertionError when it fails or logs a warning or an error.
    """
    result = subprocess.run([ODOO, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    problems = bad_lines(result.stdout)
    assert result.returncode == 0 and not problems, "\n".join([*problems, result.stdout[-3000:]])
    return result.stdout


def run_odoo(database, *arguments):
    """Run Odoo's server command once on ``database`` (such as ``-u addon``), like run_command."""
    return run_command("-d", database, "--no-http", "--max-cron-threads=0", "--stop-after-init", *arguments)


def free_port():
    """Return a TCP port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running Odoo: where it is, and what it has logged so far."""

    def __init__(self, database, process, port, log_path):
        self.database = database
        self.process = process
        self.url = f"http://127.0.0.1:{port}"
        self.log_path = pathlib.Path(log_path)
        self.expected = []

    def log(self):
        """Return what the server has written since it started."""
        return self.log_path.read_text(errors="replace")

    def expect_warning(self, text):
        """Do not complain about warnings that contain ``text``: Odoo logs every refusal it shows to a user."""
        self.expected.append(text)

    def assert_clean_log(self):
        """Raise AssertionError with the lines if the server logged a warning or an error."""
        problems = [line for line in bad_lines(self.log()) if not any(text in line for text in self.expected)]
        assert not problems, "\n".join(problems)

    def wait_until_ready(self, seconds=60):
        """Return as soon as the server answers; raise AssertionError with its log when it stops or takes too long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5)
                return
            time.sleep(0.2)
        raise AssertionError(f"the server did not come up:\n{self.log()[-3000:]}")


@contextlib.contextmanager
def serve(database, *arguments):
    """Serve ``database`` from a process of its own, yield the Server, stop it, and check its log."""
    port = free_port()
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        command = [ODOO, "-d", database, f"--db-filter=^{database}$", f"--http-port={port}", "--max-cron-threads=0"]
        process = subprocess.Popen([*command, *arguments], stdout=log, stderr=subprocess.STDOUT, env=os.environ.copy())
        server = Server(database, process, port, log.name)
        try:
            server.wait_until_ready()
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        server.assert_clean_log()
