"""A person's corrections on the rows themselves: done at once, and undone without a model.

What was thought of a row before a correction stays in `overruled`, so that taking the correction
back puts it there again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from ledger.scope import UserScope
from ledger.tables import enriched, metadata, streams, transactions
from ledger.types import Guess

SURE = 0.995
"""The confidence of what a person said themselves, as `enrichment.pipeline` has it."""
_BATCH = 500

overruled = Table(
    "overruled",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("transaction_id", Text, nullable=False),
    Column("category", Text),
    Column("category_confidence", Float, nullable=False),
    Column("category_source", Text),
    Column("essential", Boolean),
    Column("essential_confidence", Float, nullable=False),
    Column("essential_source", Text),
    PrimaryKeyConstraint("person_id", "transaction_id"),
    ForeignKeyConstraint(
        ["person_id", "transaction_id"],
        ["transactions.person_id", "transactions.id"],
        ondelete="CASCADE",
    ),
)


@dataclass(frozen=True, slots=True)
class Filing:
    """How a person wants rows filed.

    Attributes:
        category: An id of the taxonomy.
        essential: Whether such spending is essential, and how sure that is.
        counterparty_id: Every row with this counterparty; None for one row.
        transaction_id: Only this row.
        inflow: Money in or money out only; None for both.
    """

    category: str
    essential: tuple[bool, float]
    counterparty_id: str | None = None
    transaction_id: str | None = None
    inflow: bool | None = None


_GUESSED = tuple(field.name for field in fields(Guess) if field.name != "transaction_id")


def keep_guesses(connection: Connection, scope: UserScope, guesses: Iterable[Guess]) -> None:
    """Put what the layers think of overruled rows in the place of what they thought before."""
    connection.execute(delete(overruled).where(overruled.c.person_id == scope.person_id))
    rows = [{"person_id": scope.person_id, **asdict(guess)} for guess in guesses]
    if rows:
        connection.execute(insert(overruled), rows)


def refile(connection: Connection, scope: UserScope, filings: Sequence[Filing]) -> None:
    """File the rows as these say and nothing else; the others are as they were without any.

    Args:
        connection: Within a transaction.
        scope: Whose.
        filings: All there are, the latest last; one of a single row outranks one of a counterparty.
    """
    before = _guesses(connection, scope)
    _set(connection, scope, {guess.transaction_id: asdict(guess) for guess in before})
    wanted = _wanted(connection, scope, filings)
    keep_guesses(connection, scope, _current(connection, scope, list(wanted)))
    _set(connection, scope, {id_: _values(filing) for id_, filing in wanted.items()})
    _refile_streams(connection, scope, [*(guess.transaction_id for guess in before), *wanted])


def _guesses(connection: Connection, scope: UserScope) -> list[Guess]:
    columns = [overruled.c.transaction_id, *(overruled.c[name] for name in _GUESSED)]
    found = select(*columns).where(overruled.c.person_id == scope.person_id)
    return [Guess(**row._mapping) for row in connection.execute(found)]


def _current(connection: Connection, scope: UserScope, ids: Sequence[str]) -> list[Guess]:
    columns = [enriched.c.transaction_id, *(enriched.c[name] for name in _GUESSED)]
    found = []
    for batch in _batches(ids):
        wanted = enriched.c.person_id == scope.person_id, enriched.c.transaction_id.in_(batch)
        rows = connection.execute(select(*columns).where(*wanted))
        found += [Guess(**row._mapping) for row in rows]
    return found


def _values(filing: Filing) -> Mapping[str, object]:
    """What a filed row's columns are."""
    essential, sure = filing.essential
    return {
        "category": filing.category,
        "category_confidence": SURE,
        "category_source": "rule",
        "essential": essential,
        "essential_confidence": sure,
        "essential_source": "category",
    }


def _set(
    connection: Connection, scope: UserScope, values: Mapping[str, Mapping[str, object]]
) -> None:
    if not values:
        return
    statement = (
        update(enriched)
        .where(
            enriched.c.person_id == scope.person_id,
            enriched.c.transaction_id == bindparam("of_row"),
        )
        .values({name: bindparam(f"new_{name}") for name in _GUESSED})
    )
    rows = [
        {"of_row": id_, **{f"new_{name}": one[name] for name in _GUESSED}}
        for id_, one in values.items()
    ]
    connection.execute(statement, rows)


def _wanted(
    connection: Connection, scope: UserScope, filings: Sequence[Filing]
) -> dict[str, Filing]:
    """The filing of each row that has one: a row's own before its counterparty's, then the last."""
    wanted: dict[str, Filing] = {}
    for filing in sorted(filings, key=lambda one: one.transaction_id is not None):
        statement = (
            select(enriched.c.transaction_id)
            .join(
                transactions,
                (transactions.c.person_id == enriched.c.person_id)
                & (transactions.c.id == enriched.c.transaction_id),
            )
            .where(enriched.c.person_id == scope.person_id)
        )
        if filing.transaction_id is not None:
            statement = statement.where(enriched.c.transaction_id == filing.transaction_id)
        else:
            statement = statement.where(enriched.c.counterparty_id == filing.counterparty_id)
        if filing.inflow is not None:
            way = transactions.c.minor > 0 if filing.inflow else transactions.c.minor <= 0
            statement = statement.where(way)
        wanted |= dict.fromkeys(connection.execute(statement).scalars(), filing)
    return wanted


def _refile_streams(connection: Connection, scope: UserScope, ids: Sequence[str]) -> None:
    """Recurring payments are filed as most of their rows are."""
    touched: set[str] = set()
    for batch in _batches(ids):
        wanted = enriched.c.person_id == scope.person_id, enriched.c.transaction_id.in_(batch)
        found = connection.execute(select(enriched.c.stream_id).where(*wanted).distinct())
        touched |= {id_ for id_ in found.scalars() if id_ is not None}
    for id_ in sorted(touched):
        whole = enriched.c.person_id == scope.person_id, enriched.c.stream_id == id_
        named = connection.execute(select(enriched.c.category).where(*whole)).scalars().all()
        most = Counter(named).most_common(1)[0][0]
        stream = streams.c.person_id == scope.person_id, streams.c.id == id_
        connection.execute(update(streams).where(*stream).values(category=most))


def _batches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    """As many at a time as a statement may hold."""
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
