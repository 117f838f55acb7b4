"""What recurs in the labels, and when it falls next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from statistics import median

from tests.cases.rows import Row, rows

# Taken by the bank on a working day; a card payment is not moved.
BANK_DEBIT = ("(Direct Debit)", "(Standing Order)", "ORIG CO NAME")
SATURDAY = 5


@dataclass(frozen=True)
class Stream:
    """The rows of one stream in order of date; a card check of nothing is none of them."""

    name: str
    rows: tuple[Row, ...]

    @property
    def last(self) -> Row:
        return self.rows[-1]

    @property
    def low(self) -> int:
        """The smallest recent size in minor units, without sign."""
        return min(self._recent)

    @property
    def high(self) -> int:
        """The largest recent size in minor units, without sign."""
        return max(self._recent)

    @property
    def _recent(self) -> list[int]:
        sizes = [abs(row.minor) for row in self.rows]
        # The same price twice is the price; else it varies and the history is the range.
        return sizes[-1:] if sizes[-2:] == sizes[-1:] * 2 else sizes

    @property
    def step(self) -> int:
        """Days between rows; 0 for months, -1 for a year or one row alone."""
        gaps = [(b.day - a.day).days for a, b in zip(self.rows, self.rows[1:], strict=False)]
        if not gaps:
            return -1
        usual = int(median(gaps))
        weekly = usual % 7 == 0 and gaps.count(usual) * 2 > len(gaps)
        return usual if weekly and usual < 29 and not self._same_day_of_month else 0

    @property
    def _same_day_of_month(self) -> bool:
        days = Counter(row.day.day for row in self.rows)
        return days.most_common(1)[0][1] * 2 > len(self.rows)

    def dates(self, start: date, end: date) -> list[date]:
        """The expected booking dates in [start, end)."""
        nominal = self._by_month(start, end) if self.step == 0 else self._by_step(end)
        moved = [self._moved(day) for day in nominal]
        return [day for day in moved if start <= day < end and day > self.last.day]

    def _by_step(self, end: date) -> list[date]:
        if self.step < 0:
            return []
        count = (end - self.last.day).days // self.step + 1
        return [self.last.day + timedelta(self.step * n) for n in range(1, count + 1)]

    def _by_month(self, start: date, end: date) -> list[date]:
        day = Counter(row.day.day for row in self.rows).most_common(1)[0][0]
        first = (start - timedelta(31)).replace(day=1)
        months = (end - first).days // 28 + 2
        found = []
        for n in range(months):
            year, month = divmod(first.month - 1 + n, 12)
            found.append(_clipped(first.year + year, month + 1, day))
        # The payment just made stands for this month, though the bank moved it.
        return [due for due in found if (due - self.last.day).days > 10]

    def _moved(self, day: date) -> date:
        over = day.weekday() - SATURDAY
        if over < 0:
            return day
        if self.last.income_stream:
            return day - timedelta(over + 1)
        if any(mark in self.last.description for mark in BANK_DEBIT):
            return day + timedelta(2 - over)
        return day


def _clipped(year: int, month: int, day: int) -> date:
    for last in (day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError(day)


@cache
def streams(user: str) -> tuple[Stream, ...]:
    """Every stream of the labels that is still running at the end of the history."""
    names = {row.stream for row in rows(user) if row.stream}
    found = [
        Stream(name, tuple(row for row in rows(user) if row.stream == name and row.minor))
        for name in sorted(names)
    ]
    # Klarna's three instalments are paid.
    return tuple(stream for stream in found if stream.name != "klarna_drmartens")
