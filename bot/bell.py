"""Wakes what waits inside this process; other processes look again by themselves."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

INBOX = "inbox"
"""A message was accepted."""
OUTBOX = "outbox"
"""Something is to be sent; `outbox:CONVERSATION` for one conversation."""


class Listener:
    """One waiter; a ring between two waits is not lost."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Until the next ring, at most so long; tells whether it rang."""
        try:
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        except TimeoutError:
            return False
        self.rung.clear()
        return True


class Bell:
    """Topics that can be rung and listened to."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)

    def ring(self, *topics: str) -> None:
        """Wake everyone who listens to one of the topics."""
        for topic in topics:
            for listener in self._listeners.get(topic, ()):
                listener.rung.set()

    @contextmanager
    def listening(self, topic: str) -> Iterator[Listener]:
        """Listen to a topic from now on; look at the state after this, then wait."""
        listener = Listener()
        self._listeners[topic].add(listener)
        try:
            yield listener
        finally:
            self._listeners[topic].discard(listener)
            if not self._listeners[topic]:
                del self._listeners[topic]


def conversation_topic(conversation_id: str) -> str:
    """The topic of one conversation's outgoing messages."""
    return f"{OUTBOX}:{conversation_id}"
