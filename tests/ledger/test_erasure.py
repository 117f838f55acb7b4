"""After an erasure no table of the database, known or not, holds anything of the person."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    MetaData,
    TypeDecorator,
    insert,
    select,
    text,
)

from ledger import erasure, people, schema, store, tables, uploads
from ledger.database import migrate, open_engine, purge, reading, writing
from ledger.errors import UnknownPersonError
from ledger.scope import UserScope
from ledger.tables import UtcDateTime
from ledger.types import Account, Person, Transaction
from ledger.uploads import Upload

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
LAST = erasure.LastTurn("telegram:quinn:7", 1, "turn-quinn-1")
NO_OWNER = {"audit", "alembic_version", "duty"}
"""Tables that hold nobody's data: what is left in the audit names nobody."""


def value(column: Column[Any], person: str) -> object:
    """Something for a column that tells whose it is."""
    if isinstance(column.type, JSON):
        return [f"secret-of-{person}"]
    if isinstance(column.type, UtcDateTime):
        return AT
    if isinstance(column.type, TypeDecorator):
        return ()
    number = {"quinn": 1, "rufus": 2}[person]
    of_kind = {int: number, float: 0.5, bool: True, date: AT.date()}
    return of_kind.get(column.type.python_type, f"secret-of-{person}-{column.name}")


IDS = {"people": "{0}", "conversations": "telegram:{0}:7", "turns": "turn-{0}-1"}
OWNERS = {"person_id": "{0}", "conversation_id": "telegram:{0}:7"}


def fill(connection: Connection, person: str) -> None:
    """A row of the person in every table, which refers to those in the others."""
    rows: dict[str, dict[str, object]] = {}
    for table in schema.metadata.sorted_tables:
        if table.name in NO_OWNER:
            continue
        row = {column.name: value(column, person) for column in table.columns}
        row |= {name: of.format(person) for name, of in OWNERS.items() if name in row}
        if table.name in IDS:
            row["id"] = IDS[table.name].format(person)
        for key in table.foreign_keys:
            row[key.parent.name] = rows[key.column.table.name][key.column.name]
        connection.execute(insert(table).values(row))
        rows[table.name] = row
    connection.execute(
        insert(tables.audit).values(at=AT, person_id=person, action="imported", subject=person)
    )


@pytest.fixture
def ledger(engine: Engine) -> Iterator[Engine]:
    with writing(engine) as connection:
        fill(connection, "quinn")
        fill(connection, "rufus")
    yield engine
    with writing(engine) as connection:
        for person in ("quinn", "rufus"):
            erasure.finish(connection, UserScope(person), AT)
        connection.execute(tables.audit.delete())


