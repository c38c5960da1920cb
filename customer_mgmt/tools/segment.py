"""The arithmetic of two groups of customers that share some of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Overlap:
    """How many are in the first group, in the second, and in both.

    >>> overlap = Overlap(first=60, second=90, both=50)
    >>> overlap.only_first, overlap.only_second, overlap.either
    (10, 40, 100)
    >>> overlap.jaccard
    0.5
    >>> Overlap(first=3, second=0, both=0).jaccard
    0.0
    >>> Overlap(first=0, second=0, both=0).jaccard is None
    True
    """

    first: int
    second: int
    both: int

    @property
    def only_first(self):
        """Return how many are in the first group alone."""
        return self.first - self.both

    @property
    def only_second(self):
        """Return how many are in the second group alone."""
        return self.second - self.both

    @property
    def either(self):
        """Return how many are in at least one of the two."""
        return self.first + self.second - self.both

    @property
    def jaccard(self):
        """Return those in both divided by those in at least one (0 to 1), or None where nobody is in either."""
        return self.both / self.either if self.either else None


def percent(share):
    """Return ``share`` (0 to 1, or None) as a text.

    >>> percent(1 / 3)
    '33.3 %'
    >>> percent(0.0)
    '0.0 %'
    >>> percent(None)
    '—'
    """
    return "—" if share is None else f"{100 * share:.1f} %"
