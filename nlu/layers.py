"""Student and second layer as one: who decides, and what is said."""

import json
import logging
from pathlib import Path

from encoder.errors import EncoderError
from nlu.errors import BrokenModelError
from nlu.intents import TEACHER, Floats, IntentModel, Settings
from nlu.normalise import normalise
from nlu.second import Second
from nlu.types import Previous, Understanding, Vote
from regex_bootstrap.vote import Teacher

log = logging.getLogger(__name__)
LAYERED = "layered.json"
"""The settings of both layers together, beside the student's own."""
_LEAST = 1e-7


class Layers:
    """The student, and the second layer where the student is unsure.

    Args:
        student: The intent model.
        second: The second layer; None leaves the student alone.
        settings: Calibration of both together; None leaves the student alone.
        teacher: Whose labels the student learnt from, where it came with the model.
    """

    def __init__(
        self,
        student: IntentModel,
        second: Second | None,
        settings: Settings | None,
        teacher: Teacher | None = None,
    ) -> None:
        self.student = student
        self._teacher = teacher
        self._second = second if settings is not None else None
        self._both = student.with_settings(settings) if settings is not None else student
        if self._second is not None:
            place = {name: at for at, name in enumerate(self._second.names)}
            self._order = [place[name] for name in student.names]

    @classmethod
    def load(cls, folder: Path, second: Second | None) -> "Layers":
        """Read a published model; without settings for both, the student is alone.

        Raises:
            BrokenModelError: A file is missing or cannot be read.
        """
        student = IntentModel.load(folder)
        file, rules = folder / LAYERED, folder / TEACHER
        try:
            teacher = Teacher.read(rules) if rules.is_file() else None
            if second is None or not file.is_file():
                return cls(student, None, None, teacher)
            return cls(student, second, Settings(**json.loads(file.read_text())), teacher)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BrokenModelError(
                f"The intent model {folder.name} cannot be read; roll back or train it again."
            ) from error

    @property
    def name(self) -> str:
        """The student's content hash."""
        return self.student.name

    def vote(self, normal: str) -> Vote | None:
        """What the teacher says of a message in normal form."""
        if self._teacher is None:
            return None
        label = self._teacher.label(self.student.mended(normal))
        return Vote(label.intent, label.confidence, label.votes)

    def understand(self, text: str, previous: Previous | None) -> Understanding:
        """The intent of a message, or ``out_of_scope`` by the route ``unsure``."""
        shares = self.student.shares(text, previous)
        if shares is None or self._second is None:
            return self.student.understand(text, previous)
        if float(shares.max()) >= self._both.settings.ask_below:
            return self._both.decide(shares)
        try:
            normal = self.student.mended(normalise(text))
            found = self._second.shares(normal, self.student.context(previous))
        except EncoderError as error:
            log.error("the second layer is left out: %s", error)
            self._second = None
            return self.student.understand(text, previous)
        return self._both.decide(
            blended(shares, found[self._order], self._both.settings.weight), "second"
        )


def blended(student: Floats, second: Floats, weight: float) -> Floats:
    """The two layers' shares as one: their weighted geometric mean."""
    mixed = (student + _LEAST) ** (1 - weight) * (second + _LEAST) ** weight
    found: Floats = mixed / mixed.sum()
    return found
