"""What a value of a dimension type is to the rules, and which value is tried first."""

from typing import NamedTuple


class RuleValue(NamedTuple):
    """One value as an evaluation sees it: small and immutable, so that it can be kept between requests.

    ``given`` tells whether it can be given at all today; a retired one still stands for its record. ``source`` is
    "model,id" of the record that it stands for, or ""; a city stands for none, but has the ``place`` ("model,id") that
    it lies in and its ``names`` in small letters.
    """

    id: int
    code: str
    company_id: int
    given: bool
    condition: str
    bound_min: float
    bound_max: float
    source: str
    place: str
    names: tuple


class RulePlan(NamedTuple):
    """The rules of one type: what they look at, and the values in the order in which they are tried."""

    basis: str
    field: str
    relation: str
    values: tuple


def below_first(ids, parents):
    """Return ``ids`` in the order in which rules try them: as they come, but each behind those that stand below it.

    ``parents`` is {id: id above}; whoever stands below something that is not there counts as a top.

    >>> below_first([1, 2, 3, 4, 5], {3: 1, 4: 3, 5: 2})
    [4, 3, 1, 5, 2]
    """
    children = {}
    for value_id in ids:
        above = parents.get(value_id)
        children.setdefault(above if above in ids else None, []).append(value_id)

    def visit(above):
        for value_id in children.get(above, ()):
            yield from visit(value_id)
            yield value_id

    return list(visit(None))


def ranks(pairs):
    """Return {key: rank} of ``pairs`` (key, rank, or None for a value that is not given), the smallest one each.

    >>> ranks([("cn", 2), ("cn", 1), ("us", None), ("cn", None)])
    {'cn': 1, 'us': None}
    """
    result = {}
    for key, rank in pairs:
        known = result.setdefault(key, rank)
        if rank is not None and (known is None or rank < known):
            result[key] = rank
    return result
