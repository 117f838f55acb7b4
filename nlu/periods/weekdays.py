"""Days of the week: "friday", "last friday", "friday the 13th", "friday week"."""

from __future__ import annotations

from dataclasses import replace

from nlu.periods import dates, guards, nodes
from nlu.periods.cursor import Cursor, Found, ordinal, unit_name
from nlu.periods.interval import Interval, OutsideCalendarError, add_days
from nlu.periods.nodes import Env, Node


def weekday(c: Cursor, i: int) -> Found | None:
    """As in "friday", "last friday", "friday the 13th", "wednesday 4th march", "friday week"."""
    for words, weeks in ((("a", "week", "on"), 1), (("a", "week"), 1), (("two", "weeks", "on"), 2)):
        at = c.words(i, *words)
        if at and c.atom(at).weekday is not None:
            return _weeks_later(nodes.weekday(c.atom(at).weekday or 0), weeks), at + 1
    start = i + 1 if c.low(i) == "the" else i
    if c.low(start) == "this" and c.low(start + 1) in ("past", "last", "coming", "next"):
        start += 1
    mod = c.atom(start).mod
    j = start + 1 if mod is not None else start
    number = c.atom(j).weekday
    if number is None or not (mod is not None or guards.weekday_is_meant(c, j)):
        return None
    if mod is None and c.low(j).endswith("days"):
        return None  # "on fridays" is how often
    j += 1
    if c.low(j) == "." and c.glued(j) and (c.is_number(j + 1) or c.atom(j + 1).month):
        j += 1
    dated = _weekday_date(c, j, number) if mod is None else None
    if dated:
        return dated
    if c.low(j) == "gone" or (c.low(j) in ("just", "last") and c.low(j + 1) in ("gone", "past")):
        return nodes.weekday(number, -1), j + (1 if c.low(j) == "gone" else 2)
    alone = unit_name(c, j + 1) is None and c.atom(j + 1).month is None
    if c.low(j) in ("last", "lst") and alone and c.low(j + 1) != "night":
        return nodes.weekday(number, -1), j + 1
    if mod is None and c.low(j) == "week" and c.low(j - 2) not in ("every", "each"):
        return _weeks_later(nodes.weekday(number), 1), j + 1
    beyond = c.low(j) in ("before", "after") and c.low(j + 1) in ("last", "next")
    if mod is None and beyond and unit_name(c, j + 2) is None:
        return _another_week(number, c.low(j)), j + 2
    if mod == 1 and c.low(start) in ("coming", "upcoming"):
        return _upcoming(nodes.weekday(number)), j
    return nodes.weekday(number, mod, 0.93), j


def _upcoming(node: Node) -> Node:
    """The nearest one to come, as in "this coming friday"."""
    return Node(node.kind, lambda env: node.resolve(replace(env.free(), forward=True)))


def _another_week(number: int, word: str) -> Node:
    sign = -1 if word == "before" else 1

    def resolve(env: Env) -> Interval:
        near = nodes.weekday(number, sign).resolve(env.free())
        assert near.start is not None
        return Interval(add_days(near.start, 7 * sign), add_days(near.start, 7 * sign + 1), "day")

    return Node("day", resolve)


def _weeks_later(node: Node, weeks: int) -> Node:
    def resolve(env: Env) -> Interval:
        near = node.resolve(replace(env.free(), forward=True))
        assert near.start is not None
        return Interval(add_days(near.start, 7 * weeks), add_days(near.start, 7 * weeks + 1), "day")

    return Node("day", resolve)


def _weekday_date(c: Cursor, j: int, number: int) -> Found | None:
    """The date behind a weekday; the weekday only helps to find the year or month."""
    k = j + 1 if c.low(j) in (",", "-") else j
    k = k + 1 if c.low(k) == "on" else k
    bracket = c.low(k) == "("
    k += bracket
    for rule in (dates.numeric_date, dates.day_then_month, dates.month_name):
        found = rule(c, k)
        if found and found[0].kind in ("daymonth", "date"):
            node, end = found
            if node.kind == "daymonth" and node.value is not None:
                node = _on_weekday(node, number)
            return node, end + (bracket and c.low(end) == ")")
    at = k + 1 if c.low(k) == "the" else k
    rank = ordinal(c, at) or _bare_number(c, at)
    if rank and 1 <= rank[0] <= 31 and c.low(rank[1]) not in ("of",):
        return nodes.day_of_month(rank[0], number), rank[1]
    return None


def _bare_number(c: Cursor, at: int) -> tuple[int, int] | None:
    """As in "monday 21"."""
    found = dates.bare_day(c, at)
    following = c.low(at + 1)
    plain = not following or following in "?!.," or following in ("and", "to", "until", "till")
    return (int(c.low(at)), at + 1) if found and plain else None


def _on_weekday(node: Node, number: int) -> Node:
    """A day and month in the latest (or next) year in which it is that weekday, else any year."""

    def resolve(env: Env) -> Interval:
        if node.candidates is None or env.within or env.after or env.before:
            return node.resolve(env)
        found = [
            day
            for day in node.candidates(env.today, env.country)
            if day.start and day.start.weekday() == number
        ]
        try:
            return nodes.choose(found, env, None, False)
        except OutsideCalendarError:
            return node.resolve(env)

    return replace(node, resolve=resolve)
