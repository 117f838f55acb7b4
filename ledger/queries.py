"""Reading a person's money: every call takes a `UserScope`, nothing here writes.

Rows come with what enrichment found out about them and, for a refund, with whom and what for its
purchase was. Which of them count as spending is the business of `actions.counting`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from ledger import tables
from ledger.scope import UserScope

_T = tables.transactions.c
_E = tables.enriched.c
_BOUGHT = tables.enriched.alias("bought")


@dataclass(frozen=True, slots=True)
class Row:
    """A booked transaction with what is known about it.

    Attributes:
        minor: Signed minor units of ``currency``; negative is money out.
        category: Null too where enrichment's best guess is too weak to file the row by.
        refund_of: The id of the purchase that this row pays back, where it is matched.
        bought_from: The counterparty id of that purchase.
        bought_as: The category of that purchase.
    """

    id: str
    account_id: str
    booked: date
    purchased: date | None
    description: str
    minor: int
    currency: str
    counterparty: str | None
    counterparty_id: str | None
    counterparty_confidence: float
    category: str | None
    category_confidence: float
    category_source: str | None
    recurring: bool | None
    stream_id: str | None
    city: str | None
    refund_of: str | None
    bought_from: str | None
    bought_as: str | None


_of: Callable[..., Row] = Row
GUESS_BELOW = 0.2
"""A category that is wrong four times in five, by its own calibrated confidence, files no row: it
would put a stranger's purchase into the figure of a category that the person named."""


