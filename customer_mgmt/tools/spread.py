"""Spreading work evenly over days."""


def spread(count, days):
    """Return for each of ``count`` tasks the number of its day (0 to ``days`` - 1), in order and as even as possible.

    >>> spread(5, 2)
    [0, 0, 0, 1, 1]
    >>> spread(2, 5)
    [0, 2]
    >>> spread(3, 1), spread(0, 4)
    ([0, 0, 0], [])
    """
    return [place * days // count for place in range(count)]
