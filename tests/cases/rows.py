"""One person's rows as the labels tell them: plain CSV, integers, no package of Florin."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

PEOPLE = Path(__file__).parents[2] / "data" / "people"

# Which purchase a refund belongs to, read from the personas; a refund that is not here is matched
# to nothing (Hannah's halves cover five bills at once, Natasha's 22.00 two visits and no exact sum;
# both lower total spending only).
REFUND_OF = {
    "maya-0057": ("maya-0056",),  # Callum pays back half of Dishoom
    "maya-0106": ("maya-0084",),  # ASOS takes 46.00 of 78.00 back
    "maya-0172": ("maya-0163", "maya-0170"),  # the landlord pays both launderette visits
}


@dataclass(frozen=True)
class Row:
    """A transaction with its labels; `minor` is negative when money goes out."""

    id: str
    account: str
    day: date
    minor: int
    currency: str
    description: str
    counterparty: str
    category: str
    essential: bool
    recurring: bool
    stream: str
    income_stream: bool
    city: str
    country: str

    @property
    def is_refund(self) -> bool:
        return self.category == "income.money_back.refund"

    @property
    def is_neutral(self) -> bool:
        return within(self.category, "transfers", "savings", "debt.credit_card")

    @property
    def is_income(self) -> bool:
        return within(self.category, "income") and not within(self.category, "income.money_back")

    @property
    def is_spending(self) -> bool:
        money_in = within(self.category, "income", "debt.borrowed")
        return not (self.is_neutral or money_in) and self.minor <= 0


@dataclass(frozen=True)
class Account:
    """One of the person's accounts."""

    id: str
    institution: str
    type: str
    currency: str
    opening: int
    name: str


def within(category: str, *nodes: str) -> bool:
    """Whether a category is one of the nodes of the taxonomy or below one."""
    return any(category == node or category.startswith(node + ".") for node in nodes)


def minor(text: str) -> int:
    """A decimal sum in minor units."""
    return int(Decimal(text) * 100)


def _table(user: str, name: str) -> Iterator[dict[str, str]]:
    with (PEOPLE / user / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def accounts(user: str) -> tuple[Account, ...]:
    """The person's accounts in the order of the file."""
    return tuple(
        Account(
            row["account_id"],
            row["institution"],
            row["type"],
            row["currency"],
            minor(row["opening_balance"]),
            row["name"],
        )
        for row in _table(user, "accounts.csv")
    )


@cache
def rows(user: str) -> tuple[Row, ...]:
    """The person's whole history in the order of the file."""
    labels = {row["transaction_id"]: row for row in _table(user, "labels.csv")}
    return tuple(
        _row(row, labels[row["transaction_id"]]) for row in _table(user, "transactions.csv")
    )


def _row(raw: dict[str, str], label: dict[str, str]) -> Row:
    return Row(
        id=raw["transaction_id"],
        account=raw["account_id"],
        day=date.fromisoformat(raw["date"]),
        minor=minor(raw["amount"]),
        currency=raw["currency"],
        description=raw["description"],
        counterparty=label["counterparty"],
        category=label["category"],
        essential=label["essential"] == "yes",
        recurring=label["recurring"] == "yes",
        stream=label["stream"],
        income_stream=label["income_stream"] == "yes",
        city=label["city"],
        country=label["country"],
    )


def currency(user: str) -> str:
    """The currency of the person's accounts, all the same in the demo people."""
    return accounts(user)[0].currency


def balance(user: str, account: str) -> int:
    """An account's balance after its last row."""
    opening = next(a.opening for a in accounts(user) if a.id == account)
    return opening + sum(row.minor for row in rows(user) if row.account == account)


def read_cases(name: str) -> list[dict[str, Any]]:
    """The rows of one of the tables here."""
    path = Path(__file__).parent / name
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
