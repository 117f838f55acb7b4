"""Support lists, reads and closes the cases that people opened."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from florin.cli import app
from ledger import cases, outbox, people
from ledger.cases import Case
from ledger.database import migrate, open_engine, reading, writing
from ledger.scope import UserScope
from ledger.types import Person

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
ANN = UserScope("ann")
CHAT = "telegram:ann:7"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'florin.db'}"
    monkeypatch.setenv("FLORIN_DATABASE", url)
    migrate(url)
    opened = open_engine(url)
    with writing(opened) as connection:
        people.create_person(
            connection, Person("ann", "Ann", "GB", "GBP", "GB", "Europe/London"), AT
        )
        people.open_conversation(connection, ANN, "telegram", AT, CHAT, address="7")
        said = {"at": AT.isoformat(), "said": "this is wrong", "replied": "Sorry about that."}
        cases.add(connection, Case("C-1", "ann", CHAT, "open", AT, None, [said]))
    yield opened
    opened.dispose()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["cases", *arguments])


def test_open_cases_are_listed_and_read(engine: Engine) -> None:
    assert run("list").output == "C-1  open  ann  2026-11-26 09:00 UTC\n"
    shown = run("show", "C-1").output
    assert "person: this is wrong" in shown
    assert "Florin: Sorry about that." in shown
    assert "There is no case 'C-9'" in str(run("show", "C-9").exception)


def test_a_case_is_closed_once_with_an_answer_into_the_chat(engine: Engine) -> None:
    assert run("close", "C-1", "--say", "It is put right.").exit_code == 0
    with reading(engine) as connection:
        (sent,) = outbox.after(connection, ANN, CHAT, 0)
        assert cases.open_case(connection, ANN) is None
    assert sent.payload["reply"] == "From the people who run Florin: It is put right."
    assert "closed already" in str(run("close", "C-1", "--say", "Again.").exception)
    assert run("list").output == "No case is open.\n"
    assert "closed" in run("list", "--all").output


def test_what_was_withdrawn_cannot_be_read_or_answered(engine: Engine) -> None:
    with writing(engine) as connection:
        cases.end(connection, ANN, "C-1", "withdrawn", AT)
    assert "this is wrong" not in run("show", "C-1").output
    assert "withdrawn already" in str(run("close", "C-1", "--say", "Hello?").exception)
    with reading(engine) as connection:
        assert outbox.after(connection, ANN, CHAT, 0) == []


def test_duty_is_noted_and_ends(engine: Engine) -> None:
    assert "on duty until" in run("duty", "--hours", "2").output
    with reading(engine) as connection:
        assert cases.on_duty_until(connection, datetime.now(UTC)) is not None
    assert run("duty", "--hours", "0").output == "Nobody is on duty.\n"
    with reading(engine) as connection:
        assert cases.on_duty_until(connection, datetime.now(UTC)) is None
