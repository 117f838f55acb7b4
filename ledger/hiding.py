"""Accounts that a person has hidden or removed.

The rows of a hidden account stay, no answer looks at them; those of a removed one are gone.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from ledger import tables
from ledger.scope import UserScope
from ledger.tables import UtcDateTime, metadata

hidden_accounts = Table(
    "hidden_accounts",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("hidden_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "account_id"),
    ForeignKeyConstraint(
        ["person_id", "account_id"], ["accounts.person_id", "accounts.id"], ondelete="CASCADE"
    ),
)


def hidden(connection: Connection, scope: UserScope) -> frozenset[str]:
    """The ids of a person's hidden accounts."""
    rows = connection.execute(
        select(hidden_accounts.c.account_id).where(hidden_accounts.c.person_id == scope.person_id)
    )
    return frozenset(rows.scalars())


def hide(connection: Connection, scope: UserScope, account_id: str, at: datetime) -> None:
    """Leave an account out of every answer."""
    show(connection, scope, account_id)
    connection.execute(
        insert(hidden_accounts).values(
            person_id=scope.person_id, account_id=account_id, hidden_at=at
        )
    )


def show(connection: Connection, scope: UserScope, account_id: str) -> None:
    """Bring a hidden account back into the answers."""
    connection.execute(
        delete(hidden_accounts).where(
            hidden_accounts.c.person_id == scope.person_id,
            hidden_accounts.c.account_id == account_id,
        )
    )


def row_counts(connection: Connection, scope: UserScope) -> Mapping[str, int]:
    """How many rows each of a person's accounts has, where it has any."""
    rows = tables.transactions.c
    found = connection.execute(
        select(rows.account_id, func.count())
        .where(rows.person_id == scope.person_id)
        .group_by(rows.account_id)
    )
    return {account_id: int(number) for account_id, number in found}


def streams_elsewhere(
    connection: Connection, scope: UserScope, without: frozenset[str]
) -> frozenset[str]:
    """The ids of streams that have a row on another account than these."""
    rows, enriched = tables.transactions, tables.enriched
    found = connection.execute(
        select(enriched.c.stream_id)
        .join(
            rows,
            (rows.c.person_id == enriched.c.person_id) & (rows.c.id == enriched.c.transaction_id),
        )
        .where(
            enriched.c.person_id == scope.person_id,
            enriched.c.stream_id.is_not(None),
            rows.c.account_id.not_in(without),
        )
        .distinct()
    )
    return frozenset(found.scalars())


def remove(connection: Connection, scope: UserScope, account_id: str) -> int:
    """Delete an account with its rows, and the streams that had rows nowhere else.

    Returns:
        How many rows it had.
    """
    number = row_counts(connection, scope).get(account_id, 0)
    kept = streams_elsewhere(connection, scope, frozenset([account_id]))
    rows, known, streams = tables.transactions, tables.accounts, tables.streams
    connection.execute(
        delete(rows).where(rows.c.person_id == scope.person_id, rows.c.account_id == account_id)
    )
    connection.execute(
        delete(known).where(known.c.person_id == scope.person_id, known.c.id == account_id)
    )
    connection.execute(
        delete(streams).where(streams.c.person_id == scope.person_id, streams.c.id.not_in(kept))
    )
    return number
