"""One message from claim to answer. What a turn does stands in `run_turn`, top to bottom."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from bot import answer, ending
from bot.answer import Choice, Reply
from bot.bell import OUTBOX, Bell, conversation_topic
from bot.errors import StaleButtonError
from bot.exports import offered
from bot.identity import TERMINAL
from bot.limits import Limits
from bot.services import Services
from bot.store import Store
from bot.trace import Trace
from ledger import conversations
from ledger.conversations import Tapped, Turn
from ledger.crypto import sign_turn
from ledger.inbox import Claimed
from ledger.scope import TurnScope

Json = dict[str, Any]
Clock = Callable[[], datetime]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A message on its way to its answer.

    Attributes:
        scope: The turn's signed scope.
        ends: When the turn's time is over, by the event loop's clock.
    """

    claimed: Claimed
    scope: str
    trace: Trace
    ends: float


class Documents(Protocol):
    """Reads files that people send."""

    async def receive(self, asked: Asked) -> Reply:
        """Bring a message's file in and say what became of it."""

    async def choose(self, asked: Asked, payload: Json) -> Reply:
        """Go on with a file after a question about it was answered."""


@dataclass(frozen=True)
class Parts:
    """What a turn works with.

    Attributes:
        key: The internal key that signs a turn's scope.
        holder: Names this gateway process in the leases.
        started_at: When this gateway began; a message's time runs from then at the earliest.
    """

    store: Store
    services: Services
    documents: Documents
    bell: Bell
    key: str
    holder: str
    clock: Clock
    started_at: datetime
    limits: Limits


async def run_turn(parts: Parts, claimed: Claimed) -> None:
    """Answer a claimed message, or apologise for it; either is stored with "done" at once.

    Raises:
        LeaseLostError: Another gateway has taken over; nothing was stored.
    """
    begun = parts.clock()
    trace = Trace(claimed)
    try:
        left = _seconds_left(parts, claimed, begun)
        ends = asyncio.get_running_loop().time() + left
        async with asyncio.timeout_at(ends):
            reply = await _reply(parts, Asked(claimed, _scope(parts, claimed), trace, ends))
    except Exception as error:
        logger.warning("turn-%d: %s in %s", claimed.id, answer.error_class(error), trace.stage)
        reply = answer.apology(claimed, error, _again(claimed, trace))
    turn = _compose(parts, claimed, trace, reply, begun)

    def store(connection: Connection) -> None:
        conversations.finish(connection, parts.holder, turn)
        ending.end(connection, claimed, turn.id, reply.ends, turn.done_at)

    await parts.store.write(store)
    parts.bell.ring(OUTBOX, conversation_topic(claimed.message.conversation_id))
    if reply.ends:
        parts.bell.ring(ending.ENDING)


def _seconds_left(parts: Parts, claimed: Claimed, now: datetime) -> float:
    if claimed.attempts > parts.limits.attempts:
        return 0.0
    began = max(claimed.message.received_at, parts.started_at)
    return parts.limits.turn - (now - began).total_seconds()


def _scope(parts: Parts, claimed: Claimed) -> str:
    message = claimed.message
    return sign_turn(
        parts.key,
        TurnScope(claimed.person_id, message.conversation_id, turn_id(claimed), message.now),
    )


async def _reply(parts: Parts, asked: Asked) -> Reply:
    claimed, trace, message = asked.claimed, asked.trace, asked.claimed.message
    with trace.timed("memory"):
        trace.previous, tapped = await parts.store.read(lambda it: _remember(it, claimed))
    if message.kind == "document":
        return await parts.documents.receive(asked)
    if message.kind == "other":
        return Reply(answer.CANNOT_READ)
    if message.kind == "button" and tapped is None:
        return Reply(answer.STALE_BUTTON, failed=StaleButtonError.__name__)
    if tapped is not None:
        trace.text = tapped.title
        trace.notes["button"] = tapped.payload
        if "upload" in tapped.payload:
            return await parts.documents.choose(asked, tapped.payload)
        trace.text = tapped.payload.get("text", tapped.title)
    if len(trace.text) > parts.limits.text:
        return _too_long(trace.text, parts.limits.text)
    trace.parse = await _parse(parts, asked, tapped)
    with trace.timed("engine"):
        messages = await parts.services.dialogue(_call(asked))
    reply = answer.check(messages)
    if reply.facts.get("taught"):
        # NLU is told of words of their own at once.
        parts.services.forget(claimed.person_id)
    return reply


