"""Dates as written: numeric ones, month names with days, years, quarters, tax years."""

from __future__ import annotations

import re

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Found, integer, ordinal
from nlu.periods.guards import is_after_sum_noun
from nlu.periods.interval import Interval, OutsideCalendarError, add_months, day, one_day
from nlu.periods.nodes import Node
from nlu.words import listed

_SEPARATORS = frozenset("/-.–")
_YEAR_CUES = listed(
    "in of for since from during before until till by year and to through throughout between "
    "after than vs versus against or about over , - – spring summer autumn winter fall end "
    "start beginning full all entire whole tax compared on"
)


_YEAR_BEFORE = listed("vs versus v trend total totals breakdown overall spending compared only so")


def numeric_date(c: Cursor, i: int) -> Found | None:
    """`12/10`, `3-7-07`, `2025-03-14`, `03/2025`, `14.3.25`: order by country, ISO first."""
    if not c.is_number(i):
        return _dotted(c, i)
    numbers = [c.low(i)]
    separators: list[str] = []
    j = i + 1
    while (
        len(numbers) < 3
        and c.low(j) in _SEPARATORS
        and c.glued(j)
        and c.is_number(j + 1)
        and c.glued(j + 1)
    ):
        if separators and c.low(j) != separators[0]:
            break
        separators.append(c.low(j))
        numbers.append(c.low(j + 1))
        j += 2
    if len(numbers) == 3:
        node = _three(numbers, c.country)
        if node:
            return node, j
        # "12-15/10": the first number is the start of a range
        numbers, separators, j = numbers[:2], separators[:1], i + 3
    if len(numbers) == 2 and not (c.glued(j) and c.low(j) in _SEPARATORS and c.is_number(j + 1)):
        node = _two(numbers, separators[0], c.country)
        return (node, j) if node else None
    if len(numbers) == 2 and c.low(j) != separators[0] and separators[0] == "/":
        node = _two(numbers, "/", c.country)
        return (node, j) if node else None
    return None


def _dotted(c: Cursor, i: int) -> Found | None:
    """`14.3.2025`, which the tokeniser takes for one number."""
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})", c.low(i)) or re.fullmatch(
        r"(\d{4})\.(\d{1,2})\.(\d{1,2})", c.low(i)
    )
    if match is None:
        return None
    node = _three(list(match.groups()), c.country)
    return (node, i + 1) if node else None


def spaced_month(c: Cursor, i: int) -> Found | None:
    """As in "2016 - 11", "03 / 2025": a month and a year with room around the sign."""
    if not (c.is_number(i) and c.low(i + 1) in ("-", "/") and c.is_number(i + 2)):
        return None
    if (c.glued(i + 1) and c.glued(i + 2)) or c.low(i + 3) in _SEPARATORS:
        return None
    if {len(c.low(i)), len(c.low(i + 2))} not in ({4, 2}, {4, 1}):
        return None
    node = _two([c.low(i), c.low(i + 2)], c.low(i + 1), c.country)
    return (node, i + 3) if node else None


def full_year(text: str) -> int:
    """`07` → 2007, `98` → 1998."""
    number = int(text)
    if len(text) == 4:
        return number
    return number + (2000 if number < 70 else 1900)


def _three(numbers: list[str], country: str) -> Node | None:
    a, b, last = numbers
    try:
        if len(a) == 4:
            return nodes.fixed("date", one_day(day(int(a), int(b), int(last))))
        if len(a) > 2 or len(b) > 2 or len(last) not in (2, 4):
            return None
        first, second = int(a), int(b)
        month, number = (second, first) if country == "GB" else (first, second)
        if month > 12:
            month, number = number, month
        return nodes.fixed("date", one_day(day(full_year(last), month, number)))
    except OutsideCalendarError:
        return None


def _two(numbers: list[str], separator: str, country: str) -> Node | None:
    a, b = numbers
    if len(a) == 4 and len(b) <= 2 and 1 <= int(b) <= 12 and 1900 <= int(a) < 2100:
        return _month_of(int(a), int(b))
    if len(b) == 4 and len(a) <= 2 and 1 <= int(a) <= 12 and 1900 <= int(b) < 2100:
        return _month_of(int(b), int(a))
    if separator != "/" or len(a) > 2 or len(b) > 2:
        return None
    first, second = int(a), int(b)
    month, number = (second, first) if country == "GB" else (first, second)
    if month > 12:
        month, number = number, month
    if not (1 <= month <= 12 and 1 <= number <= 31):
        return None
    return nodes.day_and_month(month, number)


def _month_of(year: int, month: int) -> Node | None:
    start = day(year, month, 1)
    return nodes.fixed("monthyear", Interval(start, add_months(start, 1), "month"))


