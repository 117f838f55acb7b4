"""Names as people would write them: cased, without numbers, legal ends and a branch's street."""

from __future__ import annotations

import re
from functools import lru_cache

_KEPT_NAMES = 1 << 13

_TRADE_WORDS = (
    "academy arms bagels bakery barber barbers barbershop bbq bistro bookshop brasserie brewery "
    "butchers cafe cantina chemist chiropractic church cinema clinic creamery deli dental dentist "
    "dentistry diner donuts fishmongers fitness florist florists garage gelato grill gym hardware "
    "hospital hotel inn jewelers jewellers kitchen laundromat launderette motors museum newsagents "
    "noodles nursery opticians orthodontics osteria pharmacy physiotherapy pizza pizzeria podiatry "
    "pub ramen restaurant roastery salon school steakhouse surgery sushi taqueria tavern theater "
    "theatre tires trattoria tyres veterinary vets vineyard yoga zoo"
)
_BEHIND_WORDS = (
    "& and at bar by cafe care center centre clinic club co company express gallery group hospital "
    "hotel house in kitchen lounge market of on or practice restaurant room rooms school services "
    "shop spa station store stores supplies surgery the works"
)
_TRADES = frozenset(_TRADE_WORDS.split())
_GO_ON = frozenset(_BEHIND_WORDS.split())
"""What stands behind a trade as a part of the name."""
_MOST_BEHIND = 2


@lru_cache(maxsize=_KEPT_NAMES)
def ended(name: str) -> str:
    """A name without the street or part of town behind its trade: `Village Vets Ranelagh`.

    Args:
        name: As the line prints it, without the town that the tables of places know.
    """
    words = name.split()
    for last in range(len(words) - 2, 0, -1):
        if words[last].casefold().strip(".,'") not in _TRADES or last + 1 + _MOST_BEHIND < len(
            words
        ):
            continue
        behind = [word.casefold() for word in words[last + 1 :]]
        if behind[0] in _GO_ON or not all(w.isalpha() and w not in _TRADES for w in behind):
            return name
        head = words[: last + 1]
        return name if head[0].casefold() == "the" and last == 1 else " ".join(head)
    return name


_TRAILING_NUMBER = re.compile(r"[\s#*-]*(?:#?\d[\d/-]*|\b[a-z]*\d[\w-]*)$", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(?:on|at|and|of|&) \d{1,3}(?:st|nd|rd|th)$", re.IGNORECASE)
"""A street that is a part of the name: `Tap House on 5th`."""
_COUNTED = ("st", "nd", "rd", "th")
_BEFORE, _BEHIND = " *#_:;,.-", " *#_:;,-"
_SUFFIX = re.compile(
    r"[\s,]+(?:ltd|limited|plc|llc|inc|corp|llp|co ltd|pty|gmbh|bv|b\.v\.|s\.?a\.?|intl|"
    r"uk ltd|gb ltd)\.?$",
    re.IGNORECASE,
)
_HOST = re.compile(r"\.(?:com|co\.uk|net|org|io|eu|ie|us)(?:/\S*)?$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d]{2}")
_VOWEL = re.compile(r"[aeiouy]")
_NO_LETTER = re.compile(r"[^a-z]")
_RUN = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_SMALL = frozenset(
    ["and", "of", "the", "at", "in", "on", "de", "do", "da", "la", "le", "du", "for", "by"]
)
_KEPT = frozenset(["bbq", "llc", "usa", "uk", "nyc", "dj", "diy", "tv", "it", "bp", "ikea", "h&m"])


_SHORT = {
    "pk": "Park", "prkg": "Parking", "ctr": "Center", "mkt": "Market", "svcs": "Services",
    "univ": "University", "hosp": "Hospital", "dept": "Department", "apts": "Apartments",
    "b/soc": "Building Society", "assoc": "Association", "natl": "National",
    "rest": "Restaurant", "mgmt": "Management", "mgt": "Management", "pharm": "Pharmacy",
}  # fmt: skip
"""Abbreviations of bank lines that stand for one word only."""


_LEGAL_ENDS = ("ltd", "limited", "plc", "llc", "inc", "corp", "llp", "pty", "gmbh", "bv", "b.v",
               "sa", "s.a", "intl")  # fmt: skip


@lru_cache(maxsize=_KEPT_NAMES)
def readable(name: str) -> str:
    """A name as people would write it: `CODE BLUE CPR LLC` → `Code Blue CPR`.

    Store numbers, legal suffixes and edge punctuation go; names written in mixed case stay.
    """
    text = " ".join(name.split())
    for _ in range(4):
        before = text
        text = text.lstrip(_BEFORE).rstrip(_BEHIND)
        if text.casefold().rstrip(".").endswith(_LEGAL_ENDS):
            text = _SUFFIX.sub("", text)
        if _DIGIT.search(text.rpartition(" ")[2]) and not _ORDINAL.search(text):
            shorter = _TRAILING_NUMBER.sub("", text)
            text = shorter if _LETTERS.search(shorter) else text
        if text == before:
            break
    if "." in text:
        text = _HOST.sub("", text) or text
    if not (text.isupper() or text.islower()):
        words = text.split()
        return " ".join(words)
    return " ".join(_cased(word, first=n == 0) for n, word in enumerate(text.split()))


@lru_cache(maxsize=_KEPT_NAMES)
def _cased(word: str, *, first: bool) -> str:
    lower = word.casefold()
    if lower[:1].isdigit() and lower.endswith(_COUNTED):
        return lower
    if lower in _SMALL and not first:
        return lower
    if lower in _SHORT and not first:
        return _SHORT[lower]
    bare = _NO_LETTER.sub("", lower)
    if lower in _KEPT or (bare and len(bare) <= 4 and not _VOWEL.search(bare)):
        return word.upper()
    return _RUN.sub(lambda m: m[0].capitalize(), lower)
