"""Telegram: private chats of bound accounts, by long polling or webhook.

An update is committed to the inbox before Telegram is told that it arrived: the next poll's offset,
or the webhook's 200, is what tells it.
"""

import asyncio
import contextlib
import hmac
import logging
import secrets
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bot.bell import Bell, conversation_topic
from bot.channels.keyboard import keyboard
from bot.charts import WARMING, Charts
from bot.errors import ServiceError, TooManyAttemptsError, UploadRefusedError
from bot.exports import Exports
from bot.identity import TELEGRAM, Identity, looks_like_code
from bot.inbox import Inbox, Thread
from bot.outbox import NeverError, NotNowError, Sender
from bot.store import Store
from ledger.errors import LinkError
from ledger.outbox import Outgoing
from ledger.types import Person

logger = logging.getLogger(__name__)

WEBHOOK_PATH = "/telegram/webhook"

UNKNOWN = (
    "I don't know this account yet. On the machine that runs Florin, enter "
    "“florin link telegram --user YOU” and send me the code that it prints."
)
WRONG_CODE = (
    "That code is wrong, used or too old. “florin link telegram --user YOU” prints a new one."
)
WELCOME = "You're linked as {name}. Ask me about your money, or send me a bank file."

TOO_LARGE = (
    "Telegram lets me fetch files of at most 20 MB, and this one is larger. "
    "Please send it in the web chat, or export a shorter period."
)
_LARGEST = 20 * 1024 * 1024
"""The Bot API's limit of `getFile`, in bytes."""

NO_FILE = "The file is not there any more; please ask for it again."
FILE_TOO_LARGE = "The file is more than Telegram takes from me: please ask in the web chat."
_LARGEST_SENT = 50 * 1024 * 1024
"""The Bot API's limit of `sendDocument`, in bytes."""

