"""Every measure of spending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.cases.rows import REFUND_OF, Row, currency, rows
from tests.cases.selection import Selection, selected, spending

Truth = dict[str, Any]
Expected = dict[str, Any]


def rounded(value: Fraction) -> int:
    """A fraction of minor units rounded half away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


def spending_total(user: str, truth: Truth) -> Expected:
    """Purchases less refunds."""
    found = spending(user, truth)
    return {
        "main": found.total,
        "alts": [alt for alt in _other_readings(user, truth, found) if alt != found.total],
        "transactions": found.ids,
        "currency": currency(user),
    }


def _other_readings(user: str, truth: Truth, found: Selection) -> list[int]:
    """A refund that is matched to a purchase may be dated by the purchase instead."""
    if not (truth.get("merchants") or truth.get("categories")) or truth.get("amount"):
        return []
    ids = {row.id for row in found.spent}
    matched = [row for row in rows(user) if ids.intersection(REFUND_OF.get(row.id, ()))]
    return [-sum(row.minor for row in [*found.spent, *matched])]


def spending_breakdown(user: str, truth: Truth) -> Expected:
    """The total, and the largest groups; the parts add up to it.

    A refund is counted in the group of its purchase, an unmatched one in its own group.
    """
    found = spending(user, truth)
    groups = grouped(user, found, GROUPS[truth.get("group_by", "category")])
    largest = sorted(groups.items(), key=lambda item: (-item[1], item[0]))[: truth.get("limit", 3)]
    return {
        "main": found.total,
        "figures": dict(largest),
        "transactions": found.ids,
        "currency": currency(user),
    }


def grouped(user: str, found: Selection, key: Callable[[Row], str]) -> dict[str, int]:
    """Spending by group in minor units."""
    by_id = {row.id: row for row in rows(user)}
    groups: dict[str, int] = defaultdict(int)
    for row in found.spent:
        groups[key(row)] -= row.minor
    for row in found.refunds:
        purchases = REFUND_OF.get(row.id)
        groups[key(by_id[purchases[0]] if purchases else row)] -= row.minor
    return groups


def _week(row: Row) -> str:
    return (row.day - timedelta(days=row.day.weekday())).isoformat()


GROUPS: dict[str, Callable[[Row], str]] = {
    "category": lambda row: row.category.split(".")[0],
    "leaf": lambda row: row.category,
    "merchant": lambda row: row.counterparty,
    "account": lambda row: row.account,
    "day": lambda row: row.day.isoformat(),
    "week": _week,
    "month": lambda row: row.day.isoformat()[:7],
}


def spending_compare(user: str, truth: Truth) -> Expected:
    """The two sides; the side asked about first is the main figure."""
    first = spending(user, truth)
    second = spending(user, truth | truth["compare"])
    return {
        "main": first.total,
        "figures": {"first": first.total, "second": second.total},
        "transactions": sorted({*first.ids, *second.ids}),
        "currency": currency(user),
    }


def spending_average(user: str, truth: Truth) -> Expected:
    """The mean per unit over the period; without one, the span of the usual windows.

    "Normally" names no window: the last three and the last six whole months and the whole history
    are all fair, so anything between the smallest and the largest of them is right.
    """
    period = truth.get("period")
    if period:
        mean = rounded(_mean(user, truth, period))
        return {"main": mean, "currency": currency(user)}
    means = [_mean(user, truth, window) for window in truth["windows"]]
    return {"range": [int(min(means)), int(max(means)) + 1], "currency": currency(user)}


def _mean(user: str, truth: Truth, period: dict[str, str]) -> Fraction:
    found = spending(user, truth | {"period": period})
    start, end = date.fromisoformat(period["start"]), date.fromisoformat(period["end"])
    days = (end - start).days
    months = (end.year - start.year) * 12 + end.month - start.month
    units = {"day": Fraction(days), "week": Fraction(days, 7), "month": Fraction(months)}
    visits = {"visit": Fraction(len(found.spent) or 1)}
    return Fraction(found.total) / (units | visits)[truth["per"]]


def top_merchants(user: str, truth: Truth) -> Expected:
    """The counterparties with the most money, or with the most payments."""
    found = spending(user, truth)
    sums = grouped(user, found, GROUPS["merchant"])
    visits: dict[str, int] = defaultdict(int)
    for row in found.spent:
        visits[row.counterparty] += 1
    rank = visits if truth.get("by") == "visits" else sums
    best = sorted(rank, key=lambda name: (-rank[name], -sums[name]))[: truth.get("limit", 1)]
    if truth.get("by") == "visits":
        return {"counts": {name: visits[name] for name in best}, "names": best}
    return {
        "main": sums[best[0]],
        "figures": {name: sums[name] for name in best},
        "names": best,
        "currency": currency(user),
    }


def biggest_purchases(user: str, truth: Truth) -> Expected:
    """The largest single payments that count as spending."""
    found = sorted(spending(user, truth).spent, key=lambda row: (row.minor, row.day))
    skip = truth.get("skip", 0)
    best = found[skip : skip + truth.get("limit", 1)]
    return {
        "main": -best[0].minor,
        "figures": {row.id: -row.minor for row in best},
        # Without a number in the text how many are shown is free.
        "transactions": None if truth.get("open") else _ids(best),
        "currency": currency(user),
    }


def _listed(user: str, truth: Truth) -> list[Row]:
    sums = spending(user, truth)
    if truth.get("rests_on"):
        found = [*sums.spent, *sums.refunds]
    else:
        found = list(sums.spent) if truth.get("spent_only") else selected(user, truth)
    return sorted(found, key=lambda row: (row.day, row.id), reverse=True)


def list_transactions(user: str, truth: Truth) -> Expected:
    """The rows themselves, refunds and neutral ones included where the filters meet them."""
    found = _listed(user, truth)[: truth.get("limit")]
    return {"counts": {"transactions": len(found)}, "transactions": _ids(found)}


def last_transaction(user: str, truth: Truth) -> Expected:
    """The latest row by booking date; on one day the last in the file."""
    row = _listed(user, truth)[0]
    return {
        "main": abs(row.minor),
        "dates": {"last": row.day.isoformat()},
        "transactions": [row.id],
        "currency": currency(user),
    }


def transaction_count(user: str, truth: Truth) -> Expected:
    """How many payments of the kind that the question counts as spending."""
    if truth.get("direction") == "in":
        found = [row for row in selected(user, truth) if row.is_income]
    else:
        found = list(spending(user, truth).spent)
    # A card check of nothing is no purchase.
    found = [row for row in found if row.minor]
    return {"counts": {"transactions": len(found)}, "transactions": _ids(found)}


def _ids(found: Iterable[Row]) -> list[str]:
    return sorted(row.id for row in found)


def spending_trend(user: str, truth: Truth) -> Expected:
    """The sum of every step of the period, a step without spending too."""
    found = spending(user, truth)
    groups = grouped(user, found, GROUPS[truth.get("group_by", "month")])
    steps = truth.get("steps") or sorted(groups)
    return {
        "figures": {step: groups.get(step, 0) for step in steps},
        "currency": currency(user),
    }


def explain_transaction(user: str, truth: Truth) -> Expected:
    """The row that is meant, who it was and how much; the latest if several are alike."""
    found = _listed(user, truth)
    return {
        "main": abs(found[0].minor),
        "transactions": [found[0].id],
        "names": [truth.get("said", found[0].counterparty)],
        "currency": currency(user),
    }


def report_fraud(user: str, truth: Truth) -> Expected:
    """The rows that the report marks."""
    return {"transactions": _ids(_listed(user, truth)[: truth.get("limit")])}
