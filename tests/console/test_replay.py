"""Stored turns on today's models and code."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, func, select, update
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from console.errors import AmbiguousError, NothingFoundError
from console.find import find_turns
from console.replay import Difference, Replay, Replayed, replay
from console.rules import read_rules
from ledger import conversations, inbox, people, tables
from ledger.conversations import Turn
from ledger.crypto import new_id, open_turn
from ledger.database import reading, writing
from ledger.inbox import Message
from ledger.scope import UserScope
from tests.actions.conftest import amount, category
from tests.bot.conftest import (
    Gateway,
    database,
    empty_database,
    fakes,
    gateway,
    now,
    services,
    stage,
    start_gateway,
)
from tests.bot.fakes import KEY, Fakes

__all__ = ["database", "empty_database", "fakes", "gateway", "services", "stage", "start_gateway"]


def today(fakes: Fakes, change: Callable[[dict[str, Any]], None]) -> Fakes:
    """Services of today: as the fakes of then, but for a change of the action's answer."""

    async def webhook(request: Request) -> JSONResponse:
        call = await request.json()
        fakes.calls["webhook"].append(call)
        message = call["tracker"]["latest_message"]
        body = {"text": message["text"], "parse_data": message, "metadata": message["metadata"]}
        custom = fakes._echo(body)["custom"]
        change(custom)
        return JSONResponse({"events": [], "responses": [{"custom": custom}]})

    fakes.app.router.routes.append(Route("/webhook", webhook, methods=["POST"]))
    return fakes


async def run(database: Engine, fakes: Fakes, name: str) -> list[Replayed]:
    with reading(database) as connection:
        turns = find_turns(connection, name)

    @asynccontextmanager
    async def client() -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(fakes.app)
        headers = {"x-florin-key": KEY}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://x", headers=headers
        ) as opened:
            yield opened

    async with client() as nlu, client() as actions:
        again = Replay(nlu, read_rules(), actions, KEY)
        return [await again.run(turn) for turn in turns]


def counts(database: Engine) -> list[int]:
    with reading(database) as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        ]


@pytest.fixture
def talked(gateway: Gateway) -> Gateway:
    gateway.ask("how much at tesco", now="2026-03-01T09:00:00+00:00")
    gateway.ask("Why?")
    gateway.ask("and in may")
    return gateway


def test_the_same_code_gives_the_same_turns_and_changes_nothing(
    talked: Gateway, fakes: Fakes
) -> None:
    before = counts(talked.database)
    found = asyncio.run(run(talked.database, today(fakes, lambda _: None), "c1"))
    assert [(turn.turn.seq, turn.skipped, turn.difference) for turn in found] == [
        (1, None, None),
        (2, None, None),
        (3, None, None),
    ]
    assert counts(talked.database) == before
    call = fakes.calls["webhook"][0]
    scope = open_turn(KEY, call["tracker"]["latest_message"]["metadata"]["scope"])
    assert (scope.person_id, scope.now.isoformat()) == ("maya", "2026-03-01T09:00:00+00:00")
    assert call["next_action"] == "action_spending"


def test_the_first_stage_that_differs_is_named(talked: Gateway, fakes: Fakes) -> None:
    def change(custom: dict[str, Any]) -> None:
        custom["figures"] = [{"name": "total", "minor": 1, "currency": "GBP"}]
        custom["reply"] = "other"

    first, *_ = asyncio.run(run(talked.database, today(fakes, change), "c1"))
    assert first.difference is not None
    assert first.difference.stage == "figures"
    assert first.difference.now[0][0]["minor"] == 1


def test_an_intent_that_differs_stops_the_turn(talked: Gateway, fakes: Fakes) -> None:
    async def parse(body: dict[str, Any], _: str) -> JSONResponse:
        intent = {"name": "list_transactions", "confidence": 0.8}
        return JSONResponse({"text": body["text"], "intent": intent, "entities": []})

    other = today(Fakes(), lambda _: None)
    other.app.router.routes[1] = Route("/model/parse", other._route("nlu", parse), methods=["POST"])
    found = asyncio.run(run(talked.database, other, "c1"))
    assert [turn.difference and turn.difference.stage for turn in found] == [
        "intent",
        None,
        "intent",
    ]


