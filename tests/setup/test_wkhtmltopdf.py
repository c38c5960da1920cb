"""Run setup/wkhtmltopdf as Odoo does, on small files, and read the PDF it writes."""

import http.server
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

SCRIPT = Path(__file__).resolve().parents[2] / "setup" / "wkhtmltopdf"
PAGE = "<!DOCTYPE html><html><head><meta charset='utf-8'></head><body onload='fill()'>{}</body></html>"
BAND = PAGE.format(
    "<p id='text'></p><script>function fill() {{ const variables = new URLSearchParams(location.search);"
    " text.textContent = '{} ' + ['page', 'topage', 'sitepage', 'sitepages'].map(key => variables.get(key)) }}</script>"
)
NEVER = PAGE.format("<script>while (true) {}</script>")


def command(*arguments):
    """Prefix arguments with the interpreter that has the libraries."""
    return [sys.executable, str(SCRIPT), *map(str, arguments)]


def limit_memory():
    """Cap the address space as Odoo's workers do; Chromium cannot start under this limit."""
    resource.setrlimit(resource.RLIMIT_AS, (2560 << 20, resource.getrlimit(resource.RLIMIT_AS)[1]))


def run(*arguments, **environment):
    """Run the script to its end as one of Odoo's workers would, with extra environment variables."""
    settings = {"env": {**os.environ, **environment}, "preexec_fn": limit_memory}
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=60, **settings)


def write(path, text):
    """Write a file and return its path."""
    path.write_text(text, encoding="utf-8")
    return path


def running_with(text):
    """List the processes whose command line holds a text, without those that only wait to be reaped."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (process / "cmdline").read_bytes():
                found.append(process.name)
        except OSError:
            continue  # it ended meanwhile
    return found


def wait_until(condition, seconds=20):
    """Return whether a condition comes true within a time."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(condition())


@pytest.fixture
def folder():
    """Make a directory with a short name, in which the script also keeps its temporary files."""
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Print two bodies, three pages, with header and footer on A5 landscape."""
    folder = tmp_path_factory.mktemp("report")
    header = write(folder / "header.html", BAND.format("HEAD"))
    footer = write(folder / "footer.html", BAND.format("FOOT"))
    write(folder / "secret.html", "LEAKED")
    first = "<h1>发票 2026</h1><p>上海贸易有限公司</p><iframe src='secret.html'></iframe>"
    first += "<p style='break-before: page'>Two</p>"
    bodies = [write(folder / "a.html", PAGE.format(first)), write(folder / "b.html", PAGE.format("<h1>Beta</h1>"))]
    paper = "--page-size A5 --orientation Landscape --margin-top 30.0 --margin-bottom 20.0 --margin-left 7.0".split()
    odoo = "--disable-local-file-access --quiet --dpi 90 --zoom 1.0666666666666667 --javascript-delay 1000".split()
    bands = ["--header-spacing", "5", "--header-html", header, "--footer-html", footer]
    done = run(*odoo, *paper, *bands, *bodies, folder / "out.pdf")
    assert (done.returncode, done.stderr) == (0, "")
    return PdfReader(folder / "out.pdf")


def test_version_is_that_of_the_patched_wkhtmltopdf():
    """Odoo offers headers, footers and several bodies only to this version."""
    assert run("--version").stdout == "wkhtmltopdf 0.12.6 (with patched qt)\n"


def test_every_page_has_its_own_header_and_footer(report):
    """Header and footer stand above and below the body with the numbers of the PDF's and of the body's pages."""
    texts = [page.extract_text() for page in report.pages]
    assert len(texts) == 3
    for text, numbers, body in zip(texts, ("1,3,1,2", "2,3,2,2", "3,3,1,1"), ("发票", "Two", "Beta"), strict=True):
        assert f"HEAD {numbers}" in text and f"FOOT {numbers}" in text and body in text
    lines = [line for line in report.pages[2].extract_text(extraction_mode="layout").splitlines() if line.strip()]
    assert [line.split()[0] for line in lines] == ["HEAD", "Beta", "FOOT"]


def test_paper_size_and_orientation(report):
    """Every page is A5 landscape in whole points."""
    assert {tuple(page.mediabox) for page in report.pages} == {(0, 0, 595, 420)}


def test_chinese_text_can_be_read_back_and_other_local_files_cannot(report):
    """Chinese comes out as Chinese, and a file the report names is not shown."""
    text = report.pages[0].extract_text()
    assert "发票" in text and "上海贸易有限公司" in text
    assert "LEAKED" not in text


def test_bookmarks_are_those_odoo_splits_reports_by(report):
    """Each body has a bookmark whose name leads, through the catalogue's /Dests, to a page number."""
    root = report.trailer["/Root"]
    first = root["/Outlines"]["/First"]
    bookmarks = [first, first["/Next"]]
    assert [bookmark["/Title"] for bookmark in bookmarks] == ["发票 2026", "Beta"]
    assert [root["/Dests"][bookmark["/Dest"]][0] for bookmark in bookmarks] == [0, 2]


def test_pictures_are_fetched_with_the_cookie_of_the_jar(folder):
    """Odoo's server is asked for a picture in the name of the user who prints, and of the test that runs."""
    cookies = []

    class Handler(http.server.BaseHTTPRequestHandler):
        """Note the cookie of each request."""

        def do_GET(self):
            """Answer with nothing."""
            cookies.append(self.headers["Cookie"])
            self.send_error(404)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        body = write(folder / "a.html", PAGE.format(f"<img src='http://127.0.0.1:{server.server_port}/logo.png'>"))
        jar = write(folder / "jar.txt", "session_id=abc-123_x; HttpOnly; domain=127.0.0.1; path=/;")
        done = run("--cookie", "test_cursor", "1", "--cookie-jar", jar, body, folder / "out.pdf")
        server.shutdown()
    assert (done.returncode, cookies) == (0, ["test_cursor=1; session_id=abc-123_x"])


@pytest.mark.parametrize(
    ("options", "environment", "words"),
    [
        (["--no-such-option"], {}, "unknown option --no-such-option"),
        ([], {"CHROME": "/no/such/chromium"}, "no Chromium found (looked for /no/such/chromium)"),
        ([], {"WKHTMLTOPDF_TIMEOUT": "4"}, "did not finish within 4 s"),
    ],
)
def test_a_failure_is_one_clear_line(folder, options, environment, words):
    """A wrong option, a missing browser and a page that never loads give one line and exit code 1."""
    body = write(folder / "never.html", NEVER)
    done = run(*options, body, folder / "out.pdf", TMPDIR=str(folder), **environment)
    assert done.returncode == 2
    assert words in done.stderr and len(done.stderr.splitlines()) == 1
    assert os.listdir(folder) == ["never.html"]


def test_sigterm_leaves_no_process_and_no_directory(folder):
    """A report that is stopped half-way takes its browser and its temporary directory with it."""
    body = write(folder / "never.html", NEVER)
    process = subprocess.Popen(command(body, folder / "out.pdf"), env={**os.environ, "TMPDIR": str(folder)})
    profile = f"{folder}/wkhtmltopdf-"
    assert wait_until(lambda: len(running_with(profile)) > 2), "Chromium did not start"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 128 + signal.SIGTERM
    assert wait_until(lambda: not running_with(profile)), "Chromium still runs"
    assert os.listdir(folder) == ["never.html"]
