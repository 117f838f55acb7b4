"""Stored turns on today's models and code."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, func, select
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from console.errors import AmbiguousError, NothingFoundError
from console.find import find_turns
from console.replay import Replay, Replayed
from ledger import tables
from ledger.crypto import open_turn
from ledger.database import reading
from tests.bot.conftest import (
    Gateway,
    database,
    empty_database,
    fakes,
    gateway,
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
        again = Replay(nlu, actions, KEY)
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
