"""What was said: inbox, turns and buttons.

The gateway accepts a message by a row here before the channel hears that it was accepted, and
answers it in one transaction with "done". A lease on the conversation keeps one turn in flight.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, ScalarSelect, and_, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ledger import outbox, tables
from ledger.errors import LeaseLostError
from ledger.scope import UserScope

Kind = Literal["text", "button", "document", "other"]
Json = dict[str, Any]

_INBOX = tables.inbox
_LEASES = tables.leases
_TURNS = tables.turns
_BUTTONS = tables.buttons


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


@dataclass(frozen=True, slots=True)
class Button:
    """A button under an answer: the short token stands for its payload."""

    token: str
    title: str
    payload: Json


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button that was tapped.

    Attributes:
        memory: What the turn that showed it handed on, however long ago that was.
    """

    title: str
    payload: Json
    turn_id: str
    memory: Json | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A message that was answered.

    Attributes:
        memory: What the next turn is told of this one.
        outgoing: What the channel sends.
        fetched: The channel waits for the answer itself.
    """

    id: str
    inbox_id: int
    conversation_id: str
    started_at: datetime
    done_at: datetime
    answer: Json
    memory: Json | None
    trace: Json
    buttons: Sequence[Button]
    outgoing: Json
    fetched: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """A turn as it is kept, with the message it answers."""

    id: str
    seq: int
    conversation_id: str
    person_id: str
    message: Message
    answer: Json
    memory: Json | None
    trace: Json


def accept(connection: Connection, message: Message) -> tuple[int, bool]:
    """Store a message once; tells its inbox id and whether it is new."""
    make = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = (
        make(_INBOX)
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


def _message(row: Row[Any]) -> Message:
    return Message(
        row.conversation_id,
        row.channel,
        row.update_key,
        row.kind,
        row.body,
        row.now,
        row.received_at,
    )


def claim(
    connection: Connection, holder: str, busy: Collection[str], at: datetime, until: datetime
) -> Claimed | None:
    """Lease the conversation of the oldest message that waits and that nobody works on.

    Args:
        connection: A write transaction.
        holder: Names the gateway process.
        busy: Conversations that the holder works on, even if their lease ran out meanwhile.
        at: The real time.
        until: When others may take over unless the lease is renewed.
    """
    free = or_(_LEASES.c.conversation_id.is_(None), _LEASES.c.until <= at)
    waiting = connection.execute(
        select(_INBOX, tables.conversations.c.person_id)
        .join(tables.conversations, tables.conversations.c.id == _INBOX.c.conversation_id)
        .join(_LEASES, _LEASES.c.conversation_id == _INBOX.c.conversation_id, isouter=True)
        .where(_INBOX.c.state == "waiting", free, _INBOX.c.conversation_id.not_in(busy))
        .order_by(_INBOX.c.id)
        .limit(1)
    ).first()
    if waiting is None or not _lease(connection, waiting.conversation_id, holder, at, until):
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
    return Claimed(waiting.id, waiting.person_id, attempts, _message(waiting))


def _lease(
    connection: Connection, conversation_id: str, holder: str, at: datetime, until: datetime
) -> bool:
    make = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = make(_LEASES).values(conversation_id=conversation_id, holder=holder, until=until)
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


def finish(connection: Connection, holder: str, turn: Turn) -> None:
    """Store an answer, its buttons and what is to be sent, and mark the message done.

    Raises:
        LeaseLostError: Somebody else has taken the conversation over; nothing may be kept.
    """
    if not release(connection, turn.conversation_id, holder):
        raise LeaseLostError
    connection.execute(update(_INBOX).where(_INBOX.c.id == turn.inbox_id).values(state="done"))
    connection.execute(
        insert(_TURNS).values(
            id=turn.id,
            conversation_id=turn.conversation_id,
            seq=outbox.next_seq(_TURNS, turn.conversation_id),
            inbox_id=turn.inbox_id,
            started_at=turn.started_at,
            done_at=turn.done_at,
            answer=turn.answer,
            memory=turn.memory,
            trace=turn.trace,
        )
    )
    outbox.add(
        connection,
        turn.conversation_id,
        turn.id,
        turn.outgoing,
        turn.done_at,
        fetched=turn.fetched,
    )
    add_buttons(connection, turn.conversation_id, turn.id, turn.buttons)


def add_buttons(
    connection: Connection, conversation_id: str, turn_id: str, buttons: Sequence[Button]
) -> None:
    """Remember what a turn's buttons stand for."""
    rows = [
        {
            "token": button.token,
            "conversation_id": conversation_id,
            "turn_id": turn_id,
            "title": button.title,
            "payload": button.payload,
        }
        for button in buttons
    ]
    if rows:
        connection.execute(insert(_BUTTONS), rows)


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
    return [(row.id, _message(row)) for row in rows]


