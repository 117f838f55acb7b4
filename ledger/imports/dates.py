"""Dates as banks write them, and which of day and month comes first."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale

from ledger.imports.choices import ImportQuestion, Option

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi")
_TIME = re.compile(r"(?<=\d)[T ,]+\d{1,2}[:.]\d{2}([:.]\d{2})?([.,]\d+)?\s*([AaPp]\.?[Mm]\.?)?"
                   r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$")  # fmt: skip
_NUMERIC = re.compile(r"(\d{1,4})\s?([./\-' ])\s?(\d{1,2})\s?[./\-' ]\s?(\d{4}|\d{1,2})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6}.*)?", re.ASCII)
_NAMED_DMY = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[.\s\-/]*([^\W\d_]{3,12})\.?[\s\-/,']*(\d{4}|\d{2})"
)
_NAMED_MDY = re.compile(
    r"([^\W\d_]{3,12})\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?[\s\-/,]+(\d{4}|\d{2})"
)
_WEEKDAY = re.compile(r"^[^\W\d_]{2,10}\.?,?\s+(?=\d)")
_LONGEST = 40
_DEFAULT = "dmy"
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_LABELS = {
    "dmy": "day first, 3/4 is 3 April",
    "mdy": "month first, 3/4 is March 4",
    "ymd": "year first",
}


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    found: dict[str, int] = {"sept": 9, "mrz": 3, "mär": 3}
    for language in _LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("abbreviated", "wide"):
                for number, name in months[context][width].items():
                    found.setdefault(name.rstrip(".").casefold(), number)
    return found


@dataclass(frozen=True, slots=True)
class _Form:
    """A date's three numbers, and the orders they can be read in."""

    parts: tuple[int, int, int]
    orders: tuple[str, ...]


def _month_named(name: str) -> int | None:
    months = _months()
    name = name.casefold()
    return months.get(name) or months.get(name[:3])


def _named(text: str) -> _Form | None:
    if match := _NAMED_DMY.fullmatch(text):
        month = _month_named(match[2])
        if month:
            return _Form((int(match[1]), month, int(match[3])), ("dmy",))
    if match := _NAMED_MDY.fullmatch(text):
        month = _month_named(match[1])
        if month:
            return _Form((month, int(match[2]), int(match[3])), ("mdy",))
    return None


@lru_cache(maxsize=20_000)
def _form(text: str) -> _Form | None:
    text = text.strip().strip("'=\"")
    if not text or len(text) > _LONGEST:
        return None
    text = _TIME.sub("", text).strip()
    if match := _COMPACT.fullmatch(text):
        return _Form((int(match[1]), int(match[2]), int(match[3])), ("ymd",))
    text = _WEEKDAY.sub("", text)
    if match := _NUMERIC.fullmatch(text):
        orders = _orders(match[1], match[2], match[4])
        return _Form((int(match[1]), int(match[3]), int(match[4])), orders) if orders else None
    return _named(text)


def _orders(first: str, separator: str, last: str) -> tuple[str, ...]:
    """The orders that the lengths of a numeric date's ends allow."""
    if len(first) > 2:
        return ("ymd",) if len(first) == 4 and len(last) <= 2 else ()
    if separator == ".":
        return ("dmy",)
    return ("dmy", "mdy") if len(last) == 4 else ("dmy", "mdy", "ymd")


def _date(parts: tuple[int, int, int], order: str) -> date | None:
    by_name = dict(zip(order, parts, strict=True))
    year = by_name["y"] if by_name["y"] >= 100 else by_name["y"] + 2000
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, by_name["m"], by_name["d"])
    except ValueError:
        return None


@lru_cache(maxsize=20_000)
def parse_date(text: str, order: str) -> date | None:
    """A date as a bank writes it; a time after it is left out.

    Args:
        text: Such as ``03/04/2026``, ``2026-04-03T10:00:00Z``, ``3 Apr 26``, ``Apr 3, 2026``.
        order: ``dmy``, ``mdy`` or ``ymd``, for dates that can be read in several.

    Returns:
        The date, or none where this is none.
    """
    form = _form(text)
    if form is None:
        return None
    return _date(form.parts, order if order in form.orders else form.orders[0])


def is_date(text: str) -> bool:
    """Whether this is a date in some order."""
    form = _form(text)
    return form is not None and any(_date(form.parts, order) for order in form.orders)


def date_order(texts: Iterable[str], chosen: str | None) -> str:
    """In which order a column's dates are written.

    Args:
        texts: The column; what is no date is left out.
        chosen: What the person chose, if they did.

    Raises:
        ImportQuestion: All of them can be read in several orders, as different days.
    """
    counts = dict.fromkeys(_LABELS, 0)
    total, examples = 0, dict[str, None]()
    for text, times in Counter(texts).items():
        form = _form(text)
        if form is None or len(form.orders) == 1:
            continue
        read = {order: _date(form.parts, order) for order in form.orders}
        days = {order: day for order, day in read.items() if day}
        total += times * bool(days)
        for order in days:
            counts[order] += times
        if len(set(days.values())) > 1 and len(examples) < 5:
            examples[text.strip()] = None
    if not total or chosen:
        return chosen or _DEFAULT
    best = max(counts.values())
    winners = [order for order, count in counts.items() if count == best]
    if len(winners) > 1 and "ymd" in winners and counts["dmy"] + counts["mdy"]:
        winners.remove("ymd")  # year first in two digits: no bank is known to write it
    if len(winners) == 1 or not examples:
        return winners[0]
    options = tuple(Option(order, _LABELS[order]) for order in winners)
    raise ImportQuestion(
        "date_order",
        "Which comes first in these dates, the day or the month?",
        options,
        tuple(examples),
    )
