"""What customers like and refuse, their tags and their segments, as people use them."""

import re

from playwright.sync_api import expect

from tests.support.browser import PHONE, visitor

HOME = "/odoo/customer-file"
ROWS = ".o_field_widget[name=preference_ids] .o_data_row"


def open_customer(person, name, tab=None):
    """Open the customer ``name`` from the list, on a tab."""
    person.open(HOME)
    person.search(name)
    person.page.locator(".o_data_row td[name=complete_name]", has_text=name).first.click()
    person.settle()
    if tab:
        person.page.locator(".o_notebook .nav-link", has_text=tab).click()


def choose(page, field, text, scope=""):
    """Choose ``text`` in a drop-down."""
    page.locator(f"{scope} .o_field_widget[name={field}] input").fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def test_record_a_preference(browser, server):
    """A salesperson adds a line: kind, target, saved; the same said otherwise replaces it."""
    with visitor(browser, server, "demo") as person:
        page = person.page
        for strength in ("Always", "Dislikes"):
            open_customer(person, "Old Mill Bakery", "Preferences")
            page.locator("[name=preference_ids] .o_field_x2many_list_row_add a").click()
            choose(page, "kind_id", "Service", ".o_selected_row")
            choose(page, "target_name", "Training", ".o_selected_row")
            page.locator(".o_selected_row [name=strength] input, .o_selected_row [name=strength] select").first.click()
            page.locator(".o_select_menu_item, option", has_text=strength).first.click()
            page.click(".o_form_button_save")
            expect(page.locator(".o_form_saved")).to_be_attached()
            row = page.locator(ROWS, has_text="Training")
            expect(row).to_have_count(1)
            expect(row).to_contain_text(strength)
        page.locator("button[name=action_open_preferences]").click()
        person.settle()
        expect(page.locator(".breadcrumb, .o_breadcrumb").first).to_contain_text("Preferences")


def test_do_not_contact(browser, server):
    """Whoever is about to call or to write to somebody who refuses it is told so, and can do it all the same."""
    with visitor(browser, server, "demo") as person:
        page = person.page
        open_customer(person, "María López")
        expect(page.locator("[name=do_not_contact]")).to_contain_text("Do not contact by E-mail")
        page.locator(".o-mail-Chatter-topbar button", has_text="Send message").click()
        expect(page.locator(".o_do_not_contact")).to_contain_text("Do not contact by E-mail: María López")
        page.locator(".o-mail-Chatter-topbar button", has_text="Activity").click()
        page.locator(".modal .o_field_widget[name=activity_type_id]", has_text="Email").get_by_text("Email").click()
        warning = page.locator(".modal .alert-danger:visible")
        expect(warning).to_contain_text("Do not contact by E-mail: María López")
        page.locator(".modal .o_field_widget[name=activity_type_id]").get_by_text("To-Do").click()
        expect(warning).to_have_count(0)


def test_voice_of_the_customer(browser, server):
    """What rests on fewer than five customers is not counted, and the screens say so."""
    with visitor(browser, server, "demo") as person:
        page = person.page
        person.open("/odoo/voice-of-customer")
        row = page.locator(".o_pivot tr", has_text="Installation")
        expect(row).to_contain_text("< 5")
        expect(page.locator(".o_pivot tr", has_text="Home Delivery").locator("td").last).to_have_text("7")
        page.locator(".o_switch_view.o_graph").click()
        expect(page.locator(".o_voice_withheld")).to_contain_text("fewer than five customers are not shown")


def test_tags(browser, server):
    """A new tag that is nearly an old one is questioned, and a tag given by a rule cannot be taken off by hand."""
    server.expect_warning("“VIP” is given by a rule")
    server.expect_warning("almost the same as")
    with visitor(browser, server, "admin") as person:
        page = person.page
        open_customer(person, "Northwind")
        tags = page.locator(".o_field_widget[name=category_id]")
        expect(tags).to_contain_text("VIP")
        tags.locator("input").fill("Sailings")
        page.locator(".o-autocomplete--dropdown-item", has_text=re.compile("Create")).first.click()
        expect(page.locator(".modal")).to_contain_text("Sailing")
        page.locator(".modal .btn-close, .modal .o_form_button_cancel").first.click()
        tags.locator(".o_tag", has_text="VIP").locator(".o_delete").click()
        page.click(".o_form_button_save")
        expect(page.locator(".modal-body")).to_contain_text("VIP")
        page.click(".modal-footer .btn-primary")
        page.click(".o_form_button_cancel")
        expect(tags).to_contain_text("VIP")


def test_on_a_phone(browser, server):
    """At 390 pixels preferences are cards, and one is added in a dialog of its own."""
    with visitor(browser, server, "demo", viewport=PHONE) as person:
        page = person.page
        person.open(HOME)
        page.locator(".o_kanban_record", has_text="Pearl River Dealers").locator(".fs-5").first.click()
        person.settle()
        page.locator(".o_notebook .nav-link", has_text="Preferences").click()
        expect(page.locator("[name=preference_ids] .o_kanban_record", has_text="Home Delivery")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.locator("[name=preference_ids]").get_by_text("Add Preferences").click()
        page.locator(".modal .o_field_widget[name=kind_id] input").click()
        page.get_by_text("Taboo", exact=True).last.click()
        page.locator(".modal [name=text] input").fill("Chrysanthemums")
        page.locator(".modal .o_form_button_save").first.click()
        expect(page.locator("[name=preference_ids] .o_kanban_record", has_text="Chrysanthemums")).to_be_visible()
