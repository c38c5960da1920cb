"""A working day in the customer file, as people live it: in a real browser, on a real server."""

import re

from playwright.sync_api import expect

from tests.support.browser import PHONE, visitor
from tests.support.databases import fetch
from tests.support.rpc import Session

HOME = "/odoo/customer-file"
NAME = ".o_field_widget[name=name] :is(input, textarea):visible"
NUMBER = ".o_field_widget[name=customer_number]"


def test_create_find_and_set_aside(browser, server):
    """A salesperson creates a customer, finds it by name and number, makes it active, invalid, and restores it."""
    with visitor(browser, server, "demo") as person:
        page = person.page
        page.click(".o_navbar_apps_menu button")
        page.click(".o-dropdown--menu [data-menu-xmlid='customer_mgmt.customer_menu_root']")
        person.settle()
        page.click(".o_list_button_add")
        page.locator(NAME).fill("Journey Trading 旅程贸易")
        page.locator("[name=customer_category_id] input").fill("Wholesale")
        page.locator(".o-autocomplete--dropdown-item", has_text="Business / Wholesale").click()
        page.click(".o_form_button_save")
        number = page.locator(NUMBER)
        expect(number).to_have_text(re.compile(r"^W\d{6}$"))
        given = number.inner_text()

        for text in ("旅程贸易", given, given.lower()):
            person.open(HOME)
            person.search(text)
            expect(page.locator(".o_data_row")).to_have_count(1)
        page.locator(".o_data_row td[name=complete_name]").click()
        expect(number).to_have_text(given)

        page.click("button[name=action_customer_activate]")
        expect(page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text("Active")
        page.click("button[name=action_customer_mark_invalid]")
        page.click(".modal-footer .btn-primary")
        expect(page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text("Invalid")
        page.click("button[name=action_customer_restore]")
        expect(page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text("Active")


def test_partner_becomes_customer(browser, server):
    """A contact that Odoo knew already is added to the customers from the actions menu of Odoo's own list."""
    with visitor(browser, server, "admin") as person:
        page = person.page
        person.open("/odoo/contacts?view_type=list")
        if page.locator(".o_switch_view.o_list").count():
            page.click(".o_switch_view.o_list")
            person.settle()
        person.search("Gemini Furniture")
        page.locator(".o_data_row .o_list_record_selector input").first.check()
        page.click(".o_cp_action_menus .dropdown-toggle >> nth=-1")
        page.locator(".o-dropdown--menu .dropdown-item", has_text="Add to Customers").click()
        person.settle()
        person.open(HOME)
        person.search("Gemini Furniture")
        expect(page.locator(".o_data_row")).to_have_count(1)
        expect(page.locator(".o_data_row td[name=customer_status]")).to_have_text("Prospect")


def test_settings_decide_how_numbers_look(browser, server):
    """An administrator changes the prefix in the settings; the next customer has it."""
    with visitor(browser, server, "admin") as person:
        page = person.page
        person.open(HOME)
        page.click("[data-menu-xmlid='customer_mgmt.customer_menu_configuration']")
        page.click("[data-menu-xmlid='customer_mgmt.res_config_settings_menu']")
        person.settle()
        page.locator("[name=shared_customer_number_prefix] input").fill("KD-")
        page.click(".o_form_button_save")
        person.settle()
        person.open(f"{HOME}/new")
        page.locator(NAME).fill("After the change")
        page.click(".o_form_button_save")
        expect(page.locator(NUMBER)).to_have_text(re.compile(r"^KD-\d{6}$"))


def test_bad_input_is_explained(browser, server):
    """A number that exists is refused in the form with a message that names it; nothing is lost on the screen."""
    taken = fetch(server.database, "SELECT customer_number FROM res_partner WHERE customer_number IS NOT NULL")[0][0]
    server.expect_warning(f"Customer Number: {taken} already belongs to")
    with visitor(browser, server, "demo") as person:
        page = person.page
        person.open(f"{HOME}/new")
        page.locator(NAME).fill("Double")
        page.locator(f"{NUMBER} input").fill(taken)
        page.click(".o_form_button_save")
        expect(page.locator(".modal-body")).to_contain_text(f"{taken} already belongs to")
        page.click(".modal-footer .btn-primary")
        expect(page.locator(NAME)).to_have_value("Double")
        page.locator(f"{NUMBER} input").fill("")
        page.click(".o_form_button_save")
        expect(page.locator(".o_form_saved")).to_be_attached()


def test_on_a_phone(browser, server):
    """At 390 pixels the app opens as cards, nothing needs sideways scrolling, and a tap opens the customer."""
    with visitor(browser, server, "demo", viewport=PHONE) as person:
        page = person.page
        person.open(HOME)
        card = page.locator(".o_kanban_record", has_text="北京科技有限公司")
        expect(card.locator("a[href^='tel:']")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        card.locator("[name=complete_name], .fs-5").first.click()
        person.settle()
        expect(page.locator(NUMBER)).to_have_text(re.compile(r"^W\d+$"))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_in_chinese(browser, server):
    """A user whose language is Chinese reads the app in Chinese, from the menu to the status."""
    office = Session(server, "admin", "admin")
    reader = office.call("res.users", "search", [["login", "=", "demo"]])
    office.call("res.users", "write", reader, {"lang": "zh_CN"})
    with visitor(browser, server, "demo") as person:
        person.open(HOME)
        page = person.page
        expect(page.locator(".o_menu_brand")).to_have_text("客户")
        page.locator(".o_data_row", has_text="北京科技有限公司").locator("td[name=complete_name]").click()
        person.settle()
        expect(page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text("活跃")
        expect(page.locator("button[name=action_customer_mark_invalid]")).to_have_text("标记无效")
