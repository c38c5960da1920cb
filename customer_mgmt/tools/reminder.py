"""When whom to remind of a next step, and of what else comes round, without the ORM."""

from datetime import date, datetime, time, timedelta

# What a step has been reminded of: each level once, in this order.
NOTHING, DUE, LATE, LEADER, MANAGER = range(5)
# Days after the day a step is due on which each level of overdue is reached.
OVERDUE_DAYS = {LATE: 1, LEADER: 3, MANAGER: 7}


def reached_level(due, now, hour):
    """Return the highest level that a step due at ``due`` has reached at ``now``, both as its owner's clock shows them.

    It is due at its very time; the levels of overdue are reached at ``hour`` (int) of their day.

    >>> friday = datetime(2026, 3, 6, 15, 30)
    >>> [reached_level(friday, datetime(2026, 3, day, at), 7) for day, at in ((6, 15), (6, 16), (7, 6), (7, 7))]
    [0, 1, 1, 2]
    >>> [reached_level(friday, datetime(2026, 3, day, at), 7) for day, at in ((9, 6), (9, 7), (13, 6), (13, 7))]
    [2, 3, 3, 4]
    """
    level = DUE if now >= due else NOTHING
    for overdue, days in OVERDUE_DAYS.items():
        if now >= datetime.combine(due.date() + timedelta(days=days), time(hour)):
            level = overdue
    return level


def levels_to_tell(told, reached):
    """Return the levels between what was ``told`` and what is ``reached`` that are worth a message.

    What is overdue is no longer due: its owner hears only the later of the two.

    >>> levels_to_tell(NOTHING, DUE), levels_to_tell(DUE, LATE), levels_to_tell(LATE, LATE)
    ([1], [2], [])
    >>> levels_to_tell(NOTHING, MANAGER)
    [2, 3, 4]
    """
    levels = list(range(told + 1, reached + 1))
    return levels[1:] if DUE in levels and LATE in levels else levels


def next_birthday(birth, today):
    """Return the next birthday (date), today included; who was born on a leap day celebrates on the last of February.

    >>> next_birthday(date(1990, 3, 5), date(2026, 3, 5)), next_birthday(date(1990, 3, 5), date(2026, 3, 6))
    (datetime.date(2026, 3, 5), datetime.date(2027, 3, 5))
    >>> next_birthday(date(2000, 2, 29), date(2026, 2, 1)), next_birthday(date(2000, 2, 29), date(2028, 2, 1))
    (datetime.date(2026, 2, 28), datetime.date(2028, 2, 29))
    """
    return min(day for day in (_on(birth, today.year), _on(birth, today.year + 1)) if day >= today)


def _on(birth, year):
    """Return the birthday in ``year``."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def birthday_keys(today, days):
    """Return month * 100 + day (set of int) of all birth dates whose birthday comes within ``days`` from ``today``.

    >>> sorted(birthday_keys(date(2026, 12, 30), 3))
    [101, 102, 1230, 1231]
    >>> sorted(birthday_keys(date(2026, 2, 27), 1)), sorted(birthday_keys(date(2028, 2, 27), 1))
    ([227, 228, 229], [227, 228])
    """
    coming = [today + timedelta(days=number) for number in range(days + 1)]
    keys = {day.month * 100 + day.day for day in coming}
    if any(day.month == 2 and day.day == 28 and _on(date(2000, 2, 29), day.year) == day for day in coming):
        keys.add(229)
    return keys
