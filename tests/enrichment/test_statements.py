"""Statements of two people who do not exist, written for these tests in formats of two banks."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from enrichment.counterparty import same
from enrichment.models import Models
from enrichment.pipeline import enrich
from ledger.types import Account, Enriched, Transaction

_FOLDER = Path(__file__).parent.parent / "cases" / "statements"
_ACCOUNTS = {
    "cardiff": Account("a", "Barclays", "checking", "GBP", "Current account"),
    "tucson": Account("a", "Wells Fargo", "checking", "USD", "Everyday checking"),
}


def _enriched(models: Models, name: str) -> list[tuple[Enriched, dict[str, str]]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    account = _ACCOUNTS[name]
    rows = [
        Transaction(
            id=f"t{n}",
            account_id="a",
            booked=date(2026, 3, 1) + timedelta(days=n // 2),
            description=line["description"],
            minor=int(line["minor"]),
            currency=account.currency,
        )
        for n, line in enumerate(lines)
    ]
    return list(zip(enrich([account], rows, models).rows, lines, strict=True))


@pytest.mark.parametrize("name", sorted(_ACCOUNTS))
def test_a_statement_of_a_stranger_is_understood(models: Models, name: str) -> None:
    rows = _enriched(models, name)
    leaf = sum(row.category == line["category"] for row, line in rows)
    top = sum(
        (row.category or "").split(".")[0] == line["category"].split(".")[0] for row, line in rows
    )
    whom = sum(same(row.counterparty or "", line["counterparty"]) for row, line in rows)
    assert leaf >= 0.76 * len(rows)
    assert top >= 0.87 * len(rows)
    assert whom >= 0.76 * len(rows)


@pytest.mark.parametrize("name", sorted(_ACCOUNTS))
def test_what_is_said_with_confidence_is_mostly_right(models: Models, name: str) -> None:
    sure = [
        row.category == line["category"]
        for row, line in _enriched(models, name)
        if row.category_confidence > 0.9
    ]
    assert sum(sure) >= 0.9 * len(sure)
