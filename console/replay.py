"""Runs stored turns again, on today's models and code: nothing is sent, nothing is changed.

NLU and the actions run inside this process, behind the same routes as in the stack; between them
the engine's rules say which action. What an action writes is undone. Each turn gets what it got
then (text or button, time, memory), so that a difference does not spread into the next turn.
"""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine
from starlette.applications import Starlette

from actions.server import create_app as create_actions
from console.find import find_turns
from console.rules import Rules, read_rules
from ledger.conversations import Stored
from ledger.crypto import sign_turn
from ledger.database import reading, rehearsing
from ledger.scope import TurnScope
from nlu.service import create_app as create_nlu

Json = dict[str, Any]

_ENTITY = ("entity", "start", "end", "value", "resolved")
_UNDERSTOOD = ("normalised", "votes", "intent", "entities")
_ANSWERED = ("query", "figures", "rows", "reply")


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
    """Today's NLU, rules and actions, ready to run turns."""

    def __init__(
        self, nlu: httpx.AsyncClient, rules: Rules, actions: httpx.AsyncClient, key: str
    ) -> None:
        self._nlu = nlu
        self._rules = rules
        self._actions = actions
        self._key = key

    async def run(self, turn: Stored) -> Replayed:
        """Run one turn again and compare it, stage by stage, with what is stored."""
        skipped = _skipped(turn)
        found = None if skipped else await self._difference(turn)
        return Replayed(turn, skipped, found, turn.trace.get("ms", {}))

    async def _difference(self, turn: Stored) -> Difference | None:
        scope = self._scope(turn)
        parse = await self._parse(turn, scope)
        then, now = _understood(turn.trace["parse"]), _understood(parse)
        if found := _first(_UNDERSTOOD, then, now):
            return found
        action = self._rules.action(now["intent"], turn.trace["action"])
        if action != turn.trace["action"]:
            return Difference("action", turn.trace["action"], action)
        answered = await self._act(turn, scope, parse)
        return _first(_ANSWERED, _answered(turn.answer), _answered(answered))

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
        database: Where they are stored; nothing in it is changed.
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
        _inside(create_actions(rehearsing(database), key), key) as actions,
    ):
        again = Replay(nlu, read_rules(), actions, key)
        for turn in turns:
            yield await again.run(turn)


def _skipped(turn: Stored) -> str | None:
    if turn.message.kind in ("document", "other") or "upload" in turn.trace:
        return "a file"
    failed = turn.trace.get("failed")
    if failed:
        return f"an apology: {failed['error']} in {failed['stage']}"
    return None if turn.trace.get("action") else "answered without an action"


def _first(stages: Sequence[str], then: Json, now: Json) -> Difference | None:
    """The first of these stages that differs; one that was not recorded then tells nothing."""
    differing = next(
        (name for name in stages if name in then and then[name] != now.get(name)), None
    )
    return Difference(differing, then[differing], now.get(differing)) if differing else None


def _understood(parse: Mapping[str, Any]) -> Json:
    entities = [{name: one.get(name) for name in _ENTITY} for one in parse.get("entities", [])]
    traced = {"normalised": parse["normalised"]} if "normalised" in parse else {}
    if "votes" in parse:
        traced["votes"] = _voted(parse["votes"])
    return {
        **traced,
        "intent": (parse.get("intent") or {}).get("name"),
        "entities": entities,
    }


def _voted(votes: Mapping[str, Any]) -> Json:
    """Who votes for what; how surely differs with every training."""
    return {
        "teacher": (votes.get("teacher") or {}).get("intent"),
        "student": [one["name"] for one in votes.get("student") or []],
    }


def _answered(facts: Mapping[str, Any]) -> Json:
    return {
        "query": facts.get("query"),
        "figures": [facts.get(name) or [] for name in ("figures", "counts", "dates")],
        "rows": facts.get("transactions") or [],
        "reply": facts.get("reply"),
    }


async def _post(client: httpx.AsyncClient, path: str, body: Json) -> Json:
    response = await client.post(path, json=body)
    answer: Json = response.raise_for_status().json()
    return answer
