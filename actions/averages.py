"""Answers about what is usual: spending per day, week, month, year, or per payment."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import floor

from actions import counting
from actions.answer import Answer
from actions.calendar import add_months
from actions.desk import Desk
from actions.evidence import clipped, coverage, entries, format_of, unsure_sentence
from actions.query import Period, Query
from actions.say import fit
from actions.spending import buttons_for, figures, ids, nothing

DAYS_OF_A_YEAR = Fraction(36525, 100)


def mean(minor: int, divisor: Fraction) -> int:
    """A sum divided, rounded half up to a whole minor unit."""
    return floor(Fraction(minor) / divisor + Fraction(1, 2))


def span_of(desk: Desk, query: Query) -> tuple[Period, Fraction]:
    """The days that an average looks at, and how many units they are.

    Months are whole calendar months where the period is made of such, so that a month that has only
    begun does not lower the average; days, weeks and years are counted by days.
    """
    start, end = _days(desk, query.period)
    days, used = Fraction((end - start).days), Period(start, end)
    if query.unit in {"day", "payment"}:
        return used, days
    if query.unit == "week":
        return used, days / 7
    if query.unit == "year":
        exact = start.day == end.day == 1
        return used, Fraction(_months(start, end), 12) if exact else days / DAYS_OF_A_YEAR
    if start.day != 1 and not _is_named(query.period, start):
        start = add_months(start, 1)
    runs = query.period is None or query.period.end is None or query.period.end > desk.tomorrow
    if runs and start.day == 1:
        end = end.replace(day=1)
    months = _months(start, end)
    if months > 0 and start.day == end.day:
        return Period(start, end), Fraction(months)
    return used, days * 12 / DAYS_OF_A_YEAR


def _days(desk: Desk, period: Period | None) -> tuple[date, date]:
    """The days with data, and those before it in the month that a named period and it begin in.

    A history that begins on the 4th tells of the whole month: bills of "May" are May's.
    """
    start, end = clipped(desk, period)
    named = period.start if period else None
    return (max(named, start.replace(day=1)) if named else start), end


def _is_named(period: Period | None, start: date) -> bool:
    return period is not None and period.start == start


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def average(desk: Desk, query: Query) -> Answer:
    """The usual amount per unit, and the sum it comes from."""
    used, found, divisor = evidence(desk, query)
    if not found or divisor <= 0:
        return nothing(desk, query)
    form, home = format_of(desk), desk.person.currency
    unit = used.unit or "month"
    sums = counting.totals(found)
    means = {currency: mean(minor, divisor) for currency, minor in sums.items()}
    amount = f"{form.sums(means, home)} a {unit}"
    said = f"{amount} came in" if query.direction == "in" else f"you spent {amount}"
    first = f"On average {said} {coverage(desk, used)}."
    plural = "" if divisor == 1 else "s"
    base = f"That is {form.sums(sums, home)} over {_number(divisor)} {unit}{plural}."
    return Answer(
        fit(first, [unsure_sentence(desk, found, query), base]),
        query,
        figures=figures(means, home, "average") + figures(sums, home),
        counts=[("count", len(found))],
        transactions=ids(found),
        buttons=buttons_for(found, query, []),
    )


def evidence(desk: Desk, query: Query) -> tuple[Query, list[counting.Entry], Fraction]:
    """The question over the days looked at, the rows that count there, and the divisor."""
    period, number = span_of(desk, query)
    if number < 1 and query.unit != "payment":
        # Days that are no whole unit, such as a weekend, tell what a day costs, not a month.
        query = replace(query, unit="day")
        period, number = span_of(desk, query)
    used = replace(query, period=period)
    found = entries(desk, used)
    return used, found, Fraction(len(found)) if query.unit == "payment" else number


def _number(number: Fraction) -> str:
    return f"{int(number):,}" if number.denominator == 1 else f"{float(number):.1f}"
