"""A program that works with the customer file from outside: Odoo's own client library, JSON-2, an API key."""

import json
import re
import urllib.parse

import odoolib
import pytest

from tests.support.rpc import make_api_key


class Program:
    """A program with the API key of one user; every call names its arguments, as JSON-2 wants it."""

    def __init__(self, server, login):
        address = urllib.parse.urlsplit(server.url)
        self.server = server
        self.connection = odoolib.get_connection(
            hostname=address.hostname,
            port=address.port,
            protocol="json2",
            database=server.database,
            password=make_api_key(server, login, login),
        )
        self.partners = self.connection.get_model("res.partner")

    def assert_refused(self, call, status, *words):
        """Assert that ``call`` is refused with this HTTP status and a message that has the ``words``."""
        with pytest.raises(ValueError) as refusal:
            call()
        answer = str(refusal.value)
        assert ("Invalid request" if status == 422 else f"status code {status}") in answer, answer
        message = json.loads(re.search(r'"message": ("(?:[^"\\]|\\.)*")', answer)[1])
        assert all(word in message for word in words), message
        self.server.expect_warning(message.splitlines()[0])


@pytest.fixture(scope="module")
def office(server):
    """The administrator's program."""
    return Program(server, "admin")


@pytest.fixture(scope="module")
def sales(server):
    """The program of a salesperson with the right “Own Customers”."""
    return Program(server, "demo")


@pytest.fixture(scope="module")
def customers(office):
    """Ids of a batch of a hundred new customers."""
    vals_list = [
        {"name": f"RPC Customer {i}", "is_company": True, "customer_status": "prospect", "phone": f"+8613800{i:06d}"}
        for i in range(100)
    ]
    return office.partners.create(vals_list=vals_list)


def test_who_am_i(office, sales):
    """Both programs speak for their user."""
    assert office.connection.check_login() and sales.connection.check_login()
    assert office.connection.get_user_context()["uid"] != sales.connection.get_user_context()["uid"]


def test_create_in_batch(office, customers):
    """One call creates them all; each has a number of its own and begins as a prospect."""
    rows = office.partners.search_read(domain=[("id", "in", customers)], fields=["customer_number", "customer_status"])
    assert len(customers) == len({row["customer_number"] for row in rows}) == 100
    assert {row["customer_status"] for row in rows} == {"prospect"}


def test_search_by_number_and_phone(office, customers):
    """A customer is found by its number and by its telephone number, however that is written."""
    wanted = customers[42]
    number = office.partners.search_read(domain=[("id", "=", wanted)], fields=["customer_number"])[0]["customer_number"]
    for text in (number, number.lower(), "138 0000 0042", "+86-138-0000-0042", "13800000042"):
        assert [found for found, _name in office.partners.name_search(name=text)] == [wanted], text


def test_update(office, customers):
    """What was written is read back; the number is not among what can be changed."""
    category = office.connection.get_model("customer.category").search(domain=[], limit=1)[0]
    office.partners.write(ids=customers[:50], vals={"customer_category_id": category, "city": "上海"})
    assert office.partners.search_count(domain=[("id", "in", customers), ("city", "=", "上海")]) == 50
    office.assert_refused(
        lambda: office.partners.write(ids=customers[:1], vals={"customer_number": "OTHER"}), 422, "for good"
    )


def test_taken_number_is_refused(office, customers):
    """The whole batch is refused, with the field, the number and its owner in the message."""
    owner = office.partners.search_read(domain=[("id", "=", customers[0])], fields=["name", "customer_number"])[0]
    good = {"name": "RPC Good", "customer_status": "prospect"}
    bad = {"name": "RPC Bad", "customer_status": "prospect", "customer_number": owner["customer_number"]}
    office.assert_refused(
        lambda: office.partners.create(vals_list=[good, bad]),
        422,
        "Customer Number",
        owner["customer_number"],
        owner["name"],
    )
    assert office.partners.search_count(domain=[("name", "in", ["RPC Good", "RPC Bad"])]) == 0


def test_private_methods_are_closed(office, customers):
    """What begins with an underscore cannot be called, whoever asks."""
    for method, arguments in (
        ("_activate_customer", {"cause": "RPC"}),
        ("_number_customers", {}),
        ("_draw_customer_numbers", {"keys": []}),
    ):
        office.assert_refused(
            lambda m=method, a=arguments: getattr(office.partners, m)(ids=customers[:1], **a), 403, "Private"
        )
    rules = office.connection.get_model("ir.rule")
    office.assert_refused(lambda: rules._set_customer_visibility(policy="own"), 403, "Private")
    rows = office.partners.search_read(domain=[("id", "in", customers[:1])], fields=["customer_status"])
    assert rows[0]["customer_status"] == "prospect"


def test_mark_invalid_and_restore(office, customers):
    """Set aside and brought back; a jump that the life cycle does not know is refused."""
    ids = customers[:3]

    def statuses():
        rows = office.partners.search_read(domain=[("id", "in", ids)], fields=["customer_status"])
        return {row["customer_status"] for row in rows}

    office.partners.action_customer_activate(ids=ids)
    assert statuses() == {"active"}
    reason = office.connection.get_model("customer.invalid.reason").search(domain=[], limit=1)[0]
    dialog = office.connection.get_model("customer.invalidate")
    dialog.action_confirm(ids=dialog.create(vals_list=[{"partner_ids": ids, "reason_id": reason}]))
    assert statuses() == {"invalid"}
    office.assert_refused(
        lambda: office.partners.write(ids=ids, vals={"customer_status": "prospect"}), 422, "Customer Status"
    )
    office.partners.action_customer_restore(ids=ids)
    assert statuses() == {"active"}


def test_rights_hold(office, sales, customers):
    """Under the policy “own” a salesperson's program reads and changes the own customers and no others."""
    settings = office.connection.get_model("res.config.settings")
    settings.execute(ids=settings.create(vals_list=[{"customer_visibility": "own"}]))
    try:
        uid = sales.connection.get_user_context()["uid"]
        office.partners.write(ids=customers[:2], vals={"user_id": uid})
        domain = [("id", "in", customers)]
        assert sorted(sales.partners.search(domain=domain)) == sorted(customers[:2])
        sales.partners.write(ids=customers[:2], vals={"city": "北京"})
        sales.assert_refused(lambda: sales.partners.write(ids=customers[5:6], vals={"city": "北京"}), 403)
        # Not read(): of one record the library makes a dict, of a refusal it knows nothing.
        sales.assert_refused(lambda: sales.partners.web_read(ids=customers[5:6], specification={"name": {}}), 403)
        mine = sales.partners.create(vals_list=[{"name": "RPC Mine", "customer_status": "prospect"}])
        assert sales.partners.search_read(domain=[("id", "in", mine)], fields=["user_id"])[0]["user_id"][0] == uid
        sales.assert_refused(
            lambda: sales.connection.get_model("customer.category").create(vals_list=[{"name": "RPC"}]), 403
        )
    finally:
        settings.execute(ids=settings.create(vals_list=[{"customer_visibility": "open"}]))
    assert sales.partners.search_count(domain=[("id", "in", customers)]) == 100
