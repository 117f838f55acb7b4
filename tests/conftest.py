"""Fixtures that all rooms share."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ledger.database import migrate, open_engine
from tests.databases import fresh_postgres
from tests.stack import RunningStack, running_stack

_FITTED = {"stack", "models", "kept"}
"""Fixtures that wait for a quick model."""


@pytest.fixture(scope="session", autouse=True)
def models_beside(request: pytest.FixtureRequest) -> Iterator[None]:
    """The quick models are fitted beside the tests that do without them."""
    if not any(_FITTED & set(getattr(one, "fixturenames", ())) for one in request.session.items):
        yield
        return
    command = [sys.executable, "-m", "tests.models"]
    with subprocess.Popen(command, start_new_session=True) as fitting:
        yield
        # With the processes that draw lines for it.
        with suppress(ProcessLookupError):
            os.killpg(fitting.pid, signal.SIGKILL)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A fresh migrated database per module, on SQLite and, where its URL is set, on PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'florin.db'}"
        migrate(url)
        yield url
        return
    server = os.environ.get("FLORIN_TEST_POSTGRES_URL")
    if not server:
        pytest.skip("FLORIN_TEST_POSTGRES_URL is not set")
    with fresh_postgres(server) as url:
        yield url


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on `database_url`, closed at the end of the module."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The repository's `data/`."""
    return Path(__file__).parent.parent / "data"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Every real service, started once for all tests that need them."""
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
