"""Calendar units counted from today: "last month", "past 3 weeks", "the week before last"."""

from __future__ import annotations

from dataclasses import replace

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Duration, Found, duration, quantity, unit_name
from nlu.periods.interval import Interval, add_days, one_day, shift, unit_around
from nlu.periods.nodes import Env, Node
from nlu.words import listed

_ROLLING_PAST = listed("last past previous prev lst preceding prior trailing")


_ROLLING_NEXT = frozenset(["next", "coming", "following", "upcoming", "nxt"])


_FILLERS = frozenset(("full", "whole", "calendar", "complete", "entire"))


def relative_day(c: Cursor, i: int) -> Found | None:
    """As in "today", "yesterday morning", "the day before yesterday", "2moro"."""
    j = i + 1 if c.low(i) == "the" else i
    before = c.words(j, "day", "before", "yesterday")
    if before:
        return _relative(-2), before
    night = c.words(j, "night", "before", "last")
    if night:
        return _relative(-2), night
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
            return Interval(tomorrow, nodes.back(parts, tomorrow, 1), grain_of(parts))
        start = nodes.back(parts, tomorrow, -1)
        return Interval(min(start, env.today), tomorrow, grain_of(parts))

    return Node("rolling", resolve)


def grain_of(parts: Duration) -> str:
    """The grain of the smallest unit of a length."""
    name = parts[-1][1]
    return {"workday": "day", "fortnight": "week", "weekend": "week", "tax_year": "year"}.get(
        name, name
    )


_ROLLING = listed("week month year quarter day fortnight")
_ROLLING_WORDS = frozenset(("past", "trailing", "rolling"))


def modified_unit(c: Cursor, i: int) -> Found | None:
    """As in "last month", "the past 3 weeks", "next couple of days", "the week before last"."""
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
        return _rolling_hours(mod, named)
    name, j = named
    low = c.tokens[j - 1].low
    if low.endswith("s") and c.low(start) != "this" and low != "mths's":
        plural = _plural(name, mod, j, low)
        if plural:
            return plural
    half = c.words(j, "and", "a", "half")
    if half and mod == -1:
        return rolling(((1.5, name),), False), half
    if mod == 0 and (gone := c.words(j, "just", "gone") or c.words(j, "just", "past")):
        return nodes.unit(name, -1), gone
    if (c.low(start) in _ROLLING_WORDS and name in _ROLLING) or (name == "half" and mod == -1):
        return rolling(((1.0, name),), False), j
    if name == "fortnight" and mod != 0:
        return rolling(((1.0, name),), mod == 1), j
    if name == "weekend":
        near = 0 if c.low(start) in ("coming", "upcoming") else mod
        return nodes.unit("weekend", near), j
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


def _plural(name: str, mod: int, j: int, low: str) -> Found | None:
    """As in "the last weeks", "recent days" are vague: a few of them."""
    if (
        low in ("hrs", "mins", "wks", "yrs", "mths", "mos", "days", "weeks", "months", "years")
        and mod
    ):
        return replace(rolling(((3.0, name),), mod == 1), strength=0.7), j
    return None


def _rolling_hours(mod: int, named: tuple[str, int] | None) -> Found | None:
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
    """As in "the previous 2 quarters", "the last 3 full months": finished calendar units."""

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
    """As in "5 past years", "3 last months", "ten previous weeks"."""
    found = quantity(c, i) if (c.is_number(i) or c.atom(i).number) else None
    if not found or c.atom(found[1]).mod in (None, 0):
        return None
    named = unit_name(c, found[1] + 1)
    if named is None or named[0] in ("hour", "minute") or not c.low(named[1] - 1).endswith("s"):
        return None
    return rolling(((found[0], named[0]),), c.atom(found[1]).mod == 1), named[1]


def _before_last(c: Cursor, i: int) -> Found | None:
    """As in "the week before last", "the month after next"."""
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
                return nodes.unit("weekend", offset), j
            return nodes.unit(named[0], offset), j
    if c.low(named[1]) in ("before", "afore") and c.low(i - 1) == "the":
        after = c.low(named[1] + 1)
        if not after or after in "?!.":
            return nodes.unit(named[0], -1), named[1] + 1
    if c.low(named[1]) == "just" and c.low(named[1] + 1) in ("gone", "past", "ended"):
        return nodes.unit(named[0], -1), named[1] + 2
    return None


_SPENT_WITHIN = listed(
    "in over during within for throughout of rest so earlier later since until by end start"
)


_TRIPS = listed("away break getaway trip bag job")
"""Behind "weekend": a thing to buy, not a time."""


_WHOLE = frozenset({"all", *_FILLERS}) - {"calendar"}
_COUNTED_BEFORE = listed("a an one per each every another in within after")
"""Before "whole year" it is any such length, not this one."""


def _article_unit(c: Cursor, i: int) -> Found | None:
    """As in "the month", "the weekend": this one, where the words before make it a time."""
    whole = i + 1 if c.low(i) == "the" else i
    if c.low(whole) in _WHOLE and c.low(whole + 1) in ("year", "month", "week", "day"):
        counted = c.low(whole) != "all" and c.low(i - 1) in _COUNTED_BEFORE
        if not counted and c.low(whole + 2) != "of":
            return nodes.unit(c.low(whole + 1), 0, 0.85), whole + 2
    if c.low(i) != "the" and c.atom(i).unit != "weekend":
        return None
    start = i + 1 if c.low(i) == "the" else i
    named = unit_name(c, start)
    if named is None:
        return None
    name, j = named
    if name == "weekend" and not c.tokens[start].low.endswith("s"):
        return None if c.low(j) in _TRIPS else (nodes.any_weekend(), j)
    if name in ("hour", "minute", "workday", "weekend", "decade"):
        return None
    if name == "tax_year":
        return nodes.unit(name, 0), j
    if c.tokens[j - 1].low.endswith("s") or c.low(i - 1) not in _SPENT_WITHIN:
        return None
    return nodes.unit(name, 0, strength=0.8), j


def bare_tax_year(c: Cursor, i: int) -> Found | None:
    """As in "tax year" without a word before it is the current one."""
    if c.low(i) in ("tax", "financial", "fiscal") and c.atom(i + 1).unit == "year":
        return nodes.unit("tax_year", 0, 0.85), i + 2
    return None
