"""What is measured: a table of operations, each done with our addons and without them.

An operation is written once per side as a Task; the two must give the same answer.
"""

import collections
import dataclasses
import typing

from . import client, generate

# The same customers in the words of each database: with our addons by status, without them by what they are.
ENTITY_DOMAIN = ["|", ("is_company", "=", True), ("parent_id", "=", False)]
LIST_GOAL, CREATE_GOAL, CREATE_CUSTOMER_GOAL = 1.05, 1.1, 1.5
NUMBER_GOAL, NAME_GOAL = 0.3, 1.25
UNUSED = 10**7 * generate.BLOCK  # created partners are made from positions that no generated one has
ENGLISH_WORD, CHINESE_WORD = "Northwind", "华信"


@dataclasses.dataclass(frozen=True)
class Task:
    """One side of an operation: what is got ready, what is measured, and what it comes to."""

    prepare: typing.Callable  # env → arguments
    run: typing.Callable  # env, *arguments → result
    answer: typing.Callable  # result → what must be equal on both sides, and not be empty


@dataclasses.dataclass(frozen=True)
class Operation:
    """Something people do all day, and how much longer it may take with our addons."""

    name: str
    goal: float | None
    stock: Task
    ours: Task


def contacts(env):
    """Return the screen of Odoo's own Contacts app, which exists with and without us."""
    return client.Screen(env, "base.view_partner_tree", "base.view_res_partner_filter")


def companies_and_people(env):
    """Return the screen of Odoo's Contacts app without contact persons: all that Odoo has for a list of customers."""
    return client.Screen(env, "base.view_partner_tree", "base.view_res_partner_filter", ENTITY_DOMAIN)


def customers(env):
    """Return the screen of our Customers app."""
    view = "customer_mgmt.res_partner_view_{}_customer"
    return client.Screen(env, view.format("list"), view.format("search"), env["res.partner"]._customer_domain())


def page_task(screen, word=None):
    """Return the task of opening ``screen``, or of searching it for ``word``."""

    def prepare(env):
        """Ask for the views, as the client does once."""
        opened = screen(env)
        return (opened.search_domain(word) if word else opened.domain), opened.specification()

    def answer(result):
        """Return who is on the page in which order, and how many there are in all."""
        page = [(record["id"], record["complete_name"]) for record in result["records"]]
        return page and [*page, result["length"]]

    return Task(prepare, client.search_read, answer)


def name_search_task(text):
    """Return the task of typing ``text`` into a field that takes a partner."""
    return Task(lambda env: (), lambda env: env["res.partner"].name_search(text, [], "ilike", 8), list)


def group_task(screen, field):
    """Return the task of grouping ``screen`` by ``field``."""

    def run(env, domain):
        """Group as the client does."""
        return env["res.partner"].formatted_read_group(domain, [field], ["__count"])

    def answer(groups):
        """Return the count of each group."""
        return [(group[field], group["__count"]) for group in groups]

    return Task(lambda env: (screen(env).domain,), run, answer)


def total_task(screen, field):
    """Return the same task when only the total can be compared, because the two sides group by different columns."""
    return dataclasses.replace(group_task(screen, field), answer=lambda groups: sum(g["__count"] for g in groups))


def prospect(env):
    """Return the values that make a new partner a customer of ours."""
    return {"customer_status": "prospect", "customer_category_id": env["customer.category"].search([], limit=1).id}


def create_task(count, extra=None, number_field="id"):
    """Return the task of creating ``count`` partners in one call, stored but not committed.

    ``extra`` gives more values for each of them (from the environment); ``number_field`` names the column that must
    then hold a value of its own for every one.
    """

    def prepare(env):
        """Return the values of partners that do not exist yet."""
        country = env["res.country"].search([("code", "=", "CN")])
        rows = map(generate.entity, range(UNUSED, UNUSED + count))
        given = ("name", "is_company", "email", "phone", "city", "street", "lang")
        common = {"country_id": country.id, **(extra(env) if extra else {})}
        return ([{**{name: row[name] for name in given}, **common} for row in rows],)

    def run(env, vals_list):
        """Create and flush."""
        partners = env["res.partner"].create(vals_list)
        env.flush_all()
        return partners

    def answer(partners):
        """Return the names that are stored, and how many partners can be told apart."""
        partners.invalidate_recordset()
        return partners.mapped("complete_name"), len(set(partners.mapped(number_field)) - {False})

    return Task(prepare, run, answer)


def customers_pair(name, stock, ours=None, make=page_task, goal=LIST_GOAL):
    """Return an operation on the list of customers, made by ``make`` from what each side types or groups by."""
    ours = ours or stock
    return Operation(f"Customers: {name}", goal, make(companies_and_people, stock), make(customers, ours))


def same(name, goal, task):
    """Return an operation that is the same on both sides: what our addons cost those who do not use them."""
    return Operation(name, goal, task, task)


def name_search_pair(kind, stock, ours):
    """Return the operation of finding one customer by a ``kind`` of number, which Odoo alone finds by its reference."""
    return Operation(
        f"name_search {kind} (stock: reference)", NUMBER_GOAL, name_search_task(stock), name_search_task(ours)
    )


def findable(count):
    """Return the row of a customer in the middle of ``count`` partners whose phone nobody else has, with e-mail."""

    def digits(position):
        """Return what tells the telephone number of a partner from others of its country."""
        return generate.draw(position, "phone", generate.PHONES)

    owners = collections.Counter(map(digits, range(count)))
    middle = count // 2 // generate.BLOCK * generate.BLOCK
    for position in range(middle, count):
        if position % generate.BLOCK < generate.ENTITIES and owners[digits(position)] == 1:
            row = generate.entity(position)
            if row["email"] and row["phone"]:
                return row
    raise ValueError(f"Among {count} partners nobody can be searched for.")


def operations(count, created=1_000):
    """Return the table for databases of ``count`` generated partners; ``created`` more are made and rolled back."""
    one = findable(count)
    number = f"C{int(one['ref'][1:]):06d}"
    phone = one["phone"].replace("+", "00")  # in another notation than it is stored
    return [
        same("Contacts: page of 80", LIST_GOAL, page_task(contacts)),
        same(f"Contacts: search {ENGLISH_WORD}", LIST_GOAL, page_task(contacts, ENGLISH_WORD)),
        customers_pair("page of 80", None),
        customers_pair(f"search {ENGLISH_WORD}", ENGLISH_WORD),
        customers_pair(f"search {CHINESE_WORD}", CHINESE_WORD),
        customers_pair(f"search {number} (stock: {one['ref']})", one["ref"], number, goal=NUMBER_GOAL),
        same(f"name_search {ENGLISH_WORD}", NAME_GOAL, name_search_task(ENGLISH_WORD)),
        same(f"name_search {CHINESE_WORD}", NAME_GOAL, name_search_task(CHINESE_WORD)),
        same("name_search e-mail", NAME_GOAL, name_search_task(one["email"])),
        name_search_pair("number", one["ref"], number),
        name_search_pair("phone", one["ref"], phone),
        customers_pair("group by country", "country_id", make=group_task, goal=None),
        customers_pair("group by salesperson", "user_id", make=group_task, goal=None),
        customers_pair("group by status (stock: lang)", "lang", "customer_status", make=total_task, goal=None),
        same(f"create {created:,} partners", CREATE_GOAL, create_task(created)),
        Operation(
            f"create {created:,} customers",
            CREATE_CUSTOMER_GOAL,
            create_task(created),
            create_task(created, prospect, "customer_number"),
        ),
    ]
