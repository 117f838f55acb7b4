"""The question as data: one frozen `Query` that follow-ups edit, replay runs again and tests check.

Money is minor units, periods are half-open whole days ``[start, end)`` with None for an open side.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

OPERATORS = frozenset({"eq", "lt", "lte", "gt", "gte", "approx", "between"})
GROUPINGS = frozenset({"category", "merchant", "account", "day", "week", "month"})
APPROX_PERCENT = 10
"""How far from "about 20" a payment may be."""


class QueryFormatError(ValueError):
    """A stored or handed-in query that is none; it is never guessed at."""

    def __init__(self, field_name: str) -> None:
        super().__init__(f"The query's field {field_name!r} is malformed; ask the question again.")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from ``start`` to before ``end``; None leaves a side open."""

    start: date | None = None
    end: date | None = None

    def to_json(self) -> dict[str, str | None]:
        """The contract's form."""
        return {
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
        }


@dataclass(frozen=True, slots=True)
class Amount:
    """A bound on the size of a single payment, in minor units, sign ignored.

    Attributes:
        op: One of `OPERATORS`; ``between`` includes both ends.
        minor2: The upper end of ``between``.
        currency: Rows of another currency do not match; None matches any.
    """

    op: str
    minor: int
    minor2: int | None = None
    currency: str | None = None

    def matches(self, minor: int, currency: str) -> bool:
        """Whether a row of this amount and currency is within the bound."""
        if self.currency is not None and self.currency != currency:
            return False
        size = abs(minor)
        if self.op == "between":
            return self.minor <= size <= (self.minor2 if self.minor2 is not None else self.minor)
        if self.op == "approx":
            return abs(size - self.minor) * 100 <= self.minor * APPROX_PERCENT
        return {
            "eq": size == self.minor,
            "lt": size < self.minor,
            "lte": size <= self.minor,
            "gt": size > self.minor,
            "gte": size >= self.minor,
        }[self.op]

    def to_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "op": self.op,
            "minor": self.minor,
            "minor2": self.minor2,
            "currency": self.currency,
        }


@dataclass(frozen=True, slots=True)
class Exclude:
    """What is left out of the answer."""

    merchants: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, list[str]]:
        """The contract's form: only what excludes anything."""
        return {
            name: list(getattr(self, name))
            for name in ("merchants", "categories", "accounts")
            if getattr(self, name)
        }


