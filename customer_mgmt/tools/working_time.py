"""The next moment at which somebody works, as plain arithmetic on intervals."""


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
