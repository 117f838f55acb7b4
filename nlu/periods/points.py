"""Days and units so far from today: "3 days ago", "in 2 weeks", "this time last year", "ytd"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from nlu.periods import nodes
from nlu.periods.cursor import (
    Cursor,
    Duration,
    Found,
    duration,
    unit_name,
)
from nlu.periods.interval import (
    DAY,
    Interval,
    add_days,
    one_day,
    shift,
    unit_around,
)
from nlu.periods.nodes import Env, Node
from nlu.periods.units import grain_of
from nlu.words import listed

_AGO = frozenset(("ago", "back", "earlier", "prior", "agoo"))


# "pause autosave for two weeks" lasts from today on.
_PAUSING = listed("pause pausing hold stop snooze suspend freeze halt disable off autosave")


_POINT_GRAIN = {
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "half": "half",
    "decade": "decade",
}


def counted_from(c: Cursor, i: int) -> Found | None:
    """As in "3 days ago", "2 weeks from now", "a month before christmas" has its own rule."""
    approx = c.skip(i, listed("about around roughly approximately exactly like"))
    found = duration(c, approx)
    if found is None:
        return None
    parts, j = found
    if c.low(i - 1) == "for" and any(t.low in _PAUSING for t in c.tokens[:i]):
        return _until_then(parts), j
    if c.low(j) in _AGO:
        j += 1
        if c.low(j) == "today" or c.words(j, "to", "the", "day"):
            return _point(parts, -1), (j + 1 if c.low(j) == "today" else j + 3)
        return _around(parts, -1), j
    for words in (
        ("from", "now"),
        ("from", "today"),
        ("later",),
        ("hence",),
        ("out",),
        ("time",),
        ("'s", "time"),
        ("'", "time"),
    ):
        end = c.words(j, *words)
        if end and (words != ("out",)):
            return _point(parts, 1), end
    return None


def in_duration(c: Cursor, i: int) -> Found | None:
    """As in "in 2 weeks" is a day to come, "within 9 months" all days until then."""
    low = c.low(i)
    if low == "after" and c.low(i - 1) not in ("day", "week", "month"):
        found = duration(c, i + 1)
        plain = (
            found and c.low(found[1]) not in ("of", "from", "since") and found[0][0][1] != "weekend"
        )
        return (replace(_point(found[0], 1), strength=0.8), found[1]) if found and plain else None
    if low == "within":
        unit = c.words(i, "within", "the", "next") or c.words(i, "within", "next")
        named = unit_name(c, unit) if unit else None
        if named and named[0] not in ("hour", "minute"):
            return _until_then(((1.0, named[0]),)), named[1]
        j = i + 1
        j = c.skip(j, frozenset(("the", "next")))
        found = duration(c, j)
        if found is None:
            return None
        return _until_then(found[0]), found[1]
    if low != "in":
        return None
    j = c.skip(i + 1, frozenset(("about", "around", "roughly", "like", "another")))
    found = duration(c, j)
    if found is None or found[0][0][1] == "weekend" or c.low(j) in ("one", "the"):
        return None
    parts, j = found
    for words in (("time",), ("'s", "time"), ("'", "time")):
        j = c.words(j, *words) or j
    if found[0][0][0] == 1 and c.low(i - 1) in ("once", "twice", "times"):
        return None
    return replace(_point(parts, 1), strength=0.85), j


def _until_then(parts: Duration) -> Node:
    def resolve(env: Env) -> Interval:
        return Interval(env.today, nodes.back(parts, env.today, 1), grain_of(parts))

    return Node("rolling", resolve)


def _point(parts: Duration, sign: int) -> Node:
    """The day so long before or after today."""
    return Node("day", lambda env: one_day(nodes.back(parts, env.today, sign)))


def _around(parts: Duration, sign: int) -> Node:
    """The unit so long ago: whole months and years as such, else the day."""
    if len(parts) == 1 and parts[0][0].is_integer() and parts[0][1] in _POINT_GRAIN:
        count, name = parts[0]
        return Node("ago", lambda env: unit_around(env.today, name, env.country, sign * int(count)))
    if len(parts) == 1 and parts[0][1] == "weekend":
        weeks = sign * int(parts[0][0])
        return nodes.unit("weekend", weeks)
    return replace(_point(parts, sign), kind="ago")


def same_time(c: Cursor, i: int) -> Found | None:
    """As in "this time last year", "the same month last year", "same time last week"."""
    j = i + 1 if c.low(i) == "the" else i
    if c.low(j) not in ("this", "same", "ths"):
        return None
    j += 1
    inner = "time" if c.low(j) in ("time", "point", "stage") else None
    if inner is None:
        named = unit_name(c, j)
        if named is None:
            return None
        inner, j = named
    else:
        j += 1
    if c.low(j) in ("in", "of"):
        j += 1
    if c.atom(j).mod not in (-1, 1):
        return _time_before(c, j, inner)
    outer = unit_name(c, j + 1)
    if outer is None or outer[0] in ("hour", "minute") or inner == outer[0]:
        return None
    return _same(inner, outer[0], c.atom(j).mod or -1), outer[1]


def _time_before(c: Cursor, j: int, inner: str) -> Found | None:
    """As in "this time a year ago", "same month two years ago"."""
    found = duration(c, j)
    if found is None or c.low(found[1]) not in _AGO:
        return None
    count, outer = found[0][0]
    return _same(inner, outer, -int(count)), found[1] + 1


def _same(inner: str, outer: str, offset: int) -> Node:
    def resolve(env: Env) -> Interval:
        then = shift(env.today, outer, offset)
        if inner != "time":
            return unit_around(then, inner, env.country)
        return unit_around(then, "month", env.country) if outer == "year" else one_day(then)

    return Node("same", resolve)


def shifted(node: Node, parts: Duration, sign: int) -> Node:
    """So long before or after another period ("2 weeks before christmas")."""

    def resolve(env: Env) -> Interval:
        base = node.resolve(env)
        edge: date | None = base.start if sign < 0 else base.end
        if edge is None:
            return base
        if sign > 0:
            edge -= DAY
        count, name = parts[0]
        if (
            len(parts) == 1
            and count == 1
            and name in ("week", "month", "weekend", "year", "quarter")
        ):
            return unit_around(edge, name, env.country, sign)
        return one_day(nodes.back(parts, edge, sign))

    return Node("shifted", resolve, node.floating, node.strength, node.needs)


_ABBREVIATIONS = {"ytd": "year", "mtd": "month", "qtd": "quarter", "wtd": "week"}


_ENDS = {"eom": "month", "eoy": "year", "eow": "week", "eod": "day", "eoq": "quarter"}


def abbreviation(c: Cursor, i: int) -> Found | None:
    """`ytd`, `mtd`, "year to date", `eom`."""
    low = c.low(i)
    if low in _ABBREVIATIONS:
        return to_date(nodes.unit(_ABBREVIATIONS[low], 0)), i + 1
    named = unit_name(c, i)
    if named:
        j = c.words(named[1], "to", "date") or c.words(named[1], "-", "to", "-", "date")
        if j:
            return to_date(nodes.unit(named[0], 0)), j
    if low in _ENDS:
        return _last_day(_ENDS[low]), i + 1
    if named and named[0] in _ENDED and c.low(named[1]) == "end":
        return _last_day(named[0]), named[1] + 1
    return None


# As in "by month end"; a "week end" is a weekend.
_ENDED = frozenset(("month", "quarter", "year", "tax_year"))


def _last_day(name: str) -> Node:
    def resolve(env: Env) -> Interval:
        end = unit_around(env.today, name, env.country).end
        assert end is not None
        return one_day(end - DAY)

    return Node("day", resolve)


def to_date(node: Node) -> Node:
    """From the start of a period up to and including today."""

    def resolve(env: Env) -> Interval:
        base = node.resolve(env)
        return Interval(base.start, add_days(env.today, 1), base.grain)

    return Node("todate", resolve, strength=node.strength, needs=node.needs)
