"""A turn through the whole real stack: gateway, NLU, engine, actions, ledger, and back."""

import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.bench.figures import Figure, at_least, at_most, quantile
from tests.stack import RunningStack, running_stack

QUESTIONS = (
    "how much did I spend at tesco last month",
    "what's my balance",
    "and the month before",
    "thanks",
    "my biggest purchases this month",
    "how much did I get paid in october",
    "what did I spend on groceries in september by week",
    "list my accounts",
)
NOW = "2026-11-10T09:00:00+00:00"
WARM_UP, SINGLE, LONG, WINDOW, CONVERSATIONS, EACH = 20, 200, 500, 100, 16, 25


def measure() -> list[Figure]:
    """The figures of issue 2, on this machine as it is now."""
    with TemporaryDirectory() as folder, running_stack(Path(folder)) as stack:
        _ask(stack, "warm-up", WARM_UP)
        alone = _ask(stack, "alone", SINGLE)
        long = _ask(stack, "long", LONG)
        rate = _throughput(stack)
    start, end = quantile(long[:WINDOW], 0.5), quantile(long[-WINDOW:], 0.5)
    return [
        at_most("turn, p50, one conversation", quantile(alone, 0.5), 60, "ms"),
        at_most("turn, p95, one conversation", quantile(alone, 0.95), 150, "ms"),
        at_least(f"turns over {CONVERSATIONS} conversations", rate, 20, "/s"),
        at_most(f"turn {LONG} beside turn 1, p50", end / start, 1.5, "times"),
    ]


def _questions(count: int) -> Iterable[str]:
    return islice(cycle(QUESTIONS), count)


def _ask(stack: RunningStack, conversation: str, count: int) -> list[float]:
    """Milliseconds of each of so many turns, one after the other."""
    took = []
    for text in _questions(count):
        begun = time.perf_counter()
        answer = stack.ask("maya", conversation, text, NOW)
        took.append((time.perf_counter() - begun) * 1000)
        assert not answer["reply"].startswith("Sorry"), answer["reply"]
    return took


def _throughput(stack: RunningStack) -> float:
    """Turns a second, with as many conversations asking at once."""

    def talk(number: int) -> None:
        # A client of its own each, as people have.
        with httpx.Client(
            base_url=stack.client.base_url, headers=stack.client.headers, timeout=40
        ) as client:
            _ask(replace(stack, client=client), f"one-of-many-{number}", EACH)

    people = [threading.Thread(target=talk, args=(number,)) for number in range(CONVERSATIONS)]
    begun = time.perf_counter()
    for person in people:
        person.start()
    for person in people:
        person.join()
    return CONVERSATIONS * EACH / (time.perf_counter() - begun)
