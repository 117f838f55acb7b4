"""What it costs to take data away and to correct a merchant: time, and memory of the archive."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator

from sqlalchemy import Engine

from actions.archive import archive
from actions.corrections import refile
from actions.desk import Desk
from ledger.database import open_engine, writing
from ledger.rules import CATEGORY, Rule
from ledger.scope import TurnScope
from tests.bench.answers_bench import NOW, PERSON, fill
from tests.bench.figures import Figure, at_most
from tests.databases import fresh_databases

ROWS = 50_000
CORRECTED = 20_000
"""Rows of a person one of whose merchants, a fifth of them, is filed otherwise."""


def measure() -> Iterator[Figure]:
    """The archive of a big ledger, and a correction of a merchant in one of usual size."""
    for name, url in fresh_databases():
        engine = open_engine(url)
        try:
            fill(engine, ROWS)
            yield from _archived(engine, name)
        finally:
            engine.dispose()
    for name, url in fresh_databases():
        engine = open_engine(url)
        try:
            fill(engine, CORRECTED)
            yield _corrected(engine, name)
        finally:
            engine.dispose()


def _archived(engine: Engine, name: str) -> Iterator[Figure]:
    turn = TurnScope(PERSON.id, "bench", "bench", NOW)
    began = time.perf_counter()
    size = sum(map(len, archive(engine, turn, None)))
    seconds = time.perf_counter() - began
    yield Figure(f"an archive of {ROWS:,} rows, {name}", f"{seconds:.3g} s, {size / 1e6:.3g} MB")
    tracemalloc.start()
    for _ in archive(engine, turn, None):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    yield at_most(f"its most memory, {name}", peak / 1e6, 50, "MB")


def _corrected(engine: Engine, name: str) -> Figure:
    value = {"category": "transport.driving.fuel", "counterparty_id": "tesco"}
    began = time.perf_counter()
    with writing(engine) as connection:
        desk = Desk(connection, TurnScope(PERSON.id, "bench", "bench", NOW))
        desk.teach(Rule("bench", CATEGORY, "Tesco", value, NOW))
        refile(desk)
    milliseconds = (time.perf_counter() - began) * 1000
    return Figure(
        f"a merchant of a fifth of {CORRECTED:,} rows filed, {name}", f"{milliseconds:.0f} ms"
    )
