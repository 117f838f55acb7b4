"""What people and logs are told when the database or a part of the gateway fails."""

import asyncio
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.channels.telegram import Telegram, TelegramSettings
from bot.gateway import create_app
from bot.services import Addresses
from bot.worker import Worker
from tests.bot.conftest import CALM, Gateway, StartGateway, client, now
from tests.bot.fakes import KEY, Fakes, until
from tests.bot.test_web import answers, say, upload
from tests.serving import Server

TURN = {"person": "maya", "conversation": "c", "text": "my secret shame"}
HEADERS = {"x-florin-key": KEY}
Lock = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def lock(database: Engine) -> Lock:
    """Locks the database for writers, which wait for a moment only."""

    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=100")

    event.listen(database, "connect", hurry)

    @contextmanager
    def locked() -> Iterator[None]:
        holder = sqlite3.connect(str(database.url.database), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            holder.close()

    return locked


def check_log(caplog: pytest.LogCaptureFixture) -> None:
    assert "OperationalError" in caplog.text
    assert "secret" not in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


def test_a_locked_database_is_told_in_one_sentence(
    lock: Lock, start_gateway: StartGateway, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = start_gateway()
    browser = gateway.browser()
    with lock():
        refused = [
            say(browser, "my secret shame"),
            upload(browser),
            gateway.http.post("/turns", json=TURN, headers=HEADERS),
        ]
    for answer in refused:
        assert answer.status_code == 503
        assert answer.json() == {"error": "I'm busy just now; please try again in a moment."}
    check_log(caplog)
    say(browser, "hello")
    assert answers(browser, 1)[0]["reply"].startswith("maya said")


def test_an_event_stream_ends_where_the_database_fails(
    lock: Lock, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    browser = gateway.browser()
    say(browser, "my secret shame")
    answers(browser, 1)
    with lock(), browser.stream("GET", "/chat/events") as stream:
        lines = list(stream.iter_lines())
    assert "retry: 1000" in lines
    check_log(caplog)


def test_a_late_file_is_told_about_once_the_database_is_free(
    lock: Lock, start_gateway: StartGateway, fakes: Fakes, caplog: pytest.LogCaptureFixture
) -> None:
    browser = start_gateway(limits=replace(CALM, reading=0.2)).browser()
    fakes.seconds["intake"] = 1.0
    upload(browser)
    assert "still reading" in answers(browser, 1)[0]["reply"]
    with lock():
        until(lambda: "not told yet" in caplog.text)
    assert answers(browser, 2)[1]["reply"] == "I read 3 rows: 3 added."
    check_log(caplog)


def test_a_file_that_takes_the_rest_of_its_turn_is_told_about_later(
    start_gateway: StartGateway, fakes: Fakes
) -> None:
    browser = start_gateway(limits=replace(CALM, turn=2.0, margin=1.7)).browser()
    fakes.seconds["intake"] = 2.5
    upload(browser)
    said = [message["reply"][:10] for message in answers(browser, 2)]
    assert said == ["This is a ", "I read 3 r"]


def test_a_file_is_told_about_even_if_its_turn_failed_meanwhile(
    start_gateway: StartGateway, fakes: Fakes
) -> None:
    browser = start_gateway(limits=replace(CALM, turn=2.0, margin=-5.0)).browser()
    fakes.seconds["intake"] = 3.0
    upload(browser)
    said = [message["reply"][:10] for message in answers(browser, 2)]
    assert said == ["Sorry, I c", "I read 3 r"]


def test_a_body_is_not_read_before_the_key_was_shown(gateway: Gateway) -> None:
    head = "POST /turns HTTP/1.1\r\nhost: florin\r\ncontent-length: 30000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", gateway.server.port), timeout=10) as caller:
        caller.sendall(head.encode())
        assert caller.recv(100).startswith(b"HTTP/1.1 401")
    assert gateway.http.post("/turns", content=b"{").status_code == 401


@pytest.mark.parametrize(("size", "status"), [(30_000, 200), (40_000, 413)])
def test_a_body_is_read_as_far_as_any_message_goes(
    gateway: Gateway, size: int, status: int
) -> None:
    body = {**TURN, "text": "x" * size}
    answer = gateway.http.post("/turns", json=body, headers=HEADERS)
    assert answer.status_code == status
    if status == 413:
        assert answer.json() == {"error": "That message is too long."}


def test_what_is_no_question_is_refused_with_a_sentence(gateway: Gateway) -> None:
    for body in (b"", b"{", b"[]", b'{"person": "maya"}'):
        answer = gateway.http.post("/turns", content=body, headers=HEADERS)
        assert answer.status_code == 422
        assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("part", [Worker, Telegram])
def test_without_one_of_its_parts_a_gateway_takes_nothing_and_ends(
    part: type, database: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    die, ended = threading.Event(), threading.Event()

    async def run(_: Any) -> None:
        while not die.is_set():
            await asyncio.sleep(0.01)
        raise KeyError("my secret shame")

    monkeypatch.setattr(part, "run", run)
    app = create_app(
        database=database,
        addresses=Addresses(*["http://127.0.0.1:9"] * 4),
        internal_key=KEY,
        uploads=tmp_path,
        clock=now,
        telegram=TelegramSettings("1:a", base_url="http://127.0.0.1:9"),
        limits=CALM,
        end=ended.set,
    )
    with Server(app) as server:
        gateway = Gateway(server, database, client(server.url))
        browser = gateway.browser()
        assert gateway.http.get("/health").status_code == 200
        die.set()
        assert ended.wait(10)
        assert gateway.http.get("/health").status_code == 503
        assert say(browser, "hello").status_code == 503
        assert gateway.http.post("/turns", json=TURN, headers=HEADERS).status_code == 503
    assert "died: KeyError" in caplog.text
    assert "secret" not in caplog.text
