"""What people send, and who works on it.

The gateway accepts a message by a row here before the channel hears that it was accepted. A lease
on the conversation keeps one turn in flight in each.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, or_, select, update

from ledger import tables
from ledger.database import insert_into
from ledger.scope import UserScope

Kind = Literal["text", "button", "document", "other"]

_INBOX = tables.inbox
_LEASES = tables.leases


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person sent.

    Attributes:
        update_key: Names the delivery; the same key again is the same message.
        body: The text; a button's token; a document's reference as the channel keeps it.
        now: The time it is for the person.
        received_at: The real time.
    """

    conversation_id: str
    channel: str
    update_key: str
    kind: Kind
    body: str
    now: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message whose conversation is leased to the caller.

    Attributes:
        attempts: How often it was claimed, this time included.
    """

    id: int
    person_id: str
    attempts: int
    message: Message

    @property
    def user(self) -> UserScope:
        """The scope of every ledger call for this message."""
        return UserScope(self.person_id)


def accept(connection: Connection, message: Message) -> tuple[int, bool]:
    """Store a message once; tells its inbox id and whether it is new."""
    statement = (
        insert_into(connection, _INBOX)
        .values(
            conversation_id=message.conversation_id,
            channel=message.channel,
            update_key=message.update_key,
            kind=message.kind,
            body=message.body,
            now=message.now,
            received_at=message.received_at,
            state="waiting",
        )
        .on_conflict_do_nothing(index_elements=["update_key"])
        .returning(_INBOX.c.id)
    )
    new = connection.execute(statement).scalar()
    if new is not None:
        return int(new), True
    known = select(_INBOX.c.id).where(_INBOX.c.update_key == message.update_key)
    return int(connection.execute(known).scalar_one()), False


def message_of(row: Row[Any]) -> Message:
    """The message in a row that has the inbox's columns."""
    return Message(
        row.conversation_id,
        row.channel,
        row.update_key,
        row.kind,
        row.body,
        row.now,
        row.received_at,
    )


_FIRST_WAITING = (
    select(func.min(_INBOX.c.id))
    .join(_LEASES, _LEASES.c.conversation_id == _INBOX.c.conversation_id, isouter=True)
    .where(
        _INBOX.c.state == "waiting",
        or_(_LEASES.c.conversation_id.is_(None), _LEASES.c.until <= bindparam("at")),
        _INBOX.c.conversation_id.not_in(bindparam("busy", expanding=True)),
    )
    .group_by(_INBOX.c.conversation_id)
    .order_by(func.min(_INBOX.c.id))
    .limit(bindparam("most"))
)
# Built once: this is asked for after every message.
_CLAIMABLE = (
    select(_INBOX, tables.conversations.c.person_id)
    .join(tables.conversations, tables.conversations.c.id == _INBOX.c.conversation_id)
    .where(_INBOX.c.id.in_(_FIRST_WAITING))
    .order_by(_INBOX.c.id)
)


def claim(
    connection: Connection,
    holder: str,
    busy: Collection[str],
    at: datetime,
    until: datetime,
    *,
    most: int = 1,
) -> list[Claimed]:
    """Lease conversations that nobody works on, each with the oldest message that waits there.

    Args:
        connection: A write transaction.
        holder: Names the gateway process.
        busy: Conversations that the holder works on, even if their lease ran out meanwhile.
        at: The real time.
        until: When others may take over unless the lease is renewed.
        most: How many conversations at once; those that have waited longest come first.
    """
    found = connection.execute(_CLAIMABLE, {"at": at, "busy": list(busy), "most": most}).all()
    claimed = (_claim(connection, row, holder, at, until) for row in found)
    return [one for one in claimed if one is not None]


def _claim(
    connection: Connection, waiting: Row[Any], holder: str, at: datetime, until: datetime
) -> Claimed | None:
    if not lease(connection, waiting.conversation_id, holder, at, until):
        return None
    # Another gateway may have answered between the two statements.
    attempts = connection.execute(
        update(_INBOX)
        .where(_INBOX.c.id == waiting.id, _INBOX.c.state == "waiting")
        .values(attempts=_INBOX.c.attempts + 1)
        .returning(_INBOX.c.attempts)
    ).scalar()
    if attempts is None:
        release(connection, waiting.conversation_id, holder)
        return None
    return Claimed(waiting.id, waiting.person_id, attempts, message_of(waiting))


def lease(
    connection: Connection, conversation_id: str, holder: str, at: datetime, until: datetime
) -> bool:
    """Lease a conversation that nobody works on; tells whether it was free."""
    statement = insert_into(connection, _LEASES).values(
        conversation_id=conversation_id, holder=holder, until=until
    )
    won = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["conversation_id"],
            set_={"holder": holder, "until": until},
            where=_LEASES.c.until <= at,
        ).returning(_LEASES.c.conversation_id)
    )
    return won.first() is not None


def renew(connection: Connection, holder: str, busy: Collection[str], until: datetime) -> None:
    """Keep the leases of the conversations that a holder works on."""
    held = and_(_LEASES.c.holder == holder, _LEASES.c.conversation_id.in_(busy))
    connection.execute(update(_LEASES).where(held).values(until=until))


def release(connection: Connection, conversation_id: str, holder: str) -> bool:
    """Give a lease back; tells whether it was still held."""
    done = connection.execute(
        delete(_LEASES).where(
            _LEASES.c.conversation_id == conversation_id, _LEASES.c.holder == holder
        )
    )
    return done.rowcount == 1


def waiting_messages(
    connection: Connection, scope: UserScope, conversation_id: str
) -> list[tuple[int, Message]]:
    """What a person sent in a conversation that is not answered yet, in order, with inbox ids."""
    rows = connection.execute(
        select(_INBOX)
        .join(tables.conversations, tables.conversations.c.id == _INBOX.c.conversation_id)
        .where(
            _INBOX.c.conversation_id == conversation_id,
            tables.conversations.c.person_id == scope.person_id,
            _INBOX.c.state == "waiting",
        )
        .order_by(_INBOX.c.id)
    )
    return [(row.id, message_of(row)) for row in rows]


def last_received(
    connection: Connection, scope: UserScope, conversation_id: str
) -> datetime | None:
    """The real time at which a person's newest message in a conversation came, None without one."""
    at: datetime | None = connection.execute(
        select(_INBOX.c.received_at)
        .join(tables.conversations, tables.conversations.c.id == _INBOX.c.conversation_id)
        .where(
            _INBOX.c.conversation_id == conversation_id,
            tables.conversations.c.person_id == scope.person_id,
        )
        .order_by(_INBOX.c.id.desc())
        .limit(1)
    ).scalar()
    return at