@pytest.mark.parametrize(
    ("name", "then", "changed"),
    [
        ("normalised", "how much", "how  much"),
        ("votes", {"teacher": {"intent": "x"}, "student": []}, {"teacher": None, "student": []}),
    ],
)
def test_what_the_parse_tells_beside_the_intent_is_compared_where_it_was_recorded(
    gateway: Gateway, name: str, then: Any, changed: Any
) -> None:
    def nlu(value: Any) -> Fakes:
        async def parse(body: dict[str, Any], _: str) -> JSONResponse:
            intent = {"name": "spending_total", "confidence": 0.8}
            answer = {"text": body["text"], "intent": intent, "entities": [], name: value}
            return JSONResponse(answer)

        found = Fakes()
        route = Route("/model/parse", found._route("nlu", parse), methods=["POST"])
        found.app.router.routes[1] = route
        return today(found, lambda _: None)

    gateway.ask("how much")
    (unrecorded,) = asyncio.run(run(gateway.database, nlu(changed), "c1"))
    assert unrecorded.difference is None
    with writing(gateway.database) as connection:
        (trace,) = connection.execute(select(tables.turns.c.trace)).scalars()
        trace["parse"][name] = then
        connection.execute(update(tables.turns).values(trace=trace))
    (same,) = asyncio.run(run(gateway.database, nlu(then), "c1"))
    assert same.difference is None
    (other,) = asyncio.run(run(gateway.database, nlu(changed), "c1"))
    assert other.difference is not None
    assert other.difference.stage == name


def test_a_turn_inside_the_form_keeps_its_action() -> None:
    rules = read_rules()
    assert rules.action("affirm", "action_feedback") == "action_feedback"
    assert rules.action("affirm", "action_spending") == "action_small_talk"
    assert rules.action("complain", "action_ask_feedback") == "action_ask_feedback"
    assert rules.action("no_intent_at_all", "action_data") == "action_default_fallback"


def test_an_apology_and_a_file_are_not_run_again(gateway: Gateway, fakes: Fakes) -> None:
    fakes.modes["engine"] = "empty"
    answer = gateway.ask("how much")
    (found,) = asyncio.run(run(gateway.database, fakes, answer["trace"]))
    assert found.skipped == "an apology: EmptyAnswerError in engine"


def test_a_conversation_is_found_by_id_name_or_trace(talked: Gateway) -> None:
    trace = talked.ask("once more", conversation="c2")["trace"]
    with reading(talked.database) as connection:
        assert len(find_turns(connection, "terminal:maya:c1")) == 3
        assert len(find_turns(connection, "c1")) == 3
        assert [turn.id for turn in find_turns(connection, trace)] == [trace]
        with pytest.raises(NothingFoundError):
            find_turns(connection, "c%")
    talked.ask("mine", person="jordan")
    with reading(talked.database) as connection, pytest.raises(AmbiguousError):
        find_turns(connection, "c1")


def store_tapped(database: Engine, parse: dict[str, Any], action: str) -> str:
    """A stored turn of maya's whose parse came from a button, so that it is run as it is."""
    at = now()
    with writing(database) as connection:
        conversation = people.open_conversation(connection, UserScope("maya"), "web", at).id
        message = Message(conversation, "web", new_id("key"), "button", "token", at, at)
        inbox.accept(connection, message)
        (claimed,) = inbox.claim(connection, "test", [], at, at + timedelta(seconds=9))
        trace = {
            "text": parse["text"], "now": at.isoformat(), "previous": None, "button": {},
            "parse": {**parse, "route": "shortcut"}, "action": action,
        }  # fmt: skip
        turn = Turn(
            new_id("turn"),
            claimed.id,
            conversation,
            at,
            at,
            {"reply": "Done."},
            None,
            trace,
            [],
            {},
        )
        conversations.finish(connection, "test", turn)
    return turn.id


async def run_today(database: Engine, registry: Path, name: str) -> list[Replayed]:
    return [found async for found in replay(database, registry, name)]


def test_a_turn_that_set_a_budget_sets_none_when_it_is_run_again(
    database: Engine, fakes: Fakes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.replay.create_nlu", lambda **_: fakes.app)
    parse = {
        "text": "set a budget of £200 for groceries",
        "intent": {"name": "set_budget", "confidence": 1.0},
        "entities": [amount("£200", "eq", 20_000), category("groceries", "groceries")],
    }
    turn = store_tapped(database, parse, "action_plans")
    before = counts(database)
    (found,) = asyncio.run(run_today(database, tmp_path, turn))
    assert found.difference is not None
    assert found.difference.stage == "query"
    assert found.difference.now["measure"] == "set_budget"
    assert counts(database) == before


def test_a_rule_that_calls_another_action_is_a_stage_of_its_own(
    database: Engine, fakes: Fakes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.replay.create_nlu", lambda **_: fakes.app)
    parse = {"text": "hi", "intent": {"name": "greet", "confidence": 1.0}, "entities": []}
    turn = store_tapped(database, parse, "action_data")
    (found,) = asyncio.run(run_today(database, tmp_path, turn))
    assert found.difference == Difference("action", "action_data", "action_small_talk")
