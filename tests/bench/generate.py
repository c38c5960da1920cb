"""Fills a database with any number of partners in seconds: the same ones whenever and wherever it runs.

Every value follows from the partner's position by arithmetic. The rows go in by COPY and hold what Odoo's ORM would
have stored (a test creates a sample through the ORM and compares). What the ORM writes beside the partner, a line of
its history in the chatter, is left out: no operation of the bench reads it.
"""

import datetime
import functools
import io
import itertools
import zlib

import psycopg2.sql

from ..support import databases
from . import names

FIRST_ID = 100_001  # far above what Odoo and our own users take, so that it is the same in every database
CREATED = datetime.datetime(2026, 1, 1, 8)
LOGIN, TIMEZONE = "bench", "Asia/Shanghai"
SALESPEOPLE = 8
PHONES = 1_000_000  # that a country has, from which each partner draws: some are drawn twice
CATEGORIES = {"Key Account": None, "Wholesale": None, "Retail": None, "North": "Wholesale", "South": "Wholesale"}

# Dimension types that customers have values of, with how many values: five that our addon ships, three of the bench.
DIMENSIONS = {
    "territory": 12,
    "store": 40,
    "customer_class": 3,
    "importance": 2,
    "customer_level": 3,
    "channel": 6,
    "potential": 4,
    "payment": 5,
}
TAGGED = "territory"  # the one that everybody also has as Odoo's tags: the same customers in the same groups

# Partners come in blocks, so that position alone says what each one is: companies, then people, then contact persons.
BLOCK, COMPANIES, ENTITIES = 20, 9, 14
SHARED = ("commercial_partner_id", "commercial_company_name", "vat", "lang", "user_id", "country_id", "city", "street")
# What customers are found by, in the order and with the kinds of res.partner._search_key_sources().
SEARCHED = {
    "name": "name",
    "complete_name": "name",
    "customer_number": "number",
    "phone": "phone",
    "phone_sanitized": "phone",
    "email": "text",
    "ref": "text",
    "vat": "text",
}


def entity_count(count):
    """Return how many of the first ``count`` partners are no contact persons.

    >>> entity_count(20), entity_count(45)
    (14, 33)
    """
    return count // BLOCK * ENTITIES + min(count % BLOCK, ENTITIES)


def draw(position, purpose, size):
    """Return a number below ``size`` that is always the same for this partner and purpose, and evenly spread.

    >>> draw(7, "city", 10) == draw(7, "city", 10)
    True
    """
    return zlib.crc32(b"%s/%d" % (purpose.encode(), position)) % size


def choose(position, purpose, options):
    """Return one of ``options``, always the same for this partner and purpose."""
    return options[draw(position, purpose, len(options))]


@functools.cache
def places_by_percent():
    """Return the places as a list of a hundred, each as often as its share."""
    return [place for place in names.PLACES for _ in range(place.share)]


def company_name(position, chinese):
    """Return the name of a company; a fortieth of a language share a brand, which searches look for."""
    if chinese:
        city = choose(position, "city", names.PLACES[0].cities)
        words = (names.CHINESE_BRANDS, names.CHINESE_TRADES, names.CHINESE_FORMS)
        return city + "".join(choose(position, str(place), options) for place, options in enumerate(words))
    words = (names.ENGLISH_BRANDS, names.ENGLISH_TRADES, names.ENGLISH_FORMS)
    return " ".join(choose(position, str(place), options) for place, options in enumerate(words))


def person_name(position, chinese):
    """Return the name of a person, family name first in Chinese."""
    if chinese:
        return choose(position, "surname", names.CHINESE_SURNAMES) + choose(position, "given", names.CHINESE_GIVEN)
    return f"{choose(position, 'given', names.ENGLISH_GIVEN)} {choose(position, 'surname', names.ENGLISH_SURNAMES)}"


def email(position, name):
    """Return an address; three of four partners have one, and the position makes it unique."""
    if not draw(position, "email", 4):
        return None
    local = "".join(letter for letter in name.split()[0] if letter.isascii() and letter.isalnum()) or "lianxi"
    return f"{local}{position}@{choose(position, 'host', ('example.com', 'example.org', 'mail.example.cn'))}"


