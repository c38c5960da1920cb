"""What a category requires: chosen by whoever configures, asked by the forms, never in the way of other work."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import visitor
from tests.support.rpc import Session

HOME = "/odoo/customer-file"


@pytest.fixture(scope="module")
def office(server):
    """An administrator at the JSON-RPC interface."""
    return Session(server, "admin", "admin")


def choose(page, field, text):
    """Type ``text`` into a drop-down of the topmost dialog (or page) and take the first proposal."""
    page.locator(f"[name={field}] input").last.fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def test_configure_create_and_correct(browser, server, office):
    """A requirement set in the category is asked in the dialog of a drop-down, with asterisks, until it is met."""
    with visitor(browser, server, "admin") as person:
        page = person.page
        person.open(HOME)
        page.click("[data-menu-xmlid='customer_mgmt.customer_menu_configuration']")
        page.click("[data-menu-xmlid='customer_mgmt.customer_category_menu']")
        person.settle()
        # Away from the column's heading, whose explanation would cover the row.
        page.mouse.move(0, 0)
        page.locator(".o_data_row", has_text="Wholesale").locator("td[name=code]").click()
        person.settle()
        choose(page, "prospect_required_field_ids", "Tax ID")
        choose(page, "prospect_required_field_ids", "Phone")
        page.locator("[name=verification_days] input").fill("90")
        page.click(".o_form_button_save")
        expect(page.locator(".o_form_saved")).to_be_attached()

    with visitor(browser, server, "demo") as person:
        page = person.page
        person.open(f"{HOME}/new")
        page.locator(".o_field_widget[name=name] :is(input, textarea):visible").fill("Host")
        page.locator("[name=channel_partner_id] input").fill("Quick Ltd")
        page.locator(".o_m2o_dropdown_option_create_edit").click()
        dialog = page.locator(".modal")
        expect(dialog.locator("[name=name] input")).to_have_value("Quick Ltd")
        expect(dialog.locator(".o_customer_required")).to_have_count(0)
        choose(page, "customer_category_id", "Wholesale")
        expect(dialog.locator("[name=phone].o_customer_required")).to_be_visible()
        # Not one of the dialog's own fields: it appears because this category requires it.
        expect(dialog.locator("[name=vat].o_customer_required")).to_be_visible()
        dialog.locator(".o_form_button_save").click()
        expect(dialog.locator("[name=vat].o_field_invalid")).to_be_visible()
        dialog.locator("[name=phone] input").fill("061 111 11 11")
        dialog.locator("[name=vat] input").fill("/")
        dialog.locator(".o_form_button_save").click()
        expect(dialog).to_have_count(0)
        expect(page.locator("[name=channel_partner_id] input")).to_have_value("Quick Ltd")
        page.click(".o_form_button_save")
        expect(page.locator(".o_form_saved")).to_be_attached()

    [quick] = office.call(
        "res.partner", "search_read", [["name", "=", "Quick Ltd"]], ["customer_status", "customer_number", "vat"]
    )
    assert (quick["customer_status"], quick["customer_number"][0], quick["vat"]) == ("prospect", "W", "/")


def test_incomplete_customer_can_be_edited(browser, server, office):
    """A customer of before shows what it lacks, and takes every other change; what is there cannot be emptied."""
    customer = {"name": "Before Ltd", "is_company": True, "phone": "061 222 22 22"}
    [partner_id] = office.call("res.partner", "create", [customer])
    [kiosk] = office.call("customer.category", "create", [{"name": "Kiosk"}])
    office.call("res.partner", "write", [partner_id], {"customer_status": "prospect", "customer_category_id": kiosk})
    names = [["model", "=", "res.partner"], ["name", "in", ["phone", "vat"]]]
    required = office.call("ir.model.fields", "search", names)
    office.call("customer.category", "write", [kiosk], {"prospect_required_field_ids": [[6, 0, required]]})

    with visitor(browser, server, "demo") as person:
        page = person.page
        person.open(f"{HOME}/{partner_id}")
        expect(page.locator("[name=vat].o_customer_required").first).to_be_visible()
        page.locator("[name=website] input").fill("https://before.example")
        page.click(".o_form_button_save")
        expect(page.locator(".o_form_saved")).to_be_attached()
        page.locator("[name=phone] input").first.fill("")
        page.click(".o_form_button_save")
        expect(page.locator("[name=phone].o_field_invalid").first).to_be_visible()
        page.click(".o_form_button_cancel")
    [saved] = office.call("res.partner", "read", [partner_id], ["website", "phone", "customer_incomplete"])
    assert (saved["phone"], saved["customer_incomplete"]) == ("061 222 22 22", True)
    assert "before.example" in saved["website"]
