"""A real browser for journeys and pictures: the system's Chromium, driven by Playwright."""

import contextlib
import resource
import shutil

from playwright.sync_api import expect, sync_playwright

WIDE = {"width": 1366, "height": 850}
PHONE = {"width": 390, "height": 844}
# How long a screen may take (ms): a busy machine of two cores can need more than Playwright's five seconds.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
CHROMIUM = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
# No background traffic of Chromium's own, and no sandbox, which root cannot have.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-sync",
]


def find_chromium():
    """Return the path of the system's Chromium; raise RuntimeError if there is none."""
    for name in CHROMIUM:
        if path := shutil.which(name):
            return path
    raise RuntimeError("no Chromium on this machine; setup/test installs it")


@contextlib.contextmanager
def chromium():
    """Yield a headless browser (a Playwright Browser)."""
    # Odoo limits the address space of the process it runs in, tests included; Chromium reserves more at once.
    hard_limit = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard_limit, hard_limit))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """Someone at a screen: logs in, and moves through Odoo as a person would.

    Every error the page reports (an uncaught exception, an error on the console) is kept in ``errors``.
    """

    def __init__(self, browser, server, login, password=None, viewport=None):
        viewport = viewport or WIDE
        phone = viewport["width"] < 500
        self.context = browser.new_context(
            viewport=viewport, has_touch=phone, is_mobile=phone, base_url=server.url, accept_downloads=True
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.errors = []
        self._calls = set()
        self.page.on("request", self._begin_call)
        self.page.on("requestfinished", self._end_call)
        self.page.on("requestfailed", self._end_call)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._keep_console_error)
        self._log_in(login, password or login)

    def _keep_console_error(self, message):
        # Without internet some pictures and the completion of company names cannot be fetched; Odoo goes on.
        if message.type == "error" and "net::ERR" not in message.text:
            self.errors.append(message.text)

    def _begin_call(self, request):
        if request.method == "POST" and "/longpolling" not in request.url:
            self._calls.add(request)

    def _end_call(self, request):
        self._calls.discard(request)

    def _log_in(self, login, password):
        self.page.goto("/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_selector(".o_web_client .o_main_navbar")

    def open(self, path):
        """Go to an address of the web client (such as ``/odoo/customer-file``) and wait until its view stands."""
        self.page.goto(path)
        self.settle()

    def settle(self):
        """Wait until the view stands and the server has answered everything for a moment."""
        self.page.wait_for_selector(".o_action_manager .o_view_controller")
        quiet = 0
        for _ in range(300):
            self.page.wait_for_timeout(50)
            quiet = 0 if self._calls else quiet + 1
            if quiet == 4:
                return
        raise AssertionError(f"the server still owes answers: {[call.url for call in self._calls]}")

    def search(self, text):
        """Type ``text`` into the search box and press Enter."""
        box = self.page.locator(".o_searchview_input")
        box.fill(text)
        box.press("Enter")
        self.settle()

    def picture(self, path):
        """Save what the screen shows as a PNG at ``path``."""
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(600)  # fades, sliding menus, what loads after the view stands
        self.page.screenshot(path=path)

    def close(self):
        """Leave; raise AssertionError if a page reported an error."""
        self.context.close()
        assert not self.errors, "\n".join(self.errors)


@contextlib.contextmanager
def visitor(browser, server, login, password=None, viewport=None):
    """Yield a Visitor of ``server`` who is logged in, and check at the end that no page reported an error."""
    person = Visitor(browser, server, login, password, viewport)
    try:
        yield person
    except BaseException:
        with contextlib.suppress(Exception):
            person.picture(f"/tmp/journey-{login}.png")
        person.context.close()
        raise
    person.close()
