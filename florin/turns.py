"""Questions to a running stack, one at a time."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from florin.errors import TurnError
from florin.settings import Settings
from florin.stack import stack

_SECONDS = 40.0
"""Longer than any turn, its apology included."""


@dataclass(frozen=True)
class Turns:
    """Asks the gateway over its internal route."""

    client: httpx.Client

    def ask(
        self, user: str, text: str, now: str | None, conversation: str | None
    ) -> dict[str, Any]:
        """One turn through the whole path.

        Args:
            user: The person's id.
            text: What they say.
            now: The time it is for them, ISO 8601; the clock's unless given.
            conversation: Which of their conversations; a new one unless given.

        Returns:
            The answer of the contract.

        Raises:
            TurnError: ``now`` is no time, or the gateway did not answer the question.
        """
        _check_time(now)
        body = {
            "person": user,
            "conversation": conversation or secrets.token_hex(8),
            "text": text,
            "now": now,
        }
        try:
            response = self.client.post("/turns", json=body)
            answer: dict[str, Any] = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise TurnError("Florin's gateway did not answer; is it still running?") from error
        if response.status_code != httpx.codes.OK:
            raise TurnError(str(answer.get("error", "Florin's gateway refused the question.")))
        return answer


def _check_time(now: str | None) -> None:
    if now is None:
        return
    try:
        datetime.fromisoformat(now)
    except ValueError as error:
        raise TurnError(f"{now!r} is no time such as 2026-11-10T09:00:00+00:00.") from error


@contextmanager
def turns() -> Iterator[Turns]:
    """The running stack, or one of our own until the block ends."""
    with (
        stack(Settings()) as running,
        httpx.Client(
            base_url=running.gateway_url,
            headers={"x-florin-key": running.internal_key},
            timeout=_SECONDS,
            trust_env=False,
        ) as client,
    ):
        yield Turns(client)
