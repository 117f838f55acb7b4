"""Autosave: rules that put money aside in the person's plan, and what they put. No bank moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    select,
    update,
)

from ledger.database import insert_into
from ledger.scope import UserScope
from ledger.tables import UtcDateTime, metadata

ON, PAUSED, OFF = "on", "paused", "off"

autosave_rules = Table(
    "autosave_rules",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text),
    Column("minor", BigInteger),
    Column("share", Integer),
    Column("categories", JSON, nullable=False),
    Column("merchants", JSON, nullable=False),
    Column("cap", BigInteger),
    Column("currency", Text, nullable=False),
    Column("goal_id", Text),
    Column("state", Text, nullable=False),
    Column("begins", Date, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "id"),
)

autosave_moves = Table(
    "autosave_moves",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("rule_id", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("goal_id", Text),
    Column("moved_on", Date, nullable=False),
    PrimaryKeyConstraint("person_id", "rule_id", "trigger"),
    ForeignKeyConstraint(
        ["person_id", "rule_id"],
        ["autosave_rules.person_id", "autosave_rules.id"],
        ondelete="CASCADE",
    ),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """When money is put aside, and how much.

    Attributes:
        id: Unique within the person; one rule of a kind and subject.
        kind: ``fixed``, ``round_up``, ``share`` (of pay) or ``overspend``.
        unit: Of a fixed rule: ``day``, ``week``, ``month`` or ``payday``.
        minor: What a fixed or an overspend rule puts aside each time, positive minor units.
        share: Hundredths of a percent of each pay.
        categories: Of an overspend rule: the taxonomy ids that are watched.
        merchants: Counterparty ids that are watched.
        cap: What may be spent on them in a calendar month before the rule puts money aside.
        goal_id: The goal that it is put to, None for none.
        state: ``on``, ``paused`` (until ``begins``, where that lies ahead) or ``off``.
        begins: Nothing that happened before this day puts money aside.
    """

    id: str
    kind: str
    currency: str
    begins: date
    created_at: datetime
    unit: str | None = None
    minor: int | None = None
    share: int | None = None
    categories: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()
    cap: int | None = None
    goal_id: str | None = None
    state: str = ON


@dataclass(frozen=True, slots=True)
class Move:
    """Money that a rule put aside, or that was let go again where negative.

    Attributes:
        trigger: What it was put aside for; a rule has one move for each.
    """

    rule_id: str
    trigger: str
    minor: int
    currency: str
    goal_id: str | None
    moved_on: date


def rules(connection: Connection, scope: UserScope) -> list[Rule]:
    """A person's rules, those that are off too, the oldest first."""
    table = autosave_rules
    names = [field.name for field in fields(Rule)]
    rows = connection.execute(
        select(*(table.c[name] for name in names))
        .where(table.c.person_id == scope.person_id)
        .order_by(table.c.created_at, table.c.id)
    )
    found = []
    for row in rows:
        values = dict(row._mapping)
        values |= {name: tuple(values[name]) for name in ("categories", "merchants")}
        found.append(Rule(**values))
    return found


def savers(connection: Connection) -> list[UserScope]:
    """Everyone with a rule that is not off, by id: for the scheduler, never for a channel."""
    table = autosave_rules
    rows = connection.execute(
        select(table.c.person_id).where(table.c.state != OFF).distinct().order_by(table.c.person_id)
    )
    return [UserScope(person_id) for person_id in rows.scalars()]


def save_rule(connection: Connection, scope: UserScope, rule: Rule) -> None:
    """Store a rule; one of the same id is changed, what it put aside stays."""
    values = {field.name: getattr(rule, field.name) for field in fields(Rule)}
    values |= {name: list(values[name]) for name in ("categories", "merchants")}
    statement = insert_into(connection, autosave_rules).values(person_id=scope.person_id, **values)
    changed = {
        name: statement.excluded[name] for name in values if name not in {"id", "created_at"}
    }
    connection.execute(
        statement.on_conflict_do_update(index_elements=["person_id", "id"], set_=changed)
    )


def set_state(
    connection: Connection, scope: UserScope, ids: Sequence[str], state: str, begins: date
) -> None:
    """Turn rules on, off, or pause them; ``begins`` as in `Rule`."""
    table = autosave_rules
    connection.execute(
        update(table)
        .where(table.c.person_id == scope.person_id, table.c.id.in_(ids))
        .values(state=state, begins=begins)
    )


def moves(connection: Connection, scope: UserScope) -> list[Move]:
    """What a person's rules put aside, the oldest first."""
    table = autosave_moves
    names = [field.name for field in fields(Move)]
    rows = connection.execute(
        select(*(table.c[name] for name in names))
        .where(table.c.person_id == scope.person_id)
        .order_by(table.c.moved_on, table.c.rule_id, table.c.trigger)
    )
    return [Move(*row) for row in rows]


def add_moves(connection: Connection, scope: UserScope, made: Iterable[Move]) -> None:
    """Note moves; one whose trigger is noted already adds nothing."""
    for move in made:
        values = {field.name: getattr(move, field.name) for field in fields(Move)}
        statement = insert_into(connection, autosave_moves).values(
            person_id=scope.person_id, **values
        )
        connection.execute(statement.on_conflict_do_nothing())


def forget_goals(connection: Connection, scope: UserScope, goal_ids: Sequence[str]) -> None:
    """Let go what was put to goals that are removed; their rules put money aside without one.

    The moves stay, of nothing: a trigger that was acted on must not put money aside again.
    """
    moved, ruled = autosave_moves, autosave_rules
    connection.execute(
        update(moved)
        .where(moved.c.person_id == scope.person_id, moved.c.goal_id.in_(goal_ids))
        .values(minor=0, goal_id=None)
    )
    connection.execute(
        update(ruled)
        .where(ruled.c.person_id == scope.person_id, ruled.c.goal_id.in_(goal_ids))
        .values(goal_id=None)
    )
