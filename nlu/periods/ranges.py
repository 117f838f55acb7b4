"""From one period to another, both included: "between 3rd and 10th of feb", "jan-mar"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from nlu.periods import dates, ledger_events, nodes
from nlu.periods.cursor import (
    Cursor,
    Found,
    ordinal,
)
from nlu.periods.grammar import core, placed
from nlu.periods.interval import (
    Interval,
    OutsideCalendarError,
    unit_around,
)
from nlu.periods.nodes import Env, Node
from nlu.words import listed

_CONNECTORS = listed("to until till til through thru - – — ~ untill unitl")


def between(c: Cursor, i: int) -> Found | None:
    """As in "between 3rd and 10th of feb"."""
    if c.low(i) not in ("between", "betwen", "btwn", "bw", "btw", "atween", "inbetween"):
        return None
    if c.low(i - 1) in ("difference", "diff", "compare", "comparison", "changed", "change"):
        return None
    paid = ledger_events.pay_event(c, i + 1)
    return paid or range_at(c, i, i + 1, "and")


def from_to(c: Cursor, i: int) -> Found | None:
    """As in "from monday to friday"."""
    return range_at(c, i, i + 1, "") if c.low(i) in ("from", "frm") else None


def _side(c: Cursor, i: int) -> Found | None:
    """One end of a range; a bare number or rank is a day of the month there."""
    start = i + 1 if c.low(i) == "on" else i
    if c.low(start) == "now":
        return Node("day", lambda env: unit_around(env.today, "day", env.country)), start + 1
    found = core(c, start)
    if found:
        return found
    rank = ordinal(c, start + 1 if c.low(start) == "the" else start)
    if rank and 1 <= rank[0] <= 31:
        return placed(c, (nodes.day_of_month(rank[0]), rank[1]))
    year = dates.year_number(c, start) or _raw_year(c, start)
    if year:
        return year
    bare = dates.bare_day(c, start)
    return placed(c, bare) if bare else None


def _raw_year(c: Cursor, i: int) -> Found | None:
    if c.is_number(i) and len(c.low(i)) == 4 and 1990 <= int(c.low(i)) <= 2050:
        return nodes.year(int(c.low(i)), 0.85), i + 1
    return None


_COMPARED = listed("compare compared comparison versus vs relative against")


_PRECISE = frozenset(("daymonth", "daymonth+", "date", "dom+"))


_JOINING = frozenset(("to", "on", "and", "till", "until"))


def range_at(c: Cursor, i: int, start: int, extra: str) -> Found | None:
    """A span from one period to another, both included."""
    if not _may_start(c, start):
        return None
    first = _side(c, start)
    if first is None:
        return None
    node, j = first
    connector = c.low(j)
    if connector not in _CONNECTORS and not (extra and connector in (extra, "&", "to")):
        return None
    if connector == "to" and c.low(j + 1) == "date":
        return None
    k = j + 1 if connector == "-" else c.skip(j + 1, _JOINING)
    if c.low(k) == "including":
        k += 1
    second = _side(c, k)
    if second is None:
        event = ledger_events.pay_event(c, k)
        return (
            (replace(event[0], kind="bound"), event[1])
            if event and c.low(i) in ("from", "between")
            else None
        )
    other, end = second
    plain = start == i
    if not _range_is_meant(c, (start, j), (k, end), node, other, plain, connector):
        return None
    if node.kind == "daymonth" and other.kind == "dom":
        at = end + 1 if c.low(end) == "," else end
        if c.is_number(at) and len(c.low(at)) == 4 and 1950 <= int(c.low(at)) <= 2100:
            node, end = nodes.within(node, nodes.year(int(c.low(at)))), at + 1
    if node.needs or other.needs:
        return nodes.needs(node.needs or other.needs or ""), end
    return Node(
        "bound", _spanning(node, other), _floats(node, other), min(node.strength, other.strength)
    ), end


def _may_start(c: Cursor, i: int) -> bool:
    return (
        c.is_number(i)
        or c.atom(i) is not c.atom(-1)
        or c.low(i) in ("the", "now", "q", "h", "on", "start", "end", "beginning")
        or core(c, i) is not None
    )


def _range_is_meant(
    c: Cursor,
    first: tuple[int, int],
    second: tuple[int, int],
    node: Node,
    other: Node,
    plain: bool,
    connector: str,
) -> bool:
    """Two bare numbers are no days; a plain "to" between unlike things is no range."""
    bare_first = first[1] - first[0] == 1 and c.is_number(first[0]) and node.kind == "dom"
    bare_second = second[1] - second[0] == 1 and c.is_number(second[0]) and other.kind == "dom"
    if bare_first and bare_second:
        return False
    if bare_first and not (other.kind in _PRECISE or other.kind in ("dom", "dom+")):
        return False
    if bare_second and node.kind not in ("daymonth", "dom", "weekday"):
        return False
    if plain and connector in ("to", "-") and node.kind in ("bound", "rolling", "todate"):
        return False
    compared = any(t.low in _COMPARED for t in c.tokens[: first[0]])
    if plain and connector == "to" and compared:
        return False
    return not (bare_second and plain and connector == "to" and node.kind == "weekday")


def _floats(node: Node, other: Node) -> bool:
    return node.floating or other.floating


_SIZE = {"dom": 0, "weekday": 0}


def _spanning(first: Node, second: Node) -> Callable[[Env], Interval]:
    """From the start of one to the end of the other; the more precise one places the other."""
    second_leads = not second.floating or (
        first.floating and first.kind in _SIZE and second.kind not in _SIZE
    )

    def resolve(env: Env) -> Interval:
        if second_leads:
            last = second.resolve(env)
            opening = replace(env.free(), before=last.start)
            begin = first.resolve(opening if first.floating and last.start else env)
        else:
            begin = first.resolve(env)
            last = second.resolve(replace(env.free(), after=begin.start))
            late = last.start is not None and last.start > env.today
            weekly = first.kind == second.kind == "weekday"
            running = weekly or (begin.end is not None and env.today < begin.end)
            chosen = first.floating or weekly
            if late and running and not env.forward and chosen and begin.start:
                earlier = replace(env.free(), before=begin.start - timedelta(days=1))
                begin = first.resolve(earlier)
                last = second.resolve(replace(env.free(), after=begin.start))
        if begin.start and last.end and begin.start >= last.end:
            raise OutsideCalendarError("The period ends before it starts.")
        grain = begin.grain if begin.grain == last.grain and begin.grain != "day" else "range"
        return Interval(begin.start, last.end, grain)

    return resolve


def shared_year(first: Node, second: Node) -> Node:
    """As in "april and may 2025": the first one lies in the year of the second."""

    def resolve(env: Env) -> Interval:
        other = second.resolve(env)
        assert other.start is not None
        whole = nodes.year(other.start.year).resolve(env)
        return first.resolve(replace(env.free(), within=whole))

    return replace(first, resolve=resolve, floating=second.floating)
