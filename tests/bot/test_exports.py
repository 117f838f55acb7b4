"""A file that an answer offers: in the session that was offered it, for a day, and nowhere else."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select, update

from bot.identity import issue_link
from ledger.database import reading, writing
from ledger.exports import exports
from ledger.tables import audit
from tests.bot.conftest import Gateway, client, now, press
from tests.bot.fakes import Fakes, until
from tests.bot.test_web import answers, say

NAME = "florin-data-2026-11-10.zip"
QUERY = {"measure": "spending_total"}


@pytest.fixture
def offering(fakes: Fakes) -> Fakes:
    document = {"name": NAME, "query": QUERY}
    fakes.reply = {"text": "Here it is.", "custom": {"document": document}}
    fakes.exported = b"PK" + bytes(200_000)
    return fakes


def session(gateway: Gateway, person: str = "maya") -> httpx.Client:
    browser = client(gateway.url, headers={"x-florin-chat": "1"})
    press(browser, issue_link(gateway.database, person, now(), gateway.url))
    return browser


@pytest.fixture
def browser(gateway: Gateway) -> Iterator[httpx.Client]:
    opened = session(gateway)
    yield opened
    opened.close()


def offered(browser: httpx.Client) -> dict[str, Any]:
    say(browser, "export my data")
    document: dict[str, Any] = answers(browser, 1)[0]["document"]
    return document


def test_the_file_comes_whole_with_its_name_and_is_kept_nowhere(
    browser: httpx.Client, offering: Fakes, database: Engine
) -> None:
    document = offered(browser)
    assert document["name"] == NAME
    got = browser.get(f"/chat/exports/{document['token']}")
    assert got.status_code == 200
    assert got.content == offering.exported
    assert NAME in got.headers["content-disposition"]
    assert got.headers["cache-control"] == "no-store"
    assert offering.calls["export"][-1]["query"] == QUERY
    with reading(database) as connection:
        noted = connection.execute(select(audit.c.action).where(audit.c.person_id == "maya"))
        assert list(noted.scalars())[-1] == "exported"


def test_nobody_else_gets_it(gateway: Gateway, browser: httpx.Client, offering: Fakes) -> None:
    address = f"/chat/exports/{offered(browser)['token']}"
    assert client(gateway.url).get(address).status_code == 401
    for other in (session(gateway, "jordan"), session(gateway)):
        assert other.get(address).status_code == 404
    assert browser.get(f"{address}x").status_code == 404
    assert offering.calls["export"] == []


def test_it_is_over_after_a_day(database: Engine, browser: httpx.Client, offering: Fakes) -> None:
    address = f"/chat/exports/{offered(browser)['token']}"
    with writing(database) as connection:
        connection.execute(update(exports).values(expires_at=now() - timedelta(seconds=1)))
    gone = browser.get(address)
    assert gone.status_code == 404
    assert "ask for it again" in gone.json()["error"]


def test_a_file_that_cannot_be_made_is_said_in_a_sentence(
    browser: httpx.Client, offering: Fakes
) -> None:
    address = f"/chat/exports/{offered(browser)['token']}"
    offering.modes["export"] = "error"
    got = browser.get(address)
    assert got.status_code == 503
    assert "try again" in got.json()["error"]


def test_who_reads_slowly_keeps_the_actions_from_nothing_else(
    browser: httpx.Client, offering: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.exports._AT_ONCE", 1)
    offering.exported = os.urandom(20_000_000)
    address = f"/chat/exports/{offered(browser)['token']}"
    with browser.stream("GET", address) as slow:
        assert slow.status_code == 200
        assert browser.get(address).status_code == 503
    until(lambda: browser.get(address).status_code == 200)


def test_the_terminal_is_told_the_name_alone(gateway: Gateway, offering: Fakes) -> None:
    answer = gateway.ask("export my data")
    assert answer["document"] == NAME
    assert "token" not in str(answer)
