"""Files that an answer offers: made while they are fetched, by one person, within a day."""

import secrets
from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from sqlalchemy import Connection

from bot.errors import FailedError, TooManyFilesError, UnreachableError
from bot.store import Store
from ledger import audit
from ledger.crypto import sign_turn
from ledger.exports import Export, find_export
from ledger.inbox import Claimed
from ledger.scope import TurnScope, UserScope

LIFE = timedelta(hours=24)
"""How long a file is handed out after it was offered."""
_TOKEN_BYTES = 24
_CONNECT_SECONDS = 2.0
_SILENT_SECONDS = 30.0
_LONGEST_SECONDS = 900.0
_AT_ONCE = 4
"""Each holds a connection of the actions to the database for as long as somebody takes to read."""
_PIECE = 64 * 1024


def offered(claimed: Claimed, document: dict[str, Any] | None, at: datetime) -> Export | None:
    """The file that an answer offers, None where it offers none."""
    if not document or not isinstance(document.get("name"), str):
        return None
    message, query = claimed.message, document.get("query")
    return Export(
        secrets.token_urlsafe(_TOKEN_BYTES),
        claimed.person_id,
        message.conversation_id,
        document["name"],
        query if isinstance(query, dict) else None,
        message.now,
        at + LIFE,
    )


class Exports:
    """Hands files out.

    Args:
        actions: Base URL of the service that makes them.
        key: The internal key.
        clock: The real time.
    """

    def __init__(self, store: Store, actions: str, key: str, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._url = f"{actions}/export"
        self._key = key
        self._clock = clock
        self._open = 0

    async def find(self, person_id: str, conversation_id: str, token: str) -> Export | None:
        """The file that a token stands for in this person's conversation, unless it is over."""
        scope, at = UserScope(person_id), self._clock()
        return await self._store.read(lambda it: find_export(it, scope, conversation_id, token, at))

    async def open(self, export: Export) -> AsyncGenerator[bytes, None]:
        """The file's bytes, in pieces; it is being made from now on.

        Raises:
            ServiceError: The actions do not make it, or make too many already.
        """
        if self._open >= _AT_ONCE:
            raise TooManyFilesError
        turn = TurnScope(export.person_id, export.conversation_id, "export", export.now)
        body = {"scope": sign_turn(self._key, turn), "query": export.query}
        limits = aiohttp.ClientTimeout(
            total=_LONGEST_SECONDS, sock_connect=_CONNECT_SECONDS, sock_read=_SILENT_SECONDS
        )
        http = aiohttp.ClientSession(headers={"x-florin-key": self._key}, timeout=limits)
        try:
            response = await http.post(self._url, json=body)
            if response.status != 200:
                raise FailedError("actions", response.status)
            await self._store.write(lambda it: self._note(it, export))
        except aiohttp.ClientConnectorError:
            await http.close()
            raise UnreachableError("actions") from None
        except aiohttp.ClientError:
            await http.close()
            raise FailedError("actions", 0) from None
        except BaseException:
            await http.close()
            raise
        return self._pieces(http, response)

    def _note(self, connection: Connection, export: Export) -> None:
        subject = export.conversation_id
        audit.record(connection, self._clock(), export.person_id, "exported", subject)

    async def _pieces(
        self, http: aiohttp.ClientSession, response: aiohttp.ClientResponse
    ) -> AsyncGenerator[bytes, None]:
        self._open += 1
        try:
            async for piece in response.content.iter_chunked(_PIECE):
                yield piece
        finally:
            self._open -= 1
            response.close()
            await http.close()
