"""How common English words are: a word that people really use is no misspelling of another."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from nlu.slips import SlipIndex
from nlu.texting import TEXTING

# The most frequent words only; rarer ones are as likely a name or a slip as themselves.
KNOWN_WORDS = 30_000
EVERYDAY_WORDS = 6_000
COMMON_WORDS = 20_000


@cache
def ranks() -> dict[str, int]:
    """Every word to its rank by frequency (0 is the most frequent), from symspellpy's list."""
    return {word: rank for rank, word in enumerate(_lines())}


def _lines() -> Iterator[str]:
    file = importlib.resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    with file.open(encoding="utf-8-sig") as lines:
        for line in lines:
            yield line.split(" ", 1)[0]


@cache
def known_ranks() -> dict[str, int]:
    """The `KNOWN_WORDS` most frequent words to their rank: all that a service needs in memory."""
    return {word: rank for rank, word in enumerate(islice(_lines(), KNOWN_WORDS))}


@cache
def _rarer() -> npt.NDArray[np.int64]:
    """The rarer words as sorted hashes, a tenth of the memory that their letters take."""
    return np.sort(np.array([hash(word) for word in islice(_lines(), KNOWN_WORDS, None)]))


def is_in_dictionary(word: str) -> bool:
    """Whether the folded word is in the list at all, however rare."""
    if word in known_ranks():
        return True
    rarer, sought = _rarer(), hash(word)
    at = int(np.searchsorted(rarer, sought))
    return at < len(rarer) and int(rarer[at]) == sought


def is_known(word: str) -> bool:
    """Whether the folded word is an English word that people use."""
    return word in known_ranks()


def is_everyday(word: str) -> bool:
    """Whether the folded word is so common that it is rarely a name."""
    return known_ranks().get(word, KNOWN_WORDS) < EVERYDAY_WORDS


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
        word for word, rank in known_ranks().items() if rank < COMMON_WORDS and len(word) > 2
    )


@lru_cache(maxsize=4096)
def is_strange(word: str) -> bool:
    """Whether a folded word is neither a word, nor texting, nor a slip of a common word."""
    if len(word) < 3 or not word.isalpha() or word in TEXTING or is_in_dictionary(word):
        return False
    near = nearest_common(word)
    return near is None or (near[1] > 1 and is_compound(word))


# A half of a made-up name is a word of some length, and not both are among the most frequent.
_HALF = 4
_FREQUENT = 1_000


def is_compound(word: str) -> bool:
    """Whether a folded word is two common words written as one ("crumbhouse", not "howmuch")."""
    for cut in range(_HALF, len(word) - _HALF + 1):
        first, second = (known_ranks().get(half, KNOWN_WORDS) for half in (word[:cut], word[cut:]))
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
