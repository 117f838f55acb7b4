import secrets
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from enrichment.counterparty import MerchantIndex, common_words
from jobs.candidates import ROWS_A_RULE, candidates, rounded
from jobs.enrichment_text import read_silver
from jobs.oracle_lines import write_rows
from jobs.redaction import Redactor
from knowledge.merchants import load_merchants
from ledger import people, rules, store
from ledger.database import writing
from ledger.scope import UserScope
from ledger.types import Account, Enriched, Person, Transaction

_NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_ASDA = "ASDA SUPERSTORE 4127 LEEDS"


def _person(engine: Engine, lines: list[str], *, demo: bool = False) -> UserScope:
    id_ = f"p-{secrets.token_hex(4)}"
    person = Person(id_, "Ada Ng", "GB", "GBP", "GB", "Europe/London", demo=demo)
    scope = UserScope(id_)
    with writing(engine) as connection:
        people.create_person(connection, person, _NOW)
        store.save_accounts(
            connection, scope, [Account("a", "Monzo", "checking", "GBP", "Current")]
        )
        rows = [
            Transaction(
                f"t{n}", "a", date(2026, 10, 1 + n), text, -4_371, "GBP", fingerprint=f"{n}"
            )
            for n, text in enumerate(lines)
        ]
        store.add_transactions(connection, scope, rows)
        found = [
            Enriched(
                r.id, "Asda", "asda", 0.9, "merchants", "asda.com", category="groceries.supermarket"
            )
            for r in rows
        ]
        store.replace_enrichment(connection, scope, found, [])
    return scope


def _correct(engine: Engine, scope: UserScope, **value: object) -> None:
    rule = rules.Rule(secrets.token_hex(4), rules.CATEGORY, "asda", value, _NOW)
    with writing(engine) as connection:
        rules.add_rule(connection, scope, rule)


@pytest.fixture(autouse=True)
def _nobody(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in ("rules", "enriched", "transactions", "accounts", "people"):
            connection.exec_driver_sql(f"DELETE FROM {table}")


def test_corrections_become_redacted_rows_of_silver(engine: Engine, tmp_path: Path) -> None:
    scope = _person(engine, [_ASDA, "FPO SARAH CONNOR 12345678 PETROL"])
    _correct(engine, scope, category="transport.driving.fuel", transaction_id="t0")
    _correct(engine, scope, category="transfers.person", transaction_id="t1")
    rows = candidates(engine, Redactor().redact)
    fuel, person = rows
    assert fuel["category"] == "transport.driving.fuel"
    assert (fuel["description"], fuel["counterparty"], fuel["amount"]) == (_ASDA, "Asda", "-44.00")
    assert fuel["reason"] == "corrected (just once) by 1, otherwise by 0"
    assert "CONNOR" not in person["description"]
    assert "12345678" not in person["description"]
    assert not any(scope.person_id in value or "Ada" in value for r in rows for value in r.values())
    (tmp_path / "silver").mkdir()
    write_rows(tmp_path / "silver" / "silver_x.csv", rows)
    base = load_merchants()
    index = MerchantIndex(base, common_words(merchant.name for merchant in base))
    assert [row.category for row in read_silver(tmp_path, index)] == [r["category"] for r in rows]


def test_most_people_decide_and_contradiction_is_told(engine: Engine) -> None:
    for category in ("transport.driving.fuel",) * 2 + ("shopping.clothing",):
        scope = _person(engine, [_ASDA])
        _correct(engine, scope, category=category, counterparty_id="asda")
    [row] = candidates(engine, Redactor().redact)
    assert row["category"] == "transport.driving.fuel"
    assert row["confidence"] == "low"
    assert row["reason"] == "corrected (always) by 2, otherwise by 1"


def test_nobody_has_many_rows_and_demo_people_none(engine: Engine) -> None:
    scope = _person(engine, [f"ASDA {town}" for town in ("YORK", "HULL", "BATH", "LEEDS", "ELY")])
    _correct(engine, scope, category="transport.driving.fuel", counterparty_id="asda")
    demo = _person(engine, ["ASDA EXPRESS"], demo=True)
    _correct(engine, demo, category="transport.driving.fuel", counterparty_id="asda")
    rows = candidates(engine, Redactor().redact)
    assert len(rows) == ROWS_A_RULE
    assert all("EXPRESS" not in row["description"] for row in rows)


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (-4_371, "GBP", "-44.00"),
        (123_456, "USD", "1200.00"),
        (-7, "GBP", "-0.07"),
        (1_234, "JPY", "1200"),
    ],
)
def test_amounts_keep_two_figures(minor: int, currency: str, said: str) -> None:
    assert rounded(minor, currency) == said
