"""A working day in the customer file, as people live it: in a real browser, on a real server."""

import re

from playwright.sync_api import expect

from tests.support.browser import PHONE, visitor
from tests.support.databases import fetch
from tests.support.rpc import Session

HOME = "/odoo/customer-file"
NAME = ".o_field_widget[name=name] :is(input, textarea):visible"
NUMBER = ".o_field_widget[name=customer_number]"


def create(person, name, category, phone):
    """Create a customer as a person does; return the number it was given."""
    page = person.page
    person.open(f"{HOME}/new")
    page.locator(NAME).fill(name)
    page.locator("[name=customer_category_id] input").fill(category.rpartition(" ")[2])
    page.locator(".o-autocomplete--dropdown-item", has_text=category).click()
    page.locator("[name=phone] input:visible").first.fill(phone)
    page.click(".o_form_button_save")
    expect(page.locator(".o_form_saved")).to_be_attached()
    return page.locator(NUMBER).inner_text()


def expect_status(person, label):
    """Assert that the customer on the screen has this status."""
    expect(person.page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text(label)


def expect_only(person, text, name):
    """Assert that the search box of the app finds exactly one customer for ``text``."""
    person.open(HOME)
    person.search(text)
    expect(person.page.locator(".o_data_row")).to_have_count(1)
    expect(person.page.locator(".o_data_row")).to_contain_text(name)


def test_create_find_and_set_aside(browser, server):
    """A salesperson creates a customer, finds it by all that is known of it, sets it aside and restores it."""
    with visitor(browser, server, "demo") as person:
        page = person.page
        page.click(".o_navbar_apps_menu button")
        page.click(".o-dropdown--menu [data-menu-xmlid='customer_mgmt.customer_menu_root']")
        person.settle()
        given = create(person, "旅程贸易 Journey", "Business / Wholesale", "+86 139 7777 1234")
        assert re.fullmatch(r"W\d{6}", given)
        for text in (
            "旅程贸易",
            given.lower(),
            "139 7777 1234",
            "0086-13977771234",
            "7771234",
            "lcmy",
            "=旅程贸易 Journey",
        ):
            expect_only(person, text, given)
        page.locator(".o_data_row td[name=complete_name]").click()
        expect(page.locator(NUMBER)).to_have_text(given)

        page.click("button[name=action_customer_activate]")
        expect_status(person, "Active")
        page.click("button[name=action_customer_mark_invalid]")
        page.locator(".modal [name=invalid_reason_id] input, .modal [name=reason_id] input").fill("Closed")
        page.locator(".o-autocomplete--dropdown-item", has_text="Closed").first.click()
        page.locator(".modal-footer .btn-primary").click()
        expect_status(person, "Invalid")
        expect(page.locator("[name=invalid_reason]")).to_contain_text("Closed")
        page.click("button[name=action_customer_restore]")
        expect_status(person, "Active")


def test_merge_two_files_of_one_customer(browser, server):
    """An administrator merges a customer that stands there twice; the lost number goes on finding the survivor."""
    with visitor(browser, server, "admin") as person:
        page = person.page
        first = create(person, "Double Trouble", "Business / Wholesale", "+49 40 555 77 01")
        second = create(person, "Double Trouble Ltd", "Business / Wholesale", "+49 40 555 77 02")
        person.open(HOME)
        person.search("Double Trouble")
        expect(page.locator(".o_data_row")).to_have_count(2)
        page.locator(".o_list_record_selector input").first.check()
        page.click(".o_cp_action_menus .dropdown-toggle >> nth=-1")
        page.locator(".o-dropdown--menu .dropdown-item", has_text=re.compile("^Merge$")).click()
        survivor = page.locator(".modal [name=dst_partner_id] input")
        survivor.fill("Double Trouble Ltd")
        page.locator(".o-autocomplete--dropdown-item", has_text="Double Trouble Ltd").first.click()
        page.locator(".modal-footer button[name=action_merge]").click()
        page.wait_for_timeout(500)
        person.open(HOME)
        person.search("Double Trouble")
        expect(page.locator(".o_data_row")).to_have_count(1)
        for number in (first, second):
            expect_only(person, number, "Double Trouble Ltd")


def test_deleting_says_what_is_at_stake(browser, server):
    """Odoo's Delete is not offered; ours explains, and a salesperson without the right can only mark invalid."""
    with visitor(browser, server, "demo") as person:
        page = person.page
        create(person, "Not to Be Deleted", "Business / Wholesale", "+49 40 555 77 03")
        page.click(".o_cp_action_menus button")
        entries = page.locator(".o-dropdown--menu .dropdown-item")
        expect(entries.filter(has_text=re.compile("^Delete$"))).to_have_count(0)
        entries.filter(has_text="Delete…").click()
        expect(page.locator(".modal-body")).to_contain_text("Not to Be Deleted")
        expect(page.locator(".modal-footer button.btn-danger:visible")).to_have_count(0)
        expect(page.locator(".modal-footer button", has_text="Mark Invalid")).to_be_visible()


def test_policy_own(browser, server):
    """Under the policy “own” a sales assistant sees the own customers, and the store manager the team's."""
    office = Session(server, "admin", "admin")
    policy = office.call("res.config.settings", "create", [{"customer_visibility": "own"}])
    office.call("res.config.settings", "execute", policy)
    try:
        for login, seen, hidden in (
            ("store_sales", "张伟", "María López"),
            ("store_manager", "María López", "Northwind"),
        ):
            with visitor(browser, server, login) as person:
                person.open(HOME)
                expect(person.page.locator(".o_data_row", has_text=seen)).to_have_count(1)
                expect(person.page.locator(".o_data_row", has_text=hidden)).to_have_count(0)
    finally:
        policy = office.call("res.config.settings", "create", [{"customer_visibility": "open"}])
        office.call("res.config.settings", "execute", policy)


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
        with page.expect_event("load"):  # Odoo starts the web client anew when settings are saved
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
        expect(page.locator("button[name=action_customer_mark_invalid]")).to_have_text("标记无效…")
