"""From the engine's messages to the answer of the contract and to what a channel sends."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.errors import BotError, EmptyAnswerError, FailedActionError
from ledger.conversations import Button
from ledger.exports import Export
from ledger.inbox import Claimed

Json = dict[str, Any]

SORRY = "Sorry, I couldn't get that answer just now. Please try again in a moment."
SORRY_FILE = (
    "Sorry, I couldn't read that file just now. Please send it again in a moment; "
    "rows that are in already won't be counted twice."
)
CANNOT_READ = "I can read text and bank files (CSV, OFX, QFX, QIF or CAMT.053), but not this."
STALE_BUTTON = "That button no longer works here. Please ask me in your own words."

_ENDS = ("session", "person")
_LISTS = ("figures", "counts", "dates", "transactions")
_TITLE = 60
"""Longer titles do not fit a phone's button."""
_TOKEN_BYTES = 9
"""Twelve characters: far below Telegram's 64 bytes, and not to be guessed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button before it has a token."""

    title: str
    payload: Json


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, and what it rests on.

    Attributes:
        facts: The answer of the contract without ``id``, ``text``, ``trace`` and ``buttons``.
        memory: Handed to the next turn; null keeps what was there.
        failed: The kind of failure that this reply apologises for.
        ends: What is over with this reply: ``session`` or ``person``.
        document: A file that is offered: its ``name``, and the ``query`` whose rows it holds.
    """

    text: str
    choices: Sequence[Choice] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    memory: Json | None = None
    failed: str | None = None
    ends: str | None = None
    document: Json | None = None


def _payload(raw: object) -> Json | None:
    if isinstance(raw, str):
        try:
            raw = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return None
    return raw if isinstance(raw, dict) else None


def _choices(message: Mapping[str, Any]) -> list[Choice]:
    made = []
    for button in message.get("buttons") or []:
        title, payload = button.get("title"), _payload(button.get("payload"))
        if isinstance(title, str) and title.strip() and payload is not None:
            made.append(Choice(title.strip()[:_TITLE], payload))
    return made


def check(messages: Sequence[Mapping[str, Any]]) -> Reply:
    """Read the engine's messages as one reply.

    Raises:
        FailedActionError: An action failed or was late.
        EmptyAnswerError: No message has a text, which means that the engine failed.
    """
    customs = [message["custom"] for message in messages if isinstance(message.get("custom"), dict)]
    for custom in customs:
        if custom.get("failed"):
            raise FailedActionError(_class_name(custom["failed"]))
    said = (message.get("text") for message in messages)
    text = "\n".join(part.strip() for part in said if isinstance(part, str) and part.strip())
    if not text:
        raise EmptyAnswerError
    facts: Json = dict(customs[-1]) if customs else {}
    memory, ends, document = (facts.pop(name, None) for name in ("memory", "ends", "document"))
    choices = [choice for message in messages for choice in _choices(message)]
    memory = memory if isinstance(memory, dict) else None
    ends = ends if ends in _ENDS else None
    document = document if isinstance(document, dict) else None
    return Reply(text, choices, facts, memory, ends=ends, document=document)


def _class_name(failed: object) -> str:
    """The class of an error as a log may tell it: never a sentence."""
    named = isinstance(failed, str) and failed.isidentifier() and len(failed) <= _TITLE
    return str(failed) if named else FailedActionError.__name__


def error_class(error: BaseException) -> str:
    """The class of what failed, where a service named it that one's."""
    return error.failed if isinstance(error, FailedActionError) else type(error).__name__


def apology(claimed: Claimed, error: BaseException, again: Choice | None) -> Reply:
    """What is said when a turn failed: never the error, always a next step."""
    failed = error_class(error)
    if claimed.message.kind == "document":
        return Reply(SORRY_FILE, failed=failed)
    if isinstance(error, BotError) or again is not None:
        return Reply(SORRY, [again] if again else [], failed=failed)
    return Reply(SORRY, failed=failed)


def new_buttons(choices: Sequence[Choice]) -> list[Button]:
    """Buttons with tokens of their own."""
    return [
        Button(secrets.token_urlsafe(_TOKEN_BYTES), choice.title, choice.payload)
        for choice in choices
    ]


def contract(turn_id: str, text: str, parse: Mapping[str, Any], reply: Reply) -> Json:
    """The answer of the contract."""
    intent = parse.get("intent") or {}
    facts = reply.facts
    answer: Json = {
        "id": turn_id,
        "text": text,
        "reply": reply.text,
        "intent": facts.get("intent") or intent.get("name"),
        "confidence": facts.get("confidence", intent.get("confidence")),
        "query": facts.get("query"),
    }
    answer |= {name: facts.get(name) or [] for name in _LISTS}
    answer |= {"ends": reply.ends} if reply.ends else {}
    answer |= {"document": reply.document.get("name")} if reply.document else {}
    return answer | {
        "buttons": [choice.title for choice in reply.choices],
        "chart": facts.get("chart"),
        **({"further": facts["further"]} if facts.get("further") else {}),
        "model": parse.get("model"),
        "trace": turn_id,
    }


def sendable(
    reply: Reply, buttons: Sequence[Button], question: Json | None, export: Export | None = None
) -> Json:
    """What a channel sends: text, buttons by title and token, what was asked, a file, an end."""
    sent: Json = {
        "reply": reply.text,
        "buttons": [_shown(button) for button in buttons],
        "question": question,
    }
    sent |= {"document": {"name": export.name, "token": export.token}} if export else {}
    return {**sent, "ends": reply.ends} if reply.ends else sent


def _shown(button: Button) -> Json:
    """A button as a channel shows it; ``part`` marks those that tell what the answer is about."""
    edit = button.payload.get("edit")
    part = {"part": True} if isinstance(edit, dict) and "frame" in edit else {}
    return {"title": button.title, "token": button.token, **part}


def further(reply: Reply) -> list[Json]:
    """What is sent after the answer: its chart, then the whole of what it began."""
    chart, texts = reply.facts.get("chart"), reply.facts.get("further") or []
    more: list[Json] = [{"reply": text} for text in texts if isinstance(text, str) and text.strip()]
    if isinstance(chart, dict):
        more.insert(0, {"reply": str(chart.get("description") or ""), "chart": chart})
    return [{**one, "buttons": [], "question": None} for one in more]
