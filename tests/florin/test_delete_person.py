"""`florin delete-person` asks once, deletes everything, and says so."""

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
from tests.bot.fakes import KEY
from tests.bot.test_ending import telling

__all__ = ["database", "empty_database", "fakes", "gateway", "services", "stage", "start_gateway"]


@pytest.fixture
def running(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    @contextmanager
    def stack(_: Any) -> Iterator[Any]:
        yield SimpleNamespace(gateway_url=gateway.url, internal_key=KEY)

    monkeypatch.setattr("florin.stack.stack", stack)
    return gateway


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["delete-person", *arguments], input=typed)


def test_nothing_is_left_after_the_name_was_typed(running: Gateway) -> None:
    running.ask("hello")
    assert "Nothing was deleted" in str(run("--user", "maya", typed="yes\n").exception)
    assert telling(running.database, "maya") != []
    done = run("--user", "maya", typed="maya\n")
    assert "Everything of maya is deleted" in done.output
    assert telling(running.database, "maya") == []


def test_nobody_unknown_is_deleted(running: Gateway) -> None:
    failed = run("--user", "nobody", "--yes")
    assert failed.exit_code != 0
    assert "There is no person 'nobody'" in str(failed.exception)
