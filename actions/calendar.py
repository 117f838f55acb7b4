"""Calendar units as periods. Pure; every period is half-open whole days."""

from datetime import date, timedelta

from actions.query import Period

DAY = timedelta(days=1)
SHORTEST = 28
"""Every month has so many days; "the 29th" or later is the last day of some."""


def add_months(day: date, months: int) -> date:
    """The first of the month, so many months from the month of ``day``."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def month_of(day: date, first: int = 1, away: int = 0, length: int = 1) -> Period:
    """The month that holds a day.

    Args:
        day: Within the month.
        first: The day of the calendar's months on which a month starts, the last where they are
            shorter.
        away: How many months from there.
        length: How many months.
    """
    before = 0 if day >= _day_of(day, first) else 1
    start = add_months(day, away - before)
    return Period(_day_of(start, first), _day_of(add_months(start, length), first))


def _day_of(month: date, number: int) -> date:
    """A day of a month, its last one where it is shorter."""
    last = (add_months(month, 1) - DAY).day
    return month.replace(day=min(number, last))


def week_of(day: date) -> Period:
    """The week of a day, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=7))


def months_in(period: Period) -> int | None:
    """How many whole calendar months a period is, None if it is not made of such."""
    if period.start is None or period.end is None or period.start.day != 1 or period.end.day != 1:
        return None
    start, end = period.start, period.end
    return (end.year - start.year) * 12 + end.month - start.month


def shifted(period: Period, units: int) -> Period:
    """The period moved by so many times its own length, in months where it is made of months."""
    if period.start is None or period.end is None:
        return period
    months = _whole_months(period.start, period.end)
    if months:
        first = period.start.day
        return Period(
            _day_of(add_months(period.start, months * units), first),
            _day_of(add_months(period.end, months * units), first),
        )
    length = (period.end - period.start) * units
    return Period(period.start + length, period.end + length)


def _whole_months(start: date, end: date) -> int:
    """How many months lie between the same day of two months, 0 where the days differ."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if start.day == end.day and start.day <= SHORTEST else 0


def preceding(period: Period) -> Period:
    """The period of the same length right before."""
    return shifted(period, -1)


def following(period: Period) -> Period:
    """The period of the same length right after."""
    return shifted(period, 1)


def unit_start(day: date, unit: str) -> date:
    """The first day of the ``day``, ``week``, ``month`` or ``year`` that holds a day."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "year":
        return day.replace(month=1, day=1)
    return day


def next_unit(start: date, unit: str) -> date:
    """The first day of the unit after the one that starts on ``start``."""
    if unit == "month":
        return add_months(start, 1)
    if unit == "year":
        return start.replace(year=start.year + 1)
    return start + timedelta(days=7 if unit == "week" else 1)