def everything(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table that the database has, as text."""
    with reading(engine) as connection:
        there = MetaData()
        there.reflect(connection)
        return {
            name: [str(tuple(row)) for row in connection.execute(select(table))]
            for name, table in there.tables.items()
        }


def tell(engine: Engine, person: str) -> dict[str, int]:
    return {
        name: sum(person in row for row in rows)
        for name, rows in everything(engine).items()
        if any(person in row for row in rows)
    }


def test_every_table_is_owned_by_a_person_or_by_nobody() -> None:
    for table in schema.metadata.sorted_tables:
        owned = "person_id" in table.c or "conversation_id" in table.c or table.name == "people"
        parents = {key.column.table.name for key in table.foreign_keys if key.ondelete == "CASCADE"}
        assert owned or parents or table.name in NO_OWNER, (
            f"{table.name}: name its person_id or conversation_id, or it survives an erasure"
        )


def test_the_fixture_fills_every_table(ledger: Engine) -> None:
    assert set(tell(ledger, "quinn")) == {
        table.name for table in schema.metadata.sorted_tables if table.name != "duty"
    }


def test_nothing_is_left_and_others_keep_everything(ledger: Engine) -> None:
    before = tell(ledger, "rufus")
    with writing(ledger) as connection:
        erasure.begin(connection, UserScope("quinn"), AT)
        erasure.finish(connection, UserScope("quinn"), AT)
    assert tell(ledger, "quinn") == {}
    assert tell(ledger, "rufus") == before
    audit = everything(ledger)["audit"]
    assert len(audit) == 2
    assert any("person_erased" in row for row in audit)


def test_a_table_that_the_code_does_not_know_is_erased_too(ledger: Engine) -> None:
    with writing(ledger) as connection:
        connection.execute(text("CREATE TABLE later (note TEXT, person_id TEXT)"))
        connection.execute(text("INSERT INTO later VALUES ('quinn', 'quinn'), ('rufus', 'rufus')"))
    try:
        with writing(ledger) as connection:
            erasure.begin(connection, UserScope("quinn"), AT)
        assert everything(ledger)["later"] == ["('rufus', 'rufus')"]
    finally:
        with writing(ledger) as connection:
            connection.execute(text("DROP TABLE later"))


def test_only_what_the_last_reply_needs_is_there_until_it_was_sent(ledger: Engine) -> None:
    scope = UserScope("quinn")
    with writing(ledger) as connection:
        people.open_conversation(connection, scope, "web", AT, "web:quinn:2")
        connection.execute(
            tables.outbox.update()
            .where(tables.outbox.c.conversation_id == LAST.conversation_id)
            .values(state="waiting")
        )
        erasure.begin(connection, scope, AT, LAST)
    assert set(tell(ledger, "quinn")) == {
        "people", "channel_accounts", "conversations", "inbox", "turns", "outbox", "erasures",
    }  # fmt: skip
    with reading(ledger) as connection:
        (one,) = (one for one in erasure.pending(connection) if one.scope == scope)
        assert not one.is_told
        assert set(one.conversations) >= {LAST.conversation_id, "web:quinn:2"}
    with writing(ledger) as connection:
        connection.execute(tables.outbox.update().values(state="sent"))
        (one,) = (one for one in erasure.pending(connection) if one.scope == scope)
        assert one.is_told
        late = Upload("upload-late", "quinn", None, "late.csv", "0", 1, "stored", AT)
        uploads.add(connection, late)
        assert set(erasure.uploads_of(connection, scope)) >= {"secret-of-quinn-id", "upload-late"}
        erasure.finish(connection, scope, AT)
    assert tell(ledger, "quinn") == {}


def test_nobody_is_erased_who_is_not_there(engine: Engine) -> None:
    with pytest.raises(UnknownPersonError), writing(engine) as connection:
        erasure.begin(connection, UserScope("nobody"), AT)


def test_the_file_holds_no_byte_of_what_was_erased(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'florin.db'}"
    migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        people.create_person(
            connection, Person("zed", "Quokkazanzibar", "GB", "GBP", "GB", "Europe/London"), AT
        )
        fill(connection, "quinn")
        account = Account("a", "Bank", "checking", "GBP", "Bank")
        for person in ("quinn", "zed"):
            store.save_accounts(connection, UserScope(person), [account])
        for number in range(300):
            for person in ("quinn", "zed"):
                row = Transaction(
                    f"{person}-{number}", "a", AT.date(), f"SHOP {number}", -1, "GBP",
                    fingerprint=str(number),
                )  # fmt: skip
                store.add_transactions(connection, UserScope(person), [row])
    purge(engine)
    assert b"Quokkazanzibar" in (tmp_path / "florin.db").read_bytes()
    with writing(engine) as connection:
        for person in ("zed", "quinn"):
            erasure.begin(connection, UserScope(person), AT)
            erasure.finish(connection, UserScope(person), AT)
    purge(engine)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert b"Quokkazanzibar" not in content, path.name
        assert b"quinn" not in content, path.name
    with sqlite3.connect(tmp_path / "florin.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with writing(engine) as connection:
        fill(connection, "rufus")
    engine.dispose()
