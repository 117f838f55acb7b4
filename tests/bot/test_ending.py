"""An answer may end a session, or everything that there is of a person, on every channel."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, select

from bot.channels.telegram import UNKNOWN, TelegramSettings
from bot.limits import Limits
from ledger.database import reading
from tests.bot.conftest import CALM, KEY, Gateway, StartGateway
from tests.bot.fakes import Fakes, until
from tests.bot.test_telegram import MAYA, api, link, replies, telegram
from tests.bot.test_web import history, say
from tests.e2e.telegram_emulator import TOKEN, TelegramEmulator
from tests.serving import Server

__all__ = ["api", "telegram"]

SOON = replace(CALM, grace=0.3)
BYE = "All of it is deleted."


@pytest.fixture
def soon(start_gateway: StartGateway) -> Gateway:
    return start_gateway(limits=SOON)


def ends(what: str) -> dict[str, Any]:
    return {"text": BYE, "custom": {"reply": BYE, "ends": what, "action": "action_data"}}


def telling(database: Engine, person: str) -> list[str]:
    """The tables of the database in which a person's id stands anywhere."""
    with reading(database) as connection:
        there = MetaData()
        there.reflect(connection)
        return [
            name
            for name, table in there.tables.items()
            if any(person in str(tuple(row)) for row in connection.execute(select(table)))
        ]


def is_gone(database: Engine, person: str = "maya") -> Callable[[], bool]:
    return lambda: telling(database, person) == []


def test_the_last_answer_arrives_and_then_nothing_is_left(
    soon: Gateway, fakes: Fakes, tmp_path: Path
) -> None:
    browser = soon.browser()
    sent = browser.post("/chat/uploads?key=abcdefgh12&name=bank.csv", content=b"Date,Amount")
    assert sent.status_code == 202
    until(lambda: len(history(browser)["messages"]) == 1)
    soon.ask("hello", conversation="another")
    soon.ask("hello", person="jordan")
    before = telling(soon.database, "jordan")
    assert len(list((tmp_path / "uploads").iterdir())) == 1
    fakes.reply = ends("person")
    answer = soon.ask("delete everything")
    assert answer["reply"] == BYE
    assert telling(soon.database, "maya") == []
    assert list((tmp_path / "uploads").iterdir()) == []
    assert telling(soon.database, "jordan") == before
    forgotten = {sender for call in fakes.calls["forget"] for sender in call["senders"]}
    assert {"terminal:maya:c1", "terminal:maya:another"} < forgotten
    assert any(sender.startswith("web:maya:") for sender in forgotten)
    assert not any("jordan" in sender for sender in forgotten)
    body = {"person": "maya", "conversation": "c1", "text": "hello"}
    gone = soon.http.post("/turns", json=body, headers={"x-florin-key": KEY})
    assert gone.status_code == 404


def test_a_page_gets_the_last_answer_and_its_session_is_over(soon: Gateway, fakes: Fakes) -> None:
    browser = soon.browser()
    say(browser, "hello")
    until(lambda: len(history(browser)["messages"]) == 1)
    fakes.reply = ends("person")
    with browser.stream("GET", "/chat/events?after=1") as events:
        say(browser, "delete everything")
        line = next(line for line in events.iter_lines() if line.startswith("data: "))
    assert BYE in line
    assert '"ends":"person"' in line
    until(is_gone(soon.database))
    assert browser.get("/chat/history").status_code == 401


def test_telegram_gets_the_last_answer_and_is_unlinked(
    start_gateway: StartGateway, api: Server, telegram: TelegramEmulator, fakes: Fakes
) -> None:
    settings = TelegramSettings(TOKEN, base_url=api.url)
    gateway = start_gateway(telegram=settings, limits=SOON)
    link(telegram, gateway.database, MAYA, "maya")
    fakes.reply = ends("person")
    telegram.say(MAYA, "delete everything")
    until(lambda: replies(telegram, MAYA)[-1] == BYE)
    until(is_gone(gateway.database))
    telegram.say(MAYA, "hello?")
    until(lambda: replies(telegram, MAYA)[-1] == UNKNOWN)


def test_an_erasure_waits_for_the_engine_and_goes_on_after_a_restart(
    start_gateway: StartGateway, fakes: Fakes
) -> None:
    first = start_gateway(limits=replace(SOON, engine=0.5))
    fakes.reply = ends("person")
    fakes.modes["forget"] = "error"
    assert first.ask("delete everything")["reply"] == BYE
    until(lambda: fakes.calls["forget"])
    first.server.stop()
    assert "people" in telling(first.database, "maya")
    fakes.modes["forget"] = "ok"
    second = start_gateway(limits=SOON)
    until(is_gone(second.database))


def test_a_reply_that_nobody_fetches_does_not_keep_the_person(
    start_gateway: StartGateway, fakes: Fakes
) -> None:
    gateway = start_gateway(limits=Limits(poll=0.1, grace=0.1, farewell=0.5))
    browser = gateway.browser()
    fakes.reply = ends("person")
    say(browser, "delete everything")
    until(is_gone(gateway.database))


def test_the_operator_erases_somebody(gateway: Gateway, fakes: Fakes) -> None:
    gateway.ask("hello")
    assert gateway.http.delete("/people/maya").status_code == 401
    key = {"x-florin-key": KEY}
    assert gateway.http.delete("/people/nobody", headers=key).status_code == 404
    assert gateway.http.delete("/people/maya", headers=key).status_code == 200
    assert telling(gateway.database, "maya") == []
    assert fakes.calls["forget"] == [{"senders": ["terminal:maya:c1"]}]


def test_logging_out_ends_this_session_and_no_other(gateway: Gateway) -> None:
    browser, other = gateway.browser(), gateway.browser()
    assert browser.post("/chat/logout", headers={"x-florin-chat": "0"}).status_code == 401
    cookie = browser.cookies["florin_session"]
    left = browser.post("/chat/logout")
    assert left.status_code == 200
    assert browser.get("/chat/history").status_code == 401
    stolen = gateway.http.get("/chat/history", headers={"cookie": f"florin_session={cookie}"})
    assert stolen.status_code == 401
    assert other.get("/chat/history").status_code == 200


def test_saying_it_ends_the_session_too(gateway: Gateway, fakes: Fakes) -> None:
    browser = gateway.browser()
    fakes.reply = ends("session")
    with browser.stream("GET", "/chat/events") as events:
        say(browser, "log me out")
        line = next(line for line in events.iter_lines() if line.startswith("data: "))
    assert '"ends":"session"' in line
    assert browser.get("/chat/history").status_code == 401
    assert gateway.ask("hello")["reply"] == BYE


def test_telegram_is_unlinked_by_saying_it(
    start_gateway: StartGateway, api: Server, telegram: TelegramEmulator, fakes: Fakes
) -> None:
    gateway = start_gateway(telegram=TelegramSettings(TOKEN, base_url=api.url))
    link(telegram, gateway.database, MAYA, "maya")
    fakes.reply = ends("session")
    telegram.say(MAYA, "unlink telegram")
    until(lambda: replies(telegram, MAYA)[-1] == BYE)
    telegram.say(MAYA, "hello?")
    until(lambda: replies(telegram, MAYA)[-1] == UNKNOWN)
