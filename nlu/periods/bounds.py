"""What bounds a period: since, before, until, from … to, between … and, so far, onwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from nlu.periods import dates, ledger_events, nodes, points
from nlu.periods.cursor import Cursor, Found, ordinal
from nlu.periods.grammar import core, placed
from nlu.periods.interval import Interval, OutsideCalendarError, add_days
from nlu.periods.nodes import Env, Node
from nlu.periods.ranges import between, from_to, range_at
from nlu.words import listed

_SINCE = (
    ("ever", "since"),
    ("since",),
    ("sinse",),
    ("sinc",),
    ("sicne",),
    ("sence",),
    ("snce",),
    ("sins",),
)


_UNTIL = (
    ("up", "to", "and", "including"),
    ("until", "and", "including"),
    ("up", "until"),
    ("up", "till"),
    ("up", "to"),
    ("right", "up", "to"),
    ("until",),
    ("till",),
    ("til",),
    ("untill",),
    ("unitl",),
    ("'til",),
    ("through", "to"),
    ("through",),
    ("thru",),
)


_BY = (("by",),)


_BEFORE = (
    ("prior", "to"),
    ("before",),
    ("b4",),
    ("afore",),
    ("befor",),
    ("ahead", "of"),
    ("b", "4"),
)


_AFTER = (("after",), ("following",), ("later", "than"))


_FROM = (
    ("from",),
    ("starting", "from"),
    ("starting",),
    ("as", "of"),
    ("beginning",),
    ("commencing",),
)


_THROUGH = frozenset(("through", "thru", "to"))


_ONWARDS = frozenset(["onwards", "onward", "forward", "on"])


_FILLERS = listed("on the in about around like")


def expression(c: Cursor, i: int) -> Found | None:
    """The longest bounded or plain period that starts here."""
    return (
        between(c, i)
        or from_to(c, i)
        or _since(c, i)
        or _bound(c, i, _UNTIL, _up_to)
        or _to_payday(c, i)
        or _bound(c, i, _BY, _by)
        or _bound(c, i, _BEFORE, _before)
        or _bound(c, i, _AFTER, _after)
        or _from(c, i)
        or _so_far_first(c, i)
        or points.in_duration(c, i)
        or _more_than_ago(c, i)
        or _plain(c, i)
    )


def _starts(c: Cursor, i: int, openings: tuple[tuple[str, ...], ...]) -> int | None:
    for words in openings:
        end = c.words(i, *words)
        if end is not None:
            return end
    return None


def _operand(c: Cursor, i: int) -> Found | None:
    """What a bound word bounds; it may also be an event of the ledger."""
    after = c.skip(i, listed("on about around like in just all"))
    found = core(c, after)
    event = ledger_events.pay_event(c, i) or ledger_events.last_occurrence(c, i)
    if found is None:
        return _ranked(c, i) or event
    return event if event and event[1] > found[1] else found


# "lower my budget by 20" tells by how much.
_CHANGING = listed("raise lower increase decrease reduce cut bump drop budget limit cap autosave")


def _ranked(c: Cursor, i: int) -> Found | None:
    """A bare rank after a bound word ("until 15th")."""
    rank = ordinal(c, i)
    if rank is None and i + 1 >= len(c.tokens) - (c.low(i + 1) in ("?", "!", ".")):
        changed = any(t.low in _CHANGING for t in c.tokens[:i])
        bare = None if changed else dates.bare_day(c, i)
        return (replace(bare[0], strength=0.7), bare[1]) if bare else None
    if rank is None or not c.is_number(i) or not 1 <= rank[0] <= 31:
        return None
    return placed(c, (nodes.day_of_month(rank[0]), rank[1]))


def _open(node: Node, make: Callable[[Interval, Env], Interval], forward: bool | None) -> Node:
    """A bounded node; `forward` is where the bounded day lies, None as the question says."""

    def resolve(env: Env) -> Interval:
        inner = env if forward is None else replace(env, forward=forward)
        return make(node.resolve(inner), env)

    return Node("bound", resolve, node.floating and forward is None, node.strength, node.needs)


def _since(c: Cursor, i: int) -> Found | None:
    start = _starts(c, i, _SINCE)
    found = _operand(c, start) if start is not None else None
    if found is None:
        return None

    def make(base: Interval, env: Env) -> Interval:
        tomorrow = add_days(env.today, 1)
        if base.start is None or base.start >= tomorrow:
            raise OutsideCalendarError("Since a day to come holds nothing.")
        return Interval(base.start, tomorrow, "range")

    return _open(found[0], make, False), found[1]


def _up_to(base: Interval, env: Env) -> Interval:
    return _until(base.end, env)


def _by(base: Interval, env: Env) -> Interval:
    return _until(base.end, env)


def _until_start(base: Interval, env: Env) -> Interval:
    """As in "until march" ends before it: a month or a season is no day that one reaches."""
    return _until(base.start, env)


def _until(end: date | None, env: Env) -> Interval:
    """What is still to come starts today; what is past has an open start."""
    starts_now = env.forward and end is not None and end > env.today
    return Interval(env.today if starts_now else None, end, "range")


def _to_payday(c: Cursor, i: int) -> Found | None:
    """As in "will i make it to payday"."""
    if c.low(i) != "to" or c.low(i - 1) in ("up", "from"):
        return None
    return (
        ledger_events.pay_event(c, i + 1)
        if c.low(i + 1) in ("payday", "my", "next", "the")
        else None
    )


def _before(base: Interval, _env: Env) -> Interval:
    return Interval(None, base.start, "range")


def _after(base: Interval, _env: Env) -> Interval:
    return Interval(base.end, None, "range")


def _bound(
    c: Cursor,
    i: int,
    openings: tuple[tuple[str, ...], ...],
    make: Callable[[Interval, Env], Interval],
) -> Found | None:
    start = _starts(c, i, openings)
    if c.low(i) == "up" and c.low(i - 1) in ("add", "adds", "added", "come", "comes"):
        return None
    found = _operand(c, start) if start is not None else None
    if found is None or start is None:
        return None
    if c.low(i) in ("thru", "through") and c.low(start) in ("in", "on"):
        return None  # "what did i get thru in march"
    node = found[0]
    if make is _after and node.kind == "rolling":
        return None
    forward = True if make is _by else None
    if make is _up_to and node.kind in ("month", "season") and c.low(start - 1) not in _THROUGH:
        make = _until_start
    if make is _by:
        return _open(node, lambda base, env: _by(base, replace(env, forward=True)), True), found[1]
    return _open(node, make, forward), found[1]


# "the charge from the 20th" is one of that day; "income from the 20th" opens a span.
_FROM_A_DAY = listed(
    "payment payments charge charges transaction transactions purchase purchases that one those "
    "ones stuff everything anything receipt order orders debit spends thing things refund"
)


_POINTS = listed("date daymonth dom day daymonth+ dom+")


def _from(c: Cursor, i: int) -> Found | None:
    """As in "from 3 march" opens a span; "from last week" is last week."""
    start = _starts(c, i, _FROM)
    if start is None or c.low(start - 1) == "beginning":
        return None
    found = core(c, start)
    if found is None:
        return None
    node, j = found
    if c.low(j) in _ONWARDS and not (
        c.low(j) == "on" and j + 1 < len(c.tokens) and c.low(j + 1) not in "?!.,"
    ):
        return _open(node, lambda base, _env: Interval(base.start, None, "range"), None), j + 1
    everything = c.low(i - 1) in _FROM_A_DAY
    if c.low(i) == "from" and node.kind == "part" and not everything:
        return _open(node, lambda base, _env: Interval(base.start, None, "range"), None), j
    if c.low(i) == "from" and (
        node.kind not in _POINTS or (node.kind == "day" and _is_past_day(c, start)) or everything
    ):
        return None  # "payments from last week" names last week alone
    if c.low(i) == "as":
        return None
    if node.kind not in _POINTS:
        return node, j
    return _open(node, lambda base, _env: Interval(base.start, None, "range"), None), j


def _is_past_day(c: Cursor, i: int) -> bool:
    offset = c.atom(i).relative
    return offset is not None and offset < 0


def _so_far_first(c: Cursor, i: int) -> Found | None:
    """As in "so far this month"."""
    start = c.words(i, "so", "far")
    if start is None:
        return None
    found = core(c, start + 1 if c.low(start) in ("in", "for") else start)
    return (points.to_date(found[0]), found[1]) if found and not found[0].needs else None


def _more_than_ago(c: Cursor, i: int) -> Found | None:
    """As in "more than 2 weeks ago" is before that day, "less than" since it."""
    start = c.words(i, "more", "than") or c.words(i, "over")
    since = c.words(i, "less", "than") or c.words(i, "under")
    at = start or since
    found = points.counted_from(c, at) if at else None
    if found is None and at:
        found = core(c, at)
        found = found if found and found[0].kind == "shifted" else None
    if found is None:
        return None
    make = _before if start else _between_now_and
    return _open(found[0], make, None), found[1]


def _between_now_and(base: Interval, env: Env) -> Interval:
    """The days between today and another day, whichever comes first."""
    if base.start is not None and base.start > env.today:
        return Interval(env.today, base.start, "range")
    return Interval(base.start, add_days(env.today, 1), "range")


def _plain(c: Cursor, i: int) -> Found | None:
    ranged = range_at(c, i, i, "")
    if ranged:
        return ranged
    found = core(c, i)
    if found is None:
        return None
    node, j = found
    if node.needs:
        return found
    far = c.words(j, "so", "far") or c.words(j, "to", "date") or c.words(j, "until", "now")
    if far and node.kind != "todate":
        return points.to_date(node), far
    onwards = (
        c.low(j) in ("onwards", "onward") or c.words(j, "and", "after") or c.words(j, "or", "later")
    )
    if onwards:
        end = j + 1 if c.low(j) in ("onwards", "onward") else j + 2
        return _open(node, lambda base, _env: Interval(base.start, None, "range"), None), end
    return node, j
