"""The write side of a person's money, and the whole history that enrichment reads."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Table, delete, insert, select

from ledger import tables
from ledger.bulk import Bulk, roomy
from ledger.database import insert_into
from ledger.scope import UserScope
from ledger.types import Account, Enriched, Stream, Transaction

_BATCH = 2_000
"""Rows of one bulk insert: enough that round trips no longer count, small in memory."""

Value = TypeVar("Value")


def _values(scope: UserScope, kind: type[Any]) -> Callable[[Any], dict[str, Any]]:
    names = [field.name for field in fields(kind)]
    read = attrgetter(*names)
    return lambda item: {"person_id": scope.person_id, **dict(zip(names, read(item), strict=True))}


def _batches(items: Iterable[Value]) -> Iterator[list[Value]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _add(
    connection: Connection, scope: UserScope, table: Table, kind: type[Any], items: Iterable[Any]
) -> None:
    values = _values(scope, kind)
    for batch in _batches(items):
        connection.execute(insert(table), [values(item) for item in batch])


def save_accounts(connection: Connection, scope: UserScope, accounts: Iterable[Account]) -> None:
    """Store accounts; one that is there already is replaced."""
    values = _values(scope, Account)
    for account in accounts:
        statement = insert_into(connection, tables.accounts).values(values(account))
        changed = {
            field.name: statement.excluded[field.name]
            for field in fields(Account)
            if field.name != "id"
        }
        connection.execute(
            statement.on_conflict_do_update(index_elements=["person_id", "id"], set_=changed)
        )


def add_transactions(connection: Connection, scope: UserScope, rows: Iterable[Transaction]) -> None:
    """Store raw rows, which must be new; their accounts must be stored."""
    _add(connection, scope, tables.transactions, Transaction, rows)


class Findings:
    """Everything that was found out about a person's rows, ready before the lock is taken.

    Args:
        dialect: Of the database.
    """

    def __init__(
        self,
        dialect: Dialect,
        scope: UserScope,
        rows: Iterable[Enriched],
        streams: Iterable[Stream],
    ) -> None:
        self._scope = scope
        self._enriched = Bulk(tables.enriched, dialect)
        self._streams = Bulk(tables.streams, dialect)
        for bulk, kind, items in (
            (self._enriched, Enriched, rows),
            (self._streams, Stream, streams),
        ):
            values = _values(scope, kind)
            for item in items:
                bulk.add(values(item))

    def replace(self, connection: Connection) -> None:
        """Put it in the place of what was known, within the caller's transaction."""
        with roomy(connection):
            for table in (tables.enriched, tables.streams):
                connection.execute(delete(table).where(table.c.person_id == self._scope.person_id))
            self._enriched.store(connection)
            self._streams.store(connection)


def replace_enrichment(
    connection: Connection, scope: UserScope, rows: Iterable[Enriched], streams: Iterable[Stream]
) -> None:
    """Replace everything that was found out about a person's rows."""
    Findings(connection.dialect, scope, rows, streams).replace(connection)


def _read(
    connection: Connection, scope: UserScope, table: Table, kind: type[Value], *order: str
) -> Iterator[Value]:
    names = [field.name for field in fields(kind) if field.name != "raw"]  # type: ignore[arg-type]
    statement = (
        select(*(table.c[name] for name in names))
        .where(table.c.person_id == scope.person_id)
        .order_by(*(table.c[name] for name in order))
    )
    for row in connection.execute(statement):
        yield kind(**dict(zip(names, row, strict=True)))


def accounts(connection: Connection, scope: UserScope) -> list[Account]:
    """A person's accounts, by id."""
    return list(_read(connection, scope, tables.accounts, Account, "id"))


def transactions(connection: Connection, scope: UserScope) -> list[Transaction]:
    """A person's whole history by booking date, then id; `Transaction.raw` is left out."""
    return list(_read(connection, scope, tables.transactions, Transaction, "booked", "id"))


def enriched(connection: Connection, scope: UserScope) -> list[Enriched]:
    """What was found out about each row, by transaction id."""
    return list(_read(connection, scope, tables.enriched, Enriched, "transaction_id"))


def streams(connection: Connection, scope: UserScope) -> list[Stream]:
    """A person's recurring payments and incomes, by id."""
    return list(_read(connection, scope, tables.streams, Stream, "id"))
