"""Mends what is misspelt, for a second reading beside the words as they were written.

A word that neither English nor the training lines know is read as the nearest word that people use
with Florin: by slips (optimal string alignment), then by how common the word is there.
"""

import math
from collections.abc import Mapping
from functools import lru_cache
from string import ascii_lowercase

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.words import COMMON_WORDS, known_ranks

_REMEMBERED = 20_000
_SHORTEST = 4
"""Letters from which a word can be told to be misspelt."""
_LONG = 6
"""Letters from which a word may have two slips."""
_USED = 4
"""Times that a word stands in the lines from which on others are mended to it."""
_NEAR = 8
_OTHER = 1
_BITS = {letter: 2 << at for at, letter in enumerate(ascii_lowercase)}
_SAME_INITIAL = 0.5
"""Slips that it is worth to keep the first letter: it is seldom wrong."""
_COMMONER = 0.12
"""Slips that it is worth to be ten times as common."""


class Speller:
    """Words of the training lines, and the slips that lead to them.

    Args:
        words: Each word of the lines before they were misspelt, and how often it stood there.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = words
        self._used = [word for word, count in words.items() if count >= _USED and len(word) > 2]
        self._letters = np.array([_letters(word) for word in self._used], dtype=np.uint32)
        self._lengths = np.array([len(word) for word in self._used], dtype=np.int16)
        self._mended = lru_cache(_REMEMBERED)(self._mend)

    def mend(self, normal: str) -> str:
        """Return a message in normal form with its misspelt words mended.

        Args:
            normal: The normal form; words that are known or like no other stay.
        """
        return " ".join([self._mended(word) for word in normal.split(" ")])

    def _mend(self, word: str) -> str:
        known = len(word) < _SHORTEST or word in self._words or not word.isalpha()
        return (
            word
            if known or known_ranks().get(word, COMMON_WORDS) < COMMON_WORDS
            else self._nearest(word)
        )

    def _nearest(self, word: str) -> str:
        slips = 1 if len(word) < _LONG else 2
        near = process.extract(
            word, self._within(word, slips), scorer=OSA.distance, score_cutoff=slips, limit=_NEAR
        )
        return min(near, key=lambda found: self._cost(word, *found[:2]))[0] if near else word

    def _within(self, word: str, slips: int) -> list[str]:
        """The words that may be as near: a slip changes the length by one and two letters."""
        apart = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))
        close = (apart <= 2 * slips) & (np.abs(self._lengths - len(word)) <= slips)
        return [self._used[at] for at in np.flatnonzero(close)]

    def _cost(self, word: str, other: str, slips: float) -> float:
        same = _SAME_INITIAL if other[0] == word[0] else 0.0
        return slips - same - _COMMONER * math.log10(self._words[other] + 1)


def _letters(word: str) -> int:
    """Which letters a word has, a bit for each of the alphabet; all others share one."""
    found = 0
    for letter in word:
        found |= _BITS.get(letter, _OTHER)
    return found
