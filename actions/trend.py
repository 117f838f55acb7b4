"""Answers about how spending moves: the sum of each month, and which way it goes."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from actions import charting, counting
from actions.answer import Answer, Figure
from actions.averages import mean
from actions.calendar import next_unit, unit_start
from actions.desk import Desk
from actions.evidence import clipped, coverage, entries, format_of, unsure_sentence
from actions.query import Period, Query
from actions.say import Format, fit
from actions.spending import buttons_for, figures, ids, joined, nothing

FEWEST = 3
"""Fewer units show no trend."""
STEADY_PERCENT = 10
"""A change between the two halves that is smaller than this is called steady."""


def units(desk: Desk, query: Query) -> tuple[str, list[Period]]:
    """The whole months of a period, or its whole weeks where it holds too few months.

    A unit that is still running, or that the data begins within, would look like a fall or a rise.
    """
    start, end = clipped(desk, query.period)
    if query.period is not None and query.period.start == start.replace(day=1):
        start = start.replace(day=1)
    asked = query.group_by if query.group_by in {"day", "week", "month"} else None
    for unit in [asked] if asked else ["month", "week", "day"]:
        found = []
        day = unit_start(start, unit)
        day = day if day == start else next_unit(day, unit)
        while next_unit(day, unit) <= min(end, desk.tomorrow):
            found.append(Period(day, next_unit(day, unit)))
            day = next_unit(day, unit)
        if found and found[-1].end == desk.tomorrow and unit == "day":
            found.pop()
        if len(found) >= FEWEST or asked:
            return unit, found
    return "month", []


def trend(desk: Desk, query: Query) -> Answer:
    """The sum of each unit, and whether the later half is above the earlier one."""
    unit, parts = units(desk, query)
    parts = parts[-query.limit :] if query.limit else parts
    used = replace(
        query,
        period=Period(parts[0].start, parts[-1].end) if parts else query.period,
        group_by=unit,
        compare=None,
    )
    found = entries(desk, used)
    if not found:
        return nothing(desk, query)
    form, home = format_of(desk), desk.person.currency
    sums = [_sum_of(found, part, home) for part in parts]
    half = len(sums) // 2
    verdict = (
        _verdict(sums[:half], sums[len(sums) - half :]) if len(sums) >= FEWEST else "Too short"
    )
    lines = [
        f"{form.unit_label(part.start, unit)} {form.money(minor, home)}"
        for part, minor in zip(parts, sums, strict=True)
        if part.start is not None
    ]
    first = f"{verdict} {coverage(desk, used)}:"
    named = [
        Figure(part.start.isoformat(), minor, home)
        for part, minor in zip(parts, sums, strict=True)
        if part.start is not None
    ]
    so_far = _so_far(desk, query, unit)
    running = [
        f"{form.unit_label(unit_start(desk.today, unit), unit)} so far: "
        f"{form.money(one.minor, home)}."
        for one in so_far
    ]
    doubt = unsure_sentence(desk, found, query)
    sentences = (*running, _elsewhere(form, found, home), doubt)
    closing = [sentence for sentence in sentences if sentence]
    return Answer(
        fit(joined(first, lines, "", len(" ".join(closing))), closing),
        used if query.period is None else replace(query, group_by=unit),
        figures=[*figures(counting.totals(found), home), *named, *so_far],
        picture=charting.split(desk, used, named),
        transactions=ids(found),
        buttons=buttons_for(found, used, []),
    )


def _running(desk: Desk, query: Query, unit: str) -> Period | None:
    """The unit that today lies in, where the question reaches into it and it is not over."""
    if query.period is None or (query.period.end or desk.tomorrow) < desk.tomorrow:
        return None
    start = unit_start(desk.today, unit)
    begun = query.period.start is None or query.period.start <= start
    over = next_unit(start, unit) <= desk.tomorrow
    return Period(start, desk.tomorrow) if begun and not over else None


def _so_far(desk: Desk, query: Query, unit: str) -> list[Figure]:
    """The sum of the unit that is still running, which says nothing of where spending goes."""
    running = _running(desk, query, unit)
    if running is None or running.start is None:
        return []
    home = desk.person.currency
    found = entries(desk, replace(query, period=running, group_by=None, compare=None))
    return [Figure(running.start.isoformat(), _sum_of(found, running, home), home)]


def _elsewhere(form: Format, found: Sequence[counting.Entry], home: str) -> str:
    """What was spent in other currencies, which are never added to the person's own."""
    others = [
        form.money(minor, currency)
        for currency, minor in counting.totals(found).items()
        if currency != home
    ]
    return f"Not in it: {' and '.join(others)}." if others else ""


def _sum_of(found: Sequence[counting.Entry], part: Period, currency: str) -> int:
    assert part.start is not None
    assert part.end is not None
    return sum(
        e.minor
        for e in found
        if part.start <= e.row.booked < part.end and e.row.currency == currency
    )


def _verdict(before: Sequence[int], after: Sequence[int]) -> str:
    """Which way the mean of the later half went from the earlier one's."""
    early = mean(sum(before), Fraction(len(before)))
    late = mean(sum(after), Fraction(len(after)))
    if early <= 0:
        return "Going up" if late > 0 else "Steady"
    percent = round((late - early) * 100 / early)
    if abs(percent) < STEADY_PERCENT:
        return "Steady"
    return f"Going {'up' if percent > 0 else 'down'} ({percent:+d}%)"
