"""The web chat's way in and out: a session, its history, its events, what it sends."""

import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError, model_validator
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import StreamingResponse

from bot.bell import Bell, conversation_topic
from bot.body import read_body
from bot.errors import (
    NoSessionError,
    NoWorkerError,
    ServiceError,
    TooManyWaitingError,
    UploadRefusedError,
)
from bot.exports import Exports
from bot.inbox import Inbox
from bot.sessions import Session, Sessions, ended_cookies
from bot.store import Store
from bot.uploads import Uploads
from ledger import conversations, outbox
from ledger.clock import now_for
from ledger.inbox import Message, waiting_messages
from ledger.outbox import Outgoing
from ledger.scope import UserScope
from ledger.types import Person

logger = logging.getLogger(__name__)

WIDGET = Path(__file__).parent.parent / "widget"

_HISTORY = 100
"""Messages that a page shows again after a reload."""
_LOOK_SECONDS = 2.0
_BEAT_SECONDS = 15.0
"""A stream without a word is closed by proxies; this one says that it lives."""
_WAITING = 20
"""Unanswered messages of one conversation; a person types fewer."""
_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
_SPARE_BYTES = 1024 * 1024


class Sent(BaseModel):
    """What a page sends: a text or a tapped button's token, under a key of its own making."""

    key: str = Field(pattern=_KEY.pattern)
    text: str | None = Field(None, min_length=1, max_length=5000)
    token: str | None = Field(None, min_length=1, max_length=64)

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.text is None) == (self.token is None):
            raise ValueError("A message is a text or a button.")
        return self


