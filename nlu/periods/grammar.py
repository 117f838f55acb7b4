"""The grammar of periods: atoms make a core, cores combine with what bounds them."""

from __future__ import annotations

from dataclasses import replace

from nlu.periods import dates, events, guards, ledger_events, nodes, parts, points, units, written
from nlu.periods.cursor import (
    Cursor,
    Found,
    Rule,
    duration,
    is_rate_before_range,
    ordinal,
    unit_name,
)
from nlu.periods.interval import Interval, OutsideCalendarError, add_days
from nlu.periods.nodes import Env, Node
from nlu.words import listed

_INNER = listed("dom weekday month quarter half season feast daymonth weekend nth")
_OUTER = listed("unit year month month+ monthyear ago quarter quarter+ weekend")
_CONTAINS = {
    "dom": ("unit", "month", "month+", "monthyear", "ago"),
    "weekday": ("unit", "month", "month+", "monthyear", "weekof", "ago"),
    "month": ("unit", "year", "ago"),
    "quarter": ("unit", "year", "ago"),
    "half": ("unit", "year", "ago"),
    "season": ("unit", "year", "ago"),
    "feast": ("unit", "year", "ago"),
    "daymonth": ("unit", "year", "ago"),
    "nth": ("unit", "year"),
    "isoweek": ("unit", "year"),
    "weekend": (),
}
_YEARLY = listed("month quarter half season feast daymonth nth isoweek")


def core(c: Cursor, i: int) -> Found | None:
    """The longest period that starts here, without what bounds it."""
    key = ("core", i)
    if key not in c.memo:
        c.memo[key] = None  # a rule that comes back to its own start finds nothing there
        c.memo[key] = _core(c, i)
    return c.memo[key]


def _core(c: Cursor, i: int) -> Found | None:
    if i >= len(c.tokens):
        return None
    best: Found | None = None
    for rule in _RULES:
        found = rule(c, i)
        if found and (best is None or found[1] > best[1]):
            best = found
    read = placed(c, best) if best else None
    return written.written_date(c, i, read[1] if read else i) or read


def _with_core(rule: object) -> Rule:
    def run(c: Cursor, i: int) -> Found | None:
        return rule(c, i, core)  # type: ignore[operator,no-any-return]

    return run


def _weekday(c: Cursor, i: int) -> Found | None:
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
    return nodes.weekday(number, mod, 0.93), j


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