def year_text(c: Cursor, i: int) -> tuple[int, int] | None:
    """A year in four digits or in words ("two thousand and eighteen", "twenty twenty five")."""
    if c.is_number(i) and len(c.low(i)) == 4:
        number = int(c.low(i))
        return (number, i + 1) if 1950 <= number <= 2100 else None
    if c.atom(i).number is None:
        return None
    found = integer(c, i)
    if found is None:
        return None
    number, j = found
    if number in (19, 20):
        rest = integer(c, j) if c.atom(j).number is not None else None
        if rest and 10 <= rest[0] <= 99:
            number, j = number * 100 + rest[0], rest[1]
    return (number, j) if 1950 <= number <= 2100 else None


_DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
    "noughties": 0,
    "tens": 10,
}


def decade(c: Cursor, i: int) -> Found | None:
    """As in "the 1990s", "the 90s", "the nineties", "the noughties"."""
    j = i + 1 if c.low(i) == "the" else i
    last, end = None, j
    if c.is_number(j) and c.low(j + 1) in ("s", "'s") and len(c.low(j)) in (2, 4):
        digits = c.low(j)
        if (len(digits) == 4 or j > i) and digits.endswith("0"):
            last, end = digits, j + 2
    elif c.low(j) in _DECADES and j > i:
        last, end = f"{_DECADES[c.low(j)]:02d}", j + 1
    if last is None:
        return None
    number = int(last) if len(last) == 4 else int(last) + (1900 if int(last) >= 30 else 2000)
    if not 1950 <= number <= 2090 or (len(last) == 2 and int(last) < 60 and j + 2 == end):
        return None
    start = day(number, 1, 1)
    return nodes.fixed("year", Interval(start, add_months(start, 120), "decade")), end


def week_number(c: Cursor, i: int) -> Found | None:
    """As in "week 31", "the week 10 of 2024": the ISO week."""
    j = i + 1 if c.low(i) == "the" else i
    if c.low(j) not in ("week", "wk") or not c.is_number(j + 1) or c.glued(j + 2):
        return None
    number = int(c.low(j + 1))
    if not 1 <= number <= 53:
        return None
    return nodes.iso_week(number), j + 2


def year_number(c: Cursor, i: int) -> Found | None:
    """A bare year, where the words around do not make it a sum or a count."""
    low = c.low(i)
    if low == "the" and c.low(i + 1) == "year":
        return year_number(c, i + 1)
    if c.low(i) in ("in", "of", "since"):
        return None
    if (
        i < len(c.tokens)
        and c.tokens[i].kind == "word"
        and c.low(i - 1) in ("in", "of", "since", "from", "until", "to", "year")
    ):
        spelled = year_text(c, i)
        return (nodes.year(spelled[0]), spelled[1]) if spelled else None
    if c.low(i) == "year":
        found = year_text(c, i + 1)
        return (nodes.year(found[0]), found[1]) if found else None
    if c.low(i) in ("'", "’") and c.glued(i + 1) and c.is_number(i + 1) and len(c.low(i + 1)) == 2:
        return nodes.year(full_year(c.low(i + 1)), 0.8), i + 2
    if not (c.is_number(i) and len(low) == 4 and 1950 <= int(low) <= 2100):
        return None
    if is_after_sum_noun(c, i):
        return None
    if c.glued(i + 1) and c.low(i + 1) in ("%", "p", "k", "/", "-", "x"):
        return None
    if c.glued(i) and c.low(i - 1) in ("£", "$", "€", "#", "/", "-", ".", ","):
        return None
    likely = 2008 <= int(low) <= 2035
    told = likely and c.low(i + 1) in _YEAR_BEFORE
    cued = (
        told or c.low(i - 1) in _YEAR_CUES or c.atom(i - 1).month or c.atom(i - 1).mod is not None
    )
    edge = i == 0 and i + 1 == len(c.tokens)
    if not (cued or edge or (likely and (i + 1 >= len(c.tokens) or c.low(i + 1) in "?!.,"))):
        return None
    return nodes.year(int(low), 0.93 if likely else 0.7), i + 1


_AFTER_DAY = frozenset(("of", "-", "/", ","))


def month_name(c: Cursor, i: int) -> Found | None:
    """A month, with a day ("march the 3rd", "may 5", "oct/2") if one follows."""
    number = c.atom(i).month
    if number is None:
        return None
    j = i + 1
    if c.low(j) == "." and c.glued(j):
        j += 1
    k = j + 1 if c.low(j) in ("the", "-", "/") and (c.low(j) == "the" or c.glued(j + 1)) else j
    found = _day_number(c, k)
    if found and not _starts_range_of_years(c, k):
        return nodes.day_and_month(number, found[0]), found[1]
    return nodes.month(number, strength=0.94), j


def _starts_range_of_years(c: Cursor, k: int) -> bool:
    """Whether the two digits are a year after an apostrophe or before a currency or unit."""
    return c.low(k - 1) in ("'", "’")


_NOT_A_DAY_AFTER = listed(
    "£ $ € % quid pounds pound dollars bucks euros k p grand per times people of"
)