def own_values(position, chinese, place, name):
    """Return what every partner has for itself, as the ORM would store it."""
    phone = f"{place.phone}{draw(position, 'phone', PHONES):06d}" if draw(position, "has phone", 20) < 17 else None
    address = email(position, name)
    return {
        "id": FIRST_ID + position,
        "name": name,
        "type": "contact",
        "lang": "zh_CN" if chinese else "en_US",
        "tz": TIMEZONE,
        "email": address,
        "email_normalized": address and address.lower(),
        "phone": phone,
        "phone_sanitized": phone and phone.replace(" ", ""),
        "active": True,
        "partner_share": True,
        "color": 0,
        "message_bounce": 0,
        "create_uid": 1,
        "write_uid": 1,
        "create_date": CREATED + datetime.timedelta(seconds=position),
        "write_date": CREATED + datetime.timedelta(seconds=position),
    }


@functools.lru_cache(maxsize=BLOCK)  # its contact persons ask again
def entity(position):
    """Return the row of a company, or of a person that belongs to none; salespeople are numbers from 0 for now."""
    place = choose(position, "place", places_by_percent())
    chinese = place.code in ("CN", "HK")
    is_company = position % BLOCK < COMPANIES
    name = (company_name if is_company else person_name)(position, chinese)
    salesperson = draw(position, "salesperson", SALESPEOPLE + 3)
    return {
        **own_values(position, chinese, place, name),
        "complete_name": name,
        "is_company": is_company,
        "commercial_partner_id": FIRST_ID + position,
        "commercial_company_name": name if is_company else None,
        "ref": f"K{entity_count(position) + 1:07d}",
        "vat": f"91{draw(position, 'vat', 10**6):06d}{position:010d}" if is_company and position % 5 < 2 else None,
        "user_id": salesperson if salesperson < SALESPEOPLE else None,
        "country_id": place.code,
        "city": choose(position, "city", place.cities),
        "street": f"{1 + draw(position, 'house', 999)} {choose(position, 'street', names.STREETS)}",
    }


def contact(position):
    """Return the row of a contact person below a company of the same block, whose fields it shares."""
    parent = entity(position - position % BLOCK + draw(position, "parent", COMPANIES))
    chinese = parent["lang"] == "zh_CN"
    place = next(place for place in names.PLACES if place.code == parent["country_id"])
    name = person_name(position, chinese)
    return {
        **own_values(position, chinese, place, name),
        **{column: parent[column] for column in SHARED},
        "complete_name": f"{parent['name']}, {name}",
        "is_company": False,
        "parent_id": parent["id"],
        "function": choose(position, "job", names.JOBS),
    }


def partner(position):
    """Return the row (dict) of the partner at ``position``, counted from 0, in a database without our addons."""
    return entity(position) if position % BLOCK < ENTITIES else contact(position)


def column(code):
    """Return the column of a dimension type.

    >>> column("store")
    'x_dim_store_id'
    """
    return f"x_dim_{code}_id"


def dimension_value(position, code):
    """Return which value of a type (from 0) the customer at ``position`` has, or None: one of each kind is missing."""
    value = draw(position, code, DIMENSIONS[code] + 1)
    return value if value < DIMENSIONS[code] else None


def customer(row):
    """Return the columns our addons add to ``row``: every commercial entity is a customer, its contacts follow.

    The number is the count of entities so far, category and dimensions are numbers from 0: what they look like is up to
    the database.
    """
    position = row["commercial_partner_id"] - FIRST_ID
    dice = draw(position, "status", 100)
    category = draw(position, "category", len(CATEGORIES) + 1)
    return {
        "customer_status": "active" if dice < 60 else "prospect" if dice < 95 else "invalid",
        "customer_status_before_invalid": "active" if dice >= 95 else None,
        "customer_category_id": category if category < len(CATEGORIES) else None,
        "customer_number": entity_count(position) + 1 if row["id"] == row["commercial_partner_id"] else None,
        **{column(code): dimension_value(position, code) for code in DIMENSIONS},
    }


