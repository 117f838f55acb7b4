"""Figures recomputed from a generated ledger's rows, as a careful person with a list would."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

NEUTRAL = ("transfers", "savings", "debt.credit_card")
REFUND = "income.money_back.refund"
Rows = list[dict[str, Any]]
Sums = Counter[tuple[str, str]]
"""Minor units by a figure's name and currency; those that are zero are left out."""


def spent(one: dict[str, Any]) -> int:
    """What a row adds to total spending."""
    if one["minor"] < 0:
        return 0 if one["category"].startswith(NEUTRAL) else -one["minor"]
    return -one["minor"] if one["category"] == REFUND else 0


def earned(one: dict[str, Any]) -> int:
    """What a row adds to income: pay, not money back and not borrowed."""
    return one["minor"] if one["minor"] > 0 and one["category"] == "income.pay.salary" else 0


def of(rows: Rows, **wanted: Any) -> Rows:
    """The rows with these values."""
    return [one for one in rows if all(one[key] == value for key, value in wanted.items())]


def within(rows: Rows, start: date, end: date) -> Rows:
    """The rows of half-open days."""
    return [one for one in rows if start <= one["day"] < end]


def sums(
    rows: Rows, name: Callable[[dict[str, Any]], str], worth: Callable[[dict[str, Any]], int]
) -> Sums:
    """The sum of each group and currency."""
    found: Sums = Counter()
    for one in rows:
        found[name(one), one["currency"]] += worth(one)
    return plain(found.items())


def plain(items: Iterable[tuple[tuple[str, str], int]]) -> Sums:
    """Sums without those that are zero."""
    return Counter({key: minor for key, minor in items if minor})


def _or_refund(one: dict[str, Any], group: str) -> str:
    """Refunds without their purchase have a group of their own, by category and by merchant."""
    return REFUND if one["category"] == REFUND and one["minor"] > 0 else group


def week(one: dict[str, Any]) -> str:
    """The Monday of a row's week."""
    day: date = one["day"]
    return (day - timedelta(days=day.weekday())).isoformat()


def month(one: dict[str, Any]) -> str:
    """The first of a row's month."""
    day: date = one["day"]
    return day.replace(day=1).isoformat()


GROUPS: dict[str, Callable[[dict[str, Any]], str]] = {
    "category": lambda one: _or_refund(one, one["category"].split(".", 1)[0]),
    "merchant": lambda one: _or_refund(one, one["merchant"]),
    "account": lambda one: str(one["account"]),
    "week": week,
    "month": month,
}
"""How each split names a row's group."""