def turn_id(claimed: Claimed) -> str:
    """The turn of a message; the same however often the message is claimed."""
    return f"turn-{claimed.id}"


def _remember(connection: Connection, claimed: Claimed) -> tuple[Json | None, Tapped | None]:
    """What the turn goes on from: a button goes on from the answer that showed it."""
    message, user = claimed.message, claimed.user
    tapped = None
    if message.kind == "button":
        tapped = conversations.find_button(connection, user, message.conversation_id, message.body)
    elif message.kind == "text":
        tapped = conversations.find_titled(connection, user, message.conversation_id, message.body)
    if tapped is not None:
        return tapped.memory, tapped
    return conversations.last_memory(connection, user, message.conversation_id), None


async def _parse(parts: Parts, asked: Asked, tapped: Tapped | None) -> Json:
    claimed, trace = asked.claimed, asked.trace
    if tapped is not None and "intent" in tapped.payload:
        return _tapped_parse(trace.text, tapped.payload)
    with trace.timed("context"):
        context = await parts.services.context(claimed.person_id, asked.scope)
    with trace.timed("nlu"):
        return await parts.services.parse(
            {
                "text": trace.text,
                "now": claimed.message.now.isoformat(),
                "locale": context.get("locale"),
                "context": context,
                "previous": trace.previous,
            }
        )


def _tapped_parse(title: str, payload: Mapping[str, Any]) -> Json:
    """A button says exactly what it means: NLU is not asked."""
    intent = {"name": payload["intent"], "confidence": 1.0}
    parse: Json = {
        "text": title,
        "intent": intent,
        "intent_ranking": [intent],
        "entities": payload.get("entities") or [],
        "route": "shortcut",
        "model": None,
    }
    if "edit" in payload:
        parse["edit"] = payload["edit"]
    return parse


def _call(asked: Asked) -> Json:
    claimed, trace = asked.claimed, asked.trace
    return {
        "sender": claimed.message.conversation_id,
        "text": trace.text,
        "parse_data": trace.parse,
        "message_id": turn_id(claimed),
        "metadata": {"scope": asked.scope, "previous": trace.previous},
    }


def _too_long(text: str, limit: int) -> Reply:
    return Reply(
        f"That message is too long for me ({len(text):,} characters). "
        f"Please ask in at most {limit:,}; one question at a time works best."
    )


def _again(claimed: Claimed, trace: Trace) -> Choice | None:
    if "button" in trace.notes:
        return Choice("Try again", trace.notes["button"])
    if claimed.message.kind == "text":
        return Choice("Try again", {"text": claimed.message.body})
    return None


def _compose(parts: Parts, claimed: Claimed, trace: Trace, reply: Reply, begun: datetime) -> Turn:
    message, done_at = claimed.message, parts.clock()
    export = offered(claimed, reply.document, done_at)
    buttons = answer.new_buttons(reply.choices)
    question = {"key": message.update_key, "kind": message.kind, "text": trace.text}
    return Turn(
        id=turn_id(claimed),
        inbox_id=claimed.id,
        conversation_id=message.conversation_id,
        started_at=begun,
        done_at=done_at,
        answer=answer.contract(turn_id(claimed), trace.text, trace.parse, reply),
        memory=reply.memory if reply.memory is not None else trace.previous,
        trace=trace.to_json(claimed, reply),
        buttons=buttons,
        outgoing=answer.sendable(reply, buttons, question, export),
        further=answer.further(reply),
        fetched=message.channel == TERMINAL,
        export=export,
    )
