"""Who is looked after, and who is forgotten: the status of a customer by its follow-ups."""

from datetime import date, datetime
from typing import NamedTuple

from .clock import day_in

# After so many cadences without being reached a customer is dormant.
PATIENCE = 3
# A longer cadence counts as this one: it is half a working life, and dates have an end.
LONGEST_CADENCE = 10_000


class Standing(NamedTuple):
    """What is to be said of one customer."""

    status: str
    days: int


def dormant_after(cadence: int) -> int:
    """Return after how many days without being reached a customer is dormant.

    >>> dormant_after(30), dormant_after(1_000_000)
    (90, 30000)
    """
    return PATIENCE * min(cadence, LONGEST_CADENCE)


def days_of(status: str, today: date, due: date | None, quiet: date | None) -> int:
    """Return how many days belong to ``status``, always as a number from 0.

    Days since it was due, days until it is due, or days since the customer was reached last (``quiet``; if never, since
    its salesperson has it).

    >>> days_of("overdue", date(2026, 3, 9), date(2026, 3, 2), None)
    7
    >>> days_of("on_track", date(2026, 3, 9), date(2026, 3, 12), None)
    3
    >>> days_of("never", date(2026, 3, 9), None, date(2026, 3, 1))
    8
    """
    since = due if status in ("on_track", "due_today", "overdue") else quiet
    return abs((today - since).days) if since else 0


def judge(
    now: datetime,
    zone: str | None,
    cadence: int,
    since: datetime,
    due: datetime | None = None,
    done: datetime | None = None,
    reached: datetime | None = None,
) -> Standing:
    """Return the status of a customer that has an owner ``since`` then, and its days. The first that fits counts.

    ``due`` is the earliest open step, ``done`` the last follow-up, ``reached`` the last one in which somebody was
    reached; each may be missing. All times are UTC, days are those of ``zone``, ``cadence`` counts days.

    With an open step its day decides:

    >>> when = datetime(2026, 3, 10, 9)
    >>> ours = dict(now=when, zone="UTC", cadence=10, since=datetime(2026, 1, 1))
    >>> [judge(due=datetime(2026, 3, day, 12), **ours) for day in (9, 10, 11)]  # doctest: +NORMALIZE_WHITESPACE
    [Standing(status='overdue', days=1), Standing(status='due_today', days=0), Standing(status='on_track', days=1)]

    Without one: nobody has been in touch since the customer has this owner, whatever was before; nobody was reached
    for three cadences; or there is just no plan:

    >>> before, short, call = datetime(2025, 12, 31), datetime(2026, 2, 9), datetime(2026, 2, 8, 20)
    >>> judge(**ours), judge(done=before, reached=before, **ours)
    (Standing(status='never', days=68), Standing(status='never', days=69))
    >>> judge(done=call, reached=call, **ours), judge(done=short, reached=short, **ours)
    (Standing(status='dormant', days=30), Standing(status='no_plan', days=29))

    Attempts that reached nobody keep a customer from "never" and not from "dormant". In Shanghai it is later:

    >>> judge(done=call, **ours)
    Standing(status='dormant', days=68)
    >>> judge(**{**ours, "zone": "Asia/Shanghai"}, done=call, reached=call)
    Standing(status='no_plan', days=29)
    """
    today, quiet = day_in(zone, now), day_in(zone, reached or since)
    due_day = due and day_in(zone, due)
    if due_day:
        status = "overdue" if due_day < today else "due_today" if due_day == today else "on_track"
    elif not done or done < since:
        status = "never"
    else:
        status = "dormant" if (today - quiet).days >= dormant_after(cadence) else "no_plan"
    return Standing(status, days_of(status, today, due_day, quiet))
