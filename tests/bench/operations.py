"""What is measured: a table of operations, each done with our addons and without them.

An operation is written once per side as a Task; the two must give the same answer.
"""

import collections
import dataclasses
import typing

from odoo.tools import SQL

from . import client, generate

# The same customers in the words of each database: with our addons by status, without them by what they are.
ENTITY_DOMAIN = ["|", ("is_company", "=", True), ("parent_id", "=", False)]
LIST_GOAL, CREATE_GOAL, CREATE_CUSTOMER_GOAL = 1.05, 1.1, 1.5
NUMBER_GOAL, NAME_GOAL = 0.3, 1.25
BY_HAND_GOAL, TAG_GOAL = 1.5, 0.7
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
    """Something people do all day, and how much longer it may take with our addons.

    ``by_hand``: the first task is SQL written by hand for the same answer, and runs on our database, too.
    """

    name: str
    goal: float | None
    stock: Task
    ours: Task
    by_hand: bool = False


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


def any_rows(task):
    """Return ``task`` of a page without comparing what is on it, because the two sides show different partners."""
    return dataclasses.replace(task, answer=lambda result: bool(result["records"]))


def with_value(code, number):
    """Return the screen of our customers that have a value of a dimension type (its number)."""

    def screen(env):
        """Choose the value as the search box does."""
        opened = customers(env)
        opened.domain += [(generate.column(code), "=", value_of(env, code, number))]
        return opened

    return screen


def with_tag(number):
    """Return the screen of Odoo's companies and people that have a tag."""

    def screen(env):
        """Choose the tag as the search box does."""
        opened = companies_and_people(env)
        tag = env["res.partner.category"].search([("name", "=", generate.value_name(generate.TAGGED, number))])
        opened.domain += [("category_id", "in", tag.ids)]
        return opened

    return screen


def value_of(env, code, number):
    """Return the id of a value by its number among those of its type."""
    values = env["partner.dimension.value"].search([("type_id.code", "=", code)])
    return values[number].id


def count_task(screen):
    """Return the task of counting the records of a screen."""
    return Task(
        lambda env: (screen(env).domain,), lambda env, domain: env["res.partner"].search_count(domain), lambda n: n
    )


def tally_task(screen, fields):
    """Return the task of counting ``screen`` by ``fields``; the groups may come in any order."""

    def run(env, domain):
        """Group as a pivot table does."""
        return env["res.partner"].formatted_read_group(domain, fields, ["__count"])

    def answer(groups):
        """Return {names of the values, or "": count}."""
        return {
            tuple(group[field][1] if group[field] else "" for field in fields): group["__count"] for group in groups
        }

    return Task(lambda env: (screen(env).domain,), run, answer)


CUSTOMERS_SQL = "active AND customer_status IS NOT NULL AND (is_company OR parent_id IS NULL)"
COUNT_SQL = "SELECT count(*) FROM res_partner WHERE {column} = %s AND {customers}"
TALLY_SQL = """
    SELECT {names}, number
      FROM (SELECT {columns}, count(*) AS number FROM res_partner WHERE {customers} GROUP BY {columns}) tally {joins}
"""


def count_by_hand(code, number):
    """Return the task of counting the customers with a value by SQL written for it."""
    query = COUNT_SQL.format(column=generate.column(code), customers=CUSTOMERS_SQL)

    def run(env, value_id):
        """Ask the database."""
        env.cr.execute(query, [value_id])
        return env.cr.fetchone()[0]

    return Task(lambda env: (value_of(env, code, number),), run, lambda n: n)


def tally_by_hand(codes):
    """Return the task of counting the customers by the values of ``codes``, with their names, by SQL written for it."""
    columns = [generate.column(code) for code in codes]
    query = TALLY_SQL.format(
        columns=", ".join(columns),
        customers=CUSTOMERS_SQL,
        names=", ".join(f"COALESCE({code}.name->>'en_US', '')" for code in codes),
        joins=" ".join(
            f"LEFT JOIN partner_dimension_value {code} ON {code}.id = tally.{generate.column(code)}" for code in codes
        ),
    )

    def run(env):
        """Ask the database."""
        env.cr.execute(query)
        return env.cr.fetchall()

    return Task(lambda env: (), run, lambda rows: {tuple(row[:-1]): row[-1] for row in rows})


