"""What an answer costs in a ledger of 10,000,000 transactions of 5,000 people.

The database takes 6 GB, and filling it some minutes.
"""

import random
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import CTE, ColumnElement, Engine, String, cast, insert, literal, select

from ledger import tables
from ledger.database import open_engine, writing
from tests.bench.answers_bench import PERSON, QUESTIONS, ask, fill
from tests.bench.figures import Figure, at_most, quantile
from tests.databases import fresh_databases

PEOPLE, EACH = 5_000, 2_000
ASKED = 60
"""People, drawn by chance, who ask each question: their pages are seldom in memory."""


def measure() -> Iterator[Figure]:
    """The p95 of an answer on each database."""
    for name, url in fresh_databases():
        engine = open_engine(url)
        try:
            begun = time.perf_counter()
            _fill(engine)
            took = time.perf_counter() - begun
            yield Figure(f"{PEOPLE * EACH:,} rows filled, {name}", f"{took:.0f} s")
            spent = list(_asked(engine))
            yield Figure(f"an answer, p50, {name}", f"{quantile(spent, 0.5):.3g} ms")
            yield at_most(f"an answer, p95, {name}", quantile(spent, 0.95), 60, "ms")
        finally:
            engine.dispose()


def _fill(engine: Engine) -> None:
    """One person's rows, and the same for everybody else."""
    fill(engine, EACH)
    first = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.n + 1).where(first.c.n < PEOPLE - 1))
    for table in (tables.people, tables.accounts, tables.transactions, tables.enriched):
        with writing(engine) as connection:
            connection.execute(_copies(table, numbers))
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _copies(table: Any, numbers: CTE) -> Any:
    owner = table.c.id if table is tables.people else table.c.person_id
    named: ColumnElement[str] = literal("p") + cast(numbers.c.n, String)
    columns = [named if column is owner else column for column in table.c]
    rows = select(*columns).select_from(table).join(numbers, literal(1) == 1)
    return insert(table).from_select(list(table.c), rows.where(owner == PERSON.id))


def _asked(engine: Engine) -> Iterator[float]:
    draw = random.Random(2)
    for turn in range(ASKED):
        person = f"p{draw.randrange(1, PEOPLE)}"
        for question in QUESTIONS:
            yield ask(engine, person, turn, question)
