"""Layer 3: a small language model is asked about lines that layers 1 and 2 are unsure of.

The sentence encoder reads the words of a line, a linear head tells the category. What it says is
weighed into the text model's probabilities, and the trees decide again. Head, weight, threshold
and calibration are made by `python -m jobs.encoder_categories`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import encoder
from encoder import Encoder, Head
from enrichment.category import Evidence
from enrichment.choice import Choice
from enrichment.confidence import Curve

Floats = npt.NDArray[np.float32]

HEAD, FACTS = "categories.npz", "categories.json"
_KEPT = 1 << 14
"""Texts whose answer is kept, 9 MB: a history is enriched again at each import."""


@dataclass
class Third:
    """The layer, fitted.

    Attributes:
        head: Over the encoder's vectors.
        weight: What it counts beside the text model's 1.
        ask_below: Confidence of layer 2, not calibrated, under which a line is asked about.
        curve: Calibration of what the trees then say.
        facts: All that was measured when it was fitted.
        sentences: The encoder; nothing is read before it is asked.
    """

    head: Head
    weight: float
    ask_below: float
    curve: Curve
    facts: Mapping[str, Any] = field(default_factory=dict)
    sentences: Encoder = field(default_factory=encoder.load)
    _known: dict[str, Floats] = field(default_factory=dict)

    def asks(self, choice: Choice, evidence: Evidence) -> bool:
        """Whether a line is one to ask about."""
        words = any(c.isalpha() for c in evidence.reading.text)
        return choice.source != "rule" and choice.confidence < self.ask_below and words

    def probabilities(self, texts: Sequence[str], classes: Sequence[str]) -> Floats:
        """Each class's probability, one row a text; every distinct text is encoded once.

        Args:
            texts: `Reading.text` of the lines.
            classes: The order of the columns.
        """
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if len(self._known) + len(new) > _KEPT:
            self._known.clear()
            new = list(dict.fromkeys(texts))
        if new:
            said = self.head.probabilities(self.sentences.encode(new))
            self._known.update(zip(new, said, strict=True))
        number = {name: n for n, name in enumerate(self.head.classes)}
        columns = [number.get(name, -1) for name in classes]
        found = np.stack([np.append(self._known[text], np.float32(0)) for text in texts])
        return np.asarray(found[:, columns])


@lru_cache(maxsize=1)
def load_third(folder: Path = encoder.FOLDER) -> Third | None:
    """The layer that lies beside the released encoder; None where it was not fitted.

    Raises:
        BrokenHeadError: The head cannot be read.
    """
    if not (folder / FACTS).is_file():
        return None
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    curve = Curve(tuple(facts["curve"][0]), tuple(facts["curve"][1]))
    head = encoder.load_head(folder / HEAD)
    return Third(head, facts["weight"], facts["ask_below"], curve, facts)
