"""Runs stored turns again, on today's models and code: nothing is sent, nothing is changed.

NLU and the actions run inside this process, behind the same routes as in the stack; the ledger is
only read. Each turn gets what it got then (text or button, time, memory), so that a difference in
one turn does not spread into the next.
"""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine
from starlette.applications import Starlette

from actions.server import create_app as create_actions
from console.find import find_turns
from ledger.conversations import Stored
from ledger.crypto import sign_turn
from ledger.database import reading
from ledger.scope import TurnScope
from nlu.service import create_app as create_nlu

Json = dict[str, Any]

_ENTITY = ("entity", "start", "end", "value", "resolved")
_STAGES = ("intent", "entities", "query", "figures", "rows", "reply")


@dataclass(frozen=True, slots=True)
class Difference:
    """The first stage that came out differently."""

    stage: str
    then: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """A turn that was run again.

    Attributes:
        skipped: Why it was not run, if it was not (a file, an apology before NLU).
        difference: The first stage that differs, or none.
        ms: Milliseconds of each stage, as they were then.
    """

    turn: Stored
    skipped: str | None
    difference: Difference | None
    ms: Mapping[str, float]


class Replay:
    """Today's NLU and actions, ready to run turns."""

    def __init__(self, nlu: httpx.AsyncClient, actions: httpx.AsyncClient, key: str) -> None:
        self._nlu = nlu
        self._actions = actions
        self._key = key

    async def run(self, turn: Stored) -> Replayed:
        """Run one turn again and compare it, stage by stage, with what is stored."""
        skipped = _skipped(turn)
        ms = turn.trace.get("ms", {})
        if skipped:
            return Replayed(turn, skipped, None, ms)
        then = _stages(turn.trace["parse"], turn.answer)
        scope = self._scope(turn)
        parse = await self._parse(turn, scope)
        now = _stages(parse, {})
        for stage in ("intent", "entities"):
            if then[stage] != now[stage]:
                return Replayed(turn, None, Difference(stage, then[stage], now[stage]), ms)
        now = _stages(parse, await self._act(turn, scope, parse))
        differing = next((stage for stage in _STAGES if then[stage] != now[stage]), None)
        found = Difference(differing, then[differing], now[differing]) if differing else None
        return Replayed(turn, None, found, ms)

    def _scope(self, turn: Stored) -> str:
        now = turn.message.now
        return sign_turn(self._key, TurnScope(turn.person_id, turn.conversation_id, turn.id, now))

    async def _parse(self, turn: Stored, scope: str) -> Json:
        if turn.trace["parse"].get("route") == "shortcut" and "button" in turn.trace:
            return dict(turn.trace["parse"])
        context = await _post(self._actions, "/context", {"scope": scope})
        body = {
            "text": turn.trace["text"],
            "now": turn.trace["now"],
            "locale": context.get("locale"),
            "context": context,
            "previous": turn.trace["previous"],
        }
        return await _post(self._nlu, "/model/parse", body)

    async def _act(self, turn: Stored, scope: str, parse: Json) -> Json:
        message = {**parse, "metadata": {"scope": scope, "previous": turn.trace["previous"]}}
        call = {
            "next_action": turn.trace["action"],
            "sender_id": turn.conversation_id,
            "tracker": {
                "sender_id": turn.conversation_id,
                "slots": {},
                "latest_message": message,
                "events": [],
            },
            "domain": {},
        }
        responses = (await _post(self._actions, "/webhook", call))["responses"]
        return dict(responses[0].get("custom") or {}) if responses else {}


@asynccontextmanager
async def _inside(app: Starlette, key: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app that runs in this process, without a port."""
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://inside",
            headers={"x-florin-key": key},
        ) as client,
    ):
        yield client


async def replay(database: Engine, registry: Path, name: str) -> AsyncIterator[Replayed]:
    """Run the turns of a conversation, or one turn, again.

    Args:
        database: Where they are stored; only read.
        registry: Where today's models lie.
        name: A conversation's id or name, or a turn's id.

    Raises:
        ConsoleError: Nothing, or more than one conversation, has this name.
    """
    with reading(database) as connection:
        turns = find_turns(connection, name)
    key = secrets.token_urlsafe(32)
    async with (
        _inside(create_nlu(registry_root=registry, key=key), key) as nlu,
        _inside(create_actions(database, key), key) as actions,
    ):
        again = Replay(nlu, actions, key)
        for turn in turns:
            yield await again.run(turn)


def _skipped(turn: Stored) -> str | None:
    if turn.message.kind in ("document", "other") or "upload" in turn.trace:
        return "a file"
    failed = turn.trace.get("failed")
    if failed:
        return f"an apology: {failed['error']} in {failed['stage']}"
    return None if turn.trace.get("action") else "answered without an action"


def _stages(parse: Mapping[str, Any], facts: Mapping[str, Any]) -> Json:
    entities = [{name: one.get(name) for name in _ENTITY} for one in parse.get("entities", [])]
    return {
        "intent": (parse.get("intent") or {}).get("name"),
        "entities": entities,
        "query": facts.get("query"),
        "figures": [facts.get(name) or [] for name in ("figures", "counts", "dates")],
        "rows": facts.get("transactions") or [],
        "reply": facts.get("reply"),
    }


async def _post(client: httpx.AsyncClient, path: str, body: Json) -> Json:
    response = await client.post(path, json=body)
    answer: Json = response.raise_for_status().json()
    return answer
