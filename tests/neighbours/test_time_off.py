"""Substitutes during time off that is recorded in Odoo's own app, which our addons do not need."""

from datetime import date

import pytest

from tests.support import databases
from tests.support.transactions import registry_with_commits

OWN = "customer_mgmt.group_customer_own"


@pytest.fixture(scope="module")
def registry(enable_odoo_test_flag):
    """The registry of a database with Time Off and our addon; loading it must not begin to look for tests."""
    source = databases.template("time-off", "customer_mgmt,hr_holidays")
    with databases.copy_of(source) as database, registry_with_commits(database) as registry:
        yield registry


@pytest.fixture
def people(env):
    """A salesperson who is an employee, and the substitute."""
    group = [(4, env.ref(OWN).id)]
    substitute = env["res.users"].create({"name": "Sub", "login": "time-off-sub", "group_ids": group})
    values = {"name": "Away", "login": "time-off-away", "group_ids": group, "substitute_id": substitute.id}
    away = env["res.users"].create({**values, "tz": "Asia/Shanghai"})
    env["hr.employee"].create({"name": "Away", "user_id": away.id})
    return away, substitute


def take_off(env, user, unit="day", **vals):
    """Record approved time off of ``user`` from the 9th to the 11th of March 2026, a Monday and a Wednesday."""
    kind = env["hr.leave.type"].create(
        {
            "name": f"Time off by {unit}",
            "requires_allocation": False,
            "leave_validation_type": "no_validation",
            "request_unit": unit,
        }
    )
    days = {"request_date_from": "2026-03-09", "request_date_to": "2026-03-11"}
    values = {"employee_id": user.employee_id.id, "holiday_status_id": kind.id, **days, **vals}
    leave = env["hr.leave"].create(values)
    assert leave.state == "validate"
    return leave


def days_away(people):
    """Return on which days of March, from the 8th to the 12th, the substitute acts."""
    away, substitute = people
    return [day for day in range(8, 13) if away._substitute_on(date(2026, 3, day))[away] == substitute]


def test_whole_days(env, people):
    """From the first to the last day; refused time off is none."""
    leave = take_off(env, people[0])
    assert days_away(people) == [9, 10, 11]
    leave.action_refuse()
    assert days_away(people) == []


def test_half_days(env, people):
    """A day that is worked for half counts as worked."""
    take_off(env, people[0], "half_day", request_date_from_period="pm", request_date_to_period="am")
    assert days_away(people) == [10]


def test_hours(env, people):
    """Some hours of a day leave the day as it is."""
    day = {"request_date_to": "2026-03-09", "request_hour_from": 9, "request_hour_to": 11}
    take_off(env, people[0], "hour", **day)
    assert days_away(people) == []