STOCK_COLUMNS = tuple(dict.fromkeys([*partner(0), *partner(ENTITIES)]))
OUR_COLUMNS = (*customer(partner(0)), "partner_search_key")
ASSIGNMENT_COLUMNS = ("partner_id", "type_id", "value_id", "value_name", "source", "since", "user_id")


def search_key(row):
    """Return the key by which our addons find the customer or contact person in ``row``."""
    # Here, because on the side without our addons there is nothing to import, and before Odoo is set up neither.
    from odoo.addons.customer_mgmt.tools.search_key import build_key

    return build_key((kind, row[column]) for column, kind in SEARCHED.items() if row.get(column))


def rows(count, lookups):
    """Yield ``count`` rows for the columns named in ``lookups`` and all others.

    ``lookups`` maps a column to what turns its abstract value into one of the database: {"country_id": {"CN": 48}}.
    With "customer_number" in it the rows are those of managed customers.
    """
    ours = "customer_number" in lookups
    for position in range(count):
        row = partner(position)
        if ours:
            row = {**row, **customer(row)}
        for column, lookup in lookups.items():
            if row.get(column) is not None:
                row = {**row, column: lookup[row[column]] if isinstance(lookup, dict) else lookup(row[column])}
        yield {**row, "partner_search_key": search_key(row)} if ours else row


def copy_text(value):
    r"""Return ``value`` as COPY reads it.

    >>> copy_text(None), copy_text("one\ntwo")
    ('\\N', 'one\\ntwo')
    """
    return r"\N" if value is None else str(value).replace("\\", r"\\").replace("\n", r"\n")


def entity_positions(count):
    """Yield the positions of those of the first ``count`` partners that are no contact persons."""
    return (position for position in range(count) if position % BLOCK < ENTITIES)


def tag_rows(count, tag_ids):
    """Yield the rows that give each customer the tag of its value in TAGGED."""
    for position in entity_positions(count):
        value = dimension_value(position, TAGGED)
        if value is not None:
            yield {"partner_id": FIRST_ID + position, "category_id": tag_ids[value]}


def assignment_rows(count, values):
    """Yield the history rows of all customers, as a person's choice leaves them.

    ``values`` is {code: (id of the type, [(id, name) of its values])}.
    """
    for position in entity_positions(count):
        for code, (type_id, known) in values.items():
            value = dimension_value(position, code)
            if value is not None:
                yield {
                    "partner_id": FIRST_ID + position,
                    "type_id": type_id,
                    "value_id": known[value][0],
                    "value_name": known[value][1],
                    "source": "manual",
                    "since": CREATED + datetime.timedelta(seconds=position),
                    "user_id": 1,
                }


def copy_rows(cr, table, columns, rows_):
    """Insert rows (dicts) into ``table`` by COPY, ten thousand at a time."""
    names_ = psycopg2.sql.SQL(", ").join(map(psycopg2.sql.Identifier, columns))
    query = psycopg2.sql.SQL("COPY {} ({}) FROM STDIN").format(psycopg2.sql.Identifier(table), names_)
    while batch := list(itertools.islice(rows_, 10_000)):
        lines = ("\t".join(copy_text(row.get(column)) for column in columns) for row in batch)
        cr.copy_expert(query, io.StringIO("\n".join(lines) + "\n"))


def create_users(env):
    """Create the user who measures, with the least rights that work in each database, and the salespeople's users."""
    ours = "customer_status" in env["res.partner"]._fields
    right = env.ref("customer_mgmt.group_customer_own" if ours else "base.group_partner_manager")
    employee = env.ref("base.group_user")
    values = [{"name": "Bench", "login": LOGIN, "group_ids": [(6, 0, (employee + right).ids)]}]
    values += [
        {"name": f"Salesperson {number}", "login": f"salesperson{number}", "group_ids": [(6, 0, employee.ids)]}
        for number in range(SALESPEOPLE)
    ]
    return env["res.users"].create([{**value, "lang": "en_US", "tz": TIMEZONE} for value in values])


