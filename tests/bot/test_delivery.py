"""Every accepted message is answered once, in order, or apologised for in time."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from bot.answer import SORRY
from bot.bell import Bell
from bot.inbox import Inbox, Thread
from bot.store import Store
from console.find import find_turns
from ledger import people, tables
from ledger.database import open_engine, reading, writing
from tests.bot.conftest import CALM, JORDAN, MAYA, QUICK, Gateway, StartGateway, now
from tests.bot.fakes import KEY, Fakes, until
from tests.serving import Server, free_port

THREAD = Thread(MAYA, "terminal", "c1")


def accept(database: Engine, text: str, key: str) -> int:
    """Put a message into the inbox from another process, so to speak."""
    return asyncio.run(Inbox(Store(database), Bell(), now).accept(THREAD, "text", text, key))


def replies(database: Engine, conversation_id: str = "terminal:maya:c1") -> list[str]:
    with reading(database) as connection:
        turns = find_turns(connection, conversation_id)
    return [turn.answer["reply"] for turn in turns]


def test_the_same_update_five_times_is_one_turn(gateway: Gateway) -> None:
    with ThreadPoolExecutor(5) as pool:
        ids = set(pool.map(lambda _: accept(gateway.database, "hi", "update-1"), range(5)))
    assert len(ids) == 1
    until(lambda: replies(gateway.database))
    time.sleep(0.3)
    assert len(replies(gateway.database)) == 1


def test_a_burst_is_answered_in_order_one_at_a_time(gateway: Gateway, fakes: Fakes) -> None:
    for number in range(5):
        accept(gateway.database, f"message {number}", f"update-{number}")
    until(lambda: len(replies(gateway.database)) == 5)
    texts = [call["text"] for call in fakes.calls["engine"]]
    assert texts == [f"message {number}" for number in range(5)]
    assert fakes.most_in_flight["terminal:maya:c1"] == 1
    counts = [call["metadata"]["previous"] for call in fakes.calls["engine"][1:]]
    assert [previous["count"] for previous in counts] == [1, 2, 3, 4]


def test_conversations_do_not_wait_for_one_another(gateway: Gateway, fakes: Fakes) -> None:
    fakes.seconds["engine"] = 0.5
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: gateway.ask("hi", conversation=f"c{number}"), range(8)))
    assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize("service", ["nlu", "engine", "actions"])
@pytest.mark.parametrize("mode", ["hang", "error", "garbage"])
def test_a_service_that_fails_gets_an_apology_in_time(
    hasty_gateway: Gateway, fakes: Fakes, service: str, mode: str
) -> None:
    fakes.modes[service] = mode
    begun = time.monotonic()
    answer = hasty_gateway.ask("how much")
    assert time.monotonic() - begun < QUICK.turn + 1
    assert answer["reply"] == SORRY
    assert answer["figures"] == []
    assert answer["buttons"] == ["Try again"]


@pytest.mark.parametrize("service", ["nlu", "engine", "actions"])
def test_a_service_that_is_not_there_gets_an_apology(
    start_gateway: StartGateway, service: str
) -> None:
    gateway = start_gateway(limits=QUICK, **{service: f"http://127.0.0.1:{free_port()}"})
    assert gateway.ask("how much")["reply"] == SORRY


def test_an_empty_answer_of_the_engine_is_a_failure(gateway: Gateway, fakes: Fakes) -> None:
    fakes.modes["engine"] = "empty"
    answer = gateway.ask("how much")
    assert answer["reply"] == SORRY
    with reading(gateway.database) as connection:
        turn = find_turns(connection, answer["trace"])[0]
    assert turn.trace["failed"] == {"stage": "engine", "error": "EmptyAnswerError"}


@pytest.mark.parametrize(
    ("failed", "noted"),
    [("LateQueryError", "LateQueryError"), ("my rent is late", "FailedActionError")],
)
def test_an_action_that_failed_is_a_failed_turn(
    gateway: Gateway, fakes: Fakes, caplog: pytest.LogCaptureFixture, failed: str, noted: str
) -> None:
    gateway.ask("how much at tesco")
    fakes.reply = {"custom": {"failed": failed}}
    answer = gateway.ask("and in may")
    assert (answer["reply"], answer["buttons"]) == (SORRY, ["Try again"])
    assert f"{noted} in engine" in caplog.text
    assert "rent" not in caplog.text
    with reading(gateway.database) as connection:
        turn = find_turns(connection, answer["trace"])[0]
    assert turn.trace["failed"] == {"stage": "engine", "error": noted}
    fakes.reply = None
    assert gateway.ask("Try again")["reply"] == "maya said “and in may” (spending_total)"
    assert fakes.calls["engine"][-1]["metadata"]["previous"]["text"] == "how much at tesco"


def test_a_parse_that_is_none_never_reaches_the_engine(gateway: Gateway, fakes: Fakes) -> None:
    fakes.modes["nlu"] = "empty"
    assert gateway.ask("how much")["reply"] == SORRY
    assert not fakes.calls["engine"]


def test_what_may_run_twice_is_tried_twice_and_the_engine_is_not(
    gateway: Gateway, fakes: Fakes
) -> None:
    fakes.failures["nlu"] = 1
    fakes.failures["actions"] = 1
    assert gateway.ask("one")["reply"].startswith("maya said")
    fakes.failures["engine"] = 1
    assert gateway.ask("two")["reply"] == SORRY
    assert len(fakes.calls["engine"]) == 2


def test_try_again_asks_the_same_once_more(gateway: Gateway, fakes: Fakes) -> None:
    gateway.ask("how much at tesco")
    fakes.failures["engine"] = 1
    assert gateway.ask("and in may")["reply"] == SORRY
    answer = gateway.ask("Try again")
    assert answer["reply"] == "maya said “and in may” (spending_total)"
    assert fakes.calls["engine"][-1]["metadata"]["previous"]["text"] == "how much at tesco"


def test_an_engine_that_restarts_is_waited_for(start_gateway: StartGateway, fakes: Fakes) -> None:
    port = free_port()
    gateway = start_gateway(engine=f"http://127.0.0.1:{port}")
    engine = Server(fakes.app, port)
    timer = threading.Timer(0.5, engine.start)
    timer.start()
    assert gateway.ask("hi")["reply"].startswith("maya said")
    timer.join()
    engine.stop()


def test_a_queue_behind_a_hanging_engine_is_apologised_for_as_a_whole(
    hasty_gateway: Gateway, fakes: Fakes
) -> None:
    fakes.modes["engine"] = "hang"
    for number in range(5):
        accept(hasty_gateway.database, f"message {number}", f"update-{number}")
    begun = time.monotonic()
    until(lambda: len(replies(hasty_gateway.database)) == 5)
    assert time.monotonic() - begun < QUICK.turn + 1
    assert set(replies(hasty_gateway.database)) == {SORRY}


def test_the_message_of_a_killed_gateway_is_answered_once_by_the_next(
    database: Engine, start_gateway: StartGateway, fakes: Fakes, services: Server, tmp_path: Path
) -> None:
    fakes.modes["engine"] = "hang"
    child = _gateway_process(database, services.url, tmp_path)
    try:
        accept(database, "hi", "update-1")
        until(lambda: fakes.calls["engine"])
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    fakes.modes["engine"] = "ok"
    start_gateway()
    until(lambda: replies(database), 20)
    time.sleep(0.3)
    assert replies(database) == ["maya said “hi” (spending_total)"]
    assert len(fakes.calls["engine"]) == 2


def test_a_gateway_whose_worker_dies_ends_by_itself(
    database: Engine, services: Server, tmp_path: Path
) -> None:
    broken = "from bot.worker import Worker; Worker._renew_forever = lambda _: 1 / 0"
    child = _gateway_process(database, services.url, tmp_path, broken)
    try:
        assert child.wait(20) == -signal.SIGTERM
    finally:
        child.kill()


def _gateway_process(
    database: Engine, services: str, folder: Path, first: str = ""
) -> subprocess.Popen[bytes]:
    code = f"""
{first}
import uvicorn
from datetime import UTC, datetime
from pathlib import Path
from bot.gateway import create_app
from bot.services import Addresses
from ledger.database import open_engine
from tests.bot.conftest import QUICK
app = create_app(
    database=open_engine({str(database.url)!r}), addresses=Addresses(*[{services!r}] * 4),
    internal_key={KEY!r}, uploads=Path({str(folder)!r}),
    clock=lambda: datetime.now(UTC), limits=QUICK,
)
uvicorn.run(app, port={free_port()}, log_level="warning")
"""
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", code], cwd=root)


def test_a_gateway_that_stops_gives_its_messages_back(
    database: Engine, start_gateway: StartGateway, fakes: Fakes
) -> None:
    fakes.modes["engine"] = "hang"
    first = start_gateway()
    accept(database, "hi", "update-1")
    until(lambda: fakes.calls["engine"])
    first.server.stop()
    with reading(database) as connection:
        assert connection.execute(select(func.count()).select_from(tables.leases)).scalar() == 0
    fakes.modes["engine"] = "ok"
    start_gateway()
    until(lambda: replies(database) == ["maya said “hi” (spending_total)"])


def test_two_gateways_share_a_burst_and_answer_each_message_once(
    database_url: str, start_gateway: StartGateway, fakes: Fakes
) -> None:
    engine = open_engine(database_url)
    with writing(engine) as connection:
        for person in (MAYA, JORDAN):
            people.create_person(connection, person, now())
    for _ in range(2):
        start_gateway(on=engine, limits=CALM)
    inbox = Inbox(Store(engine), Bell(), now)

    async def send() -> None:
        for number in range(40):
            thread = Thread(MAYA, "terminal", f"c{number % 4}")
            await inbox.accept(thread, "text", f"message {number}", f"update-{number}")

    asyncio.run(send())

    def answered() -> int:
        with reading(engine) as connection:
            return int(
                connection.execute(select(func.count()).select_from(tables.turns)).scalar_one()
            )

    until(lambda: answered() == 40, 20)
    for number in range(4):
        conversation = f"terminal:maya:c{number}"
        calls = [call for call in fakes.calls["engine"] if call["sender"] == conversation]
        assert [call["text"] for call in calls] == [f"message {n}" for n in range(number, 40, 4)]
        assert fakes.most_in_flight[conversation] == 1
    engine.dispose()


def test_a_message_that_takes_gateways_down_is_apologised_for(
    database: Engine, start_gateway: StartGateway, fakes: Fakes
) -> None:
    inbox_id = accept(database, "hi", "update-1")
    with writing(database) as connection:
        connection.execute(
            update(tables.inbox).where(tables.inbox.c.id == inbox_id).values(attempts=3)
        )
    start_gateway()
    until(lambda: replies(database) == [SORRY])
    assert not fakes.calls["engine"]


def test_a_taken_over_conversation_keeps_only_the_new_holders_answer(
    database: Engine, start_gateway: StartGateway, fakes: Fakes
) -> None:
    fakes.seconds["engine"] = 0.6
    start_gateway()
    accept(database, "hi", "update-1")
    until(lambda: fakes.calls["engine"])
    with writing(database) as connection:
        connection.execute(
            update(tables.leases).values(holder="another", until=now() + timedelta(seconds=1.5))
        )
    until(lambda: replies(database), 15)
    time.sleep(0.8)
    assert len(replies(database)) == 1
    assert len(fakes.calls["engine"]) == 2


def test_no_message_text_reaches_a_log_and_no_error_reaches_a_person(
    gateway: Gateway, fakes: Fakes, caplog: pytest.LogCaptureFixture
) -> None:
    fakes.modes["engine"] = "error"
    answer = gateway.ask("my secret shame at tesco")
    assert "Traceback" not in answer["reply"]
    assert "secret" not in caplog.text
    assert "FailedError in engine" in caplog.text


def test_the_health_check_tells_a_gateway_that_works(gateway: Gateway) -> None:
    assert gateway.http.get("/health").json() == {"status": "ok"}
