"""Half-open spans of whole days, and the arithmetic of calendar units."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
# The years a person can mean; arithmetic beyond them has no answer.
FIRST_YEAR, LAST_YEAR = 1900, 2199

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "tax_year": 12, "decade": 120}
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "weekend": 7}


class OutsideCalendarError(ValueError):
    """A date that no calendar holds (31 April) or that lies beyond the years people mean."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Whole days `[start, end)`; a side that is None is open.

    Attributes:
        start: First day.
        end: The day after the last.
        grain: What the words named: day, week, weekend, month, quarter, half, year, range.
    """

    start: date | None
    end: date | None
    grain: str


def day(year: int, month: int, number: int) -> date:
    """A date, or `OutsideCalendarError`."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutsideCalendarError(f"The year {year} is not one that people mean.")
    try:
        return date(year, month, number)
    except ValueError as error:
        raise OutsideCalendarError(f"{year}-{month}-{number} is not a date.") from error


def one_day(on: date) -> Interval:
    """The interval of one day."""
    return Interval(on, on + DAY, "day")


def add_months(on: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is shorter."""
    index = on.year * 12 + on.month - 1 + months
    year, month = divmod(index, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutsideCalendarError(f"The year {year} is not one that people mean.")
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def add_days(on: date, days: int) -> date:
    """So many days later."""
    if abs(days) > 400_000:
        raise OutsideCalendarError(f"{days} days are more than people mean.")
    moved = on + timedelta(days=days)
    return day(moved.year, moved.month, moved.day)


def add_working_days(on: date, days: int) -> date:
    """So many weekdays later (Saturday and Sunday are skipped), up to some years."""
    if abs(days) > 2_000:
        raise OutsideCalendarError(f"{days} working days are more than people mean.")
    step = 1 if days > 0 else -1
    for _ in range(abs(days)):
        on = add_days(on, step)
        while on.weekday() >= 5:
            on = add_days(on, step)
    return on


def shift(on: date, unit: str, count: int) -> date:
    """Moves a date by calendar units."""
    if unit in _MONTHS:
        return add_months(on, _MONTHS[unit] * count)
    if unit == "workday":
        return add_working_days(on, count)
    return add_days(on, _DAYS[unit] * count)


def floor(on: date, unit: str, country: str) -> date:
    """The first day of the calendar unit that holds the date; the tax year is the country's."""
    if unit == "week":
        return on - timedelta(days=on.weekday())
    if unit == "weekend":
        return on - timedelta(days=on.weekday()) + timedelta(days=5)
    if unit == "fortnight":
        return on - timedelta(days=on.weekday() + 7)
    if unit in ("month", "quarter", "half"):
        size = _MONTHS[unit]
        return on.replace(month=(on.month - 1) // size * size + 1, day=1)
    if unit == "tax_year" and country == "GB":
        start = on.replace(month=4, day=6)
        return start if on >= start else start.replace(year=on.year - 1)
    if unit == "decade":
        return on.replace(year=on.year // 10 * 10, month=1, day=1)
    if unit in ("year", "tax_year"):
        return on.replace(month=1, day=1)
    return on


def unit_around(on: date, unit: str, country: str, offset: int = 0) -> Interval:
    """The whole calendar unit so many units from the one that holds the date."""
    start = shift(floor(on, unit, country), unit, offset)
    if unit == "weekend":
        return Interval(start, add_days(start, 2), "weekend")
    grain = {"tax_year": "year", "fortnight": "range", "workday": "day"}.get(unit, unit)
    return Interval(start, shift(start, unit, 1), grain)
