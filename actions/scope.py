"""Who asks: person, conversation, turn and time come from the signed token and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from actions.errors import NoTurnError
from ledger.crypto import open_turn
from ledger.errors import ScopeError
from ledger.scope import TurnScope


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of one person, understood.

    Attributes:
        scope: Who and when, from the token.
        parse: Intent, entities, text and extras (a tapped button's ``edit``).
        previous: The memory of the last question that read money, or None.
    """

    scope: TurnScope
    parse: Mapping[str, Any]
    previous: Mapping[str, Any] | None

    @property
    def intent(self) -> str:
        """The name of the understood intent."""
        return str((self.parse.get("intent") or {}).get("name") or "out_of_scope")

    @property
    def confidence(self) -> float:
        """The confidence of the intent."""
        return float((self.parse.get("intent") or {}).get("confidence") or 0.0)

    def read_as(self, intent: str, **parts: Any) -> "Turn":
        """The same message as another intent.

        Args:
            intent: What it is read as; how sure the first reading was stays.
            parts: What else of ``parse`` is another, such as ``entities`` or ``edit``.
        """
        name = {"name": intent, "confidence": self.confidence}
        return replace(self, parse={**self.parse, **parts, "intent": name})


def read_turn(key: str, latest_message: Mapping[str, Any]) -> Turn:
    """Opens the token that the gateway put into the message's metadata.

    Slots, sender id and whatever else a message says about a person are not looked at.

    Args:
        key: The internal key of this installation.
        latest_message: The tracker's latest message.

    Raises:
        NoTurnError: There is no token, or it is forged, damaged or too old.
    """
    metadata = latest_message.get("metadata")
    token = metadata.get("scope") if isinstance(metadata, Mapping) else None
    if not isinstance(token, str):
        raise NoTurnError
    try:
        scope = open_turn(key, token)
    except ScopeError as error:
        raise NoTurnError from error
    previous = metadata.get("previous") if isinstance(metadata, Mapping) else None
    known = previous if isinstance(previous, Mapping) and previous else None
    return Turn(scope, latest_message, known)