def _row(*values: object) -> Row:
    row = _of(*values)
    return replace(row, category=None) if row.category_confidence < GUESS_BELOW else row


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows to read; an empty collection filters nothing.

    Attributes:
        start: First booking date, None for all before.
        end: The day after the last booking date; what is booked later is not yet known.
        accounts: Account ids.
        without: Ids of accounts whose rows are left out.
        counterparties: Counterparty ids; a refund also counts as its purchase's counterparty.
        categories: Category ids, descendants included by the caller; refunds as above.
        streams: Ids of recurring payments.
        ids: Transaction ids.
        largest: Only so many rows, those with the most money out.
    """

    end: date
    start: date | None = None
    accounts: Collection[str] = ()
    without: Collection[str] = ()
    counterparties: Collection[str] = ()
    categories: Collection[str] = ()
    streams: Collection[str] = ()
    ids: Collection[str] = ()
    largest: int | None = None


@dataclass(frozen=True, slots=True)
class Counterparty:
    """Somebody the person has paid or been paid by.

    Attributes:
        categories: The categories of their rows, the most frequent first.
        count: How many rows they have.
    """

    id: str
    name: str
    categories: tuple[str, ...]
    count: int


def _conditions(scope: UserScope, where: Where) -> list[ColumnElement[bool]]:
    conditions = [_T.person_id == scope.person_id, _T.booked < where.end]
    if where.start is not None:
        conditions.append(_T.booked >= where.start)
    if where.accounts:
        conditions.append(_T.account_id.in_(where.accounts))
    if where.without:
        conditions.append(_T.account_id.not_in(where.without))
    if where.counterparties:
        ids = where.counterparties
        conditions.append(or_(_E.counterparty_id.in_(ids), _BOUGHT.c.counterparty_id.in_(ids)))
    if where.categories:
        ids = where.categories
        conditions.append(or_(_E.category.in_(ids), _BOUGHT.c.category.in_(ids)))
    if where.streams:
        conditions.append(_E.stream_id.in_(where.streams))
    if where.ids:
        conditions.append(_T.id.in_(where.ids))
    return conditions


_ROWS: Select[tuple[object, ...]] = select(
    _T.id,
    _T.account_id,
    _T.booked,
    _T.purchased,
    _T.description,
    _T.minor,
    _T.currency,
    _E.counterparty,
    _E.counterparty_id,
    func.coalesce(_E.counterparty_confidence, 0.0),
    _E.category,
    func.coalesce(_E.category_confidence, 0.0),
    _E.category_source,
    _E.recurring,
    _E.stream_id,
    _E.city,
    _E.refund_of,
    _BOUGHT.c.counterparty_id,
    _BOUGHT.c.category,
).select_from(
    tables.transactions.outerjoin(
        tables.enriched, (_E.person_id == _T.person_id) & (_E.transaction_id == _T.id)
    ).outerjoin(
        _BOUGHT, (_BOUGHT.c.person_id == _E.person_id) & (_BOUGHT.c.transaction_id == _E.refund_of)
    )
)
"""Every row with what is known of it, in the order of `Row`; built once, since that takes long."""


def _select(scope: UserScope, where: Where) -> Select[tuple[object, ...]]:
    return _ROWS.where(*_conditions(scope, where))


def rows(connection: Connection, scope: UserScope, where: Where) -> list[Row]:
    """The rows that match, newest first; rows of one day by line and id, the later first.

    With `Where.largest` they come by amount instead, the most money out first.
    """
    statement = _select(scope, where)
    if where.largest is not None:
        statement = statement.order_by(_T.minor, _T.id).limit(where.largest)
    else:
        statement = statement.order_by(_T.booked.desc(), _T.line.desc(), _T.id.desc())
    return [_row(*values) for values in connection.execute(statement)]


def described(connection: Connection, scope: UserScope, where: Where, text: str) -> list[Row]:
    """The rows that match and whose bank text contains ``text``, case ignored."""
    pattern = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    statement = (
        _select(scope, where)
        .where(_T.description.ilike(f"%{pattern}%", escape="\\"))
        .order_by(_T.booked.desc(), _T.line.desc(), _T.id.desc())
    )
    return [_row(*values) for values in connection.execute(statement)]


def charged_again(
    connection: Connection, scope: UserScope, start: date, end: date
) -> dict[str, str]:
    """The rows booked from ``start`` to before ``end`` that charge another a second time.

    Returns:
        The id of the row that was charged first, by that of the second one.
    """
    rows = connection.execute(
        select(_E.transaction_id, _E.duplicate_of)
        .join(
            tables.transactions,
            (_T.person_id == _E.person_id) & (_T.id == _E.transaction_id),
        )
        .where(
            _E.person_id == scope.person_id,
            _E.duplicate_of.is_not(None),
            _T.booked >= start,
            _T.booked < end,
        )
    )
    return {row.transaction_id: row.duplicate_of for row in rows}


def span(connection: Connection, scope: UserScope, end: date) -> tuple[date, date] | None:
    """The first and the last booking date before ``end``, or None without any row."""
    known = (_T.person_id == scope.person_id, _T.booked < end)
    # One index seek each; both in one aggregate would read the whole history.
    ends = (select(of(_T.booked)).where(*known).scalar_subquery() for of in (func.min, func.max))
    first, last = connection.execute(select(*ends)).one()
    return (first, last) if first is not None and last is not None else None


def counterparty_name(connection: Connection, scope: UserScope, id_: str) -> str | None:
    """What a counterparty is called, None where the person has had nothing to do with it."""
    name = func.coalesce(_E.counterparty, _E.counterparty_id)
    statement = (
        select(name)
        .where(_E.person_id == scope.person_id, _E.counterparty_id == id_)
        .order_by(_E.category, _E.counterparty)
        .limit(1)
    )
    return connection.execute(statement).scalar_one_or_none()


def counterparties(
    connection: Connection, scope: UserScope, categories: Collection[str] = ()
) -> list[Counterparty]:
    """Everybody the person has had to do with, the most frequent first.

    Args:
        connection: The database.
        scope: Whose.
        categories: Only who has rows of these categories, and only those rows count.
    """
    found: dict[str, tuple[str, list[tuple[int, str]]]] = {}
    statement = (
        select(_E.counterparty_id, func.max(_E.counterparty), _E.category, func.count())
        .where(_E.person_id == scope.person_id, _E.counterparty_id.is_not(None))
        .group_by(_E.counterparty_id, _E.category)
    )
    if categories:
        statement = statement.where(_E.category.in_(categories))
    for id_, name, category, count in connection.execute(statement):
        found.setdefault(id_, (name or id_, []))[1].append((count, category or ""))
    listed = [
        Counterparty(
            id_,
            name,
            tuple(category for _, category in sorted(seen, reverse=True) if category),
            sum(count for count, _ in seen),
        )
        for id_, (name, seen) in found.items()
    ]
    return sorted(listed, key=lambda c: (-c.count, c.id))