@dataclass(frozen=True, slots=True)
class Compare:
    """The other side of a comparison: a period, merchants, categories or days of the week.

    Attributes:
        others: Further sides of the same kind ("october, september and august").
    """

    period: Period | None = None
    merchants: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    others: tuple["Compare", ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The contract's form: the one thing that differs."""
        more = {"others": [one.to_json() for one in self.others]} if self.others else {}
        if self.period is not None:
            return {"period": self.period.to_json(), **more}
        if self.weekdays:
            return {"weekdays": list(self.weekdays), **more}
        if self.merchants:
            return {"merchants": list(self.merchants), **more}
        return {"categories": list(self.categories), **more}


@dataclass(frozen=True, slots=True)
class Query:
    """A question about the person's own money.

    Attributes:
        measure: The intent whose question this is.
        period: Booking dates; None until a default is chosen.
        merchants: Counterparty ids; rows of any of them match.
        direction: ``out`` spending, ``in`` income, None every row.
        categories: Taxonomy ids; descendants match.
        accounts: Account ids.
        group_by: One of `GROUPINGS`.
        limit: How many rows or groups were asked for.
        unit: What an average is per (``day``, ``week``, ``month``, ``year``, ``payment``); how
            merchants are ranked where not by money (``visits``, bills aside, or ``payment``);
            ``smallest`` where single payments are ranked from the least; or ``share`` where a part
            of all spending is asked for.
        weekdays: Only rows of these days of the week (0 is Monday); empty for all.
        either: Whether rows of the merchants or of the categories match ("trains and ubers"), not
            only rows of both.
        moves: Whether moves between the person's own accounts are among the rows ("what left my
            current account").
        gaps: Days within the period that are left out ("this year without August").
    """

    measure: str
    period: Period | None = None
    merchants: tuple[str, ...] = ()
    direction: str | None = None
    categories: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    exclude: Exclude = field(default_factory=Exclude)
    amount: Amount | None = None
    group_by: str | None = None
    compare: Compare | None = None
    limit: int | None = None
    unit: str | None = None
    weekdays: tuple[int, ...] = ()
    either: bool = False
    gaps: tuple[Period, ...] = ()
    moves: bool = False

    def to_json(self) -> dict[str, Any]:
        """The contract's form, which `query_from_json` reads back."""
        own: dict[str, Any] = {"weekdays": list(self.weekdays)} if self.weekdays else {}
        if self.either:
            own["either"] = True
        if self.moves:
            own["moves"] = True
        if self.gaps:
            own["gaps"] = [gap.to_json() for gap in self.gaps]
        return {
            "measure": self.measure,
            "period": self.period.to_json() if self.period else None,
            "merchants": list(self.merchants),
            "direction": self.direction,
            "categories": list(self.categories),
            "accounts": list(self.accounts),
            "exclude": self.exclude.to_json(),
            "amount": self.amount.to_json() if self.amount else None,
            "group_by": self.group_by,
            "compare": self.compare.to_json() if self.compare else None,
            "limit": self.limit,
            "unit": self.unit,
            **own,
        }


def _texts(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = body.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise QueryFormatError(name)
    return tuple(values)


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise QueryFormatError("period") from error


def period_from_json(body: object) -> Period | None:
    """Reads ``{"start", "end"}``.

    Raises:
        QueryFormatError: It is neither null nor a period.
    """
    if body is None:
        return None
    if not isinstance(body, Mapping):
        raise QueryFormatError("period")
    return Period(_day(body.get("start")), _day(body.get("end")))


def amount_from_json(body: object) -> Amount | None:
    """Reads ``{"op", "minor", "minor2", "currency"}``.

    Raises:
        QueryFormatError: It is neither null nor an amount.
    """
    if body is None:
        return None
    if not isinstance(body, Mapping) or body.get("op") not in OPERATORS:
        raise QueryFormatError("amount")
    minor, minor2, currency = body.get("minor"), body.get("minor2"), body.get("currency")
    if type(minor) is not int or not (minor2 is None or type(minor2) is int):
        raise QueryFormatError("amount")
    return Amount(body["op"], minor, minor2, str(currency) if currency else None)


def _compare_from_json(body: object) -> Compare | None:
    if body is None:
        return None
    if not isinstance(body, Mapping):
        raise QueryFormatError("compare")
    others = body.get("others") or []
    if not isinstance(others, list):
        raise QueryFormatError("compare")
    return Compare(
        period_from_json(body.get("period")),
        _texts(body, "merchants"),
        _texts(body, "categories"),
        _weekdays(body),
        tuple(one for one in map(_compare_from_json, others) if one is not None),
    )


def _choice(body: Mapping[str, Any], name: str, allowed: frozenset[str]) -> str | None:
    value = body.get(name)
    if value is not None and value not in allowed:
        raise QueryFormatError(name)
    return value


def _weekdays(body: Mapping[str, Any]) -> tuple[int, ...]:
    values = body.get("weekdays") or []
    if not isinstance(values, list) or not all(value in range(7) for value in values):
        raise QueryFormatError("weekdays")
    return tuple(values)


def _gaps(body: Mapping[str, Any]) -> tuple[Period, ...]:
    values = body.get("gaps") or []
    if not isinstance(values, list):
        raise QueryFormatError("gaps")
    return tuple(gap for gap in map(period_from_json, values) if gap is not None)


def query_from_json(body: Mapping[str, Any]) -> Query:
    """Reads what `Query.to_json` wrote.

    Raises:
        QueryFormatError: A field is malformed.
    """
    measure, limit = body.get("measure"), body.get("limit")
    if not isinstance(measure, str):
        raise QueryFormatError("measure")
    if not (limit is None or (type(limit) is int and limit > 0)):
        raise QueryFormatError("limit")
    exclude = body.get("exclude") or {}
    if not isinstance(exclude, Mapping):
        raise QueryFormatError("exclude")
    return Query(
        measure=measure,
        period=period_from_json(body.get("period")),
        merchants=_texts(body, "merchants"),
        direction=_choice(body, "direction", frozenset({"in", "out"})),
        categories=_texts(body, "categories"),
        accounts=_texts(body, "accounts"),
        exclude=Exclude(
            _texts(exclude, "merchants"), _texts(exclude, "categories"), _texts(exclude, "accounts")
        ),
        amount=amount_from_json(body.get("amount")),
        group_by=_choice(body, "group_by", GROUPINGS),
        compare=_compare_from_json(body.get("compare")),
        limit=limit,
        unit=_choice(
            body,
            "unit",
            frozenset(
                {
                    *("day", "week", "month", "year", "payment", "visits", "share", "payday"),
                    "smallest",
                }
            ),
        ),
        weekdays=_weekdays(body),
        either=body.get("either") is True,
        gaps=_gaps(body),
        moves=body.get("moves") is True,
    )
