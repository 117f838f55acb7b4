"""Parts of a period: its start or end, its n-th week, its first days, the rest of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Found, integer, is_rate_before_range, ordinal, unit_name
from nlu.periods.interval import (
    DAY,
    Interval,
    OutsideCalendarError,
    add_days,
    add_months,
    one_day,
    shift,
)
from nlu.periods.nodes import Env, Node
from nlu.words import listed

CoreRule = Callable[[Cursor, int], Found | None]

_PART_WORDS = {
    "start": "start",
    "beginning": "start",
    "begining": "start",
    "begin": "start",
    "early": "start",
    "end": "end",
    "late": "end",
    "close": "end",
    "middle": "middle",
    "mid": "middle",
    "midway": "middle",
}


def part_of(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "the start of march", "late october", "mid-july", "the end of the month"."""
    j = c.skip(i, frozenset(("the", "very")))
    named = _part_named(c, j)
    which = named[0] if named else _PART_WORDS.get(c.low(j))
    if which is None:
        return None
    loose = c.low(j) in ("early", "late", "mid") and not named
    k = named[1] if named else j + 1
    if c.low(k) == "of" or (loose and c.low(k) in ("-", "in")):
        k += 1
    elif not loose and c.low(k) not in ("this", "last", "next"):
        return None
    found = core(c, k) or _plain_unit(c, k)
    if found is None or found[0].needs:
        return found
    if which == "end" and not loose:
        return _last_day(found[0]), found[1]
    return _portion(found[0], which), found[1]


_PART_PHRASES = {
    ("tail", "end"): "end",
    ("back", "end"): "end",
    ("early", "part"): "start",
    ("first", "part"): "start",
    ("middle", "part"): "middle",
    ("latter", "part"): "end",
    ("later", "part"): "end",
    ("last", "part"): "end",
}


def _part_named(c: Cursor, j: int) -> tuple[str, int] | None:
    """As in "the tail end", "the latter part"."""
    which = _PART_PHRASES.get((c.low(j), c.low(j + 1)))
    return (which, j + 2) if which else None


def _last_day(node: Node) -> Node:
    """As in "the end of the month": its last day where one looks ahead, else its second half."""
    half = _portion(node, "end")

    def resolve(env: Env) -> Interval:
        whole = node.resolve(env)
        if env.forward and whole.end is not None:
            return one_day(whole.end - DAY)
        return half.resolve(env)

    return replace(half, resolve=resolve)


def _plain_unit(c: Cursor, i: int) -> Found | None:
    """As in "end of month", "the end of the year"."""
    j = i + 1 if c.low(i) in ("the", "each") else i
    named = unit_name(c, j)
    if named is None or named[0] in ("hour", "minute", "workday"):
        return None
    if named[0] == "weekend":
        return nodes.any_weekend(), named[1]
    return nodes.unit(named[0], 0), named[1]


def _portion(node: Node, which: str) -> Node:
    def resolve(env: Env) -> Interval:
        whole = node.resolve(env)
        if whole.start is None or whole.end is None:
            return whole
        start, end = whole.start, whole.end
        days = (end - start).days
        if days <= 1:
            return whole
        middle = start + (end - start) // 2
        if whole.grain == "month":
            middle = start.replace(day=16)
        elif days > 300:
            middle = add_months(start, 6)
        if which == "start":
            return Interval(start, middle, "range")
        if which == "end":
            return Interval(middle, end, "range")
        third = days // 3
        return Interval(add_days(start, third), add_days(end, -third), "range")

    return replace(node, kind="part", resolve=resolve, candidates=None)


_HALVES = {"latter": 2, "last": 2, "back": 2, "front": 1, "former": 1}


