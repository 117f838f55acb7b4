"""The one place where a read knows no person yet: whose a conversation, a turn or a case is.

What is found is then read in that person's scope, as by everybody else. For the operator's own
tools, never for a channel.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from ledger import tables
from ledger.cases import Case, cases
from ledger.scope import UserScope


@dataclass(frozen=True, slots=True)
class Named:
    """A conversation or a turn, and whose it is."""

    id: str
    scope: UserScope


def owner_of_turn(connection: Connection, turn_id: str) -> UserScope | None:
    """Whose the turn of this id is, or none."""
    table = tables.conversations
    person_id = connection.execute(
        select(table.c.person_id)
        .join(tables.turns, tables.turns.c.conversation_id == table.c.id)
        .where(tables.turns.c.id == turn_id)
    ).scalar()
    return UserScope(person_id) if person_id else None


def conversations_named(connection: Connection, name: str) -> list[Named]:
    """The conversation of this id; if none, those of this name on any channel of any person."""
    table = tables.conversations
    rows = connection.execute(
        select(table.c.id, table.c.person_id)
        .where(or_(table.c.id == name, table.c.id.endswith(f":{name}", autoescape=True)))
        .order_by(table.c.id)
    ).all()
    exact = [row for row in rows if row.id == name]
    return [Named(row.id, UserScope(row.person_id)) for row in exact or rows]


def listed_cases(connection: Connection, *, every: bool) -> list[Case]:
    """The open cases of everybody, or all cases, the oldest first."""
    statement = select(cases).order_by(cases.c.opened_at, cases.c.id)
    if not every:
        statement = statement.where(cases.c.state == "open")
    return [Case(**row._mapping) for row in connection.execute(statement)]


def find_case(connection: Connection, case_id: str) -> Case | None:
    """The case of this id, whoever's it is, or none."""
    row = connection.execute(select(cases).where(cases.c.id == case_id)).first()
    return Case(**row._mapping) if row else None
