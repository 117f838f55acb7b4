"""A row's words: joined from several fields, and brought to one form to be compared."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from rapidfuzz import fuzz

_BREAKS = re.compile(r"[\r\n\t]+")
_WORDS = re.compile(r"[^\W_]+")
_SAYS_NOTHING = frozenset({
    "debit", "credit", "deb", "dr", "cr", "d", "c", "payment", "purchase", "sale", "card",
    "card payment", "card_payment", "pos", "other", "transaction", "transfer", "misc", "n", "y",
    "-", "*", "ach_debit", "ach_credit", "debit_card", "misc_debit", "misc_credit", "none", "n/a",
})  # fmt: skip
_ALIKE = 90
"""Similarity (0 to 100) from which two descriptions of one day and amount are the same row."""


def tidy(text: str) -> str:
    """A text on one line, without spaces around it; those within are the bank's own."""
    return (
        _BREAKS.sub(" ", text) if "\n" in text or "\r" in text or "\t" in text else text
    ).strip()


def squash(text: str) -> str:
    """A text in lower case without spaces: the same wherever a bank breaks its lines."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return "".join(text.split()).casefold()


def join(parts: Sequence[str]) -> str:
    """Join fields into one description; one that another repeats or begins is left out."""
    if len(parts) == 1:
        return tidy(parts[0])
    kept: list[str] = []
    for part in (tidy(part) for part in parts):
        small = squash(part)
        if not small or any(small in squash(other) for other in kept):
            continue
        kept = [other for other in kept if squash(other) not in small]
        kept.append(part)
    return " ".join(kept)


def tells(text: str) -> bool:
    """Whether a type or reference says more than debit or credit, or a number made up for it."""
    words = text.split()
    number = len(words) == 1 and any(mark.isdigit() for mark in text)
    return bool(words) and not number and tidy(text).casefold() not in _SAYS_NOTHING


def fingerprint(booked: date, minor: int, currency: str, core: str) -> str:
    """The hash by which the same row is found again, whichever layout it came in."""
    text = f"{booked.isoformat()}|{minor}|{currency}|{squash(core)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def alike(one: str, other: str) -> bool:
    """Whether two descriptions of the same day and amount are surely of one transaction.

    One is cut off or repeated within the other, has all its words, or is nearly the same; two
    that both have numbers but none in common are not (another branch, another reference).
    """
    left, right = sorted((squash(one), squash(other)), key=len)
    if len(left) >= 4 and left in right:
        return True
    words, others = set(_WORDS.findall(one.casefold())), set(_WORDS.findall(other.casefold()))
    numbers = [{word for word in side if any(mark.isdigit() for mark in word)}
               for side in (words, others)]  # fmt: skip
    if all(numbers) and not numbers[0] & numbers[1]:
        return False
    fewer, more = sorted((words, others), key=len)
    if fewer <= more and any(len(word) > 2 and word.isalpha() for word in fewer):
        return True
    return fuzz.token_sort_ratio(one.casefold(), other.casefold()) >= _ALIKE
