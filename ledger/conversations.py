"""What was said: turns and buttons. A message is answered in one transaction with “done”."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    ScalarSelect,
    insert,
    or_,
    select,
    update,
)

from ledger import inbox, outbox, tables
from ledger.errors import LeaseLostError
from ledger.exports import Export, add_export
from ledger.inbox import Message, message_of
from ledger.scope import UserScope

Json = dict[str, Any]

_INBOX = tables.inbox
_TURNS = tables.turns
_BUTTONS = tables.buttons


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
        further: What it sends after that.
        fetched: The channel waits for the answer itself.
        export: A file that the answer offers.
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
    export: Export | None = None
    further: Sequence[Json] = ()


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


def finish(connection: Connection, holder: str, turn: Turn) -> None:
    """Store an answer, its buttons and what is to be sent, and mark the message done.

    Raises:
        LeaseLostError: Somebody else has taken the conversation over; nothing may be kept.
    """
    if not inbox.release(connection, turn.conversation_id, holder):
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
    for payload in (turn.outgoing, *turn.further):
        outbox.add(
            connection,
            turn.conversation_id,
            turn.id,
            payload,
            turn.done_at,
            fetched=turn.fetched,
        )
    add_buttons(connection, turn.conversation_id, turn.id, turn.buttons)
    if turn.export is not None:
        add_export(connection, turn.export, turn.done_at)


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


def stored_turns(
    connection: Connection, scope: UserScope, name: str, newest: int | None = None
) -> list[Stored]:
    """The turns of a person's conversation, or their one turn, of this id, in order.

    Args:
        connection: To the ledger.
        scope: Whose they are.
        name: A conversation's id, or a turn's.
        newest: How many, the newest; all where it is left out.
    """
    found = (
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
        .order_by(_TURNS.c.seq.desc())
        .limit(newest)
    )
    rows = connection.execute(found).all()[::-1]
    return [
        Stored(
            row.id,
            row.seq,
            row.conversation_id,
            row.person_id,
            message_of(row),
            row.answer,
            row.memory,
            row.trace,
        )
        for row in rows
    ]
