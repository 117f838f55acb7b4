"""Explicit dates in forms that the grammar does not read, handed to `dateparser`.

As in "3 / 10 / 2026", "3. 10. 2026", "Sat Oct 3 10:00:00 2026", "2026-10-03T10:00Z". Only a run of
tokens that names a day, a month and a year, and nothing else, gets there: `dateparser` alone takes
many other numbers for dates and is some times slower than the whole extractor.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Found
from nlu.periods.interval import OutsideCalendarError, day, one_day
from nlu.words import listed

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

_LONGEST = 18  # tokens of a date with its weekday and its time to the second
_MOST_ASKED = 2  # dates of one message, as of a range; a hostile one holds dozens
_BETWEEN = listed("/ . - – — _ , : | ( ) of the")
_SUFFIXES = listed("st nd rd th")
_TIME_BEFORE = listed(
    "on since from until till to between and by before after dated through thru starting"
)


def written_date(c: Cursor, i: int, read: int) -> Found | None:
    """The date that starts here, where it is longer than what the grammar has read.

    Args:
        c: The message, with sums and shops masked.
        i: Index of the first token.
        read: Index after the last token of the grammar's own reading.
    """
    found = _parts(c, i)
    if found is None:
        return None
    parts, end = found
    end = _past_time(c, end)
    if end <= read or not _is_explicit(c, i, parts) or c.asked >= _MOST_ASKED:
        return None
    c.asked += 1
    on = _day_of(_text(c, i, end), _order(c, parts))
    if on is None or not _says(c, parts, on):
        return None
    try:
        return nodes.fixed("date", one_day(day(on.year, on.month, on.day))), end
    except OutsideCalendarError:
        return None


def _parts(c: Cursor, i: int) -> tuple[list[int], int] | None:
    """Where day, month and year stand, and the end behind the third."""
    parts: list[int] = []
    j = i + 1 if c.atom(i).weekday is not None else i
    while j < min(len(c.tokens), i + _LONGEST):
        after = _past_time(c, j)
        if after > j:
            j = after
        elif c.is_number(j) or c.atom(j).month:
            parts.append(j)
            j += 1
            if c.low(j) in _SUFFIXES and c.glued(j):
                j += 1
            if len(parts) == 3:
                return parts, j + (c.low(j) == ")" and c.glued(j))
        elif c.low(j) in _BETWEEN or (c.low(j) == "'" and c.is_number(j + 1)):
            j += 1
        else:
            return None
    return None


def _past_time(c: Cursor, j: int) -> int:
    """The index behind a time of day ("T10:00:00Z", "10:00", "10:00am"), else the same."""
    k = j + 1 if c.low(j) == "t" and c.glued(j) else j
    if not (c.is_number(k) and len(c.low(k)) <= 2 and _is_minute(c, k + 1)):
        return j
    k += 3
    if _is_minute(c, k):
        k += 2
    return k + 1 if c.low(k) in ("z", "am", "pm") else k


def _is_minute(c: Cursor, k: int) -> bool:
    """A colon and two digits, without room."""
    glued = c.low(k) == ":" and c.glued(k) and c.glued(k + 1)
    return glued and c.is_number(k + 1) and len(c.low(k + 1)) == 2


def _is_explicit(c: Cursor, i: int, parts: list[int]) -> bool:
    """One year, first or last, and a day and a month in signs, or behind a word of time."""
    years = [k for k in parts if _is_year(c, k)]
    if len(years) != 1 or years[0] == parts[1]:
        return False
    rest = [k for k in parts if k != years[0]]
    if any(c.is_number(k) and not 1 <= int(c.low(k)) <= 31 for k in rest):
        return False
    named = sum(1 for k in rest if c.atom(k).month)
    if named:
        return named == 1
    gaps = [[c.low(k) for k in range(a + 1, b) if c.low(k) != "'"] for a, b in pairwise(parts)]
    return gaps[0] == gaps[1] and (bool(gaps[0]) or c.low(i - 1) in _TIME_BEFORE)


def _is_year(c: Cursor, k: int) -> bool:
    if not c.is_number(k):
        return False
    short = len(c.low(k)) == 2 and c.low(k - 1) == "'"
    return short or (len(c.low(k)) == 4 and 1950 <= int(c.low(k)) <= 2100)


def _text(c: Cursor, first: int, last: int) -> str:
    """The tokens with the room between them; brackets say nothing of a date."""
    pieces = [("" if t.glued else " ") + t.text for t in c.tokens[first:last]]
    return "".join(pieces).replace("(", " ").replace(")", " ").strip()


def _order(c: Cursor, parts: list[int]) -> str:
    if _is_year(c, parts[0]):
        return "YMD"
    return "DMY" if c.country == "GB" else "MDY"


@cache
def _parser(order: str) -> DateDataParser:
    """Loaded when the first such date comes: its language data take a third of a second."""
    from dateparser.date import DateDataParser  # noqa: PLC0415

    return DateDataParser(
        languages=["en"],
        settings={
            "DATE_ORDER": order,
            "STRICT_PARSING": True,
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],
            # All parts are named, so nothing is filled in; the clock must not be read.
            "RELATIVE_BASE": datetime.fromisoformat("2000-01-01"),
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )


def _day_of(text: str, order: str) -> datetime | None:
    return _parser(order).get_date_data(text).date_obj


def _says(c: Cursor, parts: list[int], on: datetime) -> bool:
    """Whether the date is made of the written parts and not of a time or a guess."""
    named = {c.atom(k).month for k in parts if c.atom(k).month}
    numbers = {int(c.low(k)) for k in parts if c.is_number(k)}
    month = on.month in (named or numbers)
    return month and on.day in numbers and bool({on.year, on.year % 100} & numbers)
