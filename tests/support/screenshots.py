"""Takes the pictures of the documentation; called by setup/screenshots."""

import dataclasses
import os
import pathlib
import re
import sys
from collections.abc import Callable

from PIL import Image

from . import browser as browsers
from . import databases
from . import server as servers
from .rpc import Session

HOME = "/odoo/customer-file"
LANGUAGES = {"en_US": "", "zh_CN": "_zh_CN"}


def open_customer(person):
    """Open the wholesaler of the demo data from the list."""
    person.page.locator(".o_data_row", has_text="北京科技有限公司").locator("td[name=complete_name]").click()
    person.settle()


def open_playbook(person):
    """Open the playbook of a customer of the demo data that has values with a strategy."""
    person.page.locator(".o_data_row", has_text="华南物流有限公司").locator("td[name=complete_name]").click()
    person.settle()
    person.page.click("button[name=action_open_playbook]")
    person.page.wait_for_selector(".modal-body .card, .modal-body h4, .modal-body p")


def open_type(person):
    """Open the type that the guide takes as its example."""
    person.page.locator(".o_data_row", has=person.page.locator("td[name=code]", has_text="importance")).locator(
        "td[name=name]"
    ).click()
    person.settle()


def open_preferences(person):
    """Open the preferences of a customer of the demo data whose words and deeds differ."""
    person.page.locator(".o_data_row", has_text="Pearl River Dealers").locator("td[name=complete_name]").click()
    person.settle()
    person.page.click(".o_notebook .nav-link[name=customer_preferences]")
    person.page.locator(".o_field_widget[name=preference_ids]").scroll_into_view_if_needed()


def open_segment(person):
    """Open a segment of the demo data that has a past."""
    person.page.locator(".o_kanban_record, .o_data_row").first.click()
    person.settle()


def open_dialog(person):
    """Open the dialog that records a follow-up of a customer of the demo data with a history."""
    person.page.locator(".o_data_row", has_text="北京科技有限公司").locator("[name=action_record_follow_up]").click()
    person.page.wait_for_selector(".modal .o_follow_up_dialog")
    person.settle()


def open_timeline(person):
    """Open the follow-ups of a customer of the demo data, in order of time."""
    open_customer(person)
    person.page.click(".o_notebook .nav-link[name=timeline]")
    person.settle()
    person.page.locator(".o_notebook .tab-pane.active").scroll_into_view_if_needed()


def open_every_day(person):
    """Show the day-book of all days: of today there may be nothing."""
    person.page.locator(".o_searchview_facet .o_facet_remove").last.click()
    person.settle()


def open_dashboard(person):
    """Open the dashboard of follow-ups, which is no view, and wait until its charts are drawn."""
    person.page.goto("/odoo/dashboards")
    person.page.locator(".o_dashboard_name", has_text=re.compile("Follow-ups|跟进")).click()
    person.page.wait_for_selector(".o-figure canvas")


@dataclasses.dataclass
class Picture:
    """One picture: where it belongs, what to open, what to do there first."""

    addon: str
    name: str
    address: str
    prepare: Callable | None = None
    viewport: dict = dataclasses.field(default_factory=lambda: browsers.WIDE)


PICTURES = [
    Picture("customer_mgmt", "customers", HOME),
    Picture("customer_mgmt", "customer", HOME, open_customer),
    Picture("customer_mgmt", "contacts", "/odoo/customer-contacts"),
    Picture("customer_mgmt", "categories", "/odoo/action-customer_mgmt.customer_category_action"),
    Picture("customer_mgmt", "dimension_type", "/odoo/dimension-types", open_type),
    Picture("customer_mgmt", "playbook", HOME, open_playbook),
    Picture("customer_mgmt", "dimension_analysis", "/odoo/action-customer_mgmt.res_partner_action_dimension_analysis"),
    Picture("customer_mgmt", "preferences", HOME, open_preferences),
    Picture("customer_mgmt", "voice_of_customer", "/odoo/voice-of-customer"),
    Picture("customer_mgmt", "tags", "/odoo/customer-tags"),
    Picture("customer_mgmt", "segment", "/odoo/customer-segments", open_segment),
    Picture("customer_mgmt", "follow_up", HOME, open_dialog),
    Picture("customer_mgmt", "timeline", HOME, open_timeline),
    Picture("customer_mgmt", "my_day", "/odoo/my-day"),
    Picture("customer_mgmt", "day_book", "/odoo/team-day-book", open_every_day),
    Picture("customer_mgmt", "efficiency", HOME, open_dashboard),
    Picture("customer_mgmt", "settings", "/odoo/action-customer_mgmt.res_config_settings_action"),
    Picture("customer_mgmt", "phone", HOME, viewport=browsers.PHONE),
]


def shrink(path):
    """Reduce a picture to 128 colours: a quarter of the size, and no eye sees it on a user interface."""
    Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def take(picture, browser, server, suffix):
    """Take one picture as the administrator of the demo data."""
    path = databases.PROJECT / picture.addon / "static/description" / f"{picture.name}{suffix}.png"
    with browsers.visitor(browser, server, "admin", viewport=picture.viewport) as person:
        person.open(picture.address)
        if picture.prepare:
            picture.prepare(person)
        person.picture(path)
    shrink(path)
    print(path.relative_to(databases.PROJECT), pathlib.Path(path).stat().st_size // 1024, "kB")


def main(names):
    """Take the pictures called ``names``, or all."""
    with databases.copy_of(os.environ["TEST_TEMPLATE"]) as database, servers.serve(database) as server:
        office = Session(server, "admin", "admin")
        with browsers.chromium() as browser:
            for lang, suffix in LANGUAGES.items():
                office.call("res.users", "write", [office.uid], {"lang": lang})
                for picture in PICTURES:
                    if not names or picture.name in names:
                        take(picture, browser, server, suffix)


if __name__ == "__main__":
    main(sys.argv[1:])
