"""A linear classifier over hashed character n-grams and words, served by NumPy alone.

The features are those of a bag of character n-grams inside word boundaries (Cavnar & Trenkle 1994)
with the hashing trick (Weinberger et al. 2009); weights come from one-against-rest logistic
regression. One text costs a gather of some hundred rows of a matrix.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

BITS = 18
_SIZE = 1 << BITS
_GRAMS = (3, 4, 5)
_MAX_TEXT = 160
_PRIME = np.uint32(16777619)
_BLANK = 32
_CHUNK = 4096


def _grams(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """The n-grams inside the words of all texts, blanks as word edges: text number and hash."""
    encoded = [f" {text} ".encode()[:_MAX_TEXT] for text in texts]
    data = np.frombuffer(b"".join(encoded), dtype=np.uint8).astype(np.uint32)
    owner = np.repeat(np.arange(len(texts)), [len(e) for e in encoded])
    blanks = np.concatenate(([0], np.cumsum(data == _BLANK)))
    owners, found = [], []
    for n in _GRAMS:
        count = len(data) - n + 1
        if count <= 0:
            break
        hashed = np.full(count, (2166136261 + n) & 0xFFFFFFFF, dtype=np.uint32)
        for offset in range(n):
            hashed = (hashed ^ data[offset : count + offset]) * _PRIME
        # A gram may begin or end with a blank but not run across one; texts meet in two blanks.
        whole = (blanks[n - 1 : n - 1 + count] - blanks[1 : 1 + count] == 0) & (
            owner[:count] == owner[n - 1 :]
        )
        hashed = hashed[whole]
        owners.append(owner[:count][whole])
        found.append(((hashed ^ (hashed >> np.uint32(15))) & np.uint32(_SIZE - 1)).astype(np.int64))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate(owners), np.concatenate(found)


def _word_hashes(text: str, tokens: Sequence[str]) -> list[int]:
    words = text.split()[:24]
    parts = [f"w {w}" for w in words]
    parts += [f"b {a} {b}" for a, b in pairwise(words)]
    if words:
        parts.append(f"f {words[0]}")
        parts.append(f"l {words[-1]}")
    parts += tokens
    return [_hashed(part) for part in parts]


@lru_cache(maxsize=1 << 15)
def _hashed(part: str) -> int:
    return zlib.crc32(part.encode()) & (_SIZE - 1)


def hashes_many(texts: Sequence[tuple[str, Sequence[str]]]) -> list[Ints]:
    """The distinct features of many texts, each with its side tokens, as indices below 2**18."""
    owner, grams = _grams([text for text, _ in texts])
    words = [_word_hashes(text, tokens) for text, tokens in texts]
    lengths = [len(w) for w in words]
    flat = np.fromiter((h for w in words for h in w), dtype=np.int64, count=sum(lengths))
    keys = np.concatenate(
        (owner * _SIZE + grams, np.repeat(np.arange(len(texts)), lengths) * _SIZE + flat)
    )
    keys.sort()
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
    edges = np.searchsorted(keys, np.arange(1, len(texts)) * _SIZE)
    return np.split(keys & (_SIZE - 1), edges)


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
        weights: One row a feature, one column a class, the feature's idf already in it.
        idf: Inverse document frequency of each row, for the length of a text.
        bias: One value a class.
        temperature: Divides the scores before they are made probabilities.
    """

    classes: tuple[str, ...]
    slots: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float16] | Floats
    idf: Floats
    bias: Floats
    temperature: float

    def scores(self, rows: Sequence[Ints]) -> Floats:
        """Raw scores, one row a text."""
        chunks = [self._scores(rows[n : n + _CHUNK]) for n in range(0, len(rows), _CHUNK)]
        return np.concatenate(chunks) if chunks else np.empty((0, len(self.classes)), np.float32)

    def _scores(self, rows: Sequence[Ints]) -> Floats:
        lengths = np.fromiter((len(r) for r in rows), dtype=np.int64, count=len(rows))
        flat = self.slots[np.concatenate(rows)]
        ends = np.cumsum(lengths)
        weighted = self.idf[flat] ** 2
        totals = np.concatenate(([0.0], np.cumsum(weighted, dtype=np.float64)))
        norms = np.sqrt(np.maximum(totals[ends] - totals[ends - lengths], 1e-6))
        if len(rows) == 1:
            summed = self.weights[flat].sum(axis=0, dtype=np.float32)[None, :]
        else:
            # Weights stay in half precision; only the rows that this chunk needs are widened.
            used = np.flatnonzero(np.bincount(flat, minlength=len(self.weights)))
            place = np.empty(len(self.weights), dtype=np.int64)
            place[used] = np.arange(len(used))
            places = place[flat]
            indptr = np.concatenate(([0], ends))
            ones = np.ones(len(flat), dtype=np.float32)
            counts = sparse.csr_matrix((ones, places, indptr), shape=(len(rows), len(used)))
            summed = counts @ self.weights[used].astype(np.float32)
        return np.asarray(summed / norms[:, None] + self.bias, dtype=np.float32)

    def probabilities(self, rows: Sequence[Ints]) -> Floats:
        """Probabilities, one row a text, one column a class."""
        raw = self.scores(rows) / self.temperature
        raw -= raw.max(axis=1, keepdims=True)
        odds = np.exp(raw)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Writes the model; half-precision weights keep the file small."""
        np.savez_compressed(
            path,
            classes=np.array(self.classes),
            slots=self.slots,
            weights=self.weights.astype(np.float16),
            idf=self.idf.astype(np.float16),
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
                idf=file["idf"].astype(np.float32),
                bias=file["bias"],
                temperature=float(file["temperature"]),
            )
