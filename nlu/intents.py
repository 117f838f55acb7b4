"""The intent model: fastText over the normal form, calibrated, and unsure where it should be."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
import numpy.typing as npt

from nlu.errors import BrokenModelError
from nlu.normalise import normalise
from nlu.spelling import Speller
from nlu.turns import READS, TALKS
from nlu.types import Previous, Ranked, Route, Understanding

MODEL, SETTINGS, TEACHER = "model.bin", "settings.json", "teacher.json"
WORDS = "words.json"
"""The words of the training lines before they were misspelt, with their counts."""
OUT = "out_of_scope"
FOLLOWUPS = frozenset({"refine_query", "show_more"})
FOLLOWING, ASKED, OPENING = "ctxfollow", "ctxask", "ctxopen"
"""First word of a line: the turn before read money, was a request to be confirmed, or neither."""
_PREFIX = "__label__"
_END = " </s>"
"""What fastText puts after each line that it is trained on."""
_RANKED = 5
_FORLORN = 0.3
"""What remains of an elliptical reading where nothing went before that it could mean."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Settings:
    """What was fitted beside the model.

    Attributes:
        temperature: Divides the log odds; over 1 makes the model less sure of itself.
        threshold: The least share of the winner that is served as an answer.
        sure: Knots (share of the winner, chance that it is right), rising.
        unsure: Knots (share of the winner, chance that the message is out of scope).
        ask_below: Under this share of the winner the second layer is asked.
        weight: How much the second layer counts where it is asked, 0 to 1.
    """

    temperature: float = 1.0
    threshold: float = 0.3
    sure: Sequence[Sequence[float]] = ((0.0, 0.0), (1.0, 1.0))
    unsure: Sequence[Sequence[float]] = ((0.0, 1.0), (1.0, 0.0))
    ask_below: float = 0.0
    weight: float = 0.0


class IntentModel:
    """A released student.

    Args:
        name: Its content hash.
        model: The loaded fastText model.
        settings: Calibration and threshold.
        speller: Mends misspelt words; None reads them as they are.
    """

    def __init__(
        self, name: str, model: Any, settings: Settings, speller: Speller | None = None
    ) -> None:
        self.name = name
        self.settings = settings
        self._speller = speller
        self._model = model
        self._vector = model.get_sentence_vector
        self._names = [label.removeprefix(_PREFIX) for label in model.get_labels()]
        self._weights: Floats = np.ascontiguousarray(model.get_output_matrix())
        self._elliptical = [at for at, name in enumerate(self._names) if name in FOLLOWUPS]
        self._sure = _knots(settings.sure)
        self._unsure = _knots(settings.unsure)

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Read a published model.

        Raises:
            BrokenModelError: A file is missing or cannot be read.
        """
        try:
            settings = Settings(**json.loads((folder / SETTINGS).read_text()))
            model = fasttext.load_model(str(folder / MODEL))
            words = folder / WORDS
            speller = Speller(json.loads(words.read_text())) if words.is_file() else None
        except (OSError, ValueError, TypeError) as error:
            raise BrokenModelError(
                f"The intent model {folder.name} cannot be read; roll back or train it again."
            ) from error
        return cls(folder.name, model, settings, speller)

    def with_settings(self, settings: Settings) -> "IntentModel":
        """The same model with another calibration."""
        return IntentModel(self.name, self._model, settings, self._speller)

    @property
    def names(self) -> Sequence[str]:
        """The intents, in the order of ``shares``."""
        return self._names

    def shares(self, text: str, previous: Previous | None) -> Floats | None:
        """The share of each intent, adding up to one; None where nothing is left of the text."""
        normal = normalise(text)
        if not normal:
            return None
        context = self.context(previous)
        shares = self._shares(f"{context} {normal}")
        mended = self.mended(normal)
        if mended != normal:
            # Two readings: what was taken for a slip may be a name, which only one of them knows.
            shares = (shares + self._shares(f"{context} {mended}")) / np.float32(2)
        if context != FOLLOWING:
            # Without a question to edit, "tesco?" is rather a question of its own.
            shares[self._elliptical] *= _FORLORN
            shares /= shares.sum()
        return shares

    def mended(self, normal: str) -> str:
        """A normal form with its misspelt words mended."""
        return self._speller.mend(normal) if self._speller else normal

    def _shares(self, line: str) -> Floats:
        logits = self._weights @ self._vector(line + _END) / np.float32(self.settings.temperature)
        powers = np.exp(logits - logits.max())
        found: Floats = powers / powers.sum()
        return found

    def context(self, previous: Previous | None) -> str:
        """What the turn before was: `FOLLOWING`, `ASKED` or `OPENING`."""
        if previous is None:
            return OPENING
        intent = previous.intent
        if intent is None and previous.query is not None:
            return FOLLOWING
        if intent is None:
            normal = normalise(previous.text or "")
            intent = self._names[int(self._shares(f"{OPENING} {normal}").argmax())]
        if intent in READS:
            return FOLLOWING
        return OPENING if intent in TALKS else ASKED

    def understand(self, text: str, previous: Previous | None) -> Understanding:
        """The intent of a message, or ``out_of_scope`` by the route ``unsure``."""
        shares = self.shares(text, previous)
        if shares is None:
            return Understanding(Ranked(OUT, 1.0), (Ranked(OUT, 1.0),), "model")
        return self.decide(shares)

    def decide(self, shares: Floats, route: Route = "model") -> Understanding:
        """What is served of the shares: the winner, calibrated, or that it is unsure."""
        order = shares.argsort()[: -_RANKED - 1 : -1]
        top = float(shares[order[0]])
        sure = float(np.interp(top, *self._sure))
        scale = sure / top
        ranking = tuple(Ranked(self._names[at], float(shares[at]) * scale) for at in order)
        if top < self.settings.threshold and ranking[0].name != OUT:
            doubt = float(np.interp(top, *self._unsure))
            return Understanding(Ranked(OUT, doubt), ranking, "unsure")
        return Understanding(ranking[0], ranking, route)


def _knots(pairs: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
