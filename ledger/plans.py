"""A person's plans: budgets, goals, and what they put to a goal. No bank money moves by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select, union_all

from ledger import autosave, tables
from ledger.database import insert_into
from ledger.scope import UserScope

_BUDGETS = tables.budgets
_GOALS = tables.goals
_MOVES = tables.goal_moves


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that should be spent on something in each period.

    Attributes:
        id: Unique within the person; one subject has one budget.
        categories: Taxonomy ids, descendants included; with no merchant either, all spending.
        merchants: Counterparty ids.
        unit: ``week``, ``month`` or ``payday`` (from one pay to the next).
        weekdays: Only payments of these days of the week count (0 is Monday); empty for all.
        minor: The cap, positive minor units.
    """

    id: str
    categories: tuple[str, ...]
    merchants: tuple[str, ...]
    unit: str
    minor: int
    currency: str
    created_at: datetime
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that is saved for.

    Attributes:
        minor: The target, positive minor units.
        due: The last day by which it should be reached, None for no hurry.
        saved: What was put to it so far, by autosave too, less what was taken out.
    """

    id: str
    name: str
    minor: int
    currency: str
    due: date | None
    created_at: datetime
    saved: int = 0


def budgets(connection: Connection, scope: UserScope) -> list[Budget]:
    """A person's budgets, the oldest first."""
    rows = connection.execute(
        select(_BUDGETS)
        .where(_BUDGETS.c.person_id == scope.person_id)
        .order_by(_BUDGETS.c.created_at, _BUDGETS.c.id)
    )
    return [
        Budget(
            row.id,
            tuple(row.categories),
            tuple(row.merchants),
            row.unit,
            row.minor,
            row.currency,
            row.created_at,
            tuple(row.weekdays),
        )
        for row in rows
    ]


def save_budget(connection: Connection, scope: UserScope, budget: Budget) -> None:
    """Store a budget; one of the same id is replaced."""
    delete_budgets(connection, scope, [budget.id])
    connection.execute(
        insert(_BUDGETS).values(
            person_id=scope.person_id,
            id=budget.id,
            categories=list(budget.categories),
            merchants=list(budget.merchants),
            weekdays=list(budget.weekdays),
            unit=budget.unit,
            minor=budget.minor,
            currency=budget.currency,
            created_at=budget.created_at,
        )
    )


def delete_budgets(connection: Connection, scope: UserScope, ids: Sequence[str]) -> None:
    """Remove budgets; an unknown id removes nothing."""
    connection.execute(
        delete(_BUDGETS).where(_BUDGETS.c.person_id == scope.person_id, _BUDGETS.c.id.in_(ids))
    )


def goals(connection: Connection, scope: UserScope) -> list[Goal]:
    """A person's goals with what is saved, the oldest first."""
    put = union_all(
        *(
            select(table.c.goal_id, table.c.minor).where(
                table.c.person_id == scope.person_id, table.c.goal_id.is_not(None)
            )
            for table in (_MOVES, autosave.autosave_moves)
        )
    ).subquery()
    saved = (
        select(put.c.goal_id, func.sum(put.c.minor).label("saved"))
        .group_by(put.c.goal_id)
        .subquery()
    )
    rows = connection.execute(
        select(_GOALS, func.coalesce(saved.c.saved, 0).label("saved"))
        .outerjoin(saved, saved.c.goal_id == _GOALS.c.id)
        .where(_GOALS.c.person_id == scope.person_id)
        .order_by(_GOALS.c.created_at, _GOALS.c.id)
    )
    return [
        Goal(row.id, row.name, row.minor, row.currency, row.due, row.created_at, int(row.saved))
        for row in rows
    ]


def save_goal(connection: Connection, scope: UserScope, goal: Goal) -> None:
    """Store a goal; of one of the same id the target is replaced, what was put to it stays."""
    values = {
        "person_id": scope.person_id,
        "id": goal.id,
        "name": goal.name,
        "minor": goal.minor,
        "currency": goal.currency,
        "due": goal.due,
        "created_at": goal.created_at,
    }
    statement = insert_into(connection, _GOALS).values(values)
    changed = {name: statement.excluded[name] for name in ("name", "minor", "currency", "due")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["person_id", "id"], set_=changed)
    )


def delete_goals(connection: Connection, scope: UserScope, ids: Sequence[str]) -> None:
    """Remove goals with what was put to them; an unknown id removes nothing."""
    autosave.forget_goals(connection, scope, ids)
    for table, column in ((_MOVES, _MOVES.c.goal_id), (_GOALS, _GOALS.c.id)):
        connection.execute(
            delete(table).where(table.c.person_id == scope.person_id, column.in_(ids))
        )


def move_to_goal(
    connection: Connection, scope: UserScope, goal_id: str, *, turn_id: str, minor: int, on: date
) -> None:
    """Note that money was put to a goal, or taken from it where negative; once for each turn."""
    statement = insert_into(connection, _MOVES).values(
        person_id=scope.person_id, turn_id=turn_id, goal_id=goal_id, minor=minor, moved_on=on
    )
    connection.execute(statement.on_conflict_do_nothing())
