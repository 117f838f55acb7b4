"""How much a word that begins a name says by itself: `wash` says less than `walgreens`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import cache

from enrichment.counterparty import Found, fold
from knowledge.merchants import load_merchants
from knowledge.words import load_typical_names, load_words

_SILENT = frozenset({"the", "www"})


@cache
def _counts() -> Counter[str]:
    """How often each word stands where no brand begins with it.

    That is in names of independents, behind another word in a merchant's name, and, three times, in
    what a kind of shop is called.
    """
    counts: Counter[str] = Counter()
    for merchant in load_merchants():
        counts.update(set(fold(merchant.name)[1:]))
    for names in load_typical_names().values():
        for name in names:
            counts.update(set(name.split()))
    for phrases in load_words().values():
        for phrase in phrases:
            counts.update(dict.fromkeys(fold(phrase), 3))
    return counts


@cache
def _kind_words() -> frozenset[str]:
    return frozenset(w for said in load_words().values() for phrase in said for w in fold(phrase))


def tells_kind(words: Iterable[str]) -> bool:
    """Whether one of these words stands in a phrase for a kind of shop, trade or purpose."""
    return not _kind_words().isdisjoint(words)


def plainness(found: Found, name: str) -> tuple[float, bool]:
    """How plain the one word is that a merchant was found by, and whether a number follows it.

    Args:
        found: The merchant.
        name: The name that begins with it.

    Returns:
        The log of how often the word stands elsewhere, 0 where more words matched; a number of two
        digits or more right behind the match is most likely the branch's.
    """
    words = fold(name)
    start = 1 if words and words[0] in _SILENT else 0
    behind = words[start + found.words :]
    numbered = bool(behind) and behind[0].isdigit() and len(behind[0]) > 1
    if found.words != 1 or len(words) <= start:
        return 0.0, numbered
    return math.log1p(_counts()[words[start]]), numbered
