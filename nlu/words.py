"""How common English words are: a word that people really use is no misspelling of another."""

from __future__ import annotations

import importlib.resources
from functools import cache

# The most frequent words only; rarer ones are as likely a name or a slip as themselves.
KNOWN_WORDS = 30_000
EVERYDAY_WORDS = 6_000


@cache
def ranks() -> dict[str, int]:
    """Word to its rank by frequency (0 is the most frequent), from the list in symspellpy."""
    listed = importlib.resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    ranked: dict[str, int] = {}
    with listed.open(encoding="utf-8-sig") as lines:
        for line in lines:
            if len(ranked) >= KNOWN_WORDS:
                break
            ranked.setdefault(line.split(" ", 1)[0], len(ranked))
    return ranked


def is_known(word: str) -> bool:
    """Whether the folded word is an English word that people use."""
    return word in ranks()


def is_everyday(word: str) -> bool:
    """Whether the folded word is so common that it is rarely a name."""
    return ranks().get(word, KNOWN_WORDS) < EVERYDAY_WORDS


def listed(text: str) -> frozenset[str]:
    """The words of a text, for look-up."""
    return frozenset(text.split())


def in_order(text: str) -> tuple[str, ...]:
    """The words of a text as they stand."""
    return tuple(text.split())
