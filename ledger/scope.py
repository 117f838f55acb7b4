"""Whose data a call may see. There is no way to ask the ledger without one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UserScope:
    """One person: the first argument of every read and write of their data."""

    person_id: str

    def __post_init__(self) -> None:
        """Refuse an empty id, which would be a query without a scope.

        Raises:
            ValueError: The id is empty.
        """
        if not self.person_id:
            raise ValueError("A scope needs a person.")


@dataclass(frozen=True, slots=True)
class TurnScope:
    """What the gateway knows of a turn: person, conversation, turn, and the time it is for them."""

    person_id: str
    conversation_id: str
    turn_id: str
    now: datetime

    @property
    def user(self) -> UserScope:
        """The scope of every ledger call of this turn."""
        return UserScope(self.person_id)
