"""The real stack for tests: every service, on free ports, with a database of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from florin.processes import Supervisor, free_ports
from florin.settings import Settings
from florin.stack import Stack, started
from ledger.database import open_engine
from tests.e2e.telegram_emulator import TOKEN, TelegramEmulator
from tests.models import KEPT
from tests.serving import Server


@dataclass(frozen=True)
class RunningStack:
    """A stack that answers, with what a test may want to break."""

    settings: Settings
    stack: Stack
    supervisor: Supervisor
    client: httpx.Client
    telegram: TelegramEmulator
    database: Engine

    def ask(self, person: str, conversation: str, text: str, now: str | None = None) -> Any:
        body = {"person": person, "conversation": conversation, "text": text, "now": now}
        response = self.client.post("/turns", json=body)
        response.raise_for_status()
        return response.json()


@contextmanager
def running_stack(folder: Path) -> Iterator[RunningStack]:
    """Start the stack. Models are kept between runs, by the hash of what they were made from."""
    home = KEPT.parent
    (home / "engine.db").unlink(missing_ok=True)
    telegram = TelegramEmulator()
    with Server(telegram.app, abrupt=True) as api:
        settings = Settings(
            home=home,
            database=f"sqlite:///{folder / 'florin.db'}",
            telegram_token=TOKEN,
            telegram_base_url=api.url,
        )
        with started(settings, print, free_ports(1)[0]) as (stack, supervisor):
            database = open_engine(settings.database_url)
            client = httpx.Client(
                base_url=stack.gateway_url,
                headers={"x-florin-key": stack.internal_key},
                timeout=40,
                trust_env=False,
            )
            yield RunningStack(settings, stack, supervisor, client, telegram, database)
            client.close()
            database.dispose()
