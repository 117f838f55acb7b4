"""Sends what is queued for a channel, in order in each conversation, until it has arrived."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.bell import OUTBOX, Bell
from bot.store import Store
from ledger import outbox
from ledger.outbox import Outgoing

logger = logging.getLogger(__name__)

_SENDING_SECONDS = 12.0
"""After this a message that was taken and not heard of again is sent once more."""
_TRY_SECONDS = 10.0
_FILE_SECONDS = 60.0
"""A file is made while it is sent, over a line that may be slow."""
_MARGIN_SECONDS = _SENDING_SECONDS - _TRY_SECONDS
_STOP_SECONDS = 3.0
"""What is being sent when the gateway stops may arrive, so that it is not sent again."""
_PARALLEL = 32
_POLL_SECONDS = 1.0
_LONGEST_PAUSE = 300.0


class NotNowError(Exception):
    """The channel cannot take a message now; it is tried again, after ``seconds`` if told."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__("The channel cannot take this message now.")
        self.seconds = seconds


class NeverError(Exception):
    """The channel will never take this message."""


class Sender:
    """Empties the outbox of one channel until it is cancelled.

    Args:
        send: Hands a message to the channel; raises `NotNowError` or `NeverError`.
    """

    def __init__(
        self,
        *,
        store: Store,
        bell: Bell,
        clock: Callable[[], datetime],
        channel: str,
        send: Callable[[Outgoing], Awaitable[None]],
    ) -> None:
        self._store = store
        self._bell = bell
        self._clock = clock
        self._channel = channel
        self._send = send
        self._places = asyncio.Semaphore(_PARALLEL)
        self._deliveries: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled; what is on its way then is still sent."""
        try:
            with self._bell.listening(OUTBOX) as bell:
                while True:
                    await self._places.acquire()
                    outgoing = await self._take()
                    if outgoing is None:
                        self._places.release()
                        await bell.wait(_POLL_SECONDS)
                        continue
                    delivery = asyncio.create_task(self._deliver(outgoing))
                    self._deliveries.add(delivery)
                    delivery.add_done_callback(self._deliveries.discard)
        finally:
            if self._deliveries:
                await asyncio.wait(self._deliveries, timeout=_STOP_SECONDS)

    async def _take(self) -> Outgoing | None:
        at = self._clock()
        until = at + timedelta(seconds=_SENDING_SECONDS)
        try:
            return await self._store.write(lambda it: outbox.take(it, self._channel, at, until))
        except SQLAlchemyError as error:
            logger.error("The outbox cannot be read: %s", type(error).__name__)
            return None

    async def _deliver(self, outgoing: Outgoing) -> None:
        try:
            await self._settle(outgoing, await self._try(outgoing))
        except SQLAlchemyError as error:
            logger.error("outgoing %d: not noted, %s", outgoing.id, type(error).__name__)
        finally:
            self._places.release()
            self._bell.ring(OUTBOX)

    async def _try(self, outgoing: Outgoing) -> NotNowError | NeverError | None:
        seconds = _TRY_SECONDS
        if outgoing.payload.get("document"):
            seconds = _FILE_SECONDS
            until = self._clock() + timedelta(seconds=seconds + _MARGIN_SECONDS)
            await self._store.write(lambda it: outbox.hold(it, outgoing.id, until))
        try:
            async with asyncio.timeout(seconds):
                await self._send(outgoing)
        except (NotNowError, NeverError) as error:
            return error
        except Exception as error:
            logger.warning("outgoing %d: %s", outgoing.id, type(error).__name__)
            return NotNowError()
        return None

    async def _settle(self, outgoing: Outgoing, error: NotNowError | NeverError | None) -> None:
        at = self._clock()
        if error is None:
            await self._store.write(
                lambda it: outbox.mark_sent(it, outgoing.conversation_id, outgoing.seq, at)
            )
        elif isinstance(error, NeverError):
            await self._store.write(lambda it: outbox.mark_failed(it, outgoing.id))
        else:
            pause = error.seconds or min(2.0**outgoing.attempts / 2, _LONGEST_PAUSE)
            until = at + timedelta(seconds=pause)
            await self._store.write(lambda it: outbox.postpone(it, outgoing.id, until))
