"""`florin notify` shows what would be told, and tells it once."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from florin.cli import app
from ledger import people, tables
from ledger.database import migrate, open_engine, reading, writing
from ledger.scope import UserScope
from ledger.store import add_transactions, save_accounts
from ledger.types import Account, Person, Transaction

ANN = UserScope("ann")
AT = datetime(2026, 11, 2, tzinfo=UTC)
Run = Callable[..., str]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The database of a home in which ann spent £7 in the second week of November."""
    monkeypatch.setenv("FLORIN_HOME", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'florin.db'}"
    migrate(url)
    engine = open_engine(url)
    row = Transaction("1", "a", date(2026, 11, 10), "TESCO", -700, "GBP", fingerprint="1")
    with writing(engine) as connection:
        people.create_person(
            connection, Person("ann", "Ann", "GB", "GBP", "GB", "Europe/London"), AT
        )
        save_accounts(connection, ANN, [Account("a", "Bank", "checking", "GBP", "Bank")])
        add_transactions(connection, ANN, [row])
        people.link_account(connection, ANN, "telegram", "7", AT)
        people.open_conversation(connection, ANN, "telegram", AT, "telegram:ann:7", address="7")
    return engine


@pytest.fixture
def run(engine: Engine) -> Run:
    def notify(*options: str) -> str:
        result = CliRunner().invoke(app, ["notify", *options])
        assert result.exit_code == 0, result.output
        return result.output

    return notify


def sent(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [row.payload["reply"] for row in connection.execute(select(tables.outbox))]


def test_it_shows_before_it_sends_and_sends_once(engine: Engine, run: Run) -> None:
    before = "--now=2026-11-12T10:00"
    assert "first time" in run(before, "--dry-run")
    assert "first time" in run(before)
    monday = "--now=2026-11-16T10:00"
    shown = run(monday, "--user", "ann", "--dry-run")
    assert "ann would be told: Last week (9–15 November) you spent £7.00" in shown
    assert sent(engine) == []
    assert "ann is told: Last week" in run(monday)
    assert run(monday) == "ann: nothing to tell.\n"
    assert len(sent(engine)) == 1
    assert "quiet hours" in run("--now=2026-11-16T23:00")


def test_a_wrong_time_and_an_unknown_person_are_told(engine: Engine) -> None:
    for options in (["--now", "noon"], ["--user", "nobody"]):
        assert CliRunner().invoke(app, ["notify", *options]).exit_code != 0
