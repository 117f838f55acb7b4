"""Everything that is kept of a person, read for them to take away: streamed, as plain values."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from ledger.rules import list_rules
from ledger.schema import metadata
from ledger.scope import UserScope
from ledger.tables import accounts, conversations, enriched, transactions, turns

Record = dict[str, Any]

_AT_ONCE = 2_000
"""Rows held in memory, however long the history."""
_OWN_FILES = frozenset(
    {"accounts", "transactions", "enriched", "rules", "conversations", "budgets", "goals"}
)
"""Tables that have a file of their own, see `actions.archive`."""
_INNER = frozenset({"link_codes", "channel_accounts", "account_keys", "exports", "erasures"})
"""Tables that hold no more than keys to the house."""


def _stream(connection: Connection, statement: Select[Any]) -> Iterator[Record]:
    names = [str(column.name) for column in statement.selected_columns]
    for row in connection.execute(statement.execution_options(yield_per=_AT_ONCE)):
        yield dict(zip(names, row, strict=True))


def transaction_records(
    connection: Connection,
    scope: UserScope,
    account_id: str | None = None,
    only: Collection[str] | None = None,
    *,
    raw: bool = True,
) -> Iterator[Record]:
    """A person's rows with what was found out about each, by booking date, then id.

    Args:
        connection: The database.
        scope: Whose.
        account_id: Of this account alone.
        only: Ids; None for all.
        raw: With the fields as they stood in the file.
    """
    known = [column for column in enriched.c if column.name not in transactions.c]
    left_out = {"person_id", "fingerprint", *(() if raw else ("raw",))}
    columns = [column for column in transactions.c if column.name not in left_out]
    own = (enriched.c.person_id == transactions.c.person_id) & (
        enriched.c.transaction_id == transactions.c.id
    )
    statement = (
        select(*columns, *(c for c in known if c.name != "transaction_id"))
        .select_from(transactions.outerjoin(enriched, own))
        .where(transactions.c.person_id == scope.person_id)
        .order_by(transactions.c.booked, transactions.c.id)
    )
    if account_id is not None:
        statement = statement.where(transactions.c.account_id == account_id)
    for row in _stream(connection, statement):
        if only is None or row["id"] in only:
            yield row


def kept(connection: Connection, scope: UserScope) -> tuple[int, int]:
    """How many transactions and how many accounts are kept of a person, hidden ones too."""
    counts = (
        select(func.count()).where(table.c.person_id == scope.person_id).scalar_subquery()
        for table in (transactions, accounts)
    )
    rows, places = connection.execute(select(*counts)).one()
    return int(rows), int(places)


def account_records(connection: Connection, scope: UserScope) -> Iterator[Record]:
    """A person's accounts, by id."""
    yield from _records(connection, scope, accounts)


def rule_records(connection: Connection, scope: UserScope) -> Iterator[Record]:
    """What a person taught, in order."""
    for rule in list_rules(connection, scope):
        at = rule.created_at
        yield {"number": rule.seq, "kind": rule.kind, "name": rule.name, **rule.value, "at": at}


def table_records(connection: Connection, scope: UserScope, table: str) -> Iterator[Record]:
    """Every row of a person in a table that is theirs."""
    yield from _records(connection, scope, metadata.tables[table])


def other_tables() -> list[str]:
    """The names of the tables that hold more of a person than the files of their own have."""
    named = [table for table in metadata.sorted_tables if "person_id" in table.c]
    return [table.name for table in named if table.name not in _OWN_FILES | _INNER]


def turn_records(connection: Connection, scope: UserScope) -> Iterator[Record]:
    """What was said and answered in every conversation, in order."""
    statement = (
        select(turns.c.conversation_id, conversations.c.channel, turns.c.done_at, turns.c.answer)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(conversations.c.person_id == scope.person_id)
        .order_by(turns.c.conversation_id, turns.c.seq)
    )
    for row in _stream(connection, statement):
        said: Mapping[str, Any] = row["answer"] or {}
        yield {
            "conversation": row["conversation_id"],
            "channel": row["channel"],
            "at": row["done_at"],
            "text": said.get("text"),
            "reply": said.get("reply"),
            "intent": said.get("intent"),
        }


def _records(connection: Connection, scope: UserScope, table: Table) -> Iterator[Record]:
    columns = [column for column in table.c if column.name != "person_id"]
    order = [column for column in table.primary_key if column.name != "person_id"]
    own = select(*columns).where(table.c.person_id == scope.person_id).order_by(*order)
    yield from _stream(connection, own)