def create_categories(env):
    """Create the customer categories and return their ids in order."""
    ids = {None: False}
    for name, parent in CATEGORIES.items():
        ids[name] = env["customer.category"].create({"name": name, "parent_id": ids[parent]}).id
    return [ids[name] for name in CATEGORIES]


def create_dimensions(env):
    """Create the types of the bench and the values that are missing; return what ``assignment_rows`` needs."""
    Type, values = env["partner.dimension.type"], {}
    known = {dimension_type.code: dimension_type for dimension_type in Type.search([])}
    created = Type.create([{"name": code.title(), "code": code} for code in DIMENSIONS if code not in known])
    known |= {dimension_type.code: dimension_type for dimension_type in created}
    for code, size in DIMENSIONS.items():
        missing = range(len(known[code].value_ids), size)
        env["partner.dimension.value"].create(
            [{"type_id": known[code].id, "name": value_name(code, number), "sequence": number} for number in missing]
        )
        values[code] = known[code].id, [(value.id, value.name) for value in known[code].value_ids]
    return values


def value_name(code, number):
    """Return what a value of the bench, and the tag for the same customers, is called.

    >>> value_name("store", 3)
    'Store 03'
    """
    return f"{code.title()} {number:02d}"


def create_tags(env):
    """Create the tags that say the same as the dimension TAGGED; return their ids in order."""
    vals_list = [{"name": value_name(TAGGED, number)} for number in range(DIMENSIONS[TAGGED])]
    return env["res.partner.category"].create(vals_list).ids


def prepare(env):
    """Create what partners refer to, and return the lookups that ``rows`` needs for this database."""
    salespeople = create_users(env)[1:]
    countries = env["res.country"].search([("code", "in", [place.code for place in names.PLACES])])
    lookups = {
        "user_id": salespeople.ids.__getitem__,
        "country_id": {country.code: country.id for country in countries},
    }
    if "customer_status" in env["res.partner"]._fields:
        sequence = env["res.partner"]._get_shared_customer_sequence()
        lookups["customer_category_id"] = create_categories(env).__getitem__
        lookups["customer_number"] = lambda number: f"{sequence.prefix}{number:0{sequence.padding}d}"
    return lookups


def adopt_the_rest(env, count):
    """Let numbering go on after the generated customers, and manage the few partners that Odoo made itself."""
    env["res.partner"]._get_shared_customer_sequence().number_next = entity_count(count) + 1
    env["res.partner"].search([("customer_status", "=", False)]).action_customer_manage()


def fill(env, count):
    """Fill the database of ``env`` (superuser's) with ``count`` partners; commits.

    The table's statistics are made once and then left alone: no autovacuum may fall into a measurement.
    """
    lookups = prepare(env)
    # Links are checked row by row with a plan made while the table was empty, and would be ever slower: plan again.
    env.cr.execute("SET LOCAL enable_seqscan = off")
    env.cr.execute("DISCARD PLANS")
    ours = "customer_number" in lookups
    dimensions = create_dimensions(env) if ours else {}
    for code, (_type_id, values) in dimensions.items():
        lookups[column(code)] = [value_id for value_id, _name in values].__getitem__
    env.flush_all()
    copy_rows(env.cr, "res_partner", STOCK_COLUMNS + (OUR_COLUMNS if ours else ()), rows(count, lookups))
    copy_rows(
        env.cr,
        "res_partner_res_partner_category_rel",
        ("category_id", "partner_id"),
        tag_rows(count, create_tags(env)),
    )
    if ours:
        copy_rows(env.cr, "partner_dimension_assignment", ASSIGNMENT_COLUMNS, assignment_rows(count, dimensions))
    env.cr.execute("SELECT setval('res_partner_id_seq', max(id)) FROM res_partner")
    env.invalidate_all()
    if ours:
        adopt_the_rest(env, count)
    env.cr.commit()
    with databases.cursor(env.cr.dbname) as cr:
        cr.execute("VACUUM ANALYZE")
        cr.execute("ALTER TABLE res_partner SET (autovacuum_enabled = off)")
