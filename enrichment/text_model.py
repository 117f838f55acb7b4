"""A linear classifier over hashed character n-grams and words, served by NumPy alone.

The features are those of a bag of character n-grams inside word boundaries (Cavnar & Trenkle 1994)
with the hashing trick (Weinberger et al. 2009); weights come from one-against-rest logistic
regression. One text costs a gather of some hundred rows of a matrix.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

BITS = 18
_SIZE = 1 << BITS
_LAST = _SIZE - 1
_GRAMS = (3, 4, 5)
_MAX_TEXT = 160
_MAX_WORDS = 24
_CHUNK = 4096
_KEPT = 1 << 15
"""Words whose hashes are kept: most lines are made of words that stood in others."""


class _Word(NamedTuple):
    """The hashes of a word.

    Attributes:
        grams: The n-grams inside the word with blanks as its edges, and the word itself.
        said: The word.
        before: Of the beginning of a pair, which the second word goes on.
        first: Of the word where a text begins with it.
        last: Where it ends with it.
    """

    grams: Ints
    said: bytes
    before: int
    first: int
    last: int


@lru_cache(maxsize=_KEPT)
def _word(word: str) -> _Word:
    said = word.encode()
    edged = b" %s " % said
    grams = map(edged.__getitem__, _spans(len(edged)))
    codes = [code & _LAST for code in map(zlib.crc32, (b"w" + edged, *grams))]
    before = zlib.crc32(b"b" + edged)
    first, last = _hashed(b"f " + said), _hashed(b"l " + said)
    return _Word(np.array(codes, np.int64), said, before, first, last)


@lru_cache(maxsize=_MAX_TEXT)
def _spans(length: int) -> tuple[slice, ...]:
    """Where the n-grams of a word of that many bytes lie."""
    return tuple(slice(at, at + n) for n in _GRAMS for at in range(length - n + 1))


def _hashed(part: bytes) -> int:
    return zlib.crc32(part) & _LAST


def _between(words: Sequence[_Word]) -> list[int]:
    """Pairs of words, the first and the last word."""
    if not words:
        return []
    pairs = [zlib.crc32(b.said, a.before) & _LAST for a, b in pairwise(words)]
    return [*pairs, words[0].first, words[-1].last]


@lru_cache(maxsize=1 << 10)
def _side(*tokens: str) -> tuple[int, ...]:
    return tuple(_hashed(token.encode()) for token in tokens)


def _parts(text: str, tokens: Sequence[str]) -> tuple[list[Ints], list[int]]:
    """The features of a text with repeats: each word's, and those of their order and tokens."""
    words = list(map(_word, text[:_MAX_TEXT].split()[:_MAX_WORDS]))
    return [word.grams for word in words], [*_between(words), *_side(*tokens)]


def hashes_many(texts: Sequence[tuple[str, Sequence[str]]]) -> list[Ints]:
    """The distinct features of many texts, each with its side tokens, as indices below 2**18."""
    inside: list[Ints] = []
    others: list[int] = []
    counts: list[int] = []
    more: list[int] = []
    for text, tokens in texts:
        grams, rest = _parts(text, tokens)
        inside += grams
        others += rest
        counts.append(sum(map(len, grams)))
        more.append(len(rest))
    found = np.concatenate((*inside, np.array(others, np.int64)))
    if len(texts) == 1:
        return [_distinct(found)]
    # The text's number stands before its features: one sort does for all.
    numbers = np.arange(len(texts)) << BITS
    keys = _distinct(found + np.concatenate((numbers.repeat(counts), numbers.repeat(more))))
    edges = keys.searchsorted(np.arange(len(texts) + 1) << BITS).tolist()
    keys &= _LAST
    return [keys[begin:end] for begin, end in pairwise(edges)]


def _distinct(keys: Ints) -> Ints:
    """Each key once, in order."""
    keys.sort()
    new = keys[1:] != keys[:-1]
    return np.concatenate((keys[:1], keys[1:][new]))


