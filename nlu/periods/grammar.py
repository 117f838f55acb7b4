"""The grammar of periods: atoms make a core, cores combine with what bounds them."""

from __future__ import annotations

from dataclasses import replace

from nlu.periods import (
    dates,
    events,
    guards,
    ledger_events,
    lengths,
    nodes,
    parts,
    points,
    tax_years,
    units,
    written,
)
from nlu.periods.cursor import (
    Cursor,
    Found,
    Rule,
    duration,
    is_rate_before_range,
    unit_name,
)
from nlu.periods.interval import Interval, OutsideCalendarError
from nlu.periods.nodes import Env, Node
from nlu.periods.weekdays import weekday
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
    weekday,
    dates.numeric_date,
    dates.spaced_month,
    dates.day_then_month,
    dates.decade,
    dates.week_number,
    _modified_date,
    _month,
    _year_first,
    tax_years.tax_year_number,
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
    _with_core(lengths.length_to),
    _with_core(lengths.weeks_from_day),
    lengths.day_week,
    _with_core(lengths.cycles_ago),
    _with_core(lengths.before_last),
    _with_core(lengths.close_of_day),
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
        named = weekday(c, k) if c.atom(k).weekday is not None else None
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