def half_of(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "the first half of march", "second half of last month", "the first half of 2025"."""
    j = i + 1 if c.low(i) == "the" else i
    if c.low(j) in _HALVES or ordinal(c, j):
        rank = ordinal(c, j)
        number = _HALVES.get(c.low(j)) or (rank[0] if rank else 0)
        k = rank[1] if rank else j + 1
    else:
        return None
    if c.low(k) != "half" or number not in (1, 2):
        return None
    k += 1
    if c.low(k) == "of":
        found = core(c, k + 1) or _plain_unit(c, k + 1)
        if found:
            return _portion(found[0], "start" if number == 1 else "end"), found[1]
    return nodes.year_part(6, number), k


def nth_of(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "the first week of march", "last friday of june", "first 10 days of last month"."""
    j = i + 1 if c.low(i) == "the" else i
    rank = ordinal(c, j)
    if rank is None or not -1 <= rank[0] <= 53:
        return None
    number, k = rank
    if number == -1 and c.atom(j).mod == 1:
        return None
    count = integer(c, k)
    if count and number not in (1, -1):
        return None
    size, k = count if count else (1, k)
    named = unit_name(c, k)
    weekday = c.atom(k).weekday
    if named is None and weekday is None:
        return None
    k = named[1] if named else k + 1
    if c.low(k) not in ("of", "in"):
        return None
    found = core(c, k + 1) or _plain_unit(c, k + 1)
    if found is None or found[0].needs:
        return None
    named_last = weekday is not None or c.low(i) == "the" or number != -1
    if c.low(k) == "in" and not named_last:
        return None  # "last week in march" is last week
    if weekday is not None:
        return _nth_weekday(found[0], weekday, number), found[1]
    assert named is not None
    return _nth_unit(found[0], named[0], number, size), found[1]


def _nth_weekday(outer: Node, weekday: int, number: int) -> Node:
    def resolve(env: Env) -> Interval:
        whole = outer.resolve(env)
        if whole.start is None or whole.end is None:
            raise OutsideCalendarError("An open period has no n-th day.")
        if number > 0:
            first = add_days(whole.start, (weekday - whole.start.weekday()) % 7)
            on = add_days(first, 7 * (number - 1))
        else:
            last = whole.end - DAY
            on = add_days(last, -((last.weekday() - weekday) % 7))
        if not whole.start <= on < whole.end:
            raise OutsideCalendarError("The period has no such weekday.")
        return one_day(on)

    return Node("nth", resolve, outer.floating)


def _nth_unit(outer: Node, name: str, number: int, size: int) -> Node:
    def resolve(env: Env) -> Interval:
        whole = outer.resolve(env)
        if whole.start is None or whole.end is None:
            raise OutsideCalendarError("An open period has no n-th part.")
        if name == "weekend":
            return _nth_weekend(whole.start, whole.end, number)
        if number > 0:
            start = shift(whole.start, name, (number - 1) * size)
            end = shift(start, name, size)
        else:
            end = whole.end
            start = shift(end, name, -size)
        if start >= whole.end:
            raise OutsideCalendarError("The period has no such part.")
        return Interval(
            max(start, whole.start), min(end, whole.end), "day" if name == "day" else name
        )

    return Node("nth", resolve, outer.floating)


def _nth_weekend(start: date, end: date, number: int) -> Interval:
    if number > 0:
        saturday = add_days(start, (5 - start.weekday()) % 7 + 7 * (number - 1))
    else:
        last = add_days(end, -1)
        saturday = add_days(last, -((last.weekday() - 5) % 7))
    return Interval(saturday, add_days(saturday, 2), "weekend")


_HOLDING = listed("of commencing starting beginning ending containing from with around")


def week_of(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "the week of 4 march", "w/c 3rd", "the weekend of the 14th"."""
    j = i + 1 if c.low(i) == "the" else i
    if c.low(j) == "w" and c.low(j + 1) == "/" and c.low(j + 2) in ("c", "b", "e"):
        k, name = j + 3, "week"
    elif c.atom(j).unit in ("week", "weekend", "month", "year") and c.low(j + 1) in _HOLDING:
        k, name = j + 2, c.atom(j).unit or "week"
    else:
        return None
    if is_rate_before_range(c, j, j + 1):
        return None
    if c.low(k) == "on":
        k += 1
    found = core(c, k)
    if found is None or found[0].needs:
        return None
    node = found[0]
    if name in ("month", "year"):
        return (
            (node, found[1])
            if c.low(j + 1) == "of" and node.kind in ("month", "month+", "monthyear", "year")
            else None
        )

    def resolve(env: Env) -> Interval:
        whole = node.resolve(env)
        if whole.start is None:
            return whole
        monday = add_days(whole.start, -whole.start.weekday())
        if name == "weekend":
            return Interval(add_days(monday, 5), add_days(monday, 7), "weekend")
        return Interval(monday, add_days(monday, 7), "week")

    return replace(node, kind="weekof", resolve=resolve, candidates=None), found[1]


def rest_of(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "the rest of the month", "remainder of this year": from today to its end."""
    j = i + 1 if c.low(i) == "the" else i
    if c.low(j) not in ("rest", "remainder", "remaining", "balance") or c.low(j) == "balance":
        return None
    k = j + 1
    if c.low(k) == "of":
        k += 1
    found = core(c, k) or _plain_unit(c, k)
    if found is None or found[0].needs:
        return None
    node = found[0]

    def resolve(env: Env) -> Interval:
        whole = node.resolve(replace(env, forward=True))
        start = max(whole.start, env.today) if whole.start else env.today
        return Interval(start, whole.end, "range")

    return replace(node, kind="rest", resolve=resolve, floating=False, candidates=None), found[1]


def earlier_in(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "earlier this month" is up to today, "later this week" from today on."""
    low = c.low(i)
    if low not in ("earlier", "later"):
        return None
    k = i + 1
    if c.low(k) == "in":
        k += 1
    found = core(c, k) or _plain_unit(c, k)
    if found is None or found[0].kind not in ("unit", "day", "weekend"):
        return None
    node = found[0]

    def resolve(env: Env) -> Interval:
        whole = node.resolve(env)
        if whole.start is None or whole.end is None or not whole.start <= env.today < whole.end:
            return whole
        if low == "earlier":
            return Interval(whole.start, max(env.today, add_days(whole.start, 1)), whole.grain)
        return Interval(env.today, whole.end, whole.grain)

    return replace(node, kind="part", resolve=resolve, candidates=None), found[1]
