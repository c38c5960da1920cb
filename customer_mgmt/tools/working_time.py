"""Working time as plain arithmetic on intervals: the next moment of it, and how much of it lies between moments."""


def next_slot(moment, intervals):
    """Return ``moment`` if it lies within ``intervals`` of working time, else the start of the next one, or None.

    ``intervals`` are (start, stop) in the order of time; at its stop an interval is over.

    >>> morning, afternoon = (8, 12), (13, 17)
    >>> [next_slot(hour, [morning, afternoon]) for hour in (7, 8, 11, 12, 13, 16, 17)]
    [8, 8, 11, 13, 13, 16, None]
    >>> next_slot(7, []) is None
    True
    """
    return next((max(moment, start) for start, stop in intervals if moment < stop), None)


def cumulate(intervals):
    """Return (starts, worked) of working ``intervals``, pairs of seconds that are in order and do not overlap.

    ``starts`` is when each interval begins, ``worked`` how many seconds of work lie before each begin and, as one more
    number at the end, before the end of time. Intervals that touch become one.

    >>> cumulate([(100, 200), (200, 260), (500, 600)])
    ([100, 500], [0, 160, 260])
    >>> cumulate([])
    ([], [0])
    """
    starts, worked, last = [], [0], None
    for start, stop in intervals:
        if start == last:
            worked[-1] += stop - start
        else:
            starts.append(start)
            worked.append(worked[-1] + stop - start)
        last = stop
    return starts, worked


def as_array(numbers):
    """Return ``numbers`` as PostgreSQL writes an array.

    >>> as_array([0, 160, 260.5])
    '{0,160,260.5}'
    """
    return "{" + ",".join(map(str, numbers)) + "}"
