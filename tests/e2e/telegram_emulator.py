"""A small Bot API over HTTP: enough for python-telegram-bot as it is, strict where Telegram is."""

import asyncio
import itertools
import json
import time
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "123456:emulated-token"
BOT = {"id": 123456, "is_bot": True, "first_name": "Florin", "username": "florin_bot"}

Json = dict[str, Any]


class RefusedError(Exception):
    """What Telegram answers with an error code."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.body = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class TelegramEmulator:
    """The server's side of Telegram, and its users' phones.

    Attributes:
        sent: What the bot sent, oldest first.
        calls: How often each method was called.
        refusals: Answers for the next calls of a method, in order.
    """

    def __init__(self) -> None:
        self.sent: list[Json] = []
        self.calls: Counter[str] = Counter()
        self.refusals: dict[str, list[RefusedError]] = {}
        self.webhook: Json = {}
        self._updates: dict[int, Json] = {}
        self._files: dict[str, bytes] = {}
        self._ids = itertools.count(1)
        self.app = Starlette(
            routes=[
                Route(f"/bot{TOKEN}/{{method}}", self._call, methods=["GET", "POST"]),
                Route(f"/file/bot{TOKEN}/{{path:path}}", self._download),
                Route("/{rest:path}", self._unauthorized, methods=["GET", "POST"]),
            ]
        )

    # What a test does with a phone.

    def say(self, user: int, text: str, chat_type: str = "private") -> int:
        message = {**self._message(user, chat_type), "text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self._add({"message": message})

    def tap(self, user: int, title: str) -> int:
        """Tap the newest button of this title in a user's chat."""
        for sent in reversed(self.to(user)):
            for row in sent.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == title:
                        return self._tap(user, sent, button["callback_data"])
        raise AssertionError(f"no button {title!r}")

    def send_file(self, user: int, name: str, data: bytes) -> int:
        file = self._keep(data)
        document = {**file, "file_name": name, "mime_type": "text/csv"}
        return self._add({"message": {**self._message(user), "document": document}})

    def send_photo(self, user: int) -> int:
        photo = {**self._keep(b"png"), "width": 10, "height": 10}
        return self._add({"message": {**self._message(user), "photo": [photo]}})

    def to(self, user: int) -> list[Json]:
        return [sent for sent in self.sent if sent["chat"]["id"] == user]

    def again(self, update_id: int, update: Json) -> None:
        """Deliver an update once more."""
        self._updates[update_id] = update

    def update(self, update_id: int) -> Json:
        return self._updates[update_id]

    @property
    def unconfirmed(self) -> int:
        return len(self._updates)

    def _tap(self, user: int, sent: Json, data: str) -> int:
        query = {
            "id": str(next(self._ids)),
            "from": _user(user),
            "chat_instance": "1",
            "data": data,
            "message": {key: sent[key] for key in ("message_id", "date", "chat", "text")},
        }
        return self._add({"callback_query": query})

    def _message(self, user: int, chat_type: str = "private") -> Json:
        chat = {"id": user if chat_type == "private" else -user, "type": chat_type}
        return {
            "message_id": next(self._ids),
            "date": int(time.time()),
            "chat": {**chat, "first_name": "U", "title": "T"},
            "from": _user(user),
        }

    def _add(self, update: Json) -> int:
        update_id = next(self._ids)
        self._updates[update_id] = {"update_id": update_id, **update}
        return update_id

    def _keep(self, data: bytes) -> Json:
        file_id = f"file-{next(self._ids)}"
        self._files[file_id] = data
        return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": len(data)}

    # What the bot calls.

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        self.calls[method] += 1
        try:
            if self.refusals.get(method):
                raise self.refusals[method].pop(0)
            answer = getattr(self, f"_{method}", None)
            if answer is None:
                raise RefusedError(404, f"Not Found: {method} is not emulated")
            return JSONResponse({"ok": True, "result": await answer(await _fields(request))})
        except RefusedError as refused:
            return JSONResponse(refused.body, refused.code)

    async def _unauthorized(self, _: Request) -> Response:
        return JSONResponse(RefusedError(401, "Unauthorized").body, 401)

    async def _getMe(self, _: Json) -> Json:  # noqa: N802
        return BOT

    async def _getUpdates(self, fields: Json) -> list[Json]:  # noqa: N802
        if self.webhook.get("url"):
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(fields.get("offset") or 0)
        self._updates = {key: one for key, one in self._updates.items() if key >= offset}
        latest = time.monotonic() + float(fields.get("timeout") or 0)
        while not self._updates and time.monotonic() < latest:
            await asyncio.sleep(0.01)
        limit = int(fields.get("limit") or 100)
        return [self._updates[key] for key in sorted(self._updates)][:limit]

    async def _setWebhook(self, fields: Json) -> bool:  # noqa: N802
        self.webhook = fields
        return True

    async def _deleteWebhook(self, _: Json) -> bool:  # noqa: N802
        self.webhook = {}
        return True

    async def _sendChatAction(self, _: Json) -> bool:  # noqa: N802
        return True

    async def _answerCallbackQuery(self, _: Json) -> bool:  # noqa: N802
        return True

    async def _getFile(self, fields: Json) -> Json:  # noqa: N802
        data = self._files.get(fields["file_id"])
        if data is None:
            raise RefusedError(400, "Bad Request: invalid file_id")
        if len(data) > 20 * 1024 * 1024:
            raise RefusedError(400, "Bad Request: file is too big")
        file_id = fields["file_id"]
        return {
            "file_id": file_id,
            "file_unique_id": f"u-{file_id}",
            "file_path": f"docs/{file_id}",
        }

    async def _sendMessage(self, fields: Json) -> Json:  # noqa: N802
        text = fields.get("text") or ""
        if not text.strip():
            raise RefusedError(400, "Bad Request: message text is empty")
        if len(text) > 4096:
            raise RefusedError(400, "Bad Request: message is too long")
        return self._sent(fields, {"text": text})

    async def _sendDocument(self, fields: Json) -> Json:  # noqa: N802
        file = fields.get("document")
        if not isinstance(file, Attached) or not file.data:
            raise RefusedError(400, "Bad Request: file must be non-empty")
        if len(file.data) > 50 * 1024 * 1024:
            raise RefusedError(413, "Request Entity Too Large")
        if len(fields.get("caption") or "") > 1024:
            raise RefusedError(400, "Bad Request: message caption is too long")
        document = {**self._keep(file.data), "file_name": file.name}
        said = {"document": document, "caption": fields.get("caption") or ""}
        return self._sent(fields, said)

    async def _sendPhoto(self, fields: Json) -> Json:  # noqa: N802
        file = fields.get("photo")
        if not isinstance(file, Attached) or not file.data.startswith(b"\x89PNG"):
            raise RefusedError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        if len(file.data) > 10 * 1024 * 1024:
            raise RefusedError(413, "Request Entity Too Large")
        if len(fields.get("caption") or "") > 1024:
            raise RefusedError(400, "Bad Request: message caption is too long")
        photo = {**self._keep(file.data), "width": 680, "height": 480}
        return self._sent(fields, {"photo": [photo], "caption": fields.get("caption") or ""})

    def file(self, sent: Json) -> bytes:
        """The bytes of a document or a photo that the bot sent."""
        kept = sent["document"] if "document" in sent else sent["photo"][-1]
        return self._files[kept["file_id"]]

    def _sent(self, fields: Json, content: Json) -> Json:
        markup = fields.get("reply_markup") or {}
        for row in markup.get("inline_keyboard", []):
            for button in row:
                if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
                    raise RefusedError(400, "Bad Request: BUTTON_DATA_INVALID")
        message = {
            "message_id": next(self._ids),
            "date": int(time.time()),
            "chat": {"id": int(fields["chat_id"]), "type": "private", "first_name": "U"},
            "from": BOT,
            **content,
        }
        if markup:
            message["reply_markup"] = markup
        self.sent.append(message)
        return message

    async def _download(self, request: Request) -> Response:
        return Response(self._files[request.path_params["path"].removeprefix("docs/")])


def _user(user: int) -> Json:
    return {"id": user, "is_bot": False, "first_name": "U", "language_code": "en"}


@dataclass(frozen=True, slots=True)
class Attached:
    """A file within a call."""

    name: str
    data: bytes


def _multipart(kind: str, body: bytes) -> Json:
    parsed = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields: Json = {}
    for part in parsed.get_payload():
        name = str(part.get_param("name", header="content-disposition"))  # type: ignore[union-attr]
        data = bytes(part.get_payload(decode=True))  # type: ignore[union-attr]
        file = part.get_filename()  # type: ignore[union-attr]
        fields[name] = _value(data.decode()) if file is None else Attached(file, data)
    return fields


def _value(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in ("[", "{") else text
    except ValueError:
        return text


async def _fields(request: Request) -> Json:
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return _multipart(kind, await request.body())
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json())
    fields: Json = dict(request.query_params)
    for key, text in parse_qsl((await request.body()).decode(), keep_blank_values=True):
        fields[key] = _value(text)
    return fields