SEGMENT_SQL = """
    SELECT count(*) FROM res_partner
     WHERE {customers} AND customer_status <> 'invalid' AND {column} = %(value)s
       AND customer_category_id IN (
               SELECT id FROM customer_category WHERE id = %(category)s OR parent_id = %(category)s
           )
       AND id IN (SELECT partner_id FROM res_partner_res_partner_category_rel WHERE category_id = %(tag)s)
""".format(customers=CUSTOMERS_SQL, column=generate.column("importance"))  # noqa: S608 (constants)


def segment_parts(env):
    """Return what the four conditions of the measured segment ask for (ids by name)."""
    category = env["customer.category"].search([("name", "=", "Wholesale")])
    tag = env["res.partner.category"].search([("name", "=", generate.value_name(generate.TAGGED, 3))])
    return {"value": value_of(env, "importance", 0), "category": category.id, "tag": tag.id}


def segment_operation():
    """Return the operation of counting a segment of four conditions: status, category, dimension and tag."""

    def run_by_hand(env, parts):
        """Ask the database."""
        env.cr.execute(SEGMENT_SQL, parts)
        return env.cr.fetchone()[0]

    def run(env, parts):
        """Count as the form does, from the text of the condition."""
        condition = [
            ("customer_status", "!=", "invalid"),
            ("customer_category_id", "child_of", parts["category"]),
            (generate.column("importance"), "=", parts["value"]),
            ("category_id", "in", [parts["tag"]]),
        ]
        values = {"name": "Measured", "domain": repr(condition), "company_id": False}
        return env["partner.segment"].new(values)._count_members()

    def prepare(env):
        """Find what is asked for."""
        return (segment_parts(env),)

    return Operation(
        "segment count, 4 conditions (stock: by hand)",
        BY_HAND_GOAL,
        Task(prepare, run_by_hand, lambda n: n),
        Task(prepare, run, lambda n: n),
        by_hand=True,
    )


def plan_of_value(env, code="store", number=7):
    """Return how PostgreSQL finds the customers with a value (str): the plan of the count and of the page."""
    Partner, plans = env["res.partner"], []
    domain = with_value(code, number)(env).domain
    for query in (Partner._search(domain), Partner._search(domain, limit=client.PAGE)):
        rows = env.execute_query(SQL("EXPLAIN %s", query.select()))
        plans.append("\n".join(line for (line,) in rows))
    return "\n\n".join(plans)


def index_of_value(code="store"):
    """Return the name of the index that must be in ``plan_of_value``."""
    return f"res_partner__{generate.column(code)}_index"


def dimension_operations():
    """Return what is done with dimensions, against SQL by hand and against Odoo's tags for the same customers."""
    tagged, one, two = generate.TAGGED, ["store"], ["territory", "importance"]

    def tally(codes):
        """Return the task of grouping customers by the types."""
        return tally_task(customers, [generate.column(code) for code in codes])

    by_tag = tally_task(companies_and_people, ["category_id"])
    plain, by_value = page_task(companies_and_people), page_task(with_value("store", 7))
    return [
        Operation(
            "Count a value (stock: by hand)",
            BY_HAND_GOAL,
            count_by_hand("store", 7),
            count_task(with_value("store", 7)),
            by_hand=True,
        ),
        Operation("Count a value (stock: a tag)", TAG_GOAL, count_task(with_tag(3)), count_task(with_value(tagged, 3))),
        Operation("Group by 1 type (stock: by hand)", BY_HAND_GOAL, tally_by_hand(one), tally(one), by_hand=True),
        Operation("Group by 2 types (stock: by hand)", BY_HAND_GOAL, tally_by_hand(two), tally(two), by_hand=True),
        Operation("Group by 1 type (stock: by tag)", TAG_GOAL, by_tag, tally([tagged])),
        Operation("Page of 80 with a value (stock: any)", LIST_GOAL, any_rows(plain), any_rows(by_value)),
        Operation(
            "Page of 80 with a value (stock: a tag)",
            LIST_GOAL,
            page_task(with_tag(3)),
            page_task(with_value(tagged, 3)),
        ),
    ]


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
        *dimension_operations(),
        segment_operation(),
        same(f"create {created:,} partners", CREATE_GOAL, create_task(created)),
        Operation(
            f"create {created:,} customers",
            CREATE_CUSTOMER_GOAL,
            create_task(created),
            create_task(created, prospect, "customer_number"),
        ),
    ]
