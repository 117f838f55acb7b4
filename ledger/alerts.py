"""Alerts: what a person asked to be told of when it happens."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    delete,
    insert,
    select,
)

from ledger.scope import UserScope
from ledger.tables import UtcDateTime, metadata

_LISTS = ("accounts", "merchants", "categories")

alerts_table = Table(
    "alerts",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("accounts", JSON, nullable=False),
    Column("merchants", JSON, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("op", Text),
    Column("minor", BigInteger),
    Column("currency", Text, nullable=False),
    Column("unit", Text),
    Column("days", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "id"),
)


@dataclass(frozen=True, slots=True)
class Alert:
    """What is watched for.

    Attributes:
        id: Unique within the person; one alert of a kind and subject.
        kind: ``balance``, ``payment``, ``spent``, ``bill``, ``rise``, ``duplicate``, ``payday``
            or ``money_in``.
        accounts: Account ids; empty for all that the kind is about.
        op: How the amount is held against: ``lt``, ``lte``, ``gt`` or ``gte``.
        minor: The amount, minor units; None for any.
        unit: Of ``spent``: the calendar ``week`` or ``month`` that is added up.
        days: Of ``bill``: how many days before it falls due it is told.
    """

    id: str
    kind: str
    currency: str
    created_at: datetime
    accounts: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    op: str | None = None
    minor: int | None = None
    unit: str | None = None
    days: int | None = None


def alerts(connection: Connection, scope: UserScope) -> list[Alert]:
    """A person's alerts, the oldest first."""
    table = alerts_table
    names = [field.name for field in fields(Alert)]
    rows = connection.execute(
        select(*(table.c[name] for name in names))
        .where(table.c.person_id == scope.person_id)
        .order_by(table.c.created_at, table.c.id)
    )
    found = []
    for row in rows:
        values = dict(row._mapping)
        found.append(Alert(**values | {name: tuple(values[name]) for name in _LISTS}))
    return found


def save_alert(connection: Connection, scope: UserScope, alert: Alert) -> None:
    """Store an alert; one of the same id is replaced."""
    delete_alerts(connection, scope, [alert.id])
    values = {field.name: getattr(alert, field.name) for field in fields(Alert)}
    values |= {name: list(values[name]) for name in _LISTS}
    connection.execute(insert(alerts_table).values(person_id=scope.person_id, **values))


def delete_alerts(connection: Connection, scope: UserScope, ids: Sequence[str]) -> None:
    """Remove alerts; an unknown id removes nothing."""
    table = alerts_table
    connection.execute(
        delete(table).where(table.c.person_id == scope.person_id, table.c.id.in_(ids))
    )
