"""The rows that a truth's filters select, with the rules of counting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.cases.rows import REFUND_OF, Row, accounts, rows, within

CARD_COSTS = ("debt.interest", "taxes_fees.bank")
Truth = dict[str, Any]


@dataclass(frozen=True)
class Selection:
    """Purchases and the refunds that lower them, both within the period."""

    spent: tuple[Row, ...]
    refunds: tuple[Row, ...]

    @property
    def total(self) -> int:
        """Money out less refunds, in minor units, positive when more went out."""
        return -sum(row.minor for row in self.spent + self.refunds)

    @property
    def ids(self) -> list[str]:
        return sorted(row.id for row in self.spent + self.refunds)


def in_period(row: Row, period: dict[str, str | None] | None) -> bool:
    """Whether the booking date lies in the half-open period; an open side is null."""
    if period is None:
        return True
    start, end = period["start"], period["end"]
    after = start is None or row.day >= date.fromisoformat(start)
    return after and (end is None or row.day < date.fromisoformat(end))


def in_amount(row: Row, amount: dict[str, Any] | None) -> bool:
    """Whether the size of the row meets the comparator; approx is within a tenth."""
    if amount is None:
        return True
    size, limit = abs(row.minor), amount["minor"]
    tests: dict[str, Callable[[], bool]] = {
        "eq": lambda: size == limit,
        "lt": lambda: size < limit,
        "lte": lambda: size <= limit,
        "gt": lambda: size > limit,
        "gte": lambda: size >= limit,
        "approx": lambda: abs(size - limit) * 10 <= limit,
        "between": lambda: limit <= size <= amount["minor2"],
    }
    return tests[amount["op"]]()


def matches(row: Row, truth: Truth) -> bool:
    """Merchant, category, account and exclusions; the period and the amount are asked apart."""
    merchants, categories = truth.get("merchants", []), truth.get("categories", [])
    if merchants and row.counterparty not in merchants:
        return False
    if categories and not within(row.category, *categories):
        return False
    if truth.get("accounts") and row.account not in truth["accounts"]:
        return False
    out = truth.get("exclude", {})
    return not (
        row.counterparty in out.get("merchants", [])
        or row.account in out.get("accounts", [])
        or within(row.category, *out.get("categories", ["-"]))
    )


def selected(user: str, truth: Truth) -> list[Row]:
    """Every row that meets all filters, whatever its direction."""
    kept = [
        row
        for row in rows(user)
        if matches(row, truth)
        and in_period(row, truth.get("period"))
        and in_amount(row, truth.get("amount"))
    ]
    direction = truth.get("direction")
    if direction == "in":
        return [row for row in kept if row.minor > 0]
    if direction == "out":
        return [row for row in kept if row.minor <= 0]
    return kept


def _counts_as_spending(row: Row, truth: Truth) -> bool:
    if row.minor > 0:
        return False
    if row.is_spending:
        return not _is_card_cost(row, truth)
    # A neutral category or a counterparty that the question names outright is counted.
    return row.is_neutral and bool(truth.get("merchants") or truth.get("categories"))


def _is_card_cost(row: Row, truth: Truth) -> bool:
    # "On the amex" is purchases less refunds; interest and fees only where asked for.
    named = truth.get("categories", [])
    if not truth.get("accounts") or any(within(node, *CARD_COSTS) for node in named):
        return False
    cards = card_accounts(row.id.split("-")[0])
    return row.account in cards and within(row.category, *CARD_COSTS)


def spending(user: str, truth: Truth) -> Selection:
    """Purchases that the filters name and the refunds that lower them.

    Without a merchant or a category every refund of the period lowers the total on its own booking
    date. With one, only a refund matched to a selected purchase does, on its own date too.
    """
    bought = [row for row in rows(user) if matches(row, truth) and _counts_as_spending(row, truth)]
    bought = [row for row in bought if in_amount(row, truth.get("amount"))]
    ids = {row.id for row in bought}
    spent = tuple(row for row in bought if in_period(row, truth.get("period")))
    refunds = tuple(
        row
        for row in rows(user)
        if row.is_refund and in_period(row, truth.get("period")) and _lowers(row, ids, truth)
    )
    return Selection(spent, refunds)


def _lowers(refund: Row, bought: set[str], truth: Truth) -> bool:
    if truth.get("amount"):
        return False
    if truth.get("accounts") and refund.account not in truth["accounts"]:
        return False
    purchases = REFUND_OF.get(refund.id, ())
    if truth.get("merchants") or truth.get("categories"):
        return any(purchase in bought for purchase in purchases)
    excluded = truth.get("exclude", {})
    if excluded and purchases:
        return any(purchase in bought for purchase in purchases)
    return True


def card_accounts(user: str) -> set[str]:
    """The person's credit cards."""
    return {account.id for account in accounts(user) if account.type == "credit"}
