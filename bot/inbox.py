"""Accepts what people send, once: the row is committed before the channel hears of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.bell import INBOX, Bell
from bot.store import Store
from ledger import inbox, people
from ledger.clock import now_for
from ledger.errors import UnknownConversationError
from ledger.inbox import Kind, Message
from ledger.scope import UserScope
from ledger.types import Person


@dataclass(frozen=True, slots=True)
class Thread:
    """Which conversation a message belongs to.

    Attributes:
        name: Tells the person's conversations on a channel apart.
        address: Where the channel delivers to, if it needs to be told.
    """

    person: Person
    channel: str
    name: str
    address: str | None = None

    @property
    def conversation_id(self) -> str:
        """The id; it holds the person, so two people's conversations are never the same."""
        return f"{self.channel}:{self.person.id}:{self.name}"


class Inbox:
    """The one way in for every channel."""

    def __init__(self, store: Store, bell: Bell, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._bell = bell
        self._clock = clock

    async def open(self, thread: Thread) -> str:
        """Make sure that a conversation is there; returns its id."""
        await self._store.write(lambda connection: self._open(connection, thread))
        return thread.conversation_id

    async def accept(
        self, thread: Thread, kind: Kind, body: str, update_key: str, *, now: datetime | None = None
    ) -> int:
        """Store a message; the same ``update_key`` again is the same message.

        Args:
            thread: Where it was said.
            kind: What it is.
            body: The text, a button's token, or a document's reference as JSON.
            update_key: Names the delivery, across all channels.
            now: The time it is for the person; theirs by the clock unless given.

        Returns:
            The message's id in the inbox.
        """
        at = self._clock()
        message = Message(
            conversation_id=thread.conversation_id,
            channel=thread.channel,
            update_key=update_key,
            kind=kind,
            body=_storable(body),
            now=now or now_for(thread.person, at),
            received_at=at,
        )

        def store(connection: Connection) -> tuple[int, bool]:
            self._open(connection, thread)
            return inbox.accept(connection, message)

        inbox_id, _ = await self._store.write(store)
        self._bell.ring(INBOX)
        return inbox_id

    def _open(self, connection: Connection, thread: Thread) -> None:
        found = people.find_conversation(connection, thread.conversation_id)
        if found is None:
            people.open_conversation(
                connection,
                UserScope(thread.person.id),
                thread.channel,
                self._clock(),
                thread.conversation_id,
                address=thread.address,
            )
        elif found.person_id != thread.person.id:
            raise UnknownConversationError(thread.conversation_id)


def _storable(text: str) -> str:
    """The text without what no database stores: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
