"""What customers prefer by what they buy: the formula and its thresholds."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

# Less than these says nothing: one large order is no habit, and what everyone buys is no preference.
MIN_ORDERS = 3
MIN_LIFT = 1.5
MIN_SHARE = 0.1
# From here on the customer buys it so much more than others that “Always” describes it better than “Likes”.
STRONG_LIFT = 3
# Days after the last order with it after which a preference counts as forgotten.
EXPIRY_DAYS = 540
# To how many digits figures are kept: one changes only when somebody would see it.
SHARE_DIGITS = 3
LIFT_DIGITS = 2


class Observation(NamedTuple):
    """What orders say about one customer and one category."""

    share: float
    lift: float
    strength: str


def lift(customer_in_category: float, customer_total: float, all_in_category: float, all_total: float) -> float | None:
    """Return how much more of its money a customer spends in a category than all customers do: 1 is like everyone.

    All four are amounts in one currency. (In category / total of the customer) / (in category / total of all); None
    where one of them is not above zero, because there is nothing to compare. The lift of association rule mining (Brin,
    Motwani, Ullman and Tsur 1997), over amounts.

    A customer spends 400 of 1,000 on tea; all customers spend 20,000 of 100,000 on it:

    >>> lift(400, 1_000, 20_000, 100_000)
    2.0
    >>> lift(400, 0, 20_000, 100_000) is None
    True
    """
    if min(customer_in_category, customer_total, all_in_category, all_total) <= 0:
        return None
    return (customer_in_category / customer_total) / (all_in_category / all_total)


def is_observed(orders: int, times: float | None, share: float) -> bool:
    """Tell whether ``orders`` with a lift of ``times`` and a ``share`` (0 to 1) of the spend make a preference.

    >>> is_observed(3, 1.5, 0.1), is_observed(2, 9, 0.9), is_observed(9, 1.4, 0.9), is_observed(9, 9, 0.09)
    (True, False, False, False)
    """
    return times is not None and orders >= MIN_ORDERS and times >= MIN_LIFT and share >= MIN_SHARE


def round_half_up(value: float, digits: int) -> float:
    """Return ``value`` rounded as PostgreSQL rounds a double: to its 15 digits first, a half away from zero.

    >>> round_half_up(0.0625, 3), round_half_up(2.005, 2)
    (0.063, 2.01)
    """
    return float(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def observe(
    orders: int, spend: float, total: float, share_of_all: float, last: date, today: date
) -> Observation | None:
    """Return what the orders of a customer in one category say on ``today``, None if it is no preference.

    ``share_of_all`` is the share (0 to 1) of the category in what all customers spend. Thresholds are asked before
    share and lift are rounded. The job says the same in SQL, and a test compares the two.

    >>> observe(5, 400, 1_000, 0.2, date(2026, 10, 1), date(2026, 11, 1))
    Observation(share=0.4, lift=2.0, strength='1')
    >>> observe(5, 900, 1_000, 0.2, date(2026, 10, 1), date(2026, 11, 1))
    Observation(share=0.9, lift=4.5, strength='2')
    >>> observe(5, 400, 1_000, 0.2, date(2025, 1, 1), date(2026, 11, 1)) is None
    True
    """
    if last < today - timedelta(days=EXPIRY_DAYS):
        return None
    times = lift(spend, total, share_of_all, 1)
    if not is_observed(orders, times, spend / total if total > 0 else 0):
        return None
    share = round_half_up(spend / total, SHARE_DIGITS)
    return Observation(share, round_half_up(times, LIFT_DIGITS), "2" if times >= STRONG_LIFT else "1")