class Web:
    """The public routes."""

    def __init__(
        self,
        *,
        store: Store,
        bell: Bell,
        inbox: Inbox,
        sessions: Sessions,
        uploads: Uploads,
        exports: Exports,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._bell = bell
        self._inbox = inbox
        self._sessions = sessions
        self._uploads = uploads
        self._exports = exports
        self._clock = clock

    def router(self) -> APIRouter:
        """The routes of the page and of the chat."""
        router = APIRouter()
        router.add_api_route("/", self._page, methods=["GET"])
        router.add_api_route("/widget.js", self._embed, methods=["GET"])
        router.add_api_route("/chat/history", self._history, methods=["GET"])
        router.add_api_route("/chat/events", self._events, methods=["GET"])
        router.add_api_route("/chat/messages", self._messages, methods=["POST"])
        router.add_api_route("/chat/exports/{token}", self._export, methods=["GET"])
        router.add_api_route("/chat/logout", self._log_out, methods=["POST"])
        router.add_api_route(
            "/chat/uploads",
            self._receive,
            methods=["POST"],
            # Ours is met first, and says so in a sentence.
            max_body_size=self._uploads.limit + _SPARE_BYTES,
        )
        return router

    async def _page(self) -> Response:
        return FileResponse(WIDGET / "index.html", headers={"cache-control": "no-cache"})

    async def _embed(self) -> Response:
        return FileResponse(WIDGET / "widget.js", headers={"cache-control": "no-cache"})

    async def _history(self, request: Request) -> Response:
        session = await self._sessions.get(request)
        conversation_id = await self._inbox.open(session.thread)
        scope = UserScope(session.person.id)
        sent, waiting = await self._store.read(
            lambda it: (
                outbox.newest(it, scope, conversation_id, _HISTORY),
                [
                    {
                        "key": _page_key(one.update_key),
                        "kind": one.kind,
                        "text": _shown(it, scope, one),
                    }
                    for _, one in waiting_messages(it, scope, conversation_id)
                ],
            )
        )
        body = {
            "person": session.person.name,
            "today": self._demo_day(session.person),
            "last": sent[-1].seq if sent else 0,
            "messages": [_event(one) for one in sent],
            "waiting": waiting,
        }
        return Response(
            orjson.dumps(body),
            media_type="application/json",
            headers={"cache-control": "no-store"},
        )

    def _demo_day(self, person: Person) -> str | None:
        return now_for(person, self._clock()).date().isoformat() if person.demo else None

    async def _events(self, request: Request, after: int = 0) -> Response:
        session = await self._sessions.get(request)
        known = request.headers.get("last-event-id", "")
        seq = int(known) if known.isdecimal() and len(known) < 10 else after
        return StreamingResponse(
            self._until_broken(self._stream(session, seq, request)),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def _until_broken(self, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """A stream that ends where the database fails; the page comes back by itself."""
        try:
            async for part in stream:
                yield part
        except SQLAlchemyError as error:
            logger.error("An event stream ended: %s", type(error).__name__)

    async def _stream(self, session: Session, seq: int, request: Request) -> AsyncIterator[bytes]:
        conversation_id, scope = session.thread.conversation_id, UserScope(session.person.id)
        with self._bell.listening(conversation_topic(conversation_id)) as bell:
            yield b"retry: 1000\n\n"
            beat, rung = time.monotonic(), False
            while True:
                new = await self._store.read(
                    lambda it, seq=seq: outbox.after(it, scope, conversation_id, seq)  # type: ignore[misc]
                )
                if new:
                    seq = new[-1].seq
                    # Before it is: a page that has its last message goes away at once.
                    await self._note_sent(conversation_id, seq)
                for one in new:
                    yield b"id: %d\ndata: %s\n\n" % (one.seq, orjson.dumps(_event(one)))
                # Rung without a message: the session may have ended.
                if (rung and not new) or time.monotonic() - beat > _BEAT_SECONDS:
                    beat = time.monotonic()
                    if await self._sessions.find(request) != session:
                        return
                    yield b": here\n\n"
                rung = await bell.wait(_LOOK_SECONDS)

    async def _note_sent(self, conversation_id: str, seq: int) -> None:
        at = self._clock()
        await self._store.write(lambda it: outbox.mark_sent(it, conversation_id, seq, at))

    async def _messages(self, request: Request) -> Response:
        session = await self._sender(request)
        sent = Sent.model_validate_json(await read_body(request))
        await self._check_waiting(session)
        key = _update_key(session, sent.key)
        if sent.token is not None:
            inbox_id = await self._inbox.accept(session.thread, "button", sent.token, key)
        else:
            inbox_id = await self._inbox.accept(session.thread, "text", sent.text or "", key)
        return JSONResponse({"id": inbox_id}, 202)

    async def _export(self, request: Request, token: str) -> Response:
        """A file that this session was offered; for every other one there is none."""
        session = await self._sessions.get(request)
        person, thread = session.person, session.thread
        export = await self._exports.find(person.id, thread.conversation_id, token)
        if export is None:
            return JSONResponse({"error": "That file is not here any more; ask for it again."}, 404)
        return StreamingResponse(
            await self._exports.open(export),
            media_type="application/zip",
            headers={
                "cache-control": "no-store",
                "content-disposition": f'attachment; filename="{quote(export.name)}"',
            },
        )

    async def _log_out(self, request: Request) -> JSONResponse:
        session = await self._sender(request)
        await self._sessions.end(session)
        self._bell.ring(conversation_topic(session.thread.conversation_id))
        response = JSONResponse({"ended": True})
        for header in ended_cookies():
            response.headers.append("set-cookie", header)
        return response

    async def _receive(self, request: Request, key: str, name: str = "") -> Response:
        session = await self._sender(request)
        if not _KEY.fullmatch(key):
            return JSONResponse({"error": "The upload's key is not one."}, 422)
        await self._check_waiting(session)
        conversation_id = await self._inbox.open(session.thread)
        upload = await self._uploads.keep(
            session.person.id, conversation_id, name, request.stream(), self._clock()
        )
        body = orjson.dumps({"upload": upload.id, "name": upload.name}).decode()
        inbox_id = await self._inbox.accept(
            session.thread, "document", body, _update_key(session, key)
        )
        return JSONResponse({"id": inbox_id}, 202)

    async def _sender(self, request: Request) -> Session:
        # Another site's page cannot set this header without asking first, and is never allowed to.
        if request.headers.get("x-florin-chat") != "1":
            raise NoSessionError
        return await self._sessions.get(request)

    async def _check_waiting(self, session: Session) -> None:
        waiting = await self._store.read(
            lambda it: waiting_messages(
                it, UserScope(session.person.id), session.thread.conversation_id
            )
        )
        if len(waiting) >= _WAITING:
            raise TooManyWaitingError


def error_answers() -> dict[type[Exception], Callable[[Request, Any], Response]]:
    """What a page is told, in one sentence, for each kind of mistake."""

    def say(status: int) -> Callable[[Request, Any], Response]:
        return lambda _request, error: JSONResponse({"error": str(error)}, status)

    def unreadable(_request: Request, _error: Any) -> Response:
        return JSONResponse({"error": "That message cannot be read; it may be too long."}, 422)

    def unstored(_request: Request, error: Any) -> Response:
        logger.error("The database cannot be used: %s", type(error).__name__)
        return JSONResponse({"error": "I'm busy just now; please try again in a moment."}, 503)

    def unmade(_request: Request, error: Any) -> Response:
        logger.error("A file could not be made: %s", type(error).__name__)
        return JSONResponse({"error": "That file can't be made just now; please try again."}, 503)

    return {
        SQLAlchemyError: unstored,
        NoWorkerError: say(503),
        ServiceError: unmade,
        NoSessionError: say(401),
        TooManyWaitingError: say(429),
        UploadRefusedError: say(413),
        ValidationError: unreadable,
        RequestValidationError: unreadable,
    }


def _update_key(session: Session, key: str) -> str:
    return f"{session.thread.conversation_id}:{key}"


def _page_key(update_key: str) -> str:
    return update_key.rsplit(":", 1)[-1]


def _shown(connection: Connection, user: UserScope, message: Message) -> str:
    """What the person sees of what they sent."""
    if message.kind == "text":
        return message.body
    if message.kind == "document":
        return str(orjson.loads(message.body).get("name", ""))
    tapped = conversations.find_button(connection, user, message.conversation_id, message.body)
    return tapped.title if tapped else ""


def _event(one: Outgoing) -> dict[str, Any]:
    """A message as a page gets it; the page knows its own messages by their key."""
    question = one.payload.get("question")
    if question:
        question = {**question, "key": _page_key(question["key"])}
    return {**one.payload, "seq": one.seq, "question": question}
