"""Figures into words: money, dates and what an answer covered, in the person's own format. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from actions.calendar import months_in
from actions.counting import REFUND
from actions.query import Amount, Period
from knowledge.taxonomy import load_taxonomy
from ledger.money import format_money

MAX_TEXT = 300
"""Code points of a reply; the contract's limit."""
MAX_FURTHER = 1500
"""Code points of a message that follows the first one."""
LONGEST_NAME = 40
"""Code points; of a longer name whole words are kept."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OPERATORS = {
    "gt": "over {0}",
    "gte": "of {0} or more",
    "lt": "under {0}",
    "lte": "of {0} or less",
    "eq": "of {0}",
    "approx": "of about {0}",
    "between": "between {0} and {1}",
}


@dataclass(frozen=True, slots=True)
class Format:
    """How a person writes money and dates.

    Attributes:
        locale: ``GB`` or ``US``.
        today: Their day; a date of another year is given with its year.
    """

    locale: Literal["GB", "US"]
    today: date

    def money(self, minor: int, currency: str) -> str:
        """An amount, such as ``£1,234.50``."""
        return format_money(minor, currency, self.locale)

    def sums(self, totals: Mapping[str, int], home: str) -> str:
        """The sum of each currency side by side, the home currency first; never added."""
        order = sorted(totals, key=lambda currency: (currency != home, currency))
        if not order:
            return self.money(0, home)
        return and_list([self.money(totals[currency], currency) for currency in order])

    def day(self, day: date, *, short: bool = False) -> str:
        """A date, such as ``3 October`` or ``October 3``."""
        month = _MONTHS[day.month - 1][: 3 if short else None]
        text = f"{month} {day.day}" if self.locale == "US" else f"{day.day} {month}"
        if day.year == self.today.year:
            return text
        return f"{text}, {day.year}" if self.locale == "US" else f"{text} {day.year}"

    def weekday(self, day: date) -> str:
        """The day's name, such as ``Friday``."""
        return _WEEKDAYS[day.weekday()]

    def full_day(self, day: date) -> str:
        """A date with its year, such as ``3 October 2026``."""
        text = self.day(day)
        if day.year != self.today.year:
            return text
        return f"{text}, {day.year}" if self.locale == "US" else f"{text} {day.year}"

    def days(self, first: date, last: date) -> str:
        """A span of days, both included, such as ``1–31 October``."""
        if first == last:
            return self.day(first)
        if (first.year, first.month) == (last.year, last.month):
            whole = self.day(last)
            if self.locale == "US":
                return whole.replace(f" {last.day}", f" {first.day}–{last.day}", 1)
            return f"{first.day}–{whole}"
        return f"{self.day(first, short=True)} – {self.day(last, short=True)}"

    def period(self, period: Period | None, span: tuple[date, date] | None) -> str:
        """What a period covered, up to today: ``1–10 November so far``, ``since 1 May``."""
        start = period.start if period else None
        end = period.end if period else None
        last = end - timedelta(days=1) if end else None
        if start is None and last is None:
            return f"since {self.day(span[0])}, all your data" if span else "in all your data"
        if start is None:
            return f"up to {self.day(last)}" if last else "in all your data"
        if last is None or (last > self.today >= start):
            so_far = " so far" if last else ""
            return f"{self.days(start, self.today)}{so_far}"
        return self.days(start, last)

    def bound(self, amount: Amount, home: str) -> str:
        """A bound on amounts, such as ``over £20``."""
        currency = amount.currency or home
        upper = amount.minor2 if amount.minor2 is not None else amount.minor
        return _OPERATORS[amount.op].format(
            self.money(amount.minor, currency), self.money(upper, currency)
        )

    def unit_label(self, start: date, unit: str) -> str:
        """The name of the day, week or month that starts on a day."""
        if unit == "month":
            name = _MONTHS[start.month - 1]
            return name if start.year == self.today.year else f"{name} {start.year}"
        return f"week of {self.day(start, short=True)}" if unit == "week" else self.day(start)


def and_list(names: Sequence[str], word: str = "and") -> str:
    """``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def ordinal(number: int) -> str:
    """A day of a month, such as ``25th``."""
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number in {11, 12, 13} else ends.get(number % 10, 'th')}"


def weekdays_name(days: Sequence[int]) -> str:
    """Some days of the week (0 is Monday): ``on weekdays``, ``on Mondays and Fridays``."""
    if not days:
        return ""
    known = {(0, 1, 2, 3, 4): "on weekdays", (5, 6): "at weekends"}
    return known.get(tuple(days)) or f"on {and_list([f'{_WEEKDAYS[day]}s' for day in days])}"


def short(name: str) -> str:
    """A name cut, after a whole word, to what a line holds."""
    return _cut(name, LONGEST_NAME)


def _cut(text: str, most: int) -> str:
    """A text of at most so many code points, cut after a word where one is not too long for it."""
    if len(text) <= most:
        return text
    head, blank, _ = text[:most].rpartition(" ")
    return f"{head.rstrip(' ,')}…" if blank and head.strip() else f"{text[: most - 1]}…"


def row_name(counterparty: str | None, description: str) -> str:
    """Whom a row was with; where that is not known, what the bank wrote."""
    return short(counterparty or " ".join(description.split()) or "Unknown")


def category_name(category: str) -> str:
    """A category as people are shown it."""
    taxonomy = load_taxonomy()
    if category == REFUND:
        return "Refunds and money back"
    return taxonomy.name(category) if category in taxonomy else "Not yet categorised"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``1 payment``, ``1,204 payments``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def fit(first: str, rest: Iterable[str] = ()) -> str:
    """The first sentence and as many of the others, in order, as stay within `MAX_TEXT`.

    A sentence that does not fit is left out, the next may still; nothing is cut, after a word,
    unless the first alone is too long.
    """
    text = _cut(first, MAX_TEXT)
    for sentence in rest:
        if sentence and len(text) + len(sentence) + 1 <= MAX_TEXT:
            text = f"{text} {sentence}"
    return text


def in_full(first: str, lines: Sequence[str], closing: Sequence[str] = ()) -> list[str]:
    """A whole list as further messages, a line for each of its items.

    Args:
        first: What the list is of.
        lines: Its items.
        closing: Sentences after it, a line each.
    """
    messages, text = [], first
    for line in [*lines, *closing]:
        if len(text) + len(line) + 1 > MAX_FURTHER:
            messages.append(text)
            text = line
        else:
            text = f"{text}\n{line}"
    return [*messages, text]


def month_title(period: Period, today: date) -> str:
    """A short name for a button: ``October``, ``This month``."""
    if months_in(period) == 1 and period.start is not None:
        if (period.start.year, period.start.month) == (today.year, today.month):
            return "This month"
        year = "" if period.start.year == today.year else f" {period.start.year}"
        return f"{_MONTHS[period.start.month - 1]}{year}"
    return "The time before"
