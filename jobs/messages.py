"""Where messages come from: files of JSON Lines and the conversations of the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import orjson
from sqlalchemy import Connection, Engine, select

from jobs.errors import LabelError
from ledger import queries, tables
from ledger.database import reading
from ledger.people import list_people
from ledger.scope import UserScope

_ROWS = 5_000
"""How many rows of the ledger are held at a time."""


class Source(Protocol):
    """Something that messages are read from."""

    @property
    def name(self) -> str:
        """What the report calls it."""

    @property
    def size(self) -> int:
        """Bytes to read; 0 where that is not known."""

    def lines(self) -> Iterator[bytes]:
        """Read one JSON object a line: conversation, turn, text and, where known, person."""


@dataclass(frozen=True)
class MessageFile:
    """A file of JSON Lines; the conversation stands for the person where no person is named."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def size(self) -> int:
        """The file's bytes.

        Raises:
            LabelError: The file is not there or may not be read.
        """
        try:
            return self.path.stat().st_size
        except OSError as error:
            raise LabelError(f"{self.path} cannot be read: {error.strerror}.") from error

    def lines(self) -> Iterator[bytes]:
        """Read the file's lines, one at a time.

        Raises:
            LabelError: The file cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                yield from file
        except OSError as error:
            raise LabelError(f"{self.path} cannot be read: {error.strerror}.") from error


@dataclass(frozen=True)
class LedgerMessages:
    """What the people of the ledger typed, person by person, oldest first."""

    engine: Engine
    name: str = "ledger"
    size: int = 0

    def lines(self) -> Iterator[bytes]:
        """Read the typed messages; taps, documents and answers are none."""
        with reading(self.engine) as connection:
            for person in list_people(connection):
                yield from _typed(connection, UserScope(person.id))


def _typed(connection: Connection, scope: UserScope) -> Iterator[bytes]:
    inbox, conversations = tables.inbox.c, tables.conversations.c
    statement = (
        select(inbox.id, inbox.conversation_id, inbox.body)
        .join(tables.conversations, conversations.id == inbox.conversation_id)
        .where(conversations.person_id == scope.person_id, inbox.kind == "text")
        .order_by(inbox.id)
    )
    for row in connection.execute(statement, execution_options={"yield_per": _ROWS}):
        yield orjson.dumps(
            {
                "conversation": row.conversation_id,
                "turn": row.id,
                "text": row.body,
                "person": scope.person_id,
            }
        )


def people_named(engine: Engine) -> list[str]:
    """Return the names that the ledger knows: its people, and whom they pay or are paid by."""
    names: set[str] = set()
    with reading(engine) as connection:
        for person in list_people(connection):
            names.add(person.name)
            known = queries.counterparties(connection, UserScope(person.id))
            names |= {party.name for party in known if "transfers.person" in party.categories}
    return sorted(names)
