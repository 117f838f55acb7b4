"""Feasts, bank holidays, seasons, and the events that only a person's ledger can date."""

from __future__ import annotations

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Found
from nlu.periods.phrases import time_phrases
from nlu.words import listed

_PHRASES: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _name, _spellings in time_phrases()["feasts"].items():
    for _spelling in _spellings:
        _words = tuple(_spelling.split())
        _PHRASES.setdefault(_words[0], []).append((_words, _name))
for _rows in _PHRASES.values():
    _rows.sort(key=lambda row: -len(row[0]))


FEAST_STARTS = frozenset(_PHRASES)


_NOT_THE_FEAST = listed(
    "present presents shopping fund pot savings goal party budget jumper tree club dinner card "
    "cards lights bonus stuff money food saver resolution resolutions egg eggs holidays break "
    "deals sale account island"
)


_WEEKENDS = frozenset(["weekend", "wkend", "wknd"])


_NEUTRAL_BEFORE = frozenset(["happy", "merry"])


_NEW_YEAR_BEFORE = listed("at since over before after until till by")


def feast(c: Cursor, i: int) -> Found | None:
    """A feast with the word before it and the form behind it ("last easter weekend")."""
    start = i + 1 if c.low(i) == "the" else i
    mod = c.atom(start).mod
    j = start + 1 if mod is not None else start
    if c.low(j) == "bank" and c.low(j + 1) in ("holiday", "hol", "hols", "holidays"):
        return _bank_holiday(c, j + 2, mod)
    for words, name in _PHRASES.get(c.low(j), ()):
        end = c.words(j, *words)
        if end is None:
            continue
        if c.low(j - 1) in _NEUTRAL_BEFORE:
            return None
        if name == "new_year" and words == ("new", "year"):
            if c.low(i) == "the":
                return None if mod is not None else (nodes.month(1), end)
            if c.low(start - 1) != "the" and c.low(i - 1) not in _NEW_YEAR_BEFORE:
                return None
        form = "day"
        if c.low(end) in _WEEKENDS:
            form, end = "weekend", end + 1
        elif c.low(end) in ("week", "wk"):
            form, end = "week", end + 1
        elif c.low(end) == "eve" and name in ("christmas", "new_year", "halloween"):
            form, end = "eve", end + 1
        elif c.low(end) == "day":
            end += 1
        elif c.low(end) == "bank" and c.low(end + 1) == "holiday":
            end += 2
            if c.low(end) in _WEEKENDS:
                form, end = "weekend", end + 1
        elif c.low(end) in ("period", "time", "season"):
            end += 1
        elif c.low(end) in _NOT_THE_FEAST and c.low(i - 1) not in ("over", "since", "during"):
            return None
        return nodes.feast(name, mod, form), end
    return None


def _bank_holiday(c: Cursor, end: int, mod: int | None) -> Found | None:
    weekend = c.low(end) in _WEEKENDS
    if c.atom(end).weekday is not None:
        return nodes.bank_holiday(mod, only=c.atom(end).weekday), end + 1
    return nodes.bank_holiday(mod, weekend), (end + 1 if weekend else end)


_SEASON_BEFORE = listed(
    "in over during since last this next the until till by before after from of between and early "
    "late mid middle whole all that"
)


def season(c: Cursor, i: int) -> Found | None:
    """As in "last summer", "in the spring"; "fall" and "spring" alone are other words."""
    start = i + 1 if c.low(i) == "the" else i
    mod = c.atom(start).mod
    j = start + 1 if mod is not None else start
    name = c.atom(j).season
    if name is None:
        return None
    dated = c.is_number(j + 1) and len(c.low(j + 1)) == 4
    homonym = c.low(j) in ("fall", "spring") and not dated
    if homonym and mod is None and c.low(j - 1) not in _SEASON_BEFORE:
        return None
    if mod is None and c.low(j - 1) not in _SEASON_BEFORE and not c.is_number(j + 1):
        return None
    if c.low(j + 1) in ("term", "holidays", "holiday", "break", "hols", "sale", "fund", "clothes"):
        return None
    return nodes.season(name, mod), j + 1


_LAST_EVENT_VERBS = frozenset(["i", "we", "my"])
