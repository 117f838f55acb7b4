"""Which picture an answer has: its figures as bars, columns, sides or days."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from actions.answer import Answer, Figure
from actions.calendar import DAY, next_unit
from actions.counting import Entry
from actions.desk import Desk
from actions.evidence import account_names, as_of, format_of, subject
from actions.pictures.picture import Mark, Picture, spec_of
from actions.query import Period, Query
from actions.question import default_grouping
from actions.say import Format, count

FEWEST = 3
"""Fewer groups are read faster than a chart."""
MOST_BARS = 10
MOST_COLUMNS = 62
LONG_DAYS = 62
"""Something named over more days than this is drawn by month."""
WEEKS_DAYS = 20
TIMES = frozenset({"day", "week", "month"})


def drawn(desk: Desk, answer: Answer, *, asked: bool = False) -> Answer:
    """The answer with its chart, where it has one that is shown unasked or was asked for."""
    picture = answer.picture
    if picture is None or (picture.asked_only and not asked):
        return answer
    return replace(answer, chart=spec_of(picture, format_of(desk)))


def _about(desk: Desk, query: Query, by: str = "") -> str:
    what = "Income" if query.direction == "in" else "Spending"
    return " ".join(part for part in (what, subject(desk, query), by) if part)


def _covered(desk: Desk, query: Query) -> str:
    """The time and the accounts; of several currencies, the one that is drawn."""
    when = format_of(desk).period(query.period, desk.span)
    parts = [when, account_names(desk, query.accounts), as_of(desk)]
    return ", ".join(part for part in parts if part)


def split(desk: Desk, query: Query, named: Sequence[Figure]) -> Picture | None:
    """The groups of a breakdown in the home currency; small ones are one bar, so that all add up.

    Args:
        desk: What the turn may look at.
        query: The question, with its grouping.
        named: A figure for each group and currency, in order.
    """
    home = desk.person.currency
    mine = [figure for figure in named if figure.currency == home]
    if len(mine) < 2:
        return None
    others = "" if len(mine) == len(named) else f", {home} only"
    title, covered = _about(desk, query, f"by {query.group_by}"), _covered(desk, query) + others
    few = len(mine) < FEWEST
    if query.group_by in TIMES:
        marks = _units(format_of(desk), mine, query.group_by or "day", home)
        return Picture("columns", title, covered, home, marks[-MOST_COLUMNS:], asked_only=few)
    return Picture("bars", title, covered, home, _bars(mine), asked_only=few)


def _bars(figures: Sequence[Figure]) -> list[Mark]:
    """A bar for each of the largest, refunds too, in their order, and one for all others."""
    most = MOST_BARS if len(figures) > MOST_BARS + 1 else len(figures)
    order = sorted(range(len(figures)), key=lambda place: -abs(figures[place].minor))
    shown = set(order[:most])
    marks = [
        Mark(one.name, one.label or one.name, one.minor)
        for place, one in enumerate(figures)
        if place in shown
    ]
    rest = [one for place, one in enumerate(figures) if place not in shown]
    if rest:
        label = count(len(rest), "more", "more")
        marks.append(Mark("rest", label, sum(one.minor for one in rest)))
    return _distinct(marks)


def _distinct(marks: Sequence[Mark]) -> list[Mark]:
    """Two groups of one name are two bars."""
    seen: dict[str, int] = {}
    found = []
    for mark in marks:
        seen[mark.label] = seen.get(mark.label, 0) + 1
        again = seen[mark.label]
        found.append(mark if again == 1 else replace(mark, label=f"{mark.label} ({again})"))
    return found


def _units(form: Format, named: Sequence[Figure], unit: str, currency: str) -> list[Mark]:
    """Every unit from the first to the last, those without a row as zero."""
    sums = {one.name: one for one in named}
    last = date.fromisoformat(named[-1].name)
    day, marks = date.fromisoformat(named[0].name), []
    while day <= last:
        name = day.isoformat()
        marks.append(_unit(form, sums.get(name, Figure(name, 0, currency)), unit))
        day = next_unit(day, unit)
    return marks


def _unit(form: Format, figure: Figure, unit: str) -> Mark:
    start = date.fromisoformat(figure.name)
    label = form.unit_label(start, unit)
    short = form.day(start, short=True)
    if unit == "month":
        year = "" if start.year == form.today.year else f" {start.year % 100:02d}"
        short = f"{label[:3]}{year}"
    return Mark(figure.name, label, figure.minor, short=short, day=start)


def ranks(desk: Desk, title: str, query: Query, named: Sequence[Figure]) -> Picture | None:
    """Ranked merchants or payments, where a chart is asked for."""
    home = desk.person.currency
    mine = [figure for figure in named if figure.currency == home]
    if len(mine) < 2:
        return None
    covered = _covered(desk, query)
    return Picture("bars", title, covered, home, _bars(mine), asked_only=True)


def moves(desk: Desk, title: str, covered: str, moved: Sequence[Figure]) -> Picture | None:
    """What a difference is made of, where a chart is asked for."""
    if len(moved) < 2:
        return None
    return Picture("bars", title, covered, desk.person.currency, _bars(moved), asked_only=True)


def side_name(place: int) -> str:
    """The name that a side's sum has among the figures: 0 is the one that is asked about."""
    return ("total", "compared")[place] if place < 2 else f"compared_{place + 1}"


