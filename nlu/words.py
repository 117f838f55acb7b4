"""How common English words are: a word that people really use is no misspelling of another."""

from __future__ import annotations

import importlib.resources
import re
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from nlu.slips import SlipIndex
from nlu.texting import TEXTING

# The most frequent words only; rarer ones are as likely a name or a slip as themselves.
KNOWN_WORDS = 30_000
EVERYDAY_WORDS = 6_000
COMMON_WORDS = 20_000


@cache
def ranks() -> dict[str, int]:
    """Word to its rank by frequency (0 is the most frequent), from the list in symspellpy."""
    listed = importlib.resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    ranked: dict[str, int] = {}
    with listed.open(encoding="utf-8-sig") as lines:
        for line in lines:
            ranked.setdefault(line.split(" ", 1)[0], len(ranked))
    return ranked


def is_known(word: str) -> bool:
    """Whether the folded word is an English word that people use."""
    return ranks().get(word, KNOWN_WORDS) < KNOWN_WORDS


def is_everyday(word: str) -> bool:
    """Whether the folded word is so common that it is rarely a name."""
    return ranks().get(word, KNOWN_WORDS) < EVERYDAY_WORDS


def listed(text: str) -> frozenset[str]:
    """The words of a text, for look-up."""
    return frozenset(text.split())


def in_order(text: str) -> tuple[str, ...]:
    """The words of a text as they stand."""
    return tuple(text.split())


_STRETCHED = re.compile(r"(.)\1{2,}")


@cache
def _common() -> SlipIndex:
    """The common words, the most frequent first."""
    return SlipIndex(
        word for word, rank in ranks().items() if rank < COMMON_WORDS and len(word) > 2
    )


@lru_cache(maxsize=4096)
def is_strange(word: str) -> bool:
    """Whether a folded word is neither a word, nor texting, nor a slip of a common word."""
    if len(word) < 3 or not word.isalpha() or word in ranks() or word in TEXTING:
        return False
    near = nearest_common(word)
    return near is None or (near[1] > 1 and is_compound(word))


# A half of a made-up name is a word of some length, and not both are among the most frequent.
_HALF = 4
_FREQUENT = 1_000


def is_compound(word: str) -> bool:
    """Whether a folded word is two common words written as one ("crumbhouse", not "howmuch")."""
    for cut in range(_HALF, len(word) - _HALF + 1):
        first, second = (ranks().get(half, KNOWN_WORDS) for half in (word[:cut], word[cut:]))
        if _FREQUENT <= max(first, second) < KNOWN_WORDS:
            return True
    return False


@lru_cache(maxsize=4096)
def nearest_common(word: str) -> tuple[str, int] | None:
    """The common word that a folded word is a slip of, and how many slips away."""
    word = _STRETCHED.sub(r"\1", word)
    slips = 2 if len(word) >= 6 else 1
    return _common().nearest(word, slips)


def is_likelier_slip_of(word: str, name: str) -> bool:
    """Whether a word is as near to a common word as to a name that is none of the common ones."""
    near = nearest_common(word)
    if near is None or near[0] == name:
        return False
    return near[1] <= OSA.distance(word, name)
