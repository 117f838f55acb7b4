"""Claims waiting messages and answers them: one turn in flight in each conversation."""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.bell import INBOX
from bot.documents import DocumentReader
from bot.turn import Parts, run_turn
from ledger import inbox
from ledger.errors import LeaseLostError
from ledger.inbox import Claimed

logger = logging.getLogger(__name__)

_RENEWALS = 3
"""A lease is renewed so often in its life."""
_SWEEP_SECONDS = 30.0


class Worker:
    """Works through the inbox until it is cancelled."""

    def __init__(self, parts: Parts, documents: DocumentReader) -> None:
        self._parts = parts
        self._documents = documents
        self._busy: set[str] = set()
        self._turns: set[asyncio.Task[None]] = set()
        self._look_again = False

    async def run(self) -> None:
        """Claim and answer, renew leases, look after abandoned files; ends by cancellation."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._claim_forever())
                tasks.create_task(self._renew_forever())
                tasks.create_task(self._sweep_forever())
        finally:
            for turn in self._turns:
                turn.cancel()
            await asyncio.gather(*self._turns, return_exceptions=True)

    async def _claim_forever(self) -> None:
        with self._parts.bell.listening(INBOX) as bell:
            while True:
                room = self._parts.limits.parallel - len(self._busy)
                # What waits in a busy conversation is seen only once that is free.
                self._look_again = bool(self._busy)
                for claimed in await self._claim(room) if room else []:
                    self._busy.add(claimed.message.conversation_id)
                    turn = asyncio.create_task(self._answer(claimed))
                    self._turns.add(turn)
                    turn.add_done_callback(self._turns.discard)
                await bell.wait(self._parts.limits.poll)

    async def _claim(self, most: int) -> list[Claimed]:
        parts, at = self._parts, self._parts.clock()
        until = at + timedelta(seconds=parts.limits.lease)
        busy = frozenset(self._busy)
        try:
            return await parts.store.write(
                lambda it: inbox.claim(it, parts.holder, busy, at, until, most=most)
            )
        except SQLAlchemyError as error:
            logger.error("The inbox cannot be read: %s", type(error).__name__)
            return []

    async def _answer(self, claimed: Claimed) -> None:
        conversation_id = claimed.message.conversation_id
        try:
            await run_turn(self._parts, claimed)
        except LeaseLostError:
            logger.warning("turn-%d: another gateway answers", claimed.id)
        except Exception as error:
            # Nothing was stored: the lease runs out and the message is claimed again.
            logger.error("turn-%d: not stored, %s", claimed.id, type(error).__name__)
        except asyncio.CancelledError:
            await self._give_back(conversation_id)
            raise
        finally:
            self._busy.discard(conversation_id)
            if self._look_again:
                self._parts.bell.ring(INBOX)

    async def _give_back(self, conversation_id: str) -> None:
        holder = self._parts.holder
        await self._parts.store.write(
            lambda connection: inbox.release(connection, conversation_id, holder)
        )

    async def _renew_forever(self) -> None:
        parts = self._parts
        while True:
            await asyncio.sleep(parts.limits.lease / _RENEWALS)
            if not self._busy:
                continue
            busy = frozenset(self._busy)
            until = parts.clock() + timedelta(seconds=parts.limits.lease)
            try:
                await parts.store.write(
                    lambda it, busy=busy, until=until: inbox.renew(  # type: ignore[misc]
                        it, parts.holder, busy, until
                    )
                )
            except SQLAlchemyError as error:
                logger.error("Leases cannot be renewed: %s", type(error).__name__)

    async def _sweep_forever(self) -> None:
        while True:
            try:
                await self._documents.apologise_for_abandoned()
            except SQLAlchemyError as error:
                logger.error("Uploads cannot be read: %s", type(error).__name__)
            await asyncio.sleep(_SWEEP_SECONDS)
