"""A dimension from its first value to the archive, as an administrator and a salesperson live it: in a real browser."""

import io
import re

import openpyxl
from playwright.sync_api import expect

from tests.support.browser import PHONE, visitor
from tests.support.databases import fetch

HOME = "/odoo/customer-file"
TYPES = "/odoo/dimension-types"
NAME = ".o_form_view .oe_title [name=name] :is(input, textarea)"
CUSTOMERS = ("华南控股集团有限公司", "华南物流有限公司", "Pearl River Dealers")


def choose(person, label):
    """Choose an entry of the open actions menu."""
    person.page.locator(".o-dropdown--menu .dropdown-item", has_text=re.compile(f"^{label}$")).click()


def select(person, *names):
    """Check the rows of these customers in the list, and open the actions menu."""
    for name in names:
        person.page.locator(".o_data_row", has_text=name).locator(".o_list_record_selector input").check()
    person.page.locator(".o_cp_action_menus .dropdown-toggle", has_text="Actions").click()


def pick(person, field, text):
    """Choose ``text`` in the many2one ``field`` of the dialog."""
    person.page.locator(f".modal [name={field}] input").fill(text)
    person.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def define_type(person, name, values):
    """Create a dimension type with its values on the form."""
    page = person.page
    person.open(TYPES)
    page.click(".o_list_button_add")
    page.locator(NAME).fill(name)
    page.locator(NAME).press("Tab")
    for value in values:
        page.locator("[name=value_ids] .o_field_x2many_list_row_add a").click()
        page.locator("[name=value_ids] .o_selected_row [name=name] input").fill(value)
    page.click(".o_form_button_save")
    expect(page.locator(".o_form_saved")).to_be_attached()
    person.settle()


def offers_group(person, label):
    """Open the search menu of the list and tell whether it offers to group by ``label``; the menu stays open."""
    person.page.click(".o_searchview_dropdown_toggler")
    expect(person.page.locator(".o_group_by_menu")).to_be_visible()
    return person.page.locator(".o_group_by_menu .o_menu_item", has_text=re.compile(f"^{label}$")).count() == 1


def go_to_customers(person):
    """Go to the list of customers by the menu, without loading the page anew."""
    person.page.locator(".o_menu_sections [data-menu-xmlid='customer_mgmt.res_partner_menu_customer']").click()
    person.settle()


def read_export(download):
    """Return the rows (list of list) of an exported spreadsheet."""
    book = openpyxl.load_workbook(io.BytesIO(download.path().read_bytes()))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_a_dimension_from_the_settings_to_the_archive(browser, server):
    """An administrator defines a dimension; at once it is set in bulk, pivoted, exported, and archived."""
    with visitor(browser, server, "store_manager") as seller, visitor(browser, server, "admin") as admin:
        # A salesperson has the list open before there is such a dimension.
        seller.open(HOME)
        assert not offers_group(seller, "Loyalty")
        define_type(admin, "Loyalty", ["Gold", "Silver"])
        expect(admin.page.locator("[name=code]").first).to_have_text("loyalty")

        # Without loading the page anew, it is there at the next click.
        seller.page.keyboard.press("Escape")
        seller.page.locator(".o_menu_sections [data-menu-xmlid='customer_mgmt.customer_need_menu']").click()
        seller.settle()
        go_to_customers(seller)
        assert offers_group(seller, "Loyalty")

        # In bulk, counted first.
        go_to_customers(admin)
        select(admin, *CUSTOMERS)
        choose(admin, "Set Dimension…")
        pick(admin, "type_id", "Loyalty")
        pick(admin, "value_id", "Gold")
        expect(admin.page.locator(".modal [name=summary]")).to_contain_text("3")
        admin.page.click(".modal-footer button[name=action_confirm]")
        admin.settle()
        rows = fetch(
            server.database,
            "SELECT partner.name, a.value_name, a.source FROM partner_dimension_assignment a "
            "JOIN res_partner partner ON partner.id = a.partner_id "
            "JOIN partner_dimension_type t ON t.id = a.type_id WHERE t.code = 'loyalty'",
        )
        assert sorted(rows) == sorted((name, "Gold", "manual") for name in CUSTOMERS)

        check_pivot(admin)
        server.expect_warning("web_export_xlsx")  # Odoo says so of its own export, each time
        check_export(admin)
        archive(admin)
        go_to_customers(admin)
        assert not offers_group(admin, "Loyalty")


def check_pivot(person):
    """Group the pivot by two dimensions: customers without a value are counted too, and a number opens its own."""
    page = person.page
    person.open("/odoo/action-customer_mgmt.res_partner_action_dimension_analysis")
    page.locator(".o_searchview .o_facet_remove").first.click()
    person.settle()
    for label in ("Loyalty", "Importance"):
        if not page.locator(".o_group_by_menu").is_visible():
            page.click(".o_searchview_dropdown_toggler")
        page.locator(".o_group_by_menu .o_menu_item", has_text=re.compile(f"^{label}$")).click()
    page.keyboard.press("Escape")
    person.settle()
    pivot = page.locator("div.o_pivot")
    expect(pivot).to_contain_text("Gold")
    expect(pivot).to_contain_text("None")
    gold = pivot.locator("tbody tr", has_text="Gold").locator("td").last  # the total
    expect(gold).to_have_text("3")
    gold.click()
    person.settle()
    expect(page.locator(".o_data_row")).to_have_count(3)


def check_export(person):
    """Export the customers with the column of the new dimension."""
    page = person.page
    person.open(HOME)
    select(person, *CUSTOMERS)
    choose(person, "Export")
    page.locator(".o_export_search_input").fill("Loyalty")
    page.locator(".o_export_tree_item", has_text="Loyalty").first.locator(".o_add_field").click()
    with page.expect_download() as download:
        page.locator(".modal-footer .o_select_button").click()
    table = read_export(download.value)
    column = table[0].index("Loyalty")
    assert [row[column] for row in table[1:]] == ["Gold"] * 3
    page.locator(".modal-header .btn-close").click()


def archive(person):
    """Archive the dimension on its form."""
    page = person.page
    person.open(TYPES)
    page.locator(".o_data_row td[name=name]", has_text="Loyalty").click()
    person.settle()
    page.click(".o_cp_action_menus button")
    choose(person, "Archive")
    page.locator(".modal-footer .btn-primary").click()
    person.settle()


def test_playbook_on_the_phone(browser, server):
    """On a phone the strategy for a customer is one tap away, and fits the screen."""
    with visitor(browser, server, "admin", viewport=PHONE) as person:
        page = person.page
        person.open(HOME)
        page.locator(".o_kanban_record").get_by_text("Northwind Machinery").click()
        page.wait_for_selector(".o_form_view")
        person.settle()
        if not page.locator("button[name=action_open_playbook]").is_visible():
            page.locator(".o_button_more").first.click()
        page.locator("button[name=action_open_playbook]").click()
        body = page.locator(".modal-body")
        expect(body).to_contain_text("Contact every two weeks")
        assert body.evaluate("element => element.scrollWidth <= element.clientWidth")
