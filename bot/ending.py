"""What ends with an answer: a session, or everything that there is of a person.

A person who is being erased gets their last reply first; `Eraser` then deletes what that needed,
the bytes of their files and what the dialogue engine keeps. It goes on wherever it was interrupted.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.bell import INBOX, Bell
from bot.errors import ServiceError
from bot.limits import Limits
from bot.services import Services
from bot.store import Store
from ledger import erasure, people
from ledger.erasure import Erasure, LastTurn
from ledger.inbox import Claimed
from ledger.scope import UserScope

logger = logging.getLogger(__name__)

PERSON, SESSION = "person", "session"
"""What an action may say that its answer ends."""
ENDING = "ending"
"""Rung when somebody is to be erased."""
_LOOK_SECONDS = 0.5
_IDLE_SECONDS = 30.0


def end(
    connection: Connection, claimed: Claimed, turn_id: str, ends: str | None, at: datetime
) -> None:
    """End what an answer ends, in the transaction that stores it."""
    message = claimed.message
    if ends == PERSON:
        last = LastTurn(message.conversation_id, claimed.id, turn_id)
        erasure.begin(connection, claimed.user, at, last)
    elif ends == SESSION:
        account = message.conversation_id.removeprefix(f"{message.channel}:{claimed.person_id}:")
        people.unlink_account(connection, claimed.user, message.channel, account, at)


class Eraser:
    """Deletes what is left of people who are being erased, until it is cancelled."""

    def __init__(
        self,
        *,
        store: Store,
        services: Services,
        uploads: Path,
        bell: Bell,
        clock: Callable[[], datetime],
        limits: Limits,
    ) -> None:
        self._store = store
        self._services = services
        self._uploads = uploads
        self._bell = bell
        self._clock = clock
        self._limits = limits

    async def run(self) -> None:
        """Look after everybody who is being erased; a failure is tried again."""
        with self._bell.listening(ENDING) as bell:
            while True:
                waiting = False
                try:
                    for one in await self._store.read(erasure.pending):
                        waiting = True
                        await self._go_on(one)
                except (SQLAlchemyError, OSError, ServiceError) as error:
                    logger.error("An erasure waits: %s", type(error).__name__)
                await bell.wait(_LOOK_SECONDS if waiting else _IDLE_SECONDS)

    async def erase(self, person_id: str) -> None:
        """Erase somebody at once, whatever waits to be sent to them.

        Raises:
            UnknownPersonError: There is no such person.
            ServiceError: The dialogue engine cannot forget them now; the gateway tries again.
        """
        scope, at = UserScope(person_id), self._clock()
        await self._store.write(lambda it: erasure.begin(it, scope, at))
        self._bell.ring(ENDING, INBOX)
        await self.complete(person_id)

    async def complete(self, person_id: str) -> None:
        """Delete what is left of somebody who has their last reply.

        Raises:
            ServiceError: The dialogue engine cannot forget them now; the gateway tries again.
        """
        for one in await self._store.read(erasure.pending):
            if one.scope.person_id == person_id:
                await self._finish(one)

    async def _go_on(self, one: Erasure) -> None:
        age = (self._clock() - one.begun_at).total_seconds()
        if age >= (self._limits.grace if one.is_told else self._limits.farewell):
            await self._finish(one)

    async def _finish(self, one: Erasure) -> None:
        self._services.forget(one.scope.person_id)
        await self._services.forget_conversations(one.conversations)
        await self._store.write(lambda it: self._delete(it, one.scope))
        try:
            await self._store.purge()
        except SQLAlchemyError as error:
            # Others are at work; what was deleted is overwritten all the same.
            logger.warning("The database's file was not written anew: %s", type(error).__name__)
        logger.info("Somebody was erased.")

    def _delete(self, connection: Connection, scope: UserScope) -> None:
        for upload_id in erasure.uploads_of(connection, scope):
            (self._uploads / upload_id).unlink(missing_ok=True)
        erasure.finish(connection, scope, self._clock())
