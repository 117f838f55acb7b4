"""Files that are made for a person when they fetch them: who may, and until when."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    Index,
    Table,
    Text,
    delete,
    insert,
    select,
)

from ledger.scope import UserScope
from ledger.tables import UtcDateTime, metadata

exports = Table(
    "exports",
    metadata,
    Column("token", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column(
        "conversation_id",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("name", Text, nullable=False),
    Column("query", JSON(none_as_null=True)),
    Column("now", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "person_id"),
)


@dataclass(frozen=True, slots=True)
class Export:
    """A file that a person may fetch.

    Attributes:
        token: What its address ends in; not to be guessed.
        conversation_id: The only one in which it is handed out.
        name: As it is saved.
        query: The question whose rows it holds; None for everything.
        now: The moment up to which the question looks.
        expires_at: When it is handed out no more, in real time.
    """

    token: str
    person_id: str
    conversation_id: str
    name: str
    query: dict[str, Any] | None
    now: datetime
    expires_at: datetime


def add_export(connection: Connection, export: Export, at: datetime) -> None:
    """Keep a file's address; those of the person that are over at ``at`` go."""
    connection.execute(
        delete(exports).where(exports.c.person_id == export.person_id, exports.c.expires_at <= at)
    )
    connection.execute(insert(exports).values(**asdict(export)))


def find_export(
    connection: Connection, scope: UserScope, conversation_id: str, token: str, at: datetime
) -> Export | None:
    """The file of a person's conversation that a token stands for, unless it is over."""
    row = connection.execute(
        select(exports).where(
            exports.c.token == token,
            exports.c.person_id == scope.person_id,
            exports.c.conversation_id == conversation_id,
            exports.c.expires_at > at,
        )
    ).first()
    return Export(**row._mapping) if row else None
