"""The intent model: fastText over the normal form, calibrated, and unsure where it should be."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fasttext

from nlu.errors import BrokenModelError
from nlu.normalise import normalise
from nlu.types import Previous, Ranked, Understanding

MODEL, SETTINGS = "model.bin", "settings.json"
OUT = "out_of_scope"
FOLLOWUPS = frozenset({"refine_query", "show_more"})
FOLLOWING, OPENING = "ctxfollow", "ctxopen"
"""First word of a line: whether a question that read money was answered just before."""
_PREFIX = "__label__"
_RANKED = 5
_EPSILON = 1e-6


def line_of(text: str, previous: Previous | None) -> str:
    """A message as the model reads it, for training and serving alike; empty if nothing is left."""
    normal = normalise(text)
    return f"{FOLLOWING if leans(previous) else OPENING} {normal}" if normal else ""


def leans(previous: Previous | None) -> bool:
    """Whether there is an answered question that an elliptical message could edit."""
    return previous is not None and (previous.query is not None or previous.text is not None)


@dataclass(frozen=True)
class Settings:
    """What was fitted beside the model.

    Attributes:
        temperature: Divides the log odds; over 1 makes the model less sure of itself.
        threshold: The least confidence that is served as an answer.
    """

    temperature: float = 1.0
    threshold: float = 0.5


class IntentModel:
    """A released student.

    Args:
        name: Its content hash.
        model: The loaded fastText model.
        settings: Calibration and threshold.
    """

    def __init__(self, name: str, model: Any, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        # The wrapper's own `predict` copies arrays and joins strings for each call.
        self._model = model
        self._predict = model.f.predict

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Read a published model.

        Raises:
            BrokenModelError: A file is missing or cannot be read.
        """
        try:
            settings = Settings(**json.loads((folder / SETTINGS).read_text()))
            model = fasttext.load_model(str(folder / MODEL))
        except (OSError, ValueError, TypeError) as error:
            raise BrokenModelError(
                f"The intent model {folder.name} cannot be read; roll back or train it again."
            ) from error
        return cls(folder.name, model, settings)

    def with_settings(self, settings: Settings) -> "IntentModel":
        """The same model with another calibration."""
        return IntentModel(self.name, self._model, settings)

    def rank(self, line: str) -> list[Ranked]:
        """The likeliest intents of a line of `line_of`, with calibrated confidences."""
        found: Sequence[tuple[float, str]] = self._predict(line + "\n", _RANKED, 0.0, "strict")
        scaled = [
            (name.removeprefix(_PREFIX), _cooled(score, self.settings.temperature))
            for score, name in found
        ]
        # One-against-all scores are independent; together they may not exceed one.
        total = max(1.0, sum(score for _, score in scaled))
        return [Ranked(name, score / total) for name, score in scaled]

    def understand(self, text: str, previous: Previous | None) -> Understanding:
        """The intent of a message, or ``out_of_scope`` by the route ``unsure``."""
        line = line_of(text, previous)
        if not line:
            return Understanding(Ranked(OUT, 1.0), (Ranked(OUT, 1.0),), "model")
        ranking = self.rank(line)
        if not leans(previous):
            ranking = _without_followups(ranking)
        best = ranking[0] if ranking else Ranked(OUT, 1.0)
        if best.confidence < self.settings.threshold:
            return Understanding(Ranked(OUT, best.confidence), tuple(ranking), "unsure")
        return Understanding(best, tuple(ranking), "model")


def _cooled(score: float, temperature: float) -> float:
    held = min(max(score, _EPSILON), 1 - _EPSILON)
    return 1 / (1 + math.exp(-math.log(held / (1 - held)) / temperature))


def _without_followups(ranking: Sequence[Ranked]) -> list[Ranked]:
    """With nothing to follow, an elliptical reading must win clearly to stand at all."""
    first = ranking[0]
    others = [ranked for ranked in ranking if ranked.name not in FOLLOWUPS]
    if first.name in FOLLOWUPS and first.confidence < 0.8 and others:
        return others
    return list(ranking)
