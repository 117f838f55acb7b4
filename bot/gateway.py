"""The gateway: the only public door, and where its parts are put together."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine, text
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.bell import Bell
from bot.channels.telegram import Telegram, TelegramSettings
from bot.channels.terminal import Terminal
from bot.channels.web import WIDGET, Web, error_answers
from bot.documents import DocumentReader
from bot.identity import TELEGRAM, Identity
from bot.inbox import Inbox
from bot.limits import Limits
from bot.services import Addresses, Services
from bot.store import Store
from bot.turn import Parts
from bot.uploads import Uploads
from bot.worker import Worker

logger = logging.getLogger(__name__)

LOCAL_ORIGINS = ("http://localhost:*", "http://127.0.0.1:*")
"""Pages that may embed the chat unless told otherwise: those of this machine."""

_GZIP_BYTES = 1024


def create_app(
    *,
    database: Engine,
    addresses: Addresses,
    internal_key: str,
    uploads: Path,
    clock: Callable[[], datetime],
    telegram: TelegramSettings | None = None,
    embed_origins: Sequence[str] = LOCAL_ORIGINS,
    limits: Limits | None = None,
) -> FastAPI:
    """Build the gateway. Serve it with a short graceful shutdown: open chats hold event streams.

    Args:
        database: An open engine of a migrated database.
        addresses: Where the other services are.
        internal_key: Shown to the services, signs a turn's scope, opens the internal routes.
        uploads: An existing folder for files that people send.
        clock: The real time, aware.
        telegram: The bot, if there is one.
        embed_origins: Origins whose pages may embed the chat (CSP sources).
        limits: Deadlines and sizes, where they differ from the defaults.
    """
    limits = limits or Limits()
    # It logs each address it calls, and Telegram's hold the bot's token.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    store, bell = Store(database), Bell()
    inbox, identity = Inbox(store, bell, clock), Identity(store, clock)
    kept = Uploads(uploads, limits.upload, store)
    web = Web(store=store, bell=bell, inbox=inbox, identity=identity, uploads=kept, clock=clock)
    terminal = Terminal(
        key=internal_key, store=store, bell=bell, inbox=inbox, identity=identity, clock=clock
    )
    bot = (
        Telegram(telegram, store=store, bell=bell, inbox=inbox, identity=identity, clock=clock)
        if telegram
        else None
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with Services(addresses, internal_key, limits) as services:
            documents = DocumentReader(
                store=store,
                services=services,
                kept=kept,
                bell=bell,
                fetch={TELEGRAM: bot.fetch} if bot else {},
                clock=clock,
                limits=limits,
            )
            parts = Parts(
                store=store,
                services=services,
                documents=documents,
                bell=bell,
                key=internal_key,
                holder=f"gateway-{secrets.token_hex(6)}",
                clock=clock,
                started_at=clock(),
                limits=limits,
            )
            running = [asyncio.create_task(Worker(parts, documents).run())]
            if bot:
                running.append(asyncio.create_task(bot.run()))
            app.state.worker = running[0]
            yield
            await _stop(running)
            await documents.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=_GZIP_BYTES)
    app.add_middleware(SecurityHeaders, embed_origins=embed_origins)
    for kind, answer in error_answers().items():
        app.add_exception_handler(kind, answer)
    app.include_router(web.router())
    app.include_router(terminal.router())
    if bot:
        app.include_router(bot.router())
    app.mount("/assets", StaticFiles(directory=WIDGET))

    @app.get("/health")
    async def health() -> JSONResponse:
        await store.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
        if app.state.worker.done():
            return JSONResponse({"status": "no worker"}, 503)
        return JSONResponse({"status": "ok"})

    return app


async def _stop(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            logger.error("A part of the gateway had failed: %s", type(ended).__name__)


class SecurityHeaders:
    """Says on each response what a browser may do with it: nothing from outside, ever."""

    def __init__(self, app: ASGIApp, embed_origins: Sequence[str]) -> None:
        self._app = app
        policy = {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "connect-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": " ".join(("'self'", *embed_origins)),
        }
        self._headers = {
            "content-security-policy": "; ".join(
                f"{name} {value}" for name, value in policy.items()
            ),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "permissions-policy": "camera=(), microphone=(), geolocation=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the start of the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, with_headers)
