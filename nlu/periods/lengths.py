"""Lengths told from another period: "the 3 months to september", "two fridays ago".

Each rule is given `core`, which reads the other period.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Duration, Found, duration, integer, unit_name
from nlu.periods.interval import DAY, Interval, OutsideCalendarError, add_days, one_day
from nlu.periods.nodes import Env, Node
from nlu.periods.units import grain_of
from nlu.words import listed

CoreRule = Callable[[Cursor, int], Found | None]

_ENDING = listed("ending ended ends end'ing")
_TO_UNITS = listed("month year quarter half week")
_TO_KINDS = listed("month month+ monthyear date daymonth daymonth+ quarter quarter+ part")
_SPAN_BEFORE = listed("the in for over during and")


def length_to(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "the 3 months to september", "year ended 31 march 2026", "month ending 31 oct"."""
    start = i + 1 if c.low(i) == "the" else i
    length = _length(c, start)
    if length is None or c.low(i - 1) in ("of", "since", "from"):
        return None
    parts, j = length
    if c.low(j) in _ENDING:
        k = c.skip(j + 1, frozenset(("on", "in", "at")))
    elif c.low(j) == "to" and parts[0][1] in _TO_UNITS and (start > i or _is_told(c, i)):
        k = j + 1
    else:
        return None
    found = core(c, k)
    if found is None or found[0].needs:
        return None
    if c.low(j) == "to" and found[0].kind not in _TO_KINDS:
        return None
    if parts == ((1.0, "week"),):
        return None  # a calendar week, which another rule reads
    node = found[0]

    def resolve(env: Env) -> Interval:
        end = node.resolve(replace(env, forward=False)).end
        if end is None:
            raise OutsideCalendarError("An open period has no last day.")
        return Interval(nodes.back(parts, end, -1), end, grain_of(parts))

    return Node("rolling", resolve), found[1]


def _length(c: Cursor, i: int) -> tuple[Duration, int] | None:
    """A counted length, or a bare unit as one of it; "a month" is how often."""
    if c.low(i) in ("a", "an"):
        return None
    named = unit_name(c, i)
    if named and named[0] not in ("hour", "minute") and not c.low(named[1] - 1).endswith("s"):
        return ((1.0, named[0]),), named[1]
    return duration(c, i)


def _is_told(c: Cursor, i: int) -> bool:
    return i == 0 or c.low(i - 1) in _SPAN_BEFORE


_HOW_OFTEN = listed("every each per once twice")


def weeks_from_day(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "a week tomorrow", "two weeks on friday", "a week last tuesday", "week today"."""
    length = _length(c, i) if c.low(i) not in ("a", "an") else duration(c, i)
    if length is None or len(length[0]) != 1 or length[0][0][1] not in ("week", "fortnight"):
        return None
    if c.low(i - 1) in _HOW_OFTEN or c.low(length[1] + 1).endswith("days"):
        return None  # "every week on friday", "£20 a week on fridays"
    parts, j = length
    near = c.atom(j)
    if near.relative is not None:
        sign = -1 if near.relative < 0 else 1
    elif near.mod == -1 and c.atom(j + 1).weekday is not None:
        sign = -1
    elif c.low(j) in ("on", "come") and c.atom(j + 1).weekday is not None:
        j, sign = j + 1, 1
    else:
        return None
    found = core(c, j)
    if found is None or found[0].kind not in ("day", "weekday"):
        return None
    node = found[0]

    def resolve(env: Env) -> Interval:
        base = node.resolve(replace(env.free(), forward=sign > 0)).start
        assert base is not None
        return one_day(nodes.back(parts, base, sign))

    return Node("day", resolve), found[1]


def day_week(c: Cursor, i: int) -> Found | None:
    """As in "today week", "tomorrow fortnight": so long after that day."""
    days = c.atom(i).relative
    size = {"week": 7, "fortnight": 14}.get(c.low(i + 1))
    if days is None or days < 0 or size is None:
        return None
    return Node("day", lambda env: one_day(add_days(env.today, days + size))), i + 2


_BACK = listed("ago back")


def cycles_ago(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "two fridays ago", "3 christmases back", "2 summers ago"."""
    count = integer(c, i)
    if count is None or not 1 <= count[0] <= 30 or c.low(count[1] + 1) not in _BACK:
        return None
    node = _cycle(c, count[1], core)
    if node is None:
        return None
    return replace(_earlier(node, count[0]), kind="ago"), count[1] + 2


def _cycle(c: Cursor, k: int, core: CoreRule) -> Node | None:
    """What the plural word at an index repeats."""
    low, atom = c.low(k), c.atom(k)
    if atom.weekday is not None:
        return nodes.weekday(atom.weekday)
    if atom.month is not None:
        return nodes.month(atom.month)
    for ending in ("es", "s"):
        word = low.removesuffix(ending)
        if word in ("spring", "summer", "autumn", "winter"):
            return nodes.season(word)
        if word in ("christmas", "easter", "halloween", "thanksgiving", "xmas"):
            return nodes.feast("christmas" if word == "xmas" else word)
    found = core(c, k)
    return found[0] if found and found[0].kind == "feast" and found[1] == k + 1 else None


def before_last(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "the march before last", "the christmas before last", "the summer before last"."""
    start = i + 1 if c.low(i) == "the" else i
    end = c.words(start + 1, "before", "last")
    if end is None or unit_name(c, end) or c.atom(end).weekday is not None:
        return None
    node = _cycle(c, start, core)
    if node is None:
        month = c.atom(start).month
        season = c.atom(start).season
        node = nodes.month(month) if month else nodes.season(season) if season else None
    if node is None or node.kind == "weekday":
        return None
    return replace(_earlier(node, 2), kind="ago"), end


def _earlier(node: Node, count: int) -> Node:
    """The repetition that began so many times before today."""

    def resolve(env: Env) -> Interval:
        found = node.resolve(replace(env.free(), before=env.today - DAY))
        for _ in range(count - 1):
            assert found.start is not None
            found = node.resolve(replace(env.free(), before=found.start - DAY))
        return found

    return Node(node.kind, resolve)


_CLOSINGS = (
    ("close", "of", "play"),
    ("close", "of", "business"),
    ("end", "of", "play"),
    ("end", "of", "business"),
    ("end", "of", "day"),
    ("eod",),
    ("cob",),
    ("cop",),
)


def close_of_day(c: Cursor, i: int, core: CoreRule) -> Found | None:
    """As in "close of play friday", "eod tomorrow": that day."""
    start = i + 1 if c.low(i) == "the" else i
    for words in _CLOSINGS:
        end = c.words(start, *words)
        found = core(c, end + (c.low(end) == "on")) if end else None
        if found and found[0].kind in ("day", "weekday", "dom", "daymonth", "date"):
            return found
    return None
