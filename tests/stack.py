"""The real stack for tests: every service, on free ports, with a database of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from florin.processes import Supervisor, free_ports
from florin.settings import ROOT, Settings
from florin.stack import Stack, started


@dataclass(frozen=True)
class RunningStack:
    """A stack that answers, with what a test may want to break."""

    settings: Settings
    stack: Stack
    supervisor: Supervisor
    client: httpx.Client

    def ask(self, person: str, conversation: str, text: str, now: str | None = None) -> Any:
        body = {"person": person, "conversation": conversation, "text": text, "now": now}
        response = self.client.post("/turns", json=body)
        response.raise_for_status()
        return response.json()


@contextmanager
def running_stack(folder: Path, **settings: Any) -> Iterator[RunningStack]:
    """Start the stack. Models are kept between runs, by the hash of what they were made from."""
    home = ROOT / ".florin" / "tests"
    (home / "engine.db").unlink(missing_ok=True)
    chosen = Settings(home=home, database=f"sqlite:///{folder / 'florin.db'}", **settings)
    port = free_ports(1)[0]
    with (
        started(chosen, print, port) as (stack, supervisor),
        httpx.Client(
            base_url=stack.gateway_url,
            headers={"x-florin-key": stack.internal_key},
            timeout=40,
            trust_env=False,
        ) as client,
    ):
        yield RunningStack(chosen, stack, supervisor, client)
