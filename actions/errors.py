"""What can stop an answer: one class per kind of mistake.

::

    ActionError
    ├── UnclearError        something must be asked before there is a right answer
    └── NoTurnError         no signed turn came with the call, so there is nobody to answer for
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """A next step: what it says and the parse that tapping it stands for."""

    title: str
    payload: dict[str, Any]


class ActionError(Exception):
    """A mistake with one clear sentence."""


class UnclearError(ActionError):
    """The question cannot be answered rightly as it stands; ``str()`` is what to ask back.

    Attributes:
        wants: The kinds of entity that would complete a plan, ``name``, ``saving`` (how
            autosave works) and ``event`` (what an alert waits for); the next message may give them
            alone.
    """

    def __init__(
        self, question: str, buttons: Sequence[Button] = (), wants: Sequence[str] = ()
    ) -> None:
        super().__init__(question)
        self.buttons = tuple(buttons)
        self.wants = tuple(wants)


class NoTurnError(ActionError):
    """A call without a turn token, or with one that does not hold."""

    def __init__(self) -> None:
        super().__init__("This call carries no valid turn token; send it through the gateway.")
