"""Fits the second layer's head over the released encoder.

    uv run python -m jobs.intent_second

The head is a few kilobytes and is released with the encoder: a first start only calibrates.
"""

import random
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from encoder.encoder import FOLDER, load
from encoder.head import Head
from jobs.intents import said_lines, sure, write_words
from jobs.lines import block
from jobs.taught import by_hand, history
from nlu.intents import WORDS
from nlu.second import HEAD, beside

_LABEL = "__label__"
_DRAWN = 96_000
_COPIES = 4
_MISSPELT = 0.25
"""Share of the lines that are misspelt: what serves mends most slips before the encoder reads."""
_SEED = 900_001
_STRENGTH = 8.0
"""The inverse of the regularisation; the vectors have length 1."""


def fit_head(data_dir: Path, drawn: int = _DRAWN) -> Head:
    """Fit a head on drawn lines and on those that the teacher labelled.

    Args:
        data_dir: The repository's ``data``.
        drawn: How many lines are drawn from the templates.
    """
    rng = random.Random(_SEED)  # noqa: S311 - draws training lines
    lines = block(data_dir / "intents", _SEED, drawn, _MISSPELT)
    with tempfile.TemporaryDirectory() as scratch:
        words = Path(scratch) / WORDS
        write_words(words, data_dir)
        taught = [*sure(words, history(data_dir), data_dir), *by_hand(data_dir)]
        lines += said_lines(words, taught, data_dir, _COPIES, rng)
    parts = [line.rstrip("\n").split(" ", 2) for line in dict.fromkeys(lines)]
    labels = [part[0].removeprefix(_LABEL) for part in parts]
    vectors = load(FOLDER).encode([part[2] for part in parts])
    found = LogisticRegression(C=_STRENGTH, max_iter=150).fit(
        beside(vectors, [part[1] for part in parts]), labels
    )
    weights = np.asarray(found.coef_.T, dtype=np.float32)
    return Head(tuple(found.classes_), weights, np.asarray(found.intercept_, dtype=np.float32))


if __name__ == "__main__":
    fit_head(Path(__file__).parent.parent / "data").save(FOLDER / HEAD)
