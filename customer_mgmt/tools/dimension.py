"""What a dimension is to the code that meets it at every step, and the arithmetic of its numeric bands."""

import itertools
import re
from typing import NamedTuple

from pypinyin import lazy_pinyin

COLUMN_PREFIX, COLUMN_SUFFIX = "x_dim_", "_id"


class Dimension(NamedTuple):
    """One dimension type as partners see it: small and immutable, so that it can be kept between requests.

    ``column`` is the field of the partner; ``mandatory`` lists the statuses in which a person must fill it in;
    ``evaluated`` tells whether anything else than a person gives values; ``frozen`` whether nobody else may;
    ``followed`` is the field of the partner that people change instead, where the type copies one.
    """

    id: int
    code: str
    column: str
    kind: str
    applies_to: str
    frozen: bool
    evaluated: bool
    mandatory: tuple
    hierarchical: bool
    edit_group_id: int
    company_id: int
    default_value_id: int
    followed: str


def code_from_name(name):
    """Return ``name`` as a code of small letters, digits and underscores; Chinese by its sound.

    >>> code_from_name("Key Account"), code_from_name("重点客户"), code_from_name("2nd class"), code_from_name("!")
    ('key_account', 'zhong_dian_ke_hu', 'v_2nd_class', 'v')
    """
    words = re.findall(r"[a-z0-9]+", " ".join(lazy_pinyin(name)).lower())
    code = "_".join(words)[:28].rstrip("_")
    return code if code[:1].isalpha() else f"v_{code}".rstrip("_")


def unused_code(name, taken):
    """Return the code of ``name``, with a number behind it if it is among ``taken``.

    >>> unused_code("Key", {}), unused_code("Key", {"key"}), unused_code("Key", {"key", "key_2"})
    ('key', 'key_2', 'key_3')
    """
    code = code_from_name(name)
    candidates = (f"{code}_{number}" if number > 1 else code for number in itertools.count(1))
    return next(candidate for candidate in candidates if candidate not in taken)


def column_name(code):
    """Return the name of the partner's column for a dimension type.

    >>> column_name("industry")
    'x_dim_industry_id'
    """
    return f"{COLUMN_PREFIX}{code}{COLUMN_SUFFIX}"


def is_column_name(name):
    """Tell whether ``name`` is the column of a dimension type, whatever its code.

    >>> is_column_name("x_dim_industry_id"), is_column_name("industry_id"), is_column_name("x_dim_industry_code")
    (True, False, False)
    """
    return name.startswith(COLUMN_PREFIX) and name.endswith(COLUMN_SUFFIX)


def mentions_column(text, column):
    """Tell whether ``text`` (a domain, a context, a view, JSON) names ``column`` and not just a longer name.

    >>> mentions_column("[('x_dim_big_id', '=', 1)]", "x_dim_big_id")
    True
    >>> mentions_column("[('my_x_dim_big_id', '=', 1)]", "x_dim_big_id")
    False
    >>> mentions_column("{'group_by': 'partner_id.x_dim_big_id'}", "x_dim_big_id")
    True
    """
    return re.search(rf"(?<!\w){re.escape(column)}(?!\w)", text) is not None


def first_overlap(bands):
    """Return the first two of ``bands`` (lower bound, upper bound or 0 for none, name) that share a number, or None.

    A band holds its lower bound and not its upper one.

    >>> first_overlap([(0, 20, "small"), (20, 300, "medium"), (300, 0, "large")])
    >>> first_overlap([(0, 20, "small"), (10, 300, "medium")])
    ('small', 'medium')
    >>> first_overlap([(300, 0, "large"), (500, 600, "larger")])
    ('large', 'larger')
    """
    ordered = sorted(bands, key=lambda band: band[0])
    for lower, upper in zip(ordered, ordered[1:], strict=False):
        if not lower[1] or lower[1] > upper[0]:
            return lower[2], upper[2]
    return None
