"""A gateway on a port, with services that can be made to fail."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from starlette.types import Receive, Scope, Send

from bot.channels.telegram import TelegramSettings
from bot.gateway import create_app
from bot.identity import issue_link
from bot.limits import Limits
from bot.services import Addresses
from ledger import people
from ledger.database import migrate, open_engine, writing
from ledger.types import Person
from tests.bot.fakes import KEY, Fakes
from tests.serving import Server

MAYA = Person("maya", "Maya", "GB", "GBP", "GB", "Europe/London", True, date(2026, 11, 10))
JORDAN = Person("jordan", "Jordan", "US", "USD", "US", "America/New_York")

CALM = Limits(poll=0.1)

QUICK = Limits(
    turn=2.0,
    context=0.8,
    nlu=0.8,
    engine=1.0,
    reading=0.5,
    margin=0.2,
    importing=3.0,
    lease=1.5,
    poll=0.1,
)
"""Deadlines in the proportions of the real ones, for tests that wait for them."""


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating takes longer than a test."""
    path = tmp_path_factory.mktemp("template") / "florin.db"
    migrate(f"sqlite:///{path}")
    engine = open_engine(f"sqlite:///{path}")
    with writing(engine) as connection:
        for person in (MAYA, JORDAN):
            people.create_person(connection, person, now())
    engine.dispose()
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(empty_database, tmp_path / "florin.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'florin.db'}")
    yield engine
    engine.dispose()


class Stage:
    """The one server of all tests' fakes; each test puts its own on."""

    fakes = Fakes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.fakes.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Stage:
    return Stage()


@pytest.fixture(scope="session")
def services(stage: Stage) -> Iterator[Server]:
    with Server(stage, abrupt=True) as server:
        yield server


@pytest.fixture
def fakes(stage: Stage) -> Fakes:
    stage.fakes = Fakes()
    return stage.fakes


def client(base_url: str, **more: Any) -> httpx.Client:
    """A client that reads no certificates, which takes longer than most tests."""
    return httpx.Client(base_url=base_url, verify=False, trust_env=False, timeout=40, **more)


def press(browser: httpx.Client, link: str, **headers: str) -> httpx.Response:
    """Press the button on a link's page."""
    return browser.post(link, headers={"origin": str(browser.base_url).rstrip("/"), **headers})


@dataclass
class Gateway:
    """A running gateway and what tests do with it."""

    server: Server
    database: Engine
    http: httpx.Client

    @property
    def url(self) -> str:
        return self.server.url

    def ask(self, text: str, person: str = "maya", conversation: str = "c1", **more: Any) -> Any:
        body = {"person": person, "conversation": conversation, "text": text, **more}
        answer = self.http.post("/turns", json=body, headers={"x-florin-key": KEY})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def browser(self, person: str = "maya") -> httpx.Client:
        """A browser that has opened its link."""
        browser = client(self.url, headers={"x-florin-chat": "1"}, follow_redirects=True)
        press(browser, issue_link(self.database, person, now(), self.url))
        assert browser.get("/chat/history").status_code == 200
        return browser


StartGateway = Callable[..., Gateway]


@pytest.fixture
def start_gateway(
    database: Engine, services: Server, tmp_path: Path, fakes: Fakes
) -> Iterator[StartGateway]:
    """Starts gateways; `addresses` may name services that are not there.

    It asks for `fakes`, so that no test meets the failures of the one before.
    """
    (tmp_path / "uploads").mkdir()
    started: list[Server] = []

    def start(
        *,
        limits: Limits = CALM,
        telegram: TelegramSettings | None = None,
        on: Engine = database,
        port: int | None = None,
        **elsewhere: str,
    ) -> Gateway:
        at = Addresses(services.url, services.url, services.url, services.url)
        app = create_app(
            database=on,
            addresses=replace(at, **elsewhere),
            internal_key=KEY,
            uploads=tmp_path / "uploads",
            clock=now,
            telegram=telegram,
            limits=limits,
            end=lambda: None,
        )
        started.append(Server(app, port).start())
        return Gateway(started[-1], on, client(started[-1].url))

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def gateway(start_gateway: StartGateway) -> Gateway:
    return start_gateway()


@pytest.fixture
def hasty_gateway(start_gateway: StartGateway) -> Gateway:
    """A gateway whose deadlines a test can wait for."""
    return start_gateway(limits=QUICK)
