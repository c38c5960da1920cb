"""What the clocks of people and companies show, and when it is in UTC that they show it."""

from datetime import date, datetime, time

import pytz


def local_time(zone: str | None, moment: datetime) -> datetime:
    """Return what the clock shows in the time zone ``zone`` at ``moment``, both without time zone; none means UTC.

    >>> local_time("Asia/Shanghai", datetime(2026, 3, 1, 16)), local_time(None, datetime(2026, 3, 1, 16))
    (datetime.datetime(2026, 3, 2, 0, 0), datetime.datetime(2026, 3, 1, 16, 0))
    """
    return pytz.utc.localize(moment).astimezone(pytz.timezone(zone or "UTC")).replace(tzinfo=None)


def day_in(zone: str | None, moment: datetime) -> date:
    """Return the day of ``moment`` (UTC) in the time zone ``zone``.

    >>> day_in("Asia/Shanghai", datetime(2026, 3, 1, 16)), day_in(None, datetime(2026, 3, 1, 16))
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 1))
    """
    return local_time(zone, moment).date()


def moment_of(zone: str | None, day: date, at: time = time.min) -> datetime:
    """Return when (UTC) the clock in the time zone ``zone`` shows ``at`` on ``day``, the change of clocks observed.

    >>> [moment_of("Europe/Brussels", date(2026, 3, day), time(9)).hour for day in (28, 29)]
    [8, 7]
    >>> moment_of(None, date(2026, 3, 28))
    datetime.datetime(2026, 3, 28, 0, 0)
    """
    shown = datetime.combine(day, at.replace(tzinfo=None))
    return pytz.timezone(zone or "UTC").localize(shown).astimezone(pytz.utc).replace(tzinfo=None)
