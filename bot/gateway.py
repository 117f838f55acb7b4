"""The gateway: the only public door, and where its parts are put together."""

import asyncio
import contextlib
import hmac
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine, text
from starlette.middleware.gzip import GZipMiddleware

from bot.bell import Bell
from bot.channels.links import Links
from bot.channels.telegram import Telegram, TelegramSettings
from bot.channels.terminal import Terminal
from bot.channels.web import WIDGET, Web, error_answers
from bot.charts import Charts
from bot.documents import DocumentReader
from bot.ending import Eraser
from bot.errors import NoWorkerError, ServiceError
from bot.exports import Exports
from bot.headers import SecurityHeaders
from bot.identity import TELEGRAM, Identity
from bot.inbox import Inbox
from bot.limits import Limits
from bot.services import Addresses, Services
from bot.sessions import Sessions
from bot.store import Store
from bot.turn import Parts
from bot.uploads import Uploads
from bot.worker import Worker
from ledger.errors import UnknownPersonError

logger = logging.getLogger(__name__)

LOCAL_ORIGINS = ("http://localhost:*", "http://127.0.0.1:*")
"""Pages that may embed the chat unless told otherwise: those of this machine."""

_GZIP_BYTES = 1024
_BODY_BYTES = 1024 * 1024
"""More than any message or update; files have a limit of their own."""


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
    end: Callable[[], None] | None = None,
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
        end: Called when a part has died; ends the process, which is then started again.
    """
    # It logs each address it calls, and Telegram's hold the bot's token.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    gateway = Gateway(
        database,
        addresses,
        internal_key,
        uploads,
        clock,
        telegram,
        limits or Limits(),
        end or _end_process,
    )
    app = FastAPI(
        lifespan=gateway.lifespan,
        max_body_size=_BODY_BYTES,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.add_middleware(GZipMiddleware, minimum_size=_GZIP_BYTES)
    app.add_middleware(SecurityHeaders, embed_origins=embed_origins)
    for kind, answer in error_answers().items():
        app.add_exception_handler(kind, answer)
    for channel in gateway.channels:
        app.include_router(channel.router(), dependencies=[Depends(gateway.check_alive)])
    app.add_api_route("/health", gateway.health, methods=["GET"])
    app.add_api_route("/people/{person_id}", gateway.erase, methods=["DELETE"])
    app.mount("/assets", StaticFiles(directory=WIDGET))
    return app


class Gateway:
    """The gateway's parts, and how long they live."""

    def __init__(  # noqa: PLR0917 (only `create_app` calls it)
        self,
        database: Engine,
        addresses: Addresses,
        key: str,
        uploads: Path,
        clock: Callable[[], datetime],
        telegram: TelegramSettings | None,
        limits: Limits,
        end: Callable[[], None],
    ) -> None:
        self._end = end
        self._addresses, self._key, self._clock, self._limits = addresses, key, clock, limits
        self._store, self._bell = Store(database), Bell()
        self._inbox = Inbox(self._store, self._bell, clock)
        self._identity = Identity(self._store, clock)
        self._uploads = Uploads(uploads, limits.upload, self._store)
        self._uploads_folder = uploads
        self._exports = Exports(self._store, addresses.actions, key, clock)
        self._worker: asyncio.Task[None] | None = None
        self._eraser: Eraser | None = None
        self._dead = False
        self._telegram = self._make_telegram(telegram) if telegram else None

    @property
    def channels(self) -> list[Links | Web | Terminal | Telegram]:
        """What has routes."""
        sessions = Sessions(self._identity, self._clock)
        web = Web(
            store=self._store,
            bell=self._bell,
            inbox=self._inbox,
            sessions=sessions,
            uploads=self._uploads,
            exports=self._exports,
            clock=self._clock,
        )
        terminal = Terminal(
            key=self._key,
            store=self._store,
            bell=self._bell,
            inbox=self._inbox,
            identity=self._identity,
            erase=self._complete_erasure,
        )
        links = Links(self._identity, sessions, self._clock)
        return [links, web, terminal, *([self._telegram] if self._telegram else [])]

    def _make_telegram(self, settings: TelegramSettings) -> Telegram:
        return Telegram(
            settings,
            store=self._store,
            bell=self._bell,
            inbox=self._inbox,
            identity=self._identity,
            exports=self._exports,
            charts=Charts(self._addresses.actions, self._key),
            clock=self._clock,
        )

    @contextlib.asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """Answer messages for as long as the app is up."""
        async with Services(self._addresses, self._key, self._limits) as services:
            documents = self._documents(services)
            worker = Worker(self._parts(services, documents), documents)
            self._worker = asyncio.create_task(worker.run())
            self._eraser = self._make_eraser(services)
            running = [self._worker, asyncio.create_task(self._eraser.run())]
            if self._telegram:
                running.append(asyncio.create_task(self._telegram.run()))
            for task in running:
                task.add_done_callback(self._ended)
            yield
            await _stop(running)
            await documents.close()

    def _documents(self, services: Services) -> DocumentReader:
        return DocumentReader(
            store=self._store,
            services=services,
            kept=self._uploads,
            bell=self._bell,
            fetch={TELEGRAM: self._telegram.fetch} if self._telegram else {},
            clock=self._clock,
            limits=self._limits,
        )

    def _make_eraser(self, services: Services) -> Eraser:
        return Eraser(
            store=self._store,
            services=services,
            uploads=self._uploads_folder,
            bell=self._bell,
            clock=self._clock,
            limits=self._limits,
        )

    def _parts(self, services: Services, documents: DocumentReader) -> Parts:
        return Parts(
            store=self._store,
            services=services,
            documents=documents,
            bell=self._bell,
            key=self._key,
            holder=f"gateway-{secrets.token_hex(6)}",
            clock=self._clock,
            started_at=self._clock(),
            limits=self._limits,
        )

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A part that was not told to end has died, but for a bot that Telegram refuses."""
        if task.cancelled() or (task.exception() is None and task is not self._worker):
            return
        logger.critical("A part of the gateway died: %s", _classes(task.exception()))
        self._dead = True
        self._end()

    @property
    def _alive(self) -> bool:
        return self._worker is not None and not self._dead

    async def check_alive(self, request: Request) -> None:
        """Take nothing that nobody would answer.

        Raises:
            NoWorkerError: A part has died.
        """
        if request.method == "POST" and not self._alive:
            raise NoWorkerError

    async def health(self) -> JSONResponse:
        """Whether messages are taken and answered: the database is read, no part has died."""
        await self._store.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
        if not self._alive:
            return JSONResponse({"status": "no worker"}, 503)
        return JSONResponse({"status": "ok"})

    async def _complete_erasure(self, person_id: str) -> None:
        if self._eraser is None:
            return
        try:
            await self._eraser.complete(person_id)
        except ServiceError as error:
            logger.error("An erasure waits: %s", type(error).__name__)

    async def erase(self, person_id: str, request: Request) -> JSONResponse:
        """Internal: delete everything of a person at once."""
        shown = request.headers.get("x-florin-key", "")
        if not hmac.compare_digest(shown.encode(), self._key.encode()):
            return JSONResponse({"error": "This route is internal."}, 401)
        if self._eraser is None:
            raise NoWorkerError
        try:
            await self._eraser.erase(person_id)
        except UnknownPersonError as error:
            return JSONResponse({"error": str(error)}, 404)
        except ServiceError as error:
            return JSONResponse({"error": f"{error} The rest is deleted; this follows."}, 503)
        return JSONResponse({"erased": True})


def _end_process() -> None:
    signal.raise_signal(signal.SIGTERM)


def _classes(error: BaseException | None) -> str:
    """The classes of what was raised, of each in a group: never its text."""
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(map(_classes, error.exceptions))
    return type(error).__name__


async def _stop(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            logger.error("A part of the gateway had failed: %s", _classes(ended))
