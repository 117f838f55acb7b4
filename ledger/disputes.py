"""Rows that a person does not recognise: marked until they take it back, and never changed."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    Text,
    delete,
    insert,
    select,
)

from ledger.scope import UserScope
from ledger.tables import UtcDateTime, metadata

disputed = Table(
    "disputed",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("transaction_id", Text, nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "transaction_id"),
    ForeignKeyConstraint(
        ["person_id", "transaction_id"],
        ["transactions.person_id", "transactions.id"],
        ondelete="CASCADE",
    ),
)


def marked(connection: Connection, scope: UserScope) -> Mapping[str, datetime]:
    """The ids of the rows that a person does not recognise, and when they said so."""
    rows = connection.execute(
        select(disputed.c.transaction_id, disputed.c.marked_at).where(
            disputed.c.person_id == scope.person_id
        )
    )
    return {row.transaction_id: row.marked_at for row in rows}


def mark(
    connection: Connection, scope: UserScope, transaction_ids: Collection[str], at: datetime
) -> None:
    """Mark a person's rows; one that is marked already keeps its day."""
    known = marked(connection, scope)
    rows = [
        {"person_id": scope.person_id, "transaction_id": id_, "marked_at": at}
        for id_ in dict.fromkeys(transaction_ids)
        if id_ not in known
    ]
    if rows:
        connection.execute(insert(disputed), rows)


def unmark(connection: Connection, scope: UserScope, transaction_ids: Collection[str]) -> None:
    """Take marks back; a row without one is left alone."""
    connection.execute(
        delete(disputed).where(
            disputed.c.person_id == scope.person_id,
            disputed.c.transaction_id.in_(transaction_ids),
        )
    )
