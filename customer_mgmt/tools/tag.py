"""Names of tags: which are one and the same, which are nearly, and which are none at all."""

from rapidfuzz.distance import OSA

from . import search_key

MAX_LENGTH = 64
# Shorter names that differ in one letter are mostly different things: A1 and A2, Mon and Man.
MIN_NEAR_LENGTH = 4


def normal_form(name: str) -> str:
    """Return what makes a tag the same as another: its name without case, width, accents, blanks around and script.

    >>> normal_form(" ＶＩＰ "), normal_form("vip"), normal_form("電腦  用戶")
    ('vip', 'vip', '电脑 用户')
    """
    return search_key.normalize(name)


def tidy(name: str) -> str:
    """Return ``name`` as it is stored: written as it was, without superfluous and invisible white space.

    >>> tidy("  VIP \\t Gold\\u3000")
    'VIP Gold'
    """
    return " ".join(name.split())


def is_symbol_only(name: str) -> bool:
    """Tell whether there is no letter or digit of any script in ``name``.

    >>> is_symbol_only("★ !!"), is_symbol_only("  "), is_symbol_only("C++"), is_symbol_only("贵")
    (True, True, False, False)

    An invisible letter is none; a letter or number in a frame is one.

    >>> is_symbol_only("\\u3164"), is_symbol_only("①"), is_symbol_only("™")
    (True, False, False)
    """
    return not any(map(str.isalnum, normal_form(name)))


def is_near(one: str, other: str) -> bool:
    """Tell whether two names differ by one slip: a letter too many, too few, another or two exchanged.

    >>> is_near("Wholesale", "wholesales"), is_near("Retial", "Retail"), is_near("VIP", "VAP")
    (True, True, False)
    >>> is_near("Retail", " RETAIL "), is_near("Retail", "Repair")
    (False, False)
    """
    return is_near_form(normal_form(one), normal_form(other))


def is_near_form(one: str, other: str) -> bool:
    """Tell ``is_near`` of two normal forms.

    >>> is_near_form("2025 fair", "2026 fair")
    False

    Digits are never slips: years, sizes and numbers tell tags apart on purpose.
    """
    if one == other or min(len(one), len(other)) < MIN_NEAR_LENGTH:
        return False
    if OSA.distance(one, other, score_cutoff=1) != 1:
        return False
    return [*filter(str.isdigit, one)] == [*filter(str.isdigit, other)]
