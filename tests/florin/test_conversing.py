"""The commands that talk: `ask`, `chat`, `link`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from florin.cli import app
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


@pytest.fixture
def running(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """A stack that runs already."""

    @contextmanager
    def stack(_: Any) -> Iterator[Any]:
        yield SimpleNamespace(gateway_url=gateway.url, internal_key=KEY)

    monkeypatch.setattr("florin.turns.stack", stack)
    monkeypatch.setenv("FLORIN_DATABASE", str(gateway.database.url))
    return gateway


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


def test_ask_prints_one_object(running: Gateway, fakes: Fakes) -> None:
    done = run("ask", "--user", "maya", "--now", "2026-11-10T09:00:00+00:00", "how much")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert answer["reply"] == "maya said “how much” (spending_total)"
    assert fakes.calls["nlu"][0]["now"] == "2026-11-10T09:00:00+00:00"


def test_a_conversation_goes_on_by_its_name_and_is_new_without(
    running: Gateway, fakes: Fakes
) -> None:
    for conversation in (["--conversation", "c"], ["--conversation", "c"], []):
        run("ask", "--user", "maya", *conversation, "hi")
    previous = [call["metadata"]["previous"] for call in fakes.calls["engine"]]
    assert [one and one["count"] for one in previous] == [None, 1, None]


def test_a_time_without_a_zone_is_the_persons_own(running: Gateway, fakes: Fakes) -> None:
    run("ask", "--user", "jordan", "--now", "2026-06-10T09:00:00", "hi")
    assert fakes.calls["nlu"][0]["now"] == "2026-06-10T13:00:00+00:00"


def test_lines_are_answered_in_order_under_their_ids(running: Gateway) -> None:
    lines = [
        {"id": "q1", "user": "maya", "conversation": "c", "text": "one"},
        {"id": "q2", "user": "jordan", "conversation": "c", "text": "two"},
        {"id": "q3", "user": "maya", "conversation": "c", "text": "three", "now": None},
    ]
    done = run("ask", "-", typed="\n".join(map(json.dumps, lines)) + "\n\n")
    assert done.exit_code == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["q1", "q2", "q3"]
    assert [answer["reply"][:10] for answer in answers] == [
        "maya said ",
        "jordan sai",
        "maya said ",
    ]
    assert answers[2]["figures"][0]["minor"] == 200


def test_a_bad_line_is_told_and_the_others_are_answered(running: Gateway) -> None:
    typed = '{"id": "q1", "user": "nobody", "text": "hi"}\nnonsense\n{"user": "maya", "text": "hi"}'
    done = run("ask", "-", typed=typed)
    assert done.exit_code != 0
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert answers[0]["id"] == "q1"
    assert "no person 'nobody'" in answers[0]["error"]
    assert "Line 2 is no question" in answers[1]["error"]
    assert answers[2]["reply"].startswith("maya said")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["hi"], "Say who asks"),
        (["--user", "nobody", "hi"], "There is no person 'nobody'"),
        (["--user", "maya", "--now", "yesterday", "hi"], "is no time such as"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    running: Gateway, arguments: list[str], sentence: str
) -> None:
    done = run("ask", *arguments)
    assert done.exit_code != 0
    assert sentence in str(done.exception)


def test_chat_shows_replies_and_taps_buttons_by_number(running: Gateway) -> None:
    done = run("chat", "--user", "maya", typed="hello\n1\n\n")
    assert done.exit_code == 0
    assert "maya said “hello” (spending_total)" in done.stdout
    assert "[1] Why?" in done.stdout
    assert "maya said “Why?” (show_more)" in done.stdout


def test_a_link_opens_the_web_chat(running: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("link", "web", "--user", "maya")
    path = done.stdout.strip().split("/link/")[1]
    assert "Open Florin as Maya?" in running.http.get(f"/link/{path}").text
    pressed = running.http.post(f"/link/{path}", headers={"sec-fetch-site": "same-origin"})
    assert pressed.headers["location"] == "/"


def test_a_telegram_code_is_printed(running: Gateway) -> None:
    done = run("link", "telegram", "--user", "maya")
    assert done.exit_code == 0
    assert len(done.stdout.split()[0]) == 22


def test_nobody_unknown_is_linked(running: Gateway) -> None:
    done = run("link", "web", "--user", "nobody")
    assert "There is no person 'nobody'" in str(done.exception)
