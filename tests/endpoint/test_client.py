from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from endpoint import (
    BadReplyError,
    Budget,
    Cache,
    Endpoint,
    EndpointBusyError,
    EndpointDownError,
    EndpointError,
    EndpointRefusedError,
    Options,
    OverBudgetError,
)
from tests.model_server import Body, ModelServer, Slow, Status, model_server

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_DAY = _NOW.date()


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server(lambda _: {"name": "blue"}) as running:
        yield running


class Client:
    """An endpoint whose waits are noted, not waited for."""

    def __init__(self, url: str, folder: Path, *, daily: int = 100_000, seconds: float = 5) -> None:
        self.waits: list[float] = []
        self.budget = Budget(folder / "endpoint.db", daily)
        options = Options(url, "some-model", "secret", timeout_seconds=seconds)
        self.endpoint = Endpoint(options, self.budget, self.waits.append)

    def colour(self, day: date = _DAY) -> str:
        at = _NOW.replace(day=day.day)
        reply = self.endpoint.ask("Be brief.", "What colour?", Colour, most_tokens=50, at=at)
        return reply.value.name


def test_a_good_answer_comes_in_its_shape_and_is_paid_for(
    server: ModelServer, tmp_path: Path
) -> None:
    client = Client(server.base_url, tmp_path)
    assert client.colour() == "blue"
    [asked] = server.requests
    assert asked["model"] == "some-model"
    wanted = asked["response_format"]["json_schema"]
    assert wanted["strict"] is True
    assert wanted["schema"]["required"] == ["name"]
    assert wanted["schema"]["additionalProperties"] is False
    assert server.keys == ["Bearer secret"]
    assert client.budget.spent(_DAY) == 120


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(server: ModelServer, tmp_path: Path, code: int) -> None:
    server.next = [Status(code), Status(code)]
    client = Client(server.base_url, tmp_path)
    assert client.colour() == "blue"
    assert len(server.requests) == 3
    assert client.waits[1] > client.waits[0] > 0
    assert client.budget.spent(_DAY) == 120


def test_the_wait_that_a_busy_endpoint_asks_for_is_kept_within_reason(
    server: ModelServer, tmp_path: Path
) -> None:
    server.next = [Status(429, {"retry-after": "7"}), Status(429, {"retry-after": "86400"})]
    client = Client(server.base_url, tmp_path)
    assert client.colour() == "blue"
    assert client.waits == [7.0, 20.0]


@pytest.mark.parametrize(
    ("mishaps", "error"),
    [
        ([Status(429)] * 3, EndpointBusyError),
        ([Status(500)] * 3, EndpointDownError),
        ([Status(401)], EndpointRefusedError),
        ([Status(400)], EndpointRefusedError),
        ([Body(b'{"choices": []}')] * 3, BadReplyError),
        ([Body(b"<html>")] * 3, BadReplyError),
    ],
)  # fmt: skip
def test_a_lasting_failure_is_an_error_of_its_class(
    server: ModelServer, tmp_path: Path, mishaps: list[Status | Slow | Body], error: type[Exception]
) -> None:
    server.next = list(mishaps)
    with pytest.raises(error) as raised:
        Client(server.base_url, tmp_path).colour()
    assert len(server.requests) == len(mishaps)
    assert "What colour" not in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("wrong", [{"colour": "blue"}, {"name": 3}, "blue", None, [1]])
def test_an_answer_of_another_shape_is_none(tmp_path: Path, wrong: object) -> None:
    with model_server(lambda _: wrong) as server:
        client = Client(server.base_url, tmp_path)
        with pytest.raises(BadReplyError):
            client.colour()
        assert client.budget.spent(_DAY) == 3 * 120


@pytest.mark.parametrize("drips", [False, True])
def test_a_slow_endpoint_is_given_up_and_its_tokens_stay_set_aside(
    server: ModelServer, tmp_path: Path, drips: bool
) -> None:
    server.next = [Slow(0.1 if drips else 0.6, drips)] * 3
    client = Client(server.base_url, tmp_path, seconds=0.25)
    with pytest.raises(EndpointDownError, match=r"0\.25 seconds"):
        client.colour()
    assert client.budget.spent(_DAY) > 100


def test_an_endpoint_that_is_not_there_costs_nothing(tmp_path: Path) -> None:
    client = Client("http://127.0.0.1:9/v1", tmp_path)
    with pytest.raises(EndpointDownError):
        client.colour()
    assert client.budget.spent(_DAY) == 0


def test_over_budget_nothing_is_sent_until_the_next_day(
    server: ModelServer, tmp_path: Path
) -> None:
    client = Client(server.base_url, tmp_path, daily=150)
    client.colour()
    with pytest.raises(OverBudgetError, match="150 tokens"):
        client.colour()
    assert len(server.requests) == 1
    assert client.colour(date(2026, 11, 21)) == "blue"


def test_two_processes_share_one_budget(server: ModelServer, tmp_path: Path) -> None:
    Client(server.base_url, tmp_path, daily=150).colour()
    with pytest.raises(EndpointError):
        Client(server.base_url, tmp_path, daily=150).colour()


def test_a_cache_finds_what_the_same_model_was_asked_and_keeps_no_question(
    tmp_path: Path,
) -> None:
    path = tmp_path / "endpoint.db"
    assert Cache(path, "m1").get(["a"]) == {}
    Cache(path, "m1").put({"oakfield vets": "pets", "b": "2"})
    assert Cache(path, "m1").get(["oakfield vets", "c"]) == {"oakfield vets": "pets"}
    assert Cache(path, "m2").get(["oakfield vets"]) == {}
    assert b"oakfield" not in path.read_bytes()