def matrix(rows: Sequence[Ints]) -> Any:
    """Rows of distinct features as a sparse matrix of ones."""
    lengths = np.fromiter((len(r) for r in rows), dtype=np.int64, count=len(rows))
    indptr = np.concatenate(([0], np.cumsum(lengths)))
    indices = np.concatenate(rows) if rows else np.empty(0, np.int64)
    ones = np.ones(len(indices), dtype=np.float32)
    return sparse.csr_matrix((ones, indices, indptr), shape=(len(rows), _SIZE))


@dataclass(frozen=True)
class TextModel:
    """A fitted model.

    Attributes:
        classes: Category ids, in the order of the columns.
        slots: For every hash its row in `weights`; row 0 is empty, for what was never seen.
        weights: One row a feature, one column a class, the feature's idf already in it, in steps
            of `scales`.
        scales: One step a row.
        idf: Inverse document frequency of each row, for the length of a text.
        bias: One value a class.
        temperature: Divides the scores before they are made probabilities.
    """

    classes: tuple[str, ...]
    slots: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int8]
    scales: Floats
    idf: Floats
    bias: Floats
    temperature: float

    @cached_property
    def _lengths(self) -> Floats:
        return np.asarray(self.idf**2)

    def scores(self, rows: Sequence[Ints]) -> Floats:
        """Raw scores, one row a text."""
        if len(rows) == 1:
            return self._score(rows[0])[None, :]
        chunks = [self._scores(rows[n : n + _CHUNK]) for n in range(0, len(rows), _CHUNK)]
        return np.concatenate(chunks) if chunks else np.empty((0, len(self.classes)), np.float32)

    def _score(self, row: Ints) -> Floats:
        """One text without the cost of sparse matrices."""
        flat = self.slots.take(row)
        length = math.sqrt(max(float(np.add.reduce(self._lengths.take(flat))), _SHORTEST))
        summed = self.scales.take(flat) @ self.weights.take(flat, axis=0).astype(np.float32)
        return np.asarray(summed / np.float32(length) + self.bias)

    def _scores(self, rows: Sequence[Ints]) -> Floats:
        lengths = np.fromiter((len(r) for r in rows), dtype=np.int64, count=len(rows))
        flat = self.slots.take(np.concatenate(rows))
        ends = np.cumsum(lengths)
        totals = np.concatenate(([0.0], np.cumsum(self._lengths.take(flat), dtype=np.float64)))
        norms = np.sqrt(np.maximum(totals[ends] - totals[ends - lengths], _SHORTEST))
        # Only the rows that this chunk needs are widened.
        used = np.flatnonzero(np.bincount(flat, minlength=len(self.weights)))
        place = np.empty(len(self.weights), dtype=np.int64)
        place[used] = np.arange(len(used))
        indptr = np.concatenate(([0], ends))
        steps = sparse.csr_matrix(
            (self.scales.take(flat), place.take(flat), indptr), shape=(len(rows), len(used))
        )
        summed = steps @ self.weights.take(used, axis=0).astype(np.float32)
        return np.asarray(summed / norms[:, None] + self.bias, dtype=np.float32)

    def probabilities(self, rows: Sequence[Ints]) -> Floats:
        """Probabilities, one row a text, one column a class."""
        odds = self.scores(rows)
        odds /= self.temperature
        odds -= np.maximum.reduce(odds, axis=1, keepdims=True)
        np.exp(odds, out=odds)
        odds /= np.add.reduce(odds, axis=1, keepdims=True)
        return odds

    def save(self, path: Path) -> None:
        """Writes the model."""
        np.savez_compressed(
            path,
            classes=np.array(self.classes),
            slots=self.slots,
            weights=self.weights,
            scales=self.scales,
            idf=self.idf,
            bias=self.bias,
            temperature=np.array(self.temperature),
        )

    @classmethod
    def load(cls, path: Path) -> TextModel:
        """Reads a model that `save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            return cls(
                classes=tuple(str(c) for c in file["classes"]),
                slots=file["slots"],
                weights=file["weights"],
                scales=file["scales"],
                idf=file["idf"],
                bias=file["bias"],
                temperature=float(file["temperature"]),
            )


_SHORTEST = 1e-6
_STEPS = 127


def stepped(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Weights as whole steps of one size a row: a quarter of the memory to go through."""
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-9) / _STEPS
    steps = np.rint(weights / scales[:, None]).astype(np.int8)
    return steps, np.asarray(scales, dtype=np.float32)
