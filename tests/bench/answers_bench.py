"""What an answer's own part costs for a person with 20,000 transactions: query and sentence.

SQLite always, PostgreSQL where `FLORIN_TEST_POSTGRES_URL` names a server.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from actions.run import TOPICS, reply
from actions.scope import Turn
from ledger.database import open_engine, writing
from ledger.people import create_person
from ledger.scope import TurnScope, UserScope
from ledger.store import add_transactions, replace_enrichment, save_accounts
from ledger.types import Account, Enriched, Person, Transaction
from tests.bench.figures import Figure, at_most, quantile
from tests.databases import fresh_databases

ROWS = 20_000
FIRST = date(2021, 1, 1)
DAYS = 2_120
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
PERSON = Person("bench", "Bench", "GB", "GBP", "GB", "Europe/London")
KINDS = (
    ("tesco", "groceries.supermarket"),
    ("pret", "eating_out.coffee"),
    ("landlord", "housing.rent"),
    ("trainline", "transport.public.rail"),
    ("amazon", "shopping.marketplace"),
)
OCTOBER = {
    "entity": "period",
    "value": "october",
    "resolved": {"start": "2026-10-01", "end": "2026-11-01"},
}
TESCO = {
    "entity": "merchant",
    "value": "tesco",
    "resolved": {"counterparty": "Tesco", "id": "tesco"},
}
FOOD = {"entity": "category", "value": "groceries", "resolved": {"ids": ["groceries"]}}
QUESTIONS: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    ("spending_total", "how much in october", (OCTOBER,)),
    ("spending_total", "how much at tesco in october", (TESCO, OCTOBER)),
    ("spending_total", "groceries in october", (FOOD, OCTOBER)),
    ("spending_breakdown", "where did it go in october", (OCTOBER,)),
    ("spending_compare", "more than last month", (OCTOBER,)),
    ("spending_average", "usual groceries", (FOOD,)),
    ("biggest_purchases", "biggest purchase in october", (OCTOBER,)),
    ("list_transactions", "tesco in october", (TESCO, OCTOBER)),
    ("last_transaction", "my last transaction", ()),
    ("last_transaction", "when did I last go to tesco", (TESCO,)),
    ("transaction_count", "how often at tesco in october", (TESCO, OCTOBER)),
    ("income_total", "money in in october", (OCTOBER,)),
    ("check_balance", "my balance", ()),
)
TOPIC_OF = {"income_total": "action_income", "check_balance": "action_balances"}
ROUNDS = 8


def measure() -> Iterator[Figure]:
    """The p50 and p95 of an answer on each database."""
    for name, url in fresh_databases():
        yield from _on(name, url)


def _on(name: str, url: str) -> Iterator[Figure]:
    engine = open_engine(url)
    try:
        fill(engine, ROWS)
        spent = [
            ask(engine, PERSON.id, turn, question)
            for turn, question in enumerate(QUESTIONS * ROUNDS)
        ]
        yield at_most(f"an answer over 20,000 rows, p50, {name}", quantile(spent, 0.5), 30, "ms")
        yield at_most(f"an answer over 20,000 rows, p95, {name}", quantile(spent, 0.95), 30, "ms")
    finally:
        engine.dispose()


def fill(engine: Engine, count: int) -> None:
    """One person with so many rows over six years."""
    draw = random.Random(1)
    scope = UserScope(PERSON.id)
    rows, filed = [], []
    for number in range(count):
        name, category = draw.choice(KINDS)
        id_ = f"b{number}"
        day = FIRST + timedelta(days=number * DAYS // count)
        rows.append(
            Transaction(
                id_, "current", day, name, -draw.randint(100, 9_000), "GBP", fingerprint=id_
            )
        )
        filed.append(
            Enriched(id_, name.title(), name, 0.9, category=category, category_confidence=0.9)
        )
    with writing(engine) as connection:
        create_person(connection, PERSON, NOW)
        save_accounts(
            connection, scope, [Account("current", "Bank", "checking", "GBP", "Current", 0)]
        )
        add_transactions(connection, scope, rows)
        replace_enrichment(connection, scope, filed, [])


def ask(
    engine: Engine, person: str, number: int, question: tuple[str, str, tuple[dict[str, Any], ...]]
) -> float:
    """Milliseconds of one answer."""
    intent, text, entities = question
    parse = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": entities}
    turn = Turn(TurnScope(person, "bench", f"turn-{number}", NOW), parse, None)
    start = time.perf_counter()
    reply(engine, TOPICS[TOPIC_OF.get(intent, "action_spending")], turn)
    return (time.perf_counter() - start) * 1_000
