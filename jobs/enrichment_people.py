"""The golden people: their files and labels. Read to measure, never to learn from."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.money import to_minor
from ledger.types import Account, Transaction


@dataclass(frozen=True)
class Golden:
    """One fully labelled person.

    Attributes:
        name: Of their folder.
        accounts: Their accounts.
        rows: Their transactions.
        labels: The row of `labels.csv` by transaction id.
    """

    name: str
    accounts: list[Account]
    rows: list[Transaction]
    labels: Mapping[str, Mapping[str, str]]


def read_people(folder: Path) -> list[Golden]:
    """Reads every person of a folder (`accounts.csv`, `transactions.csv`, `labels.csv` each)."""
    return [
        _person(place) for place in sorted(folder.iterdir()) if (place / "labels.csv").is_file()
    ]


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _person(place: Path) -> Golden:
    accounts = [
        Account(a["account_id"], a["institution"], a["type"], a["currency"], a["name"])
        for a in _table(place / "accounts.csv")
    ]
    rows = [
        Transaction(
            id=t["transaction_id"],
            account_id=t["account_id"],
            booked=date.fromisoformat(t["date"]),
            description=t["description"],
            minor=to_minor(t["amount"], t["currency"]),
            currency=t["currency"],
        )
        for t in _table(place / "transactions.csv")
    ]
    labels = {label["transaction_id"]: label for label in _table(place / "labels.csv")}
    return Golden(place.name, accounts, rows, labels)
