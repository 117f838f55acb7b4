"""What is to be sent: one row a message, queued in the same transaction as the answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Table, and_, func, insert, select, update

from ledger import tables
from ledger.scope import UserScope

Json = dict[str, Any]

_OUTBOX = tables.outbox


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message for a channel to send.

    Attributes:
        seq: Its place in the conversation, from 1.
        attempts: How often sending was tried, this time included.
    """

    id: int
    conversation_id: str
    address: str | None
    seq: int
    payload: Json
    attempts: int


def next_seq(table: Table, conversation_id: str) -> ScalarSelect[int]:
    """The next place in a conversation of a table that counts places, for an insert."""
    last = func.coalesce(func.max(table.c.seq), 0) + 1
    return select(last).where(table.c.conversation_id == conversation_id).scalar_subquery()


def add(
    connection: Connection,
    conversation_id: str,
    turn_id: str | None,
    payload: Json,
    at: datetime,
    *,
    fetched: bool = False,
) -> None:
    """Queue a message for the channel, after those of the conversation that are queued already.

    Args:
        connection: A write transaction.
        conversation_id: Where it is said.
        turn_id: The turn that it answers, if one.
        payload: What the channel sends.
        at: The real time.
        fetched: The channel waits for the answer itself; nothing is left to send.
    """
    if connection.dialect.name == "postgresql":
        # A late import and a turn may queue at once; the row lock orders them.
        connection.execute(
            select(tables.conversations.c.id)
            .where(tables.conversations.c.id == conversation_id)
            .with_for_update()
        )
    connection.execute(
        insert(_OUTBOX).values(
            conversation_id=conversation_id,
            turn_id=turn_id,
            seq=next_seq(_OUTBOX, conversation_id),
            payload=payload,
            state="sent" if fetched else "waiting",
            due_at=at,
            sent_at=at if fetched else None,
        )
    )


def take(connection: Connection, channel: str, at: datetime, until: datetime) -> Outgoing | None:
    """Take the oldest message of a channel that is due and has none unsent before it.

    One that was taken and not heard of again is due once more at ``until``.
    """
    earlier = _OUTBOX.alias()
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.conversation_id == _OUTBOX.c.conversation_id,
            earlier.c.seq < _OUTBOX.c.seq,
            earlier.c.state.in_(("waiting", "sending")),
        )
        .exists()
    )
    due = and_(_OUTBOX.c.state.in_(("waiting", "sending")), _OUTBOX.c.due_at <= at)
    row = connection.execute(
        select(_OUTBOX, tables.conversations.c.address)
        .join(tables.conversations, tables.conversations.c.id == _OUTBOX.c.conversation_id)
        .where(tables.conversations.c.channel == channel, due, ~blocked)
        .order_by(_OUTBOX.c.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    taken = connection.execute(
        update(_OUTBOX)
        .where(_OUTBOX.c.id == row.id, due)
        .values(state="sending", due_at=until, attempts=_OUTBOX.c.attempts + 1)
        .returning(_OUTBOX.c.attempts)
    ).scalar()
    if taken is None:
        return None
    return Outgoing(row.id, row.conversation_id, row.address, row.seq, row.payload, taken)


def mark_sent(connection: Connection, conversation_id: str, upto: int, at: datetime) -> None:
    """Note that the channel has everything of a conversation up to a place."""
    connection.execute(
        update(_OUTBOX)
        .where(
            _OUTBOX.c.conversation_id == conversation_id,
            _OUTBOX.c.seq <= upto,
            _OUTBOX.c.state.in_(("waiting", "sending")),
        )
        .values(state="sent", sent_at=at)
    )


def mark_failed(connection: Connection, outgoing_id: int) -> None:
    """Note that the channel will never take this message (the person blocked the bot)."""
    connection.execute(update(_OUTBOX).where(_OUTBOX.c.id == outgoing_id).values(state="failed"))


def hold(connection: Connection, outgoing_id: int, until: datetime) -> None:
    """Keep a message that was taken for longer: it is due once more at ``until``."""
    connection.execute(
        update(_OUTBOX)
        .where(_OUTBOX.c.id == outgoing_id, _OUTBOX.c.state == "sending")
        .values(due_at=until)
    )


def postpone(connection: Connection, outgoing_id: int, until: datetime) -> None:
    """Send a message later."""
    connection.execute(
        update(_OUTBOX).where(_OUTBOX.c.id == outgoing_id).values(state="waiting", due_at=until)
    )


def after(
    connection: Connection, scope: UserScope, conversation_id: str, seq: int
) -> list[Outgoing]:
    """What was queued in a person's conversation after a place, in order."""
    rows = connection.execute(
        select(_OUTBOX, tables.conversations.c.address)
        .join(tables.conversations, tables.conversations.c.id == _OUTBOX.c.conversation_id)
        .where(
            _OUTBOX.c.conversation_id == conversation_id,
            tables.conversations.c.person_id == scope.person_id,
            _OUTBOX.c.seq > seq,
        )
        .order_by(_OUTBOX.c.seq)
    )
    return [
        Outgoing(row.id, row.conversation_id, row.address, row.seq, row.payload, row.attempts)
        for row in rows
    ]


def newest(
    connection: Connection, scope: UserScope, conversation_id: str, limit: int
) -> list[Outgoing]:
    """The newest messages of a person's conversation, oldest first."""
    top = select(func.max(_OUTBOX.c.seq)).where(_OUTBOX.c.conversation_id == conversation_id)
    newest = connection.execute(top).scalar() or 0
    return after(connection, scope, conversation_id, newest - limit)
