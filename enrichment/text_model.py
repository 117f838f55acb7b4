"""A linear classifier over hashed character n-grams and words, served by NumPy alone.

The features are those of a bag of character n-grams inside word boundaries (Cavnar & Trenkle 1994)
with the hashing trick (Weinberger et al. 2009); weights come from one-against-rest logistic
regression. One text costs a gather of some hundred rows of a matrix.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

BITS = 18
_SIZE = 1 << BITS
_GRAMS = (3, 4, 5)
_MAX_TEXT = 160
_PRIME = np.uint32(16777619)


def _gram_hashes(text: str) -> Ints:
    """Hashes of the n-grams inside the words of one text, blanks as word edges."""
    data = np.frombuffer(f" {text} ".encode()[:_MAX_TEXT], dtype=np.uint8).astype(np.uint32)
    found = []
    space = data == 32
    inner = np.concatenate(([0], np.cumsum(space[1:-1]), [0]))[: len(data)]
    for n in _GRAMS:
        if len(data) < n:
            break
        hashed = np.full(len(data) - n + 1, 2166136261 + n, dtype=np.uint32)
        for offset in range(n):
            hashed = (hashed ^ data[offset : len(data) - n + 1 + offset]) * _PRIME
        # A gram may begin or end with a blank but not run across one.
        within = inner[n - 2 : n - 2 + len(hashed)] - inner[: len(hashed)]
        found.append(hashed[within == 0])
    grams = np.concatenate(found) if found else np.empty(0, np.uint32)
    grams ^= grams >> np.uint32(15)
    return (grams & np.uint32(_SIZE - 1)).astype(np.int64)


def _word_hashes(text: str, tokens: Sequence[str]) -> list[int]:
    words = text.split()[:24]
    parts = [f"w {w}" for w in words]
    parts += [f"b {a} {b}" for a, b in zip(words, words[1:], strict=False)]
    if words:
        parts.append(f"f {words[0]}")
        parts.append(f"l {words[-1]}")
    parts += tokens
    return [zlib.crc32(p.encode()) & (_SIZE - 1) for p in parts]


def hashes(text: str, tokens: Sequence[str]) -> Ints:
    """The distinct features of one text and its side tokens, as indices below 2**18."""
    words = np.array(_word_hashes(text, tokens), dtype=np.int64)
    return np.unique(np.concatenate((words, _gram_hashes(text))))


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
    weights: Floats
    idf: Floats
    bias: Floats
    temperature: float

    def scores(self, rows: Sequence[Ints]) -> Floats:
        """Raw scores, one row a text."""
        lengths = np.fromiter((len(r) for r in rows), dtype=np.int64, count=len(rows))
        flat = self.slots[np.concatenate(rows)] if len(rows) else np.empty(0, np.int32)
        indptr = np.concatenate(([0], np.cumsum(lengths)))
        weighted = self.idf[flat]
        squares = np.add.reduceat(weighted * weighted, indptr[:-1]) if len(rows) else weighted
        norms = np.sqrt(np.maximum(squares, 1e-6))
        if len(rows) == 1:
            summed = self.weights[flat].sum(axis=0, dtype=np.float32)[None, :]
        else:
            ones = np.ones(len(flat), dtype=np.float32)
            gathered = sparse.csr_matrix((ones, flat, indptr), shape=(len(rows), len(self.weights)))
            summed = gathered @ self.weights
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
                weights=file["weights"].astype(np.float32),
                idf=file["idf"].astype(np.float32),
                bias=file["bias"],
                temperature=float(file["temperature"]),
            )
