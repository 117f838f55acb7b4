"""Files that people send: fetched, handed on unparsed, answered with what became of them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot import answer
from bot.answer import Choice, Reply
from bot.bell import OUTBOX, Bell, conversation_topic
from bot.errors import UploadRefusedError
from bot.limits import Limits
from bot.services import Services
from bot.store import Store
from bot.turn import Asked, Clock, turn_id
from bot.uploads import Uploads, shown_name
from ledger import conversations, outbox, uploads
from ledger.inbox import Claimed

Json = dict[str, Any]
Fetch = Callable[[Json], AsyncIterator[bytes]]
"""Gets the bytes of a document from the channel that it came through."""

logger = logging.getLogger(__name__)

_AGAIN_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
_SHOWN_ROWS = 3
_OUTCOMES = (("added", "added"), ("matched", "already there"), ("held", "held"))


class DocumentReader:
    """Reads what a message's file holds, and goes on after its answer when that takes long.

    Args:
        fetch: How each channel gets a document's bytes; the web channel has them stored already.
    """

    def __init__(
        self,
        *,
        store: Store,
        services: Services,
        kept: Uploads,
        bell: Bell,
        fetch: Mapping[str, Fetch],
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._store = store
        self._services = services
        self._kept = kept
        self._bell = bell
        self._fetch = fetch
        self._clock = clock
        self._limits = limits
        self._late: set[asyncio.Task[None]] = set()

    async def receive(self, asked: Asked) -> Reply:
        """Bring a message's file in and say what became of it."""
        claimed, trace = asked.claimed, asked.trace
        body: Json = orjson.loads(claimed.message.body)
        trace.text = shown_name(str(body.get("name") or ""))
        try:
            with trace.timed("fetch"):
                upload_id = body.get("upload") or await self._download(claimed, body)
        except UploadRefusedError as error:
            return Reply(str(error), failed=type(error).__name__)
        return await self._import(asked, {"upload_id": upload_id})

    async def choose(self, asked: Asked, payload: Json) -> Reply:
        """Go on with a file after a question about it was answered."""
        body = {"upload_id": payload["upload"], "choices": payload["choices"]}
        return await self._import(asked, body)

    async def _download(self, claimed: Claimed, body: Json) -> str:
        if int(body.get("size") or 0) > self._kept.limit:
            raise UploadRefusedError(
                f"That file is larger than the {self._kept.limit // 1024**2} MB that I take; "
                "please export a shorter period."
            )
        message = claimed.message
        upload = await self._kept.keep(
            claimed.person_id,
            message.conversation_id,
            str(body.get("name") or ""),
            self._fetch[message.channel](body),
            self._clock(),
        )
        return upload.id

    async def _import(self, asked: Asked, body: Json) -> Reply:
        claimed, upload_id = asked.claimed, str(body["upload_id"])
        asked.trace.notes["upload"] = upload_id
        reading = asyncio.ensure_future(self._services.imports({"scope": asked.scope, **body}))
        left = asked.ends - self._limits.margin - asyncio.get_running_loop().time()
        in_time = False
        try:
            with asked.trace.timed("intake"):
                await asyncio.wait({reading}, timeout=max(0.0, min(self._limits.reading, left)))
            in_time = reading.done()
            if in_time:
                self._services.forget(claimed.person_id)
                return _said(reading.result(), upload_id)
            await self._store.write(
                lambda it: uploads.set_state(it, claimed.user, upload_id, "late")
            )
        finally:
            # However the turn ends: what becomes of the file is told.
            if not in_time:
                self._go_on(self._finish_late(claimed, reading, upload_id))
        return Reply("This is a big file: I'm still reading it and will tell you when it's in.")

    def _go_on(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _finish_late(
        self, claimed: Claimed, reading: asyncio.Future[Json], upload_id: str
    ) -> None:
        try:
            reply = _said(await reading, upload_id)
        except Exception as error:
            logger.warning("%s: %s after its answer", upload_id, type(error).__name__)
            reply = Reply(answer.SORRY_FILE)
        self._services.forget(claimed.person_id)
        buttons = answer.new_buttons(reply.choices)
        conversation_id = claimed.message.conversation_id

        def tell(connection: Connection) -> None:
            uploads.set_state(connection, claimed.user, upload_id, "done")
            conversations.add_buttons(connection, conversation_id, turn_id(claimed), buttons)
            said = answer.sendable(reply, buttons, None)
            outbox.add(connection, conversation_id, turn_id(claimed), said, self._clock())

        if await self._surely(tell, upload_id):
            self._bell.ring(OUTBOX, conversation_topic(conversation_id))

    async def _surely(self, tell: Callable[[Connection], None], upload_id: str) -> bool:
        """Store what is told, again and again where the database cannot; tells whether it did."""
        for seconds in _AGAIN_SECONDS:
            try:
                await self._store.write(tell)
            except SQLAlchemyError as error:
                logger.error("%s: not told yet, %s", upload_id, type(error).__name__)
                await asyncio.sleep(seconds)
            else:
                return True
        # One that was marked late is apologised for by the sweep.
        return False

    async def apologise_for_abandoned(self) -> None:
        """Tell the senders of files whose reader went away with its gateway."""
        at = self._clock()
        before = at - timedelta(seconds=self._limits.importing + self._limits.turn)

        def tell(connection: Connection) -> list[str]:
            told = []
            for upload in uploads.abandoned(connection, before):
                if upload.conversation_id is not None:
                    said = answer.sendable(Reply(answer.SORRY_FILE), [], None)
                    outbox.add(connection, upload.conversation_id, None, said, at)
                    told.append(upload.conversation_id)
            return told

        told = await self._store.write(tell)
        for conversation_id in told:
            self._bell.ring(OUTBOX, conversation_topic(conversation_id))

    async def close(self) -> None:
        """Stop waiting for late files; their senders are told by the next gateway."""
        for task in list(self._late):
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)


def _said(result: Json, upload_id: str) -> Reply:
    """The intake's result as a sentence and buttons."""
    if isinstance(result.get("error"), str):
        return Reply(result["error"])
    if isinstance(result.get("question"), str):
        choices = [
            Choice(choice["title"], {"upload": upload_id, "choices": choice["choices"]})
            for choice in result.get("choices") or []
        ]
        return Reply(result["question"], choices)
    return Reply(_counted(result))


def _counted(result: Json) -> str:
    counts = [f"{result.get(key, 0):,} {word}" for key, word in _OUTCOMES if result.get(key)]
    rejected = int(result.get("rejected") or 0)
    if rejected:
        counts.append(f"{rejected:,} rejected")
    total = sum(int(result.get(key) or 0) for key, _ in _OUTCOMES) + rejected
    text = f"I read {total:,} {'row' if total == 1 else 'rows'}: {', '.join(counts) or 'none'}."
    reasons = [
        f"Line {row['line']}: {row['reason']}"
        for row in (result.get("rows") or [])[:_SHOWN_ROWS]
        if row.get("reason")
    ]
    more = rejected + int(result.get("held") or 0) - len(reasons)
    if reasons and more > 0:
        reasons.append(f"… and {more:,} more like this.")
    return "\n".join([text, *reasons])
