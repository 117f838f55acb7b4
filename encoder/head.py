"""A linear classifier over the encoder's vectors, served by NumPy alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from encoder.errors import BrokenHeadError

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """Multinomial logistic regression.

    Attributes:
        classes: The labels, in the order of the columns.
        weights: One column a class, [width, classes]; the rows are the vector's numbers, then
            those of whatever else a caller put beside it.
        bias: One number a class.
    """

    classes: tuple[str, ...]
    weights: Floats
    bias: Floats

    def probabilities(self, vectors: Floats) -> Floats:
        """Return how likely each class is.

        Args:
            vectors: One row a text, of the width that the head was fitted with.

        Returns:
            Rows that sum to 1, [texts, classes]; not calibrated.
        """
        scores = vectors @ self.weights + self.bias
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)

    def best(self, vectors: Floats) -> list[str]:
        """Return the likeliest class of each row."""
        return [self.classes[n] for n in self.probabilities(vectors).argmax(axis=1)]

    def save(self, path: Path) -> None:
        """Write the head as a NumPy archive, weights in half precision."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                classes=np.array(self.classes),
                weights=self.weights.astype(np.float16),
                bias=self.bias,
            )


def load_head(path: Path) -> Head:
    """Read a head that `Head.save` wrote.

    Raises:
        BrokenHeadError: The file is missing or is no such archive.
    """
    try:
        with np.load(path, allow_pickle=False) as found:
            classes: Sequence[str] = found["classes"].tolist()
            weights, bias = found["weights"].astype(np.float32), found["bias"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise BrokenHeadError(
            f"The classifier {path} cannot be read; roll back or train it again."
        ) from error
    return Head(tuple(classes), weights, bias)