def _month(c: Cursor, i: int) -> Found | None:
    """As in "may", "last march", "this june", "march 5", with the guards for words and names."""
    start = i + 1 if c.low(i) == "the" and c.low(i + 1) == "month" else i
    if c.low(start) == "month" and c.low(start + 1) == "of":
        start += 2
    mod = c.atom(i).mod
    if mod is not None and c.atom(i + 1).month:
        found = dates.month_name(c, i + 1)
        if found is None:
            return None
        node, end = found
        value = node.value or 0
        if node.kind == "month":
            if (
                c.low(i) == "this"
                and c.low(i + 1) == "may"
                and c.low(end).isalpha()
                and not c.atom(end).mod
            ):
                return None
            return nodes.month(value, mod), end
        return nodes.day_and_month(value // 100, value % 100, mod), end
    found = dates.month_name(c, start)
    if found is None or not guards.month_is_meant(c, start, found[1]):
        return None
    return found


def _modified_date(c: Cursor, i: int) -> Found | None:
    """As in "next 6th of April", "last 5/12"."""
    mod = c.atom(i).mod
    if mod is None:
        return None
    for rule in (dates.day_then_month, dates.numeric_date):
        found = rule(c, i + 1)
        if found and found[0].kind == "daymonth" and found[0].value:
            month, number = divmod(found[0].value, 100)
            return nodes.day_and_month(month, number, mod), found[1]
    return None


def _starting(c: Cursor, i: int) -> Found | None:
    """As in "2 weeks starting may 20th": so long from a day on."""
    length = duration(c, i)
    if length is None or c.low(length[1]) not in ("starting", "beginning", "commencing"):
        return None
    k = c.skip(length[1] + 1, frozenset(("from", "on")))
    found = core(c, k)
    if found is None or found[0].needs:
        return None
    parts, node = length[0], found[0]

    def resolve(env: Env) -> Interval:
        first = node.resolve(env).start
        if first is None:
            raise OutsideCalendarError("An open period has no first day.")
        return Interval(first, nodes.back(parts, first, 1), "range")

    return replace(node, kind="rolling", resolve=resolve, candidates=None), found[1]


def _year_first(c: Cursor, i: int) -> Found | None:
    """As in "2025 may", "2025 q1", "2019-H2"."""
    if not (c.is_number(i) and len(c.low(i)) == 4 and 1950 <= int(c.low(i)) <= 2100):
        return None
    j = i + 1
    if c.low(j) in ("-", ",", "/") and c.tokens[j].glued:
        j += 1
    for rule in (dates.quarter_or_half, dates.month_name):
        found = rule(c, j)
        if found and found[0].kind in ("quarter", "half", "month", "daymonth"):
            return nodes.within(found[0], nodes.year(int(c.low(i)))), found[1]
    return None


def _quarter(c: Cursor, i: int) -> Found | None:
    mod = c.atom(i).mod
    if mod is not None:
        found = dates.quarter_or_half(c, i + 1)
        if found and found[0].value and c.low(i + 1) in ("q", "h"):
            return nodes.year_part(
                3 if found[0].kind == "quarter" else 6, found[0].value, mod
            ), found[1]
    return dates.quarter_or_half(c, i)


def _before_event(c: Cursor, i: int) -> Found | None:
    """As in "2 weeks before christmas", "the day after easter", "the week before my trip"."""
    j = i + 1 if c.low(i) == "the" else i
    if c.low(i) == "the":
        named = unit_name(c, j)
        length = (((1.0, named[0]),), named[1]) if named else duration(c, j)
    else:
        length = duration(c, j)
    if length is None or c.low(length[1]) not in (
        "before",
        "after",
        "following",
        "preceding",
        "from",
    ):
        return None
    if is_rate_before_range(c, i, length[1]):
        return None
    sign = 1 if c.low(length[1]) in ("after", "following", "from") else -1
    k = length[1] + 1
    found = core(c, k)
    if found is None:
        paid = ledger_events.pay_event(c, k)
        return (paid[0], paid[1]) if paid else None
    if found[0].needs:
        return found
    if found[0].kind == "unit" and length[0][0][1] == found[0].kind:
        return None
    return points.shifted(found[0], length[0], sign), found[1]


_RULES: tuple[Rule, ...] = (
    units.relative_day,
    units.modified_unit,
    points.counted_from,
    points.same_time,
    points.abbreviation,
    units.bare_tax_year,
    _weekday,
    dates.numeric_date,
    dates.spaced_month,
    dates.day_then_month,
    dates.decade,
    dates.week_number,
    _modified_date,
    _month,
    _year_first,
    dates.tax_year_number,
    _quarter,
    dates.day_of_month,
    dates.year_number,
    events.feast,
    events.season,
    ledger_events.needs_context,
    _with_core(parts.part_of),
    _with_core(parts.half_of),
    _with_core(parts.nth_of),
    _with_core(parts.week_of),
    _with_core(parts.rest_of),
    _with_core(parts.earlier_in),
    _before_event,
    _starting,
)
_PARTS_OF_DAY = listed("morning mornin afternoon evening evenin night nite nicht lunchtime eve")


def placed(c: Cursor, found: Found) -> Found:
    """Reads what follows a core: the part of its day, and the larger unit that it lies in."""
    node, j = found
    if node.kind in ("day", "weekday", "date", "daymonth") and c.low(j) in _PARTS_OF_DAY:
        j += 1
    if node.kind == "unit" and any(c.atom(k).unit == "week" for k in (j - 1,)):
        k = c.skip(j, frozenset(("on", ",")))
        named = _weekday(c, k) if c.atom(k).weekday is not None else None
        if named and named[0].kind == "weekday":
            return nodes.within(named[0], node), named[1]
    wanted = _CONTAINS.get(node.kind)
    if not wanted:
        return node, j
    k = j + 1 if c.low(j) in ("of", "in", ",", "-", "/") and _joins(c, j) else j
    if c.low(k) == "the" and node.kind != "dom" and c.low(k + 1) != "year":
        return node, j
    dated = _year_behind(c, k, node) if node.kind in _YEARLY else None
    if dated:
        return nodes.within(node, nodes.year(dated[0])), dated[1]
    outer = core(c, k)
    if outer is None and node.kind == "dom":
        outer = _the_month(c, k)
    if outer is None or outer[0].kind not in wanted:
        return node, j
    if node.kind == "dom" and outer[0].kind == "month" and outer[0].value:
        return placed(c, (nodes.day_and_month(outer[0].value, node.value or 1), outer[1]))
    if (
        node.kind in _YEARLY
        and outer[0].kind in ("unit", "ago")
        and not _names_year(c, k, outer[1])
    ):
        return node, j
    return nodes.within(node, outer[0]), outer[1]


def _year_behind(c: Cursor, k: int, node: Node) -> tuple[int, int] | None:
    """The year that stands at `k`: "'26", "twenty twenty", "2026"; and the index behind it."""
    low = c.low(k)
    if low in ("'", "’") and c.is_number(k + 1) and len(c.low(k + 1)) == 2:
        return dates.full_year(c.low(k + 1)), k + 2
    if low[:1] == "'" and low[1:].isdigit() and len(low) == 3:
        return dates.full_year(low[1:]), k + 1
    if c.is_number(k):
        return (dates.full_year(low), k + 1) if _is_year(c, k, node) else None
    return dates.year_text(c, k) if c.tokens[k - 1].kind != "num" else None


def _the_month(c: Cursor, k: int) -> Found | None:
    if c.low(k) in ("the", "each", "every") and c.low(k + 1) in ("month", "mth"):
        return (nodes.unit("month", 0), k + 2) if c.low(k) == "the" else None
    return None


def _joins(c: Cursor, j: int) -> bool:
    if c.low(j) in ("of", "in"):
        return True
    if c.low(j) == ",":
        spelled = dates.year_text(c, j + 1) is not None
        return spelled or c.atom(j + 1).mod is not None
    if c.low(j) == "-" and c.low(j - 2) != "-":
        return False
    return c.glued(j) and c.glued(j + 1) and c.is_number(j + 1) and len(c.low(j + 1)) in (2, 4)


def _is_year(c: Cursor, k: int, node: Node) -> bool:
    text = c.low(k)
    if len(text) == 4:
        return 1950 <= int(text) <= 2100
    if len(text) != 2 or node.kind not in ("daymonth",):
        return False
    following = c.low(k + 1)
    return not (c.glued(k + 1) and following not in "?!.,)") and int(text) <= 40


def _names_year(c: Cursor, start: int, end: int) -> bool:
    return any(c.atom(k).unit in ("year", "decade") for k in range(start, end))
