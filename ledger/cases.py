"""Cases for a person of support: what somebody handed over of a chat, and who is on duty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from ledger.scope import UserScope
from ledger.tables import UtcDateTime, metadata

State = Literal["open", "withdrawn", "closed"]

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column(
        "conversation_id",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("state", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("transcript", JSON, nullable=False),
    Index(None, "person_id"),
    Index(None, "conversation_id"),
)

duty = Table(
    "duty",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Case:
    """Something that a person of support is to look at.

    Attributes:
        state: ``open``; ``withdrawn`` by the person, with the transcript; ``closed`` by support.
        transcript: The turns that were handed over, each ``at``, ``said`` and ``replied``.
    """

    id: str
    person_id: str
    conversation_id: str
    state: State
    opened_at: datetime
    closed_at: datetime | None
    transcript: Sequence[Mapping[str, Any]]


def add(connection: Connection, case: Case) -> None:
    """Store a new case."""
    values = {column.name: getattr(case, column.name) for column in cases.columns}
    connection.execute(insert(cases).values(values))


def open_case(connection: Connection, scope: UserScope) -> Case | None:
    """A person's open case, the newest, or none."""
    row = connection.execute(
        select(cases)
        .where(cases.c.person_id == scope.person_id, cases.c.state == "open")
        .order_by(cases.c.opened_at.desc(), cases.c.id)
        .limit(1)
    ).first()
    return Case(**row._mapping) if row else None


def end(connection: Connection, scope: UserScope, case_id: str, state: State, at: datetime) -> bool:
    """Withdraw or close a person's open case; what is withdrawn loses its transcript.

    Returns:
        Whether it was open.
    """
    values: dict[str, Any] = {"state": state, "closed_at": at}
    if state == "withdrawn":
        values["transcript"] = []
    done = connection.execute(
        update(cases)
        .where(cases.c.id == case_id, cases.c.person_id == scope.person_id, cases.c.state == "open")
        .values(values)
    )
    return done.rowcount == 1


def on_duty_until(connection: Connection, at: datetime) -> datetime | None:
    """Until when a person of support is there, None if nobody is."""
    until: datetime | None = connection.execute(
        select(func.max(duty.c.until)).where(duty.c.until > at)
    ).scalar()
    return until


def set_duty(connection: Connection, until: datetime | None) -> None:
    """Note until when somebody is there, in place of what was noted; None for nobody."""
    connection.execute(delete(duty))
    if until is not None:
        connection.execute(insert(duty).values(until=until))