def sides(
    desk: Desk, query: Query, names: Sequence[str], sums: Sequence[int], shared: str
) -> Picture:
    """Two or more sums of the home currency, the one that is asked about first."""
    labels = [name[:1].upper() + name[1:] for name in names]
    marks = [
        Mark(side_name(place), label, minor)
        for place, (label, minor) in enumerate(zip(labels, sums, strict=True))
    ]
    what = "Income" if query.direction == "in" else "Spending"
    return Picture("sides", what, shared, desk.person.currency, _distinct(marks))


def pace(desk: Desk, title: str, period: Period, found: Sequence[Entry], cap: Figure) -> Picture:
    """What was spent by each day of a budget's time, against an even pace to its cap."""
    form = format_of(desk)
    start, end = period.start or desk.today, period.end or desk.tomorrow
    days = max((end - start).days, 1)
    by_day: dict[date, int] = {}
    for entry in found:
        if entry.row.currency == cap.currency:
            by_day[entry.row.booked] = by_day.get(entry.row.booked, 0) + entry.minor
    marks, spent = [], 0
    for number in range(days):
        day = start + timedelta(days=number)
        spent += by_day.get(day, 0)
        name = "spent" if day == desk.today else day.isoformat()
        so_far = spent if day <= desk.today else None
        more = {"even": cap.minor * (number + 1) // days, "cap": cap.minor}
        marks.append(Mark(name, form.day(day), so_far, day=day, more=more))
    covered = ", ".join(part for part in (form.days(start, end - DAY), as_of(desk)) if part)
    return Picture("pace", title, covered, cap.currency, marks, told=frozenset({"spent"}))


def ahead(
    desk: Desk,
    accounts: Sequence[str],
    days: Mapping[date, int],
    spreads: Mapping[date, int],
    currency: str,
) -> Picture:
    """The expected balance by day with its range; its lowest and its last day have names."""
    form, order = format_of(desk), sorted(days)
    lowest, last = min(order, key=lambda day: (days[day], day)), order[-1]
    marks = []
    for day in order:
        name = "lowest" if day == lowest else "forecast" if day == last else day.isoformat()
        more = {"low": days[day] - spreads[day], "high": days[day] + spreads[day]}
        marks.append(Mark(name, form.day(day), days[day], day=day, more=more))
    covered = f"{form.days(order[0], last)}, {account_names(desk, accounts)}"
    told = frozenset({"lowest", "forecast"})
    return Picture("forecast", "Expected balance", covered, currency, marks, told=told)


def grouping_for(query: Query) -> str:
    """How a single sum is split where a chart of it is asked for.

    Something named over a longer time is shown over that time, anything else by its parts.
    """
    period = query.period
    named = query.merchants or query.categories
    if not named:
        return default_grouping(query)
    if period is None or period.start is None or period.end is None:
        return "month"
    days = (period.end - period.start).days
    if days > LONG_DAYS:
        return "month"
    return "week" if query.merchants and days > WEEKS_DAYS else default_grouping(query)
