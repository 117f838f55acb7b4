"""The category of a text by those of the labelled texts that mean the most like it.

Nearest neighbours over the sentence encoder's vectors (Cover & Hart 1967, votes weighed by
likeness): where a merchant was never met, what is called alike mostly sells alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

COUNT = 25
_SHARPNESS = 12.0
"""A neighbour whose cosine is 0.1 less counts a third; both tuned on Toronto's years to 2018."""
_CHUNK = 1_000


@dataclass(frozen=True)
class Neighbours:
    """Labelled texts as vectors.

    Attributes:
        vectors: One row of length 1 a text.
        labels: The class of each, as a column of `probabilities`.
        classes: How many classes there are.
    """

    vectors: Floats
    labels: Ints
    classes: int

    def probabilities(self, asked: Floats) -> Floats:
        """Each class's share of the votes, one row a text.

        Args:
            asked: One row of length 1 a text.
        """
        found = np.empty((len(asked), self.classes), dtype=np.float32)
        for start in range(0, len(asked), _CHUNK):
            part = slice(start, start + _CHUNK)
            found[part] = self._votes(asked[part])
        return found

    def _votes(self, asked: Floats) -> Floats:
        alike = asked @ self.vectors.T
        count = min(COUNT, alike.shape[1])
        nearest = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        lines = np.arange(len(asked))[:, None]
        weights = np.exp(_SHARPNESS * (alike[lines, nearest] - 1))
        places = (lines * self.classes + self.labels[nearest]).ravel()
        votes = np.bincount(places, weights.ravel(), minlength=len(asked) * self.classes)
        votes = votes.reshape(len(asked), self.classes)
        return np.asarray(votes / votes.sum(axis=1, keepdims=True), dtype=np.float32)


_LEAST = 1e-3


def together(first: Floats, second: Floats, weight: float) -> Floats:
    """A product of two experts' probabilities (Hinton 2002), each row summing to 1.

    Args:
        first: One row a text.
        second: The same shape.
        weight: What the second counts beside the first's 1.
    """
    scores = np.log(first + _LEAST) + weight * np.log(second + _LEAST)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def of(vectors: Floats, labels: Sequence[str], classes: Sequence[str]) -> Neighbours:
    """Neighbours from labelled vectors."""
    number = {name: n for n, name in enumerate(classes)}
    return Neighbours(vectors, np.array([number[label] for label in labels]), len(classes))
