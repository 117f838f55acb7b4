"""The second layer: a sentence encoder with a linear head, asked where the student is unsure."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from encoder.encoder import FOLDER, MODEL, Encoder
from encoder.head import Head, load_head
from nlu.intents import ASKED, FOLLOWING, OPENING, Floats

HEAD = "intents.npz"
_CONTEXTS = (OPENING, FOLLOWING, ASKED)


class Second:
    """Encoder and head.

    Args:
        encoder: Reads its files when the first text comes.
        head: Over the vector and, beside it, one number for each kind of turn before.
    """

    def __init__(self, encoder: Encoder, head: Head) -> None:
        self._encoder = encoder
        self._head = head

    @property
    def names(self) -> tuple[str, ...]:
        """The intents, in the order of ``shares``."""
        return self._head.classes

    def shares(self, normal: str, context: str) -> Floats:
        """The share of each intent, adding up to one.

        Args:
            normal: The message in normal form.
            context: What the turn before was, as `IntentModel.context` tells.

        Raises:
            BrokenEncoderError: The encoder's files are missing or cannot be read.
        """
        found: Floats = self.shares_of([normal], [context])[0]
        return found

    def shares_of(self, normals: Sequence[str], contexts: Sequence[str]) -> Floats:
        """The shares of many messages, one row each."""
        vectors = beside(self._encoder.encode(normals), contexts)
        return self._head.probabilities(vectors)


def beside(vectors: Floats, contexts: Sequence[str]) -> Floats:
    """Put the kind of the turn before beside each vector."""
    marks = np.array([[float(context == kind) for kind in _CONTEXTS] for context in contexts])
    return np.hstack([vectors, marks.astype(np.float32)])


def load_second(folder: Path = FOLDER) -> Second | None:
    """The second layer of a folder, or None where none was released with this version.

    Raises:
        BrokenHeadError: The head is there but cannot be read.
    """
    if not (folder / MODEL).is_file() or not (folder / HEAD).is_file():
        return None
    return Second(Encoder(folder), load_head(folder / HEAD))
