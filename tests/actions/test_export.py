"""A person's data as a file: complete, readable by others, harmless in a spreadsheet."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update

from actions.archive import archive, defused
from actions.query import query_from_json
from actions.server import create_app
from ledger import store, tables
from ledger.crypto import sign_turn
from ledger.database import migrate, open_engine, reading, writing
from ledger.imports.choices import Choices
from ledger.imports.ofx import read_ofx
from ledger.people import create_person
from ledger.scope import TurnScope, UserScope
from ledger.types import Account, Enriched, Person, PriceRise, Transaction

from .conftest import BIRTH, KEY, NOW, OCTOBER, Talk, category, merchant

FORMULAS = ("=1+1", "+44 SHOP", "-2 FOR 1", "@home", "\tTAB", '=HYPERLINK("x","y")')
TURN = TurnScope("maya", "conv-1", "turn-1", NOW["maya"])


def unpacked(pieces: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name).decode() for name in packed.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def talk(own: Engine) -> Talk:
    found = Talk(own, "maya", NOW["maya"])
    found.action |= {"recategorize": "action_recategorize", "export_data": "action_export"}
    return found


def dearer(engine: Engine) -> None:
    """One of maya's recurring payments has risen."""
    rise = (PriceRise(date(2026, 9, 1), -999, -1299),)
    chosen = tables.streams.c.person_id == "maya", tables.streams.c.counterparty_id == "spotify"
    with writing(engine) as connection:
        connection.execute(update(tables.streams).where(*chosen).values(price_rises=rise))


def test_everything_of_one_person_and_nothing_of_another(talk: Talk, own: Engine) -> None:
    talk.parse("recategorize", "tesco is always petrol", merchant("tesco", "tesco"),
               category("petrol", "transport.driving.fuel"))  # fmt: skip
    talk.parse("out_of_scope", "my month starts on the 25th")
    offered = talk.parse("export_data", "export my data")
    assert offered.document is not None
    assert offered.document["query"] is None
    dearer(own)
    files = unpacked(archive(own, TURN, None))
    (stream,) = [one for one in json.loads(files["more.json"])["streams"] if one["price_rises"]]
    assert stream["price_rises"] == [{"on": "2026-09-01", "before": -999, "after": -1299}]
    assert set(files) == {
        *("README.txt", "transactions.csv", "transactions.json", "transactions.ofx"),
        *("accounts.csv", "rules.json", "budgets.json", "goals.json", "conversations.json"),
        "more.json",
    }
    with reading(own) as connection:
        kept = store.transactions(connection, UserScope("maya"))
        others = {row.id for row in store.transactions(connection, UserScope("jordan"))}
    assert len(rows(files["transactions.csv"])) == len(kept) == dict(offered.counts)["transactions"]
    assert {row["transaction_id"] for row in rows(files["transactions.csv"])} == {
        row.id for row in kept
    }
    whole = json.loads(files["transactions.json"])
    assert sum(row["minor"] for row in whole) == sum(row.minor for row in kept)
    assert [rule["kind"] for rule in json.loads(files["rules.json"])] == ["category", "month"]
    assert not any(id_ in text for text in files.values() for id_ in others)
    for name in files:
        if name.endswith(".json"):
            json.loads(files[name])


def test_the_ofx_is_read_back_row_by_row(own: Engine) -> None:
    text = unpacked(archive(own, TURN, None))["transactions.ofx"]
    with reading(own) as connection:
        kept = store.transactions(connection, UserScope("maya"))
    read = sorted((item.booked, item.minor) for item in ofx_rows(text))
    assert read == sorted((row.booked, row.minor) for row in kept)


def ofx_rows(text: str) -> list[Any]:
    return [item for item in read_ofx(text, Choices()).items if hasattr(item, "minor")]


def test_export_that_holds_the_rows_of_the_last_answer(talk: Talk, own: Engine) -> None:
    answer = talk.parse(
        "spending_total", "at tesco in october", merchant("tesco", "tesco"), OCTOBER
    )
    offered = talk.parse("export_data", "export that")
    assert list(offered.transactions) == list(answer.transactions)
    assert offered.document is not None
    query = query_from_json(offered.document["query"])
    files = unpacked(archive(own, TURN, query))
    assert {row["transaction_id"] for row in rows(files["transactions.csv"])} == set(
        answer.transactions
    )
    assert "rules.json" not in files
    named = talk.parse("export_data", "export my tesco payments of october",
                       merchant("tesco", "tesco"), OCTOBER)  # fmt: skip
    assert set(named.transactions) == set(answer.transactions)


def test_that_without_an_answer_before_it_is_asked(own: Engine) -> None:
    talk = Talk(own, "maya", NOW["maya"], action={"export_data": "action_export"})
    asked = talk.parse("export_data", "export that")
    assert asked.document is None
    assert "no answer before" in asked.text


def test_no_cell_runs_as_a_formula(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'florin.db'}"
    migrate(url)
    engine, scope = open_engine(url), UserScope("ann")
    with writing(engine) as connection:
        create_person(connection, Person("ann", "Ann", "GB", "GBP", "GB", "Europe/London"), BIRTH)
        store.save_accounts(connection, scope, [Account("a", "=Bank", "checking", "GBP", "@me")])
        listed = [
            Transaction(f"{n}", "a", date(2026, 10, 3), text, -100, "GBP", fingerprint=f"{n}")
            for n, text in enumerate(FORMULAS)
        ]
        store.add_transactions(connection, scope, listed)
        known = [Enriched(row.id, counterparty=row.description) for row in listed]
        store.replace_enrichment(connection, scope, known, [])
    files = unpacked(
        archive(engine, TurnScope("ann", "c", "t", datetime(2026, 11, 1, tzinfo=UTC)), None)
    )
    engine.dispose()
    cells = [
        (name, value)
        for file in ("transactions.csv", "accounts.csv")
        for row in rows(files[file])
        for name, value in row.items()
    ]
    assert not [c for c in cells if c[1].startswith(("=", "+", "@", "\t"))]
    assert {name for name, value in cells if value.startswith("-")} == {"amount"}
    assert {row["description"] for row in rows(files["transactions.csv"])} == {
        defused(text) for text in FORMULAS
    }


def test_the_service_hands_out_only_what_a_token_names(ledger: Engine) -> None:
    with TestClient(create_app(ledger, KEY), headers={"x-florin-key": KEY}) as client:
        got = client.post("/export", json={"scope": sign_turn(KEY, TURN)})
        assert got.status_code == 200
        assert len(rows(unpacked([got.content])["transactions.csv"])) > 100
        assert client.post("/export", json={"scope": "forged"}).status_code == 403
        nobody = TurnScope("nobody", "c", "t", NOW["maya"])
        assert client.post("/export", json={"scope": sign_turn(KEY, nobody)}).status_code == 403
        bad = {"scope": sign_turn(KEY, TURN), "query": {"measure": 7}}
        assert client.post("/export", json=bad).status_code == 422
    with TestClient(create_app(ledger, KEY)) as stranger:
        assert stranger.post("/export", json={"scope": sign_turn(KEY, TURN)}).status_code == 401