_UPDATES = ["message", "callback_query"]
_POLL_SECONDS = 20
_PAUSE_SECONDS = 2.0
_TYPING_SECONDS = 4.0
"""Telegram shows "typing" for five."""
_TYPING_TIMES = 7
_LONGEST = 4096
_LONGEST_CAPTION = 1024
_UPLOAD_SECONDS = 40.0
_FILE_TRIES = 3
"""One that takes longer to make than a message to send is left to the web chat."""
_CHART_TRIES = 3
_COMMANDS = {"/start": "hello", "/help": "help"}


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How the bot is reached.

    Attributes:
        base_url: The Bot API's address.
        webhook: Public base address of this gateway; long polling without it.
        secret: What Telegram shows with each webhook call; made up at start unless given.
    """

    token: str = field(repr=False)
    base_url: str = "https://api.telegram.org"
    webhook: str | None = None
    secret: str | None = field(default=None, repr=False)


class Telegram:
    """The bot: takes updates in, sends answers out."""

    def __init__(
        self,
        settings: TelegramSettings,
        *,
        store: Store,
        bell: Bell,
        inbox: Inbox,
        identity: Identity,
        exports: Exports,
        charts: Charts,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._exports = exports
        self._charts = charts
        self._secret = settings.secret or secrets.token_urlsafe(32)
        self._bell = bell
        self._inbox = inbox
        self._identity = identity
        self._typing: set[asyncio.Task[None]] = set()
        self._bot = Bot(
            settings.token,
            base_url=f"{settings.base_url}/bot",
            base_file_url=f"{settings.base_url}/file/bot",
            request=HTTPXRequest(connection_pool_size=64, read_timeout=8.0),
            get_updates_request=HTTPXRequest(read_timeout=_POLL_SECONDS + 10.0),
        )
        self._sender = Sender(
            store=store, bell=bell, clock=clock, channel=TELEGRAM, send=self._send
        )

    def router(self) -> APIRouter:
        """The webhook's route."""
        router = APIRouter()
        router.add_api_route(WEBHOOK_PATH, self._webhook, methods=["POST"])
        return router

    async def run(self) -> None:
        """Take and send until cancelled; a bot that Telegram refuses is said once and left."""
        try:
            await self._start()
        except InvalidToken:
            logger.error("Telegram refuses the bot's token; set FLORIN_TELEGRAM_TOKEN anew.")
            return
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._warm_up())
                tasks.create_task(self._sender.run())
                if self._settings.webhook is None:
                    tasks.create_task(self._poll_forever())
        finally:
            await self._bot.shutdown()

    async def _start(self) -> None:
        while True:
            try:
                await self._bot.initialize()
                if self._settings.webhook is None:
                    await self._bot.delete_webhook()
                else:
                    address = self._settings.webhook.rstrip("/") + WEBHOOK_PATH
                    await self._bot.set_webhook(
                        address, secret_token=self._secret, allowed_updates=_UPDATES
                    )
            except InvalidToken:
                raise
            except TelegramError as error:
                logger.warning("Telegram cannot be reached: %s", type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return

    async def _warm_up(self) -> None:
        with contextlib.suppress(ServiceError):
            await self._charts.draw(WARMING)

    async def _poll_forever(self) -> None:
        offset: int | None = None
        while True:
            try:
                updates = await self._bot.get_updates(
                    offset=offset, timeout=_POLL_SECONDS, allowed_updates=_UPDATES
                )
                for update in updates:
                    await self.take(update)
                    offset = update.update_id + 1
            except (TelegramError, SQLAlchemyError) as error:
                # Nothing was acknowledged: the same updates come again.
                logger.warning("Polling Telegram: %s", type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _webhook(self, request: Request) -> Response:
        shown = request.headers.get("x-telegram-bot-api-secret-token", "")
        if self._settings.webhook is None or not hmac.compare_digest(
            shown.encode(), self._secret.encode()
        ):
            return Response(status_code=401)
        update = Update.de_json(orjson.loads(await request.body()), self._bot)
        await self.take(update)
        return Response(status_code=200)

    async def take(self, update: Update) -> None:
        """Commit an update; when this returns, Telegram may be told that it arrived.

        Raises:
            SQLAlchemyError: It could not be stored and must come again.
        """
        try:
            if update.callback_query is not None:
                await self._tapped(update, update.callback_query)
            elif update.message is not None and update.message.chat.type == "private":
                await self._said(update, update.message)
        except SQLAlchemyError:
            raise
        except Exception as error:
            # One that fails for any other reason would fail forever and block all after it.
            logger.error("Update %d was dropped: %s", update.update_id, type(error).__name__)

    async def _tapped(self, update: Update, query: CallbackQuery) -> None:
        message = query.message
        if message is None or message.chat.type != "private" or not query.data:
            return
        person = await self._identity.person_of(TELEGRAM, str(query.from_user.id))
        if person is not None:
            await self._accept(update, _thread(person, message.chat.id), "button", query.data)
        await self._quietly(query.answer())

    async def _said(self, update: Update, message: Message) -> None:
        if message.from_user is None:
            return
        account, chat = str(message.from_user.id), message.chat.id
        person = await self._identity.person_of(TELEGRAM, account)
        code = _code(message.text or "", known=person is not None)
        if code is not None:
            await self._bind(account, chat, code, person)
        elif person is None:
            await self._quietly(self._bot.send_message(chat, UNKNOWN))
        elif message.text:
            text = _COMMANDS.get(message.text.strip(), message.text)
            await self._accept(update, _thread(person, chat), "text", text)
        elif message.document is not None:
            document = message.document
            body = {
                "file": document.file_id,
                "name": document.file_name or "",
                "size": document.file_size or 0,
            }
            thread = _thread(person, chat)
            await self._accept(update, thread, "document", orjson.dumps(body).decode())
        elif message.effective_attachment is not None:
            await self._accept(update, _thread(person, chat), "other", "")

    async def _accept(self, update: Update, thread: Thread, kind: Any, body: str) -> None:
        key = f"{TELEGRAM}:{self._bot.id}:{update.update_id}"
        await self._inbox.accept(thread, kind, body, key)
        typing = asyncio.create_task(self._show_typing(thread))
        self._typing.add(typing)
        typing.add_done_callback(self._typing.discard)

    async def _show_typing(self, thread: Thread) -> None:
        """Show "typing" until the conversation's next answer is queued."""
        with self._bell.listening(conversation_topic(thread.conversation_id)) as bell:
            for _ in range(_TYPING_TIMES):
                await self._quietly(self._bot.send_chat_action(str(thread.address), "typing"))
                if await bell.wait(_TYPING_SECONDS):
                    return

    async def _bind(self, account: str, chat: int, code: str, known: Person | None) -> None:
        try:
            person = await self._identity.bind(TELEGRAM, account, code, f"{TELEGRAM}:{account}")
        except (LinkError, TooManyAttemptsError) as error:
            # The same update again, after a crash: the code is used, by this account.
            if known is not None:
                text = WELCOME.format(name=known.name)
            else:
                text = WRONG_CODE if isinstance(error, LinkError) else str(error)
        else:
            text = WELCOME.format(name=person.name)
        await self._quietly(self._bot.send_message(chat, text))

    async def _quietly(self, call: Any) -> None:
        """Make a call whose failure costs nothing but a nicety."""
        try:
            await call
        except TelegramError as error:
            logger.info("Telegram did not take a call: %s", type(error).__name__)

    async def _send(self, outgoing: Outgoing) -> None:
        if outgoing.address is None or not await self._is_theirs(outgoing, outgoing.address):
            raise NeverError
        text = str(outgoing.payload["reply"])
        parts = [text[start : start + _LONGEST] for start in range(0, len(text), _LONGEST)]
        try:
            for part in parts[:-1]:
                await self._bot.send_message(outgoing.address, part)
            buttons = keyboard(outgoing.payload)
            if outgoing.payload.get("chart"):
                await self._send_chart(outgoing, outgoing.address, text)
                return
            if outgoing.payload.get("document"):
                await self._send_file(outgoing, outgoing.address, parts[-1], buttons)
                return
            await self._bot.send_message(outgoing.address, parts[-1], reply_markup=buttons)
        except RetryAfter as error:
            raise NotNowError(_pause(error)) from error
        except (Forbidden, BadRequest) as error:
            logger.warning("outgoing %d: %s", outgoing.id, type(error).__name__)
            raise NeverError from error

    async def _is_theirs(self, outgoing: Outgoing, address: str) -> bool:
        """Whether a chat is still its person's, or this is the reply with which that ends."""
        if outgoing.payload.get("ends"):
            return True
        person = await self._identity.person_of(TELEGRAM, address)
        if person is None:
            return False
        return Thread(person, TELEGRAM, address).conversation_id == outgoing.conversation_id

    async def _send_chart(self, outgoing: Outgoing, address: str, text: str) -> None:
        """Send a chart with its figures beneath; they alone where it cannot be drawn."""
        await self._quietly(self._bot.send_chat_action(address, "upload_photo"))
        try:
            picture = await self._charts.draw(outgoing.payload["chart"])
        except ServiceError as error:
            if outgoing.attempts < _CHART_TRIES:
                raise NotNowError from error
            await self._bot.send_message(address, text)
            return
        await self._bot.send_photo(address, picture, caption=text[:_LONGEST_CAPTION])

    async def _send_file(
        self, outgoing: Outgoing, address: str, text: str, buttons: InlineKeyboardMarkup | None
    ) -> None:
        """Send a file that the answer offers, with the answer beneath; without it where none is."""
        token = str(outgoing.payload["document"]["token"])
        person_id = outgoing.conversation_id.split(":", 1)[1].rsplit(":", 1)[0]
        export = await self._exports.find(person_id, outgoing.conversation_id, token)
        data = bytearray()
        tries_left = outgoing.attempts <= _FILE_TRIES
        if export is not None and tries_left:
            async with aclosing(await self._exports.open(export)) as pieces:
                async for piece in pieces:
                    data += piece
                    if len(data) > _LARGEST_SENT:
                        break
        if export is None or not tries_left or len(data) > _LARGEST_SENT:
            why = NO_FILE if export is None else FILE_TOO_LARGE
            await self._bot.send_message(address, f"{text}\n{why}", reply_markup=buttons)
            return
        await self._bot.send_document(
            address, bytes(data), filename=export.name, caption=text, reply_markup=buttons,
            write_timeout=_UPLOAD_SECONDS,
        )  # fmt: skip

    async def fetch(self, body: dict[str, Any]) -> AsyncIterator[bytes]:
        """The bytes of a document that somebody sent.

        Raises:
            UploadRefusedError: Telegram gives it to no bot.
        """
        if int(body.get("size") or 0) > _LARGEST:
            raise UploadRefusedError(TOO_LARGE)
        try:
            file = await self._bot.get_file(str(body["file"]))
        except BadRequest as error:
            if "too big" not in error.message.lower():
                raise
            raise UploadRefusedError(TOO_LARGE) from None
        yield bytes(await file.download_as_bytearray())


def _pause(error: RetryAfter) -> float:
    with warnings.catch_warnings():  # the library announces a change of this type, here handled
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        pause = error.retry_after
    return pause if isinstance(pause, int | float) else pause.total_seconds()


def _thread(person: Person, chat: int) -> Thread:
    return Thread(person, TELEGRAM, str(chat), address=str(chat))


def _code(text: str, *, known: bool) -> str | None:
    """The code that a message brings: after /start, or alone from an account that is not bound."""
    words = text.split()
    if len(words) == 2 and words[0] == "/start":
        return words[1]
    return text.strip() if not known and looks_like_code(text) else None
