"""Forecasts of a balance as they were made, so that they can be held against what happened."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Date,
    ForeignKey,
    PrimaryKeyConstraint,
    Table,
    Text,
    insert,
    select,
)

from ledger.scope import UserScope
from ledger.tables import metadata

forecasts_table = Table(
    "forecasts",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("turn_id", Text, nullable=False),
    Column("accounts", JSON, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("for_on", Date, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("low", BigInteger, nullable=False),
    Column("high", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    PrimaryKeyConstraint("person_id", "turn_id"),
)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a balance was expected to be.

    Attributes:
        accounts: The ids of the accounts that were added, in order.
        made_on: The day it was made, and ``for_on`` the day at whose end it holds.
        minor: The expected sum, minor units.
        low: The lower end of the range that was named, and ``high`` the upper end.
    """

    accounts: tuple[str, ...]
    made_on: date
    for_on: date
    minor: int
    low: int
    high: int
    currency: str


def keep(connection: Connection, scope: UserScope, turn_id: str, forecast: Forecast) -> None:
    """Store a turn's forecast; a turn that is delivered again stores none."""
    own = forecasts_table.c
    known = select(own.turn_id).where(own.person_id == scope.person_id, own.turn_id == turn_id)
    if connection.execute(known).first():
        return
    connection.execute(
        insert(forecasts_table).values(
            person_id=scope.person_id,
            turn_id=turn_id,
            accounts=list(forecast.accounts),
            made_on=forecast.made_on,
            for_on=forecast.for_on,
            minor=forecast.minor,
            low=forecast.low,
            high=forecast.high,
            currency=forecast.currency,
        )
    )


def come_due(connection: Connection, scope: UserScope, start: date, end: date) -> list[Forecast]:
    """The forecasts for the days from ``start`` to before ``end``, by day and by when made."""
    own = forecasts_table.c
    rows = connection.execute(
        select(forecasts_table)
        .where(own.person_id == scope.person_id, own.for_on >= start, own.for_on < end)
        .order_by(own.for_on, own.made_on, own.turn_id)
    )
    return [
        Forecast(
            tuple(row.accounts),
            row.made_on,
            row.for_on,
            row.minor,
            row.low,
            row.high,
            row.currency,
        )
        for row in rows
    ]
