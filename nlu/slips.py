"""Words by their first letter and length, to find the one that a misspelt word stands for."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Misspelt words of one message that are looked up; a hostile message holds hundreds.
MOST_LOOKED_UP = 40


class SlipIndex:
    """The listed words that a slip may stand for; the first letter is taken as right.

    Args:
        words: The listed words, folded; of equally near ones the earlier wins.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._buckets: dict[tuple[str, int], list[str]] = {}
        for word in words:
            self._buckets.setdefault((word[:1], len(word)), []).append(word)

    def nearest(self, word: str, slips: int) -> tuple[str, int] | None:
        """The nearest listed word and how many slips it is away (OSA distance); at most `slips`."""
        best: tuple[str, int] | None = None
        for off in sorted(range(-slips, slips + 1), key=abs):
            least = slips if best is None else best[1] - 1
            bucket = self._buckets.get((word[:1], len(word) + off))
            if bucket is None or abs(off) > least:
                continue
            near = process.extractOne(word, bucket, scorer=OSA.distance, score_cutoff=least)
            if near is not None:
                best = near[0], int(near[1])
        return best
