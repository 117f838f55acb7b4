"""Calendar units counted from today: "last month", "past 3 weeks", "2 days ago", "this time last year"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Duration, Found, duration, quantity, unit_name
from nlu.periods.interval import DAY, Interval, add_days, one_day, shift, unit_around
from nlu.periods.nodes import Env, Node

_ROLLING_PAST = frozenset("last past previous prev lst preceding prior trailing".split())
_ROLLING_NEXT = frozenset("next coming following upcoming nxt".split())
_FILLERS = frozenset(("full", "whole", "calendar", "complete", "entire"))


def relative_day(c: Cursor, i: int) -> Found | None:
    """ "today", "yesterday morning", "the day before yesterday", "2moro", "the other day" is none."""
    j = i + 1 if c.low(i) == "the" else i
    before = c.words(j, "day", "before", "yesterday")
    if before:
        return _relative(-2), before
    for words in (("day", "after", "tomorrow"), ("day", "after", "tmrw")):
        after = c.words(j, *words)
        if after:
            return _relative(2), after
    if c.low(i) == "2" and c.glued(i + 1):
        days = {"day": 0, "nite": 0, "night": 0, "moro": 1, "morrow": 1, "moz": 1, "mrw": 1}.get(
            c.low(i + 1)
        )
        return (_relative(days), i + 2) if days is not None else None
    offset = c.atom(i).relative
    if offset is not None:
        return _relative(offset), i + 1
    if c.low(i) == "last" and c.low(i + 1) in ("night", "nite", "evening"):
        return _relative(-1), i + 2
    if c.atom(i).mod == 0 and c.atom(i + 1).part:
        return _relative(0), i + 2
    return None


def _relative(days: int) -> Node:
    return Node("day", lambda env: one_day(add_days(env.today, days)))


def rolling(parts: Duration, forward: bool) -> Node:
    """So long up to and including today, or from tomorrow on."""

    def resolve(env: Env) -> Interval:
        tomorrow = add_days(env.today, 1)
        if forward:
            return Interval(tomorrow, nodes.back(parts, tomorrow, 1), _grain(parts))
        start = nodes.back(parts, tomorrow, -1)
        return Interval(min(start, env.today), tomorrow, _grain(parts))

    return Node("rolling", resolve)


def _grain(parts: Duration) -> str:
    name = parts[-1][1]
    return {"workday": "day", "fortnight": "week", "weekend": "week", "tax_year": "year"}.get(
        name, name
    )


def modified_unit(c: Cursor, i: int) -> Found | None:
    """ "last month", "the past 3 weeks", "next couple of days", "the week before last"."""
    start = i + 1 if c.low(i) in ("the", "my", "our", "these", "those") else i
    if c.low(start) == "this" and c.low(start + 1) in ("past", "last", "coming", "next", "current"):
        start += 1
    reverse = _number_first(c, start)
    if reverse:
        return reverse
    mod = c.atom(start).mod
    if mod is None:
        return _before_last(c, start) or _article_unit(c, i)
    j = c.skip(start + 1, _FILLERS)
    if c.low(j) in ("and", "or") or (c.low(start) == "past" and c.low(start - 1) == "half"):
        return None
    length = _length(c, j)
    if length:
        parts, end = length
        return _spanned(c, start, mod, parts, end)
    named = unit_name(c, j)
    if named is None or named[0] in ("hour", "minute"):
        return _rolling_hours(c, j, mod, named)
    name, j = named
    low = c.tokens[j - 1].low
    if (
        low.endswith("s")
        and c.low(start) not in ("this",)
        and name not in ("hour",)
        and low not in ("mths's",)
    ):
        plural = _plural(c, name, mod, j, low)
        if plural:
            return plural
    half = c.words(j, "and", "a", "half")
    if half and mod == -1:
        return rolling(((1.5, name),), False), half
    if c.low(start) in ("past", "trailing") and name in (
        "week",
        "month",
        "year",
        "quarter",
        "day",
        "fortnight",
    ):
        return rolling(((1.0, name),), False), j
    if name == "fortnight" and mod != 0:
        return rolling(((1.0, name),), mod == 1), j
    if name == "weekend":
        return Node("weekend", lambda env: unit_around(env.today, "weekend", env.country, mod)), j
    if name == "workday":
        return _relative_workday(mod), j
    return nodes.unit(name, mod), j


def _relative_workday(mod: int) -> Node:
    return Node("day", lambda env: one_day(shift(env.today, "workday", mod) if mod else env.today))


def _length(c: Cursor, j: int) -> tuple[Duration, int] | None:
    """A counted length ("3 weeks", "couple of days"), not a bare "a week"."""
    if c.low(j) in ("a", "an") and c.low(j + 1) not in ("couple", "few", "dozen", "cpl"):
        return None
    return duration(c, j)


def _plural(c: Cursor, name: str, mod: int, j: int, low: str) -> Found | None:
    """ "the last weeks", "recent days" are vague: a few of them."""
    if (
        low in ("hrs", "mins", "wks", "yrs", "mths", "mos", "days", "weeks", "months", "years")
        and mod
    ):
        return replace(rolling(((3.0, name),), mod == 1), strength=0.7), j
    return None


def _rolling_hours(c: Cursor, j: int, mod: int, named: tuple[str, int] | None) -> Found | None:
    if named is None or mod == 0:
        return None
    return rolling(((0.0, "day"),), mod == 1), named[1]


def _spanned(c: Cursor, start: int, mod: int, parts: Duration, end: int) -> Found | None:
    if mod == 0:
        return rolling(parts, False), end  # "these 3 months": the ones up to now
    count, name = parts[0]
    if len(parts) == 1 and name == "weekend" and count.is_integer():
        return _weekends(int(count), mod), end
    whole = c.low(start) in ("previous", "preceding", "prior") or any(
        c.low(k) in _FILLERS for k in range(start + 1, end)
    )
    if whole and mod == -1 and len(parts) == 1 and count.is_integer() and name != "day":
        return _whole_units(int(count), name), end
    return rolling(parts, mod == 1), end


def _whole_units(count: int, name: str) -> Node:
    """ "the previous 2 quarters", "the last 3 full months": finished calendar units."""

    def resolve(env: Env) -> Interval:
        last = unit_around(env.today, name, env.country, -1)
        first = unit_around(env.today, name, env.country, -count)
        return Interval(first.start, last.end, last.grain)

    return Node("rolling", resolve)


def _weekends(count: int, mod: int) -> Node:
    def resolve(env: Env) -> Interval:
        if mod == 1:
            first = unit_around(env.today, "weekend", env.country, 0)
            last = unit_around(env.today, "weekend", env.country, count - 1)
        else:
            newest = nodes.any_weekend().resolve(replace(env.free(), forward=False))
            assert newest.start is not None
            last = newest
            first = unit_around(newest.start, "weekend", env.country, -(count - 1))
        return Interval(first.start, last.end, "weekend")

    return Node("rolling", resolve)


def _number_first(c: Cursor, i: int) -> Found | None:
    """ "5 past years", "3 last months", "ten previous weeks"."""
    found = quantity(c, i) if (c.is_number(i) or c.atom(i).number) else None
    if not found or c.atom(found[1]).mod in (None, 0):
        return None
    named = unit_name(c, found[1] + 1)
    if named is None or named[0] in ("hour", "minute") or not c.low(named[1] - 1).endswith("s"):
        return None
    return rolling(((found[0], named[0]),), c.atom(found[1]).mod == 1), named[1]


def _before_last(c: Cursor, i: int) -> Found | None:
    """ "the week before last", "the month after next"."""
    named = unit_name(c, i)
    if named is None:
        return None
    for words, offset in (
        (("before", "last"), -2),
        (("before", "the", "last"), -2),
        (("after", "the", "next"), 2),
        (("after", "next"), 2),
        (("after", "this"), 1),
        (("before", "this"), -1),
    ):
        j = c.words(named[1], *words)
        if j and unit_name(c, j) is None and c.atom(j).weekday is None:
            if named[0] == "weekend":
                return Node(
                    "weekend",
                    lambda env, k=offset: unit_around(env.today, "weekend", env.country, k),
                ), j  # type: ignore[misc]
            return nodes.unit(named[0], offset), j
    if c.low(named[1]) in ("before", "afore") and c.low(i - 1) == "the":
        after = c.low(named[1] + 1)
        if not after or after in "?!.":
            return nodes.unit(named[0], -1), named[1] + 1
    if c.low(named[1]) == "just" and c.low(named[1] + 1) in ("gone", "past", "ended"):
        return nodes.unit(named[0], -1), named[1] + 2
    return None


_SPENT_WITHIN = frozenset(
    "in over during within for throughout of rest so earlier later since until by end start".split()
)


def _article_unit(c: Cursor, i: int) -> Found | None:
    """ "the month", "the weekend": this one, where the words before make it a time."""
    if c.low(i) == "all" and c.low(i + 1) in ("year", "month", "week", "day"):
        return nodes.unit(c.low(i + 1), 0, 0.85), i + 2
    if c.low(i) != "the" and c.atom(i).unit != "weekend":
        return None
    start = i + 1 if c.low(i) == "the" else i
    named = unit_name(c, start)
    if named is None:
        return None
    name, j = named
    if name == "weekend" and not c.tokens[start].low.endswith("s"):
        return nodes.any_weekend(), j
    if name in ("hour", "minute", "workday", "weekend", "decade"):
        return None
    if name == "tax_year":
        return nodes.unit(name, 0), j
    if c.tokens[j - 1].low.endswith("s") or c.low(i - 1) not in _SPENT_WITHIN:
        return None
    return nodes.unit(name, 0, strength=0.8), j


def bare_tax_year(c: Cursor, i: int) -> Found | None:
    """ "tax year" without a word before it is the current one."""
    if c.low(i) in ("tax", "financial", "fiscal") and c.atom(i + 1).unit == "year":
        return nodes.unit("tax_year", 0, 0.85), i + 2
    return None


_AGO = frozenset(("ago", "back", "earlier", "prior", "agoo"))
_POINT_GRAIN = {
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "half": "half",
    "decade": "decade",
}


def counted_from(c: Cursor, i: int) -> Found | None:
    """ "3 days ago", "2 weeks from now", "a month before christmas" has its own rule."""
    approx = c.skip(
        i, frozenset(("about", "around", "roughly", "approximately", "exactly", "like"))
    )
    found = duration(c, approx)
    if found is None:
        return None
    parts, j = found
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
    """ "in 2 weeks" is a day to come, "within 9 months" all days until then."""
    low = c.low(i)
    if low == "after" and c.low(i - 1) not in ("day", "week", "month"):
        found = duration(c, i + 1)
        plain = (
            found and c.low(found[1]) not in ("of", "from", "since") and found[0][0][1] != "weekend"
        )
        return (replace(_point(found[0], 1), strength=0.8), found[1]) if found and plain else None
    if low == "within":
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
    if found is None or found[0][0][1] == "weekend":
        return None
    parts, j = found
    for words in (("time",), ("'s", "time"), ("'", "time")):
        j = c.words(j, *words) or j
    if found[0][0][0] == 1 and c.low(i - 1) in ("once", "twice", "times"):
        return None
    return replace(_point(parts, 1), strength=0.85), j


def _until_then(parts: Duration) -> Node:
    def resolve(env: Env) -> Interval:
        return Interval(env.today, nodes.back(parts, env.today, 1), _grain(parts))

    return Node("rolling", resolve)


def _point(parts: Duration, sign: int) -> Node:
    """The day so long before or after today."""
    return Node("day", lambda env: one_day(nodes.back(parts, env.today, sign)))


def _around(parts: Duration, sign: int) -> Node:
    """The unit so long ago: whole months and years as such, else the day."""
    if len(parts) == 1 and parts[0][0].is_integer() and parts[0][1] in _POINT_GRAIN:
        count, name = parts[0]
        return Node("ago", lambda env: unit_around(env.today, name, env.country, sign * int(count)))
    return replace(_point(parts, sign), kind="ago")


def same_time(c: Cursor, i: int) -> Found | None:
    """ "this time last year", "the same month last year", "same time last week"."""
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
    """ "this time a year ago", "same month two years ago"."""
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
        name = _ENDS[low]

        def resolve(env: Env) -> Interval:
            end = unit_around(env.today, name, env.country).end
            assert end is not None
            return one_day(end - DAY)

        return Node("day", resolve), i + 1
    return None


def to_date(node: Node) -> Node:
    """From the start of a period up to and including today."""

    def resolve(env: Env) -> Interval:
        base = node.resolve(env)
        return Interval(base.start, add_days(env.today, 1), base.grain)

    return Node("todate", resolve, strength=node.strength, needs=node.needs)
