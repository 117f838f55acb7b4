"""The services that a turn asks, over HTTP on loopback."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from bot.errors import FailedError, LateError, ServiceError, UnreachableError
from bot.limits import Limits

Json = dict[str, Any]

_AGAIN_SECONDS = 0.25
_STALE_SECONDS = 3600.0
"""Old context is better than none while the actions restart; accounts change rarely."""
_PEOPLE = 1000
_CONNECTIONS = 512
_FORGOTTEN = 500
"""Conversations that the engine is asked to forget at once."""
_CONNECT_SECONDS = 2.0
_KEPT_SECONDS = 2.5
"""Shorter than the servers keep a connection, so that no call meets one just closed."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Base URLs of the services."""

    nlu: str
    actions: str
    engine: str
    intake: str


@dataclass(frozen=True, slots=True)
class _Call:
    service: str
    url: str
    seconds: float
    repeatable: bool
    statuses: tuple[int, ...] = (200,)


class Services:
    """Clients of NLU, actions, engine and intake, with their deadlines.

    What never arrived (nothing listens) is sent again until the call's time is over. What arrived
    and failed is sent once more only where running twice does no harm.
    """

    def __init__(self, addresses: Addresses, key: str, limits: Limits) -> None:
        self._parse = _Call("NLU", f"{addresses.nlu}/model/parse", limits.nlu, True)
        self._context = _Call("actions", f"{addresses.actions}/context", limits.context, True)
        webhook = f"{addresses.engine}/webhooks/florin/webhook"
        self._engine = _Call("engine", webhook, limits.engine, False)
        forget = f"{addresses.engine}/webhooks/florin/forget"
        self._forget = _Call("engine", forget, limits.engine, True)
        imports = f"{addresses.intake}/imports"
        self._imports = _Call("intake", imports, limits.importing, False, (200, 422))
        self._contexts: dict[str, tuple[float, Json]] = {}
        self._context_life = limits.context_life
        self._headers = {"x-florin-key": key, "content-type": "application/json"}
        self._http: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        """Keep connections open while the block lasts."""
        connector = aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEPT_SECONDS)
        self._http = aiohttp.ClientSession(
            connector=connector,
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        await self._http.close()

    async def context(self, person_id: str, scope: str) -> Json:
        """What the caller knows of a person, for NLU; kept for a few seconds.

        Raises:
            ServiceError: The actions do not answer and nothing is kept.
        """
        age, kept = self._kept(person_id)
        if kept is not None and age < self._context_life:
            return kept
        try:
            fresh = await self._post(self._context, {"scope": scope})
        except ServiceError:
            if kept is None or age > _STALE_SECONDS:
                raise
            return kept
        while len(self._contexts) >= _PEOPLE:
            self._contexts.pop(next(iter(self._contexts)))
        self._contexts[person_id] = (time.monotonic(), fresh)
        return fresh

    def _kept(self, person_id: str) -> tuple[float, Json | None]:
        at, kept = self._contexts.get(person_id, (0.0, None))
        return time.monotonic() - at, kept

    def forget(self, person_id: str) -> None:
        """Drop a person's context: an import has changed it."""
        self._contexts.pop(person_id, None)

    async def parse(self, body: Json) -> Json:
        """The parse of a message.

        Raises:
            ServiceError: NLU did not answer, or not with a parse.
        """
        parse = await self._post(self._parse, body)
        if not isinstance(parse.get("intent"), dict) or not isinstance(parse.get("entities"), list):
            raise FailedError("NLU", 200)
        return parse

    async def dialogue(self, body: Json) -> list[Json]:
        """The engine's messages for one turn.

        Raises:
            ServiceError: The engine did not answer; it may have worked all the same.
        """
        messages = (await self._post(self._engine, body)).get("messages")
        if not isinstance(messages, list):
            raise FailedError("engine", 200)
        return [message for message in messages if isinstance(message, dict)]

    async def forget_conversations(self, conversations: Sequence[str]) -> None:
        """Have the engine delete what it keeps of conversations.

        Raises:
            ServiceError: The engine did not answer; it may have deleted some.
        """
        for start in range(0, len(conversations), _FORGOTTEN):
            senders = list(conversations[start : start + _FORGOTTEN])
            await self._post(self._forget, {"senders": senders})

    async def imports(self, body: Json) -> Json:
        """What became of an upload: counts, a question, or ``error`` with a sentence.

        Raises:
            ServiceError: The intake did not answer.
        """
        return await self._post(self._imports, body)

    async def _post(self, call: _Call, body: Json) -> Json:
        content = orjson.dumps(body)
        share = call.seconds / 2 if call.repeatable else call.seconds
        may_repeat = call.repeatable
        refused = False
        try:
            async with asyncio.timeout(call.seconds):
                while True:
                    try:
                        return await self._once(call, content, share)
                    except UnreachableError:
                        refused = True
                        await asyncio.sleep(_AGAIN_SECONDS)
                    except ServiceError:
                        if not may_repeat:
                            raise
                        may_repeat = False
        except TimeoutError:
            raise (UnreachableError if refused else LateError)(call.service) from None

    async def _once(self, call: _Call, content: bytes, seconds: float) -> Json:
        try:
            async with asyncio.timeout(seconds):
                async with self._http.post(call.url, data=content) as response:
                    status, body = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise UnreachableError(call.service) from None
        except TimeoutError:
            raise LateError(call.service) from None
        except aiohttp.ClientError:
            raise FailedError(call.service, 0) from None
        if status not in call.statuses:
            raise FailedError(call.service, status)
        try:
            answer = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise FailedError(call.service, status) from None
        if not isinstance(answer, dict):
            raise FailedError(call.service, status)
        return answer
