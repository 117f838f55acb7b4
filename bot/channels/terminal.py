"""The terminal's way in: one call of the internal key, one answer."""

import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.bell import Bell, conversation_topic
from bot.body import read_body
from bot.ending import PERSON
from bot.identity import TERMINAL, Identity
from bot.inbox import Inbox, Thread
from bot.store import Store
from ledger import conversations
from ledger.errors import UnknownPersonError
from ledger.scope import UserScope
from ledger.types import Person

_WAIT_SECONDS = 35.0
"""Longer than any turn, its apology included."""
_LOOK_SECONDS = 1.0


class Asked(BaseModel):
    """A question from the command line.

    Attributes:
        conversation: Tells the person's conversations apart.
        now: The time it is for the person (theirs by the clock unless given); without a zone it
            is in their own.
    """

    person: str = Field(min_length=1, max_length=200)
    conversation: str = Field(min_length=1, max_length=200)
    text: str
    now: datetime | None = None


class Terminal:
    """Answers `POST /turns`; the message goes through inbox, turn and outbox as any other.

    Args:
        erase: Deletes what is left of a person whose last answer was fetched.
    """

    def __init__(
        self,
        *,
        key: str,
        store: Store,
        bell: Bell,
        inbox: Inbox,
        identity: Identity,
        erase: Callable[[str], Awaitable[None]],
    ) -> None:
        self._key = key
        self._store = store
        self._bell = bell
        self._inbox = inbox
        self._identity = identity
        self._erase = erase

    def router(self) -> APIRouter:
        """The internal routes."""
        router = APIRouter()
        router.add_api_route("/turns", self._turns, methods=["POST"])
        return router

    async def _turns(self, request: Request) -> JSONResponse:
        shown = request.headers.get("x-florin-key", "")
        # Before the body: nobody without the key makes it read or parse anything.
        if not hmac.compare_digest(shown.encode(), self._key.encode()):
            return JSONResponse({"error": "This route is internal."}, 401)
        asked = Asked.model_validate_json(await read_body(request))
        try:
            person = await self._identity.get_person(asked.person)
        except UnknownPersonError as error:
            return JSONResponse({"error": str(error)}, 404)
        thread = Thread(person, TERMINAL, asked.conversation)
        answer = await self._answer(thread, asked.text, _aware(asked.now, person))
        if answer is None:
            return JSONResponse({"error": "No answer in time; is the gateway's worker up?"}, 504)
        if answer.get("ends") == PERSON:
            await self._erase(person.id)
        return JSONResponse(answer)

    async def _answer(
        self, thread: Thread, text: str, now: datetime | None
    ) -> dict[str, Any] | None:
        key = f"{TERMINAL}:{secrets.token_hex(16)}"
        user = UserScope(thread.person.id)
        with self._bell.listening(conversation_topic(thread.conversation_id)) as bell:
            inbox_id = await self._inbox.accept(thread, "text", text, key, now=now)
            latest = time.monotonic() + _WAIT_SECONDS
            while time.monotonic() < latest:
                await bell.wait(_LOOK_SECONDS)
                answer = await self._store.read(
                    lambda it: conversations.answer_of(it, user, inbox_id)
                )
                if answer is not None:
                    return answer
        return None


def _aware(now: datetime | None, person: Person) -> datetime | None:
    if now is None or now.tzinfo is not None:
        return now
    return now.replace(tzinfo=ZoneInfo(person.timezone))