def _day_number(c: Cursor, i: int) -> tuple[int, int] | None:
    """A day of a month: "3", "3rd", "third"; not a sum, a year or a count."""
    rank = ordinal(c, i)
    if rank is not None:
        return rank if 1 <= rank[0] <= 31 else None
    spelled = integer(c, i) if c.atom(i).number in (20, 30) else None
    if spelled and 21 <= spelled[0] <= 31:
        return spelled
    if not (c.is_number(i) and len(c.low(i)) <= 2 and 1 <= int(c.low(i)) <= 31):
        return None
    following = c.low(i + 1)
    if following in _NOT_A_DAY_AFTER or (c.glued(i + 1) and c.tokens[i + 1].kind == "word"):
        return None
    if c.atom(i + 1).unit or (c.glued(i + 1) and following == ":"):
        return None
    return int(c.low(i)), i + 1


def day_then_month(c: Cursor, i: int) -> Found | None:
    """As in "3 march", "3rd of march", "the 3rd of march", "3-mar", "third of may"."""
    start = i + 1 if c.low(i) == "the" else i
    found = ordinal(c, start) or integer(c, start)
    if found is None or not 1 <= found[0] <= 31:
        return None
    number, j = found
    if c.low(start) == "one":
        return None
    k = j
    if c.low(k) == "." and c.glued(k) and c.atom(k + 1).month:
        k += 1
    if c.low(k) in _AFTER_DAY and (c.low(k) in ("of", ",") or c.glued(k + 1)):
        k += 1
    if c.low(k) == "day" and c.low(k + 1) == "of":
        k += 2
    month = c.atom(k).month
    if month is None or (c.low(k) == "second"):
        return None
    k += 1
    if c.low(k) == "." and c.glued(k) and c.is_number(k + 1):
        k += 1
    return nodes.day_and_month(month, number), k


_DOM_BEFORE = listed("on since from until till by before after between and to the up til")
_DOM_AFTER = listed(
    "? ! . , - – and to until till til of at on in from for please pls is was did thru through "
    "or onwards onward so if when how what with up i then now we will do can have are"
)


def day_of_month(c: Cursor, i: int) -> Found | None:
    """As in "the 3rd", "3rd"; a word behind it makes it a rank ("the 3rd one")."""
    article = c.low(i) == "the"
    start = i + 1 if article else i
    spelled = c.tokens[start].kind == "word" if start < len(c.tokens) else False
    found = ordinal(c, start)
    if found is None and c.is_number(start) and len(c.low(start)) <= 2 and article:
        found = integer(c, start)
        if found and c.glued(found[1]):
            return None
    if found is None or not 1 <= found[0] <= 31:
        return None
    number, j = found
    if c.low(j) == "of" and c.low(j + 1) in ("each", "every"):
        return None
    if not article and c.low(i - 1) not in _DOM_BEFORE and c.low(j) != "of":
        return None
    if (
        spelled
        and number == 1
        and c.low(i - 1) not in ("since", "on", "by", "from", "until", "before")
        and not _is_of_unit(c, j)
    ):
        return None
    ends = j >= len(c.tokens) or c.low(j) in _DOM_AFTER or c.tokens[j].kind == "sign"
    if not ends and c.atom(j).mod is None and c.atom(j).month is None:
        return None
    return nodes.day_of_month(number, strength=0.9 if not spelled else 0.8), j


def _is_of_unit(c: Cursor, j: int) -> bool:
    """As in "the first of this month", "the first of last month"."""
    k = j + 1
    told = c.atom(k).mod is not None or c.low(k) == "the"
    return c.low(j) == "of" and told and c.atom(k + 1).unit == "month"


def bare_day(c: Cursor, i: int) -> Found | None:
    """A number that only a range makes a day ("between 3 and 10 feb", "3-10 feb")."""
    if not (c.is_number(i) and len(c.low(i)) <= 2 and 1 <= int(c.low(i)) <= 31):
        return None
    return nodes.day_of_month(int(c.low(i))), i + 1


def quarter_or_half(c: Cursor, i: int) -> Found | None:
    """`Q1`, `h2`, "third quarter", "first half"; the year may follow."""
    low = c.low(i)
    if low in ("q", "h") and c.is_number(i + 1) and c.glued(i + 1):
        number = int(c.low(i + 1))
        if number <= (4 if low == "q" else 2) and number:
            return nodes.year_part(3 if low == "q" else 6, number), i + 2
    if c.low(i + 1) in ("q", "h") and c.glued(i + 1) and low in ("1", "2", "3", "4"):
        return nodes.year_part(3 if c.low(i + 1) == "q" else 6, int(low)), i + 2
    j = i + 1 if low == "the" else i
    if c.atom(j).unit == "quarter":
        number_found = integer(c, j + 1)
        if number_found and 1 <= number_found[0] <= 4 and not c.glued(number_found[1]):
            return nodes.year_part(3, number_found[0]), number_found[1]
    rank = ordinal(c, j)
    if rank and 1 <= rank[0] <= 4 and c.atom(rank[1]).unit == "quarter":
        return nodes.year_part(3, rank[0]), rank[1] + 1
    return None
