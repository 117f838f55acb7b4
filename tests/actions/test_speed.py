"""How answers reach their rows: by an index that begins with the person, never by a full scan."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from .conftest import OCTOBER, Talk, category, merchant

QUESTIONS = (
    ("spending_total", "tesco in october", (merchant("tesco", "tesco"), OCTOBER)),
    ("spending_total", "groceries in october", (category("groceries", "groceries"), OCTOBER)),
    ("spending_average", "groceries", (category("groceries", "groceries"),)),
    ("spending_compare", "october", (OCTOBER,)),
    ("biggest_purchases", "biggest purchase in october", (OCTOBER,)),
    ("last_transaction", "last time at tesco", (merchant("tesco", "tesco"),)),
    ("top_merchants", "top shops", ()),
    ("transaction_count", "how often at brixton market", (merchant("brixton market"),)),
    ("check_balance", "my balance", ()),
    ("list_subscriptions", "my subscriptions", ()),
)


@contextmanager
def plans(engine: Engine) -> Iterator[list[str]]:
    """The steps of SQLite's plan of every statement that is run meanwhile."""
    steps: list[str] = []

    def explain(connection, _cursor, statement, parameters, *_) -> None:  # type: ignore[no-untyped-def]
        if statement.lstrip().startswith("SELECT"):
            raw = connection.connection.cursor()
            raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps.extend(str(row[3]) for row in raw.fetchall())

    event.listen(engine, "before_cursor_execute", explain)
    yield steps
    event.remove(engine, "before_cursor_execute", explain)


@pytest.mark.parametrize(("intent", "text", "entities"), QUESTIONS, ids=str)
def test_no_answer_reads_a_whole_table(
    maya: Talk, intent: str, text: str, entities: tuple[dict[str, object], ...]
) -> None:
    with plans(maya.engine) as steps:
        maya.parse(intent, text, *entities)
    assert steps
    assert [s for s in steps if s.startswith("SCAN") and s != "SCAN CONSTANT ROW"] == []


def test_names_and_balances_come_from_indexes_alone(maya: Talk) -> None:
    with plans(maya.engine) as steps:
        maya.parse("check_balance", "my balance")
    rows = [step for step in steps if step.startswith("SEARCH transactions")]
    assert rows
    assert all("COVERING INDEX" in step for step in rows)
    with plans(maya.engine) as steps:
        maya.parse("transaction_count", "how often at nowhere", merchant("nowhere"))
    named = [step for step in steps if step.startswith("SEARCH enriched") and "LEFT" not in step]
    assert named
    assert all("COVERING INDEX" in step for step in named)
