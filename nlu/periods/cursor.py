"""A message as atoms, with the small readers that all rules share: words, numbers, durations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nlu.periods.lexicon import NOTHING, Atom, atom_of
from nlu.periods.nodes import Node
from nlu.tokens import Token

# What a rule found: the node and the index of the token after it.
Found = tuple[Node, int]
Rule = Callable[["Cursor", int], Found | None]
Duration = tuple[tuple[float, str], ...]

_MULTIPLIERS = {"hundred": 100, "thousand": 1000}
_SUFFIXES = frozenset(("st", "nd", "rd", "th"))
_TENS = range(20, 100, 10)


@dataclass
class Cursor:
    """The tokens of one message and what each may be.

    Attributes:
        tokens: The message.
        country: GB reads 3/4 as 3 April, US as March 4.
        memo: What the core rule found at each index, so that no place is read twice.
        asked: How many dates of the message went to `dateparser`.
    """

    tokens: list[Token]
    country: str
    atoms: list[Atom] = field(init=False)
    memo: dict[tuple[str, int], Found | None] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        """Reads the tokens once."""
        self.atoms = [atom_of(t.low) if t.kind == "word" else NOTHING for t in self.tokens]

    def low(self, i: int) -> str:
        """The folded word at an index, empty beyond the ends."""
        return self.tokens[i].low if 0 <= i < len(self.tokens) else ""

    def atom(self, i: int) -> Atom:
        """The atom at an index."""
        return self.atoms[i] if 0 <= i < len(self.tokens) else NOTHING

    def glued(self, i: int) -> bool:
        """Whether the token stands right behind the one before."""
        return 0 <= i < len(self.tokens) and self.tokens[i].glued

    def is_number(self, i: int) -> bool:
        """Whether the token is written in digits only."""
        return 0 <= i < len(self.tokens) and self.tokens[i].low.isdigit()

    def words(self, i: int, *words: str) -> int | None:
        """The index after the words if they stand here."""
        for word in words:
            if self.low(i) != word:
                return None
            i += 1
        return i

    def skip(self, i: int, words: frozenset[str]) -> int:
        """The index after any of the words."""
        while self.low(i) in words:
            i += 1
        return i


def integer(c: Cursor, i: int) -> tuple[int, int] | None:
    """A whole number in digits or words ("twenty one", "a hundred")."""
    if c.is_number(i):
        return (int(c.low(i)), i + 1) if len(c.low(i)) <= 4 else None
    number = c.atom(i).number
    if c.low(i) in ("couple", "cpl", "few", "dozen"):
        return None
    if number is None:
        return None
    i += 1
    if number in _TENS:
        j = i + 1 if c.low(i) == "-" else i
        ones = c.atom(j).number
        if ones is not None and 0 < ones < 10:
            number, i = number + ones, j + 1
    if c.low(i) in _MULTIPLIERS:
        number, i = number * _MULTIPLIERS[c.low(i)], i + 1
        j = i + 1 if c.low(i) == "and" else i
        rest = integer(c, j) if c.atom(j).number is not None else None
        if rest:
            number, i = number + rest[0], rest[1]
    return number, i


def quantity(c: Cursor, i: int) -> tuple[float, int] | None:
    """How many units: "3", "a", "a couple of", "the few", "two and a half", "1.5", "half a"."""
    low = c.low(i)
    if low == "half" and c.low(i + 1) in ("a", "an"):
        return 0.5, i + 2
    j = i + 1 if low in ("a", "the") else i
    if c.low(j) in ("couple", "cpl", "few", "dozen"):
        count = c.atom(j).number or 0
        j += 1
        return float(count), (j + 1 if c.low(j) == "of" else j)
    if low in ("a", "an") and c.low(i + 1) not in ("hundred", "thousand"):
        return 1.0, i + 1
    if c.low(i).replace(".", "", 1).isdigit() and "." in c.low(i) and len(low) <= 5:
        return float(low), i + 1
    found = integer(c, j)
    if found is None:
        return None
    count, j = found
    other = integer(c, j + 1) if c.low(j) == "or" else None
    if other and other[0] > count and c.atom(other[1]).unit:
        count, j = other  # "two or three weeks" are at most three
    half = c.words(j, "and", "a", "half")
    return (count + 0.5, half) if half else (float(count), j)


_WORKING = frozenset(("working", "work", "business", "week"))
_TAX = frozenset(("tax", "financial", "fiscal"))


def unit_name(c: Cursor, i: int) -> tuple[str, int] | None:
    """A unit word, with what narrows it: "working days", "calendar month", "tax year"."""
    low, name = c.low(i), c.atom(i).unit
    if low in _WORKING and c.atom(i + 1).unit == "day":
        return "workday", i + 2
    if low in ("weekday", "weekdays"):
        return "workday", i + 1
    if low == "calendar" and c.atom(i + 1).unit:
        return c.atom(i + 1).unit or "", i + 2
    if low in _TAX and c.atom(i + 1).unit == "year":
        return "tax_year", i + 2
    if low in _TAX and c.atom(i + 1).unit == "quarter":
        return "quarter", i + 2
    if low == "half":
        j = i + 2 if c.low(i + 1) == "-" else i + 1
        return ("half", j + 1) if c.atom(j).unit == "year" else None
    if name is None:
        return None
    if low in ("m", "d", "w", "y", "min", "second") and not c.glued(i) and low != "min":
        return None
    return name, i + 1


def duration(c: Cursor, i: int) -> tuple[Duration, int] | None:
    """A length of time: "3 months", "2 years 1 month 21 days", "a month and a half", "90d"."""
    parts: list[tuple[float, str]] = []
    while True:
        step = _one_part(c, i)
        if step is None:
            break
        part, i = step
        half = c.words(i, "and", "a", "half")
        if half:
            part, i = (part[0] + 0.5, part[1]), half
        parts.append(part)
        j = c.skip(i, frozenset(("and", ",")))
        if _one_part(c, j) is None or len(parts) >= 4:
            break
        i = j
    return (tuple(parts), i) if parts else None


_SHORT_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}


def _one_part(c: Cursor, i: int) -> tuple[tuple[float, str], int] | None:
    found = quantity(c, i)
    if found is None:
        return None
    count, j = found
    if c.glued(j) and c.low(j) in _SHORT_UNITS and c.is_number(i):
        return (count, _SHORT_UNITS[c.low(j)]), j + 1
    if c.low(j) == "-":
        j += 1
    named = unit_name(c, j)
    if named is None or count > 5_000:
        return None
    if named[0] in ("hour", "minute"):
        days = (count / 24) if named[0] == "hour" else count / 1440
        return (float(max(int(days), 0)), "day"), named[1]
    return (count, named[0]), named[1]


_RANGING = frozenset(("to", "until", "till", "til", "through", "thru", "-", "–"))


def opens_range(c: Cursor, i: int) -> bool:
    """Whether "from" stands here with its "to": a range, and no point to count from."""
    return c.low(i) == "from" and any(c.low(k) in _RANGING for k in range(i + 2, i + 7))


_RATES = frozenset(("a", "an", "per", "each", "every", "/"))


def is_rate_before_range(c: Cursor, i: int, end: int) -> bool:
    """As in "a month from may to october": how often, then a range, and no point in time."""
    return opens_range(c, end) and bool({c.low(i), c.low(i - 1)} & _RATES)


def ordinal(c: Cursor, i: int) -> tuple[int, int] | None:
    """A rank: "3rd", "third", "twenty first"; "last" is -1."""
    if c.is_number(i) and c.low(i + 1) in _SUFFIXES and (c.glued(i + 1) or c.low(i + 1) != "st"):
        return (int(c.low(i)), i + 2) if len(c.low(i)) <= 3 else None
    if c.atom(i).number in (20, 30):
        j = i + 2 if c.low(i + 1) == "-" else i + 1
        rank = c.atom(j).ordinal
        if rank is not None and 0 < rank < 10:
            return (c.atom(i).number or 0) + rank, j + 1
    rank = c.atom(i).ordinal
    return None if rank is None else (rank, i + 1)