def _theirs(scope: UserScope, conversation_id: str) -> ScalarSelect[str]:
    """The conversation of this id, if it is this person's."""
    table = tables.conversations
    return (
        select(table.c.id)
        .where(table.c.id == conversation_id, table.c.person_id == scope.person_id)
        .scalar_subquery()
    )


def find_button(
    connection: Connection, scope: UserScope, conversation_id: str, token: str
) -> Tapped | None:
    """The button of a person's conversation that a token stands for, or none."""
    theirs = _theirs(scope, conversation_id)
    row = connection.execute(
        select(_BUTTONS.c.title, _BUTTONS.c.payload, _BUTTONS.c.turn_id, _TURNS.c.memory)
        .join(_TURNS, _TURNS.c.id == _BUTTONS.c.turn_id)
        .where(_BUTTONS.c.token == token, _BUTTONS.c.conversation_id == theirs)
    ).first()
    return Tapped(**row._mapping) if row else None


def find_titled(
    connection: Connection, scope: UserScope, conversation_id: str, text: str
) -> Tapped | None:
    """The button under the newest answer whose title is this text, whatever its case, or none."""
    said = text.strip().casefold()
    rows = connection.execute(
        select(_BUTTONS.c.title, _BUTTONS.c.payload, _BUTTONS.c.turn_id, _TURNS.c.memory)
        .join(_TURNS, _TURNS.c.id == _BUTTONS.c.turn_id)
        .where(_BUTTONS.c.turn_id == _newest_turn(scope, conversation_id))
    )
    return next((Tapped(**row._mapping) for row in rows if row.title.casefold() == said), None)


def _newest_turn(scope: UserScope, conversation_id: str) -> ScalarSelect[str]:
    return (
        select(_TURNS.c.id)
        .where(_TURNS.c.conversation_id == _theirs(scope, conversation_id))
        .order_by(_TURNS.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )


def last_memory(connection: Connection, scope: UserScope, conversation_id: str) -> Json | None:
    """What the newest turn of a person's conversation that hands something on hands on."""
    theirs = _theirs(scope, conversation_id)
    return connection.execute(
        select(_TURNS.c.memory)
        .where(_TURNS.c.conversation_id == theirs, _TURNS.c.memory.is_not(None))
        .order_by(_TURNS.c.seq.desc())
        .limit(1)
    ).scalar()


def answer_of(connection: Connection, scope: UserScope, inbox_id: int) -> Json | None:
    """The answer to a person's message, or none while it waits."""
    return connection.execute(
        select(_TURNS.c.answer)
        .join(tables.conversations, tables.conversations.c.id == _TURNS.c.conversation_id)
        .where(_TURNS.c.inbox_id == inbox_id, tables.conversations.c.person_id == scope.person_id)
    ).scalar()


def stored_turns(connection: Connection, scope: UserScope, name: str) -> list[Stored]:
    """The turns of a person's conversation, or their one turn, of this id, in order."""
    rows = connection.execute(
        select(
            _TURNS,
            _INBOX.c.channel,
            _INBOX.c.update_key,
            _INBOX.c.kind,
            _INBOX.c.body,
            _INBOX.c.now,
            _INBOX.c.received_at,
            tables.conversations.c.person_id,
        )
        .join(_INBOX, _INBOX.c.id == _TURNS.c.inbox_id)
        .join(tables.conversations, tables.conversations.c.id == _TURNS.c.conversation_id)
        .where(
            or_(_TURNS.c.conversation_id == name, _TURNS.c.id == name),
            tables.conversations.c.person_id == scope.person_id,
        )
        .order_by(_TURNS.c.seq)
    )
    return [
        Stored(
            row.id,
            row.seq,
            row.conversation_id,
            row.person_id,
            _message(row),
            row.answer,
            row.memory,
            row.trace,
        )
        for row in rows
    ]
