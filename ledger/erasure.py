"""Erasing a person: what they asked for last is answered first, then nothing of them is left.

`begin` deletes everything but what the last reply needs to arrive; `finish` deletes that, too. What
belongs to a person is told by the database itself: every table with a ``person_id`` or a
``conversation_id``, whichever release of Florin made it, and what refers to their rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    MetaData,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from ledger import audit, tables
from ledger.people import get_person
from ledger.scope import UserScope
from ledger.tables import UtcDateTime, metadata

erasures = Table(
    "erasures",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("conversations", JSON, nullable=False),
    Column("uploads", JSON, nullable=False),
)

_LAST = ("conversations", "people")
"""Deleted after all other tables, which refer to them with or without a foreign key."""


@dataclass(frozen=True, slots=True)
class LastTurn:
    """The turn whose reply says that all is deleted: it stays until it was sent."""

    conversation_id: str
    inbox_id: int
    turn_id: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody of whom only the last reply is left.

    Attributes:
        conversations: Ids of all the conversations that they had.
        is_told: Whether nothing waits to be sent to them any more.
    """

    scope: UserScope
    begun_at: datetime
    conversations: Sequence[str]
    is_told: bool


def begin(
    connection: Connection, scope: UserScope, at: datetime, last: LastTurn | None = None
) -> None:
    """Delete everything of a person but what their last reply needs, and note what lies outside.

    Args:
        connection: A write transaction.
        scope: Whom.
        at: The real time.
        last: The turn whose reply must still arrive; without one nothing waits for that.

    Raises:
        UnknownPersonError: There is no such person.
    """
    get_person(connection, scope.person_id)
    noted = {
        name: _ids(connection, scope, name, table)
        for name, table in (("conversations", tables.conversations), ("uploads", tables.uploads))
    }
    connection.execute(delete(erasures).where(erasures.c.person_id == scope.person_id))
    kept = _kept(last)
    for table, condition in _owned(connection, scope):
        spared = kept.get(table.name)
        if spared is not None:
            connection.execute(delete(table).where(condition, spared))
        elif table.name not in _SPARED or (last is None and table.name == "channel_accounts"):
            connection.execute(delete(table).where(condition))
    if last is not None:
        turn = tables.turns.c.id == last.turn_id
        connection.execute(update(tables.turns).where(turn).values(memory=None, trace=None))
    connection.execute(insert(erasures).values(person_id=scope.person_id, begun_at=at, **noted))


_SPARED = frozenset({"people", "channel_accounts", "erasures"})
"""What a reply is sent by: who it is for, the account that it goes to, and that it is the last."""


def _kept(last: LastTurn | None) -> Mapping[str, ColumnElement[bool]]:
    """What may be deleted of tables that hold the last turn."""
    if last is None:
        return {}
    outbox = tables.outbox.c.turn_id
    return {
        "conversations": tables.conversations.c.id != last.conversation_id,
        "inbox": tables.inbox.c.id != last.inbox_id,
        "turns": tables.turns.c.id != last.turn_id,
        "outbox": or_(outbox.is_(None), outbox != last.turn_id),
    }


def _ids(connection: Connection, scope: UserScope, name: str, table: Table) -> list[str]:
    """The ids of a person's rows, and those that an erasure begun before has noted."""
    found = connection.execute(select(table.c.id).where(table.c.person_id == scope.person_id))
    noted = connection.execute(
        select(erasures.c[name]).where(erasures.c.person_id == scope.person_id)
    ).scalar()
    return sorted({*found.scalars(), *(noted or ())})


def _owned(connection: Connection, scope: UserScope) -> list[tuple[Table, ColumnElement[bool]]]:
    """Every table that holds rows of people and which of them are this one's, children first."""
    there = MetaData()
    there.reflect(connection)
    parents = [table for name in _LAST for table in there.sorted_tables if table.name == name]
    others = [table for table in reversed(there.sorted_tables) if table.name not in _LAST]
    own = select(tables.conversations.c.id).where(
        tables.conversations.c.person_id == scope.person_id
    )
    owned = []
    for table in (*others, *parents):
        known = metadata.tables.get(table.name, table)
        if table.name == "people":
            owned.append((known, known.c.id == scope.person_id))
        elif "person_id" in known.c:
            owned.append((known, known.c.person_id == scope.person_id))
        elif "conversation_id" in known.c:
            owned.append((known, known.c.conversation_id.in_(own)))
    return owned


def pending(connection: Connection) -> list[Erasure]:
    """Everybody who is being erased, the first first: for the gateway, which ends it."""
    unsent = (
        select(func.count())
        .select_from(tables.outbox)
        .join(tables.conversations, tables.conversations.c.id == tables.outbox.c.conversation_id)
        .where(
            and_(
                tables.conversations.c.person_id == erasures.c.person_id,
                tables.outbox.c.state.in_(("waiting", "sending")),
            )
        )
        .scalar_subquery()
    )
    rows = connection.execute(select(erasures, unsent.label("unsent")).order_by("begun_at"))
    return [
        Erasure(UserScope(row.person_id), row.begun_at, row.conversations, not row.unsent)
        for row in rows
    ]


def uploads_of(connection: Connection, scope: UserScope) -> list[str]:
    """The ids of all the files that a person who is being erased ever sent."""
    return _ids(connection, scope, "uploads", tables.uploads)


def finish(connection: Connection, scope: UserScope, at: datetime) -> None:
    """Delete what was left; the audit keeps that somebody was erased, not who."""
    for table, condition in _owned(connection, scope):
        connection.execute(delete(table).where(condition))
    audit.record(connection, at, None, "person_erased", None)
