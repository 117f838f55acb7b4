"""Both demo people in one ledger, filed by their labels, and a way to talk to the actions."""

import csv
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from actions.answer import Answer
from actions.calendar import add_months
from actions.run import TOPICS, reply
from actions.scope import read_turn
from knowledge.merchants import slug
from ledger.crypto import sign_turn
from ledger.database import migrate, open_engine, writing
from ledger.money import to_minor
from ledger.people import create_person
from ledger.scope import TurnScope, UserScope
from ledger.store import add_transactions, replace_enrichment, save_accounts
from ledger.types import Account, Enriched, Person, Stream, Transaction

KEY = "a-key-of-these-tests"
BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
NOW = {
    "maya": datetime(2026, 11, 10, 9, tzinfo=UTC),
    "jordan": datetime(2026, 11, 13, 15, tzinfo=UTC),
}
PEOPLE = {
    "maya": Person(
        "maya", "Maya Desai", "GB", "GBP", "GB", "Europe/London", True, date(2026, 11, 10)
    ),
    "jordan": Person(
        "jordan", "Jordan Ellis", "US", "USD", "US", "America/New_York", True, date(2026, 11, 13)
    ),
}
REFUNDS = {"maya-0106": "maya-0084"}
"""The purchase that a merchant's refund belongs to (ASOS); shares paid back belong to several."""
NEXT_PAY = {"maya": date(2026, 11, 27), "jordan": date(2026, 11, 20)}


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def account(row: Mapping[str, str]) -> Account:
    return Account(
        row["account_id"],
        row["institution"],
        row["type"],
        row["currency"],
        row["name"],
        to_minor(row["opening_balance"], row["currency"]),
    )


def transaction(line: int, row: Mapping[str, str]) -> Transaction:
    return Transaction(
        row["transaction_id"],
        row["account_id"],
        date.fromisoformat(row["date"]),
        row["description"],
        to_minor(row["amount"], row["currency"]),
        row["currency"],
        fingerprint=row["transaction_id"],
        line=line,
    )


def enriched(row: Mapping[str, str], confidence: float = 0.99) -> Enriched:
    return Enriched(
        row["transaction_id"],
        counterparty=row["counterparty"] or None,
        counterparty_id=slug(row["counterparty"]) or None,
        counterparty_confidence=confidence,
        counterparty_source="label",
        category=row["category"],
        category_confidence=confidence,
        category_source="label",
        essential=row["essential"] == "yes",
        recurring=row["recurring"] == "yes",
        recurring_confidence=confidence,
        stream_id=row["stream"] or None,
        refund_of=REFUNDS.get(row["transaction_id"]),
    )


CADENCES = ((8, "weekly"), (16, "fortnightly"), (29, "four_weekly"), (40, "monthly"))
ENDED = {"klarna_drmartens"}
STEP = {"weekly": 7, "fortnightly": 14, "four_weekly": 28}


def cadence(days: list[date]) -> str:
    gaps = sorted((b - a).days for a, b in pairwise(days))
    median = gaps[len(gaps) // 2] if gaps else 365
    return next((name for most, name in CADENCES if median < most), "yearly")


def next_on(last: date, every: str) -> date:
    if every in STEP:
        return last + timedelta(days=STEP[every])
    months = 1 if every == "monthly" else 12
    return add_months(last, months).replace(day=min(last.day, 28))


def stream(person: str, name: str, rows: list[Transaction], label: Mapping[str, str]) -> Stream:
    """A stream as enrichment hands it over, told from the labels."""
    every = cadence([row.booked for row in rows])
    salary = label["category"] == "income.pay.salary"
    sizes = [row.minor for row in rows[-6:] if row.minor]
    return Stream(
        id=name,
        counterparty=label["counterparty"],
        counterparty_id=slug(label["counterparty"]),
        category=label["category"],
        cadence=every,
        income=label["income_stream"] == "yes",
        status="ended" if name in ENDED else "active",
        confidence=0.98 if salary else 0.9,
        next_on=NEXT_PAY[person] if salary else next_on(rows[-1].booked, every),
        next_minor=rows[-1].minor,
        next_low=min(sizes) if "energy" in label["category"] else rows[-1].minor,
        next_high=max(sizes) if "energy" in label["category"] else rows[-1].minor,
        currency=rows[-1].currency,
        first_on=rows[0].booked,
        last_on=rows[-1].booked,
        count=len(rows),
    )


def streams(
    person: str, labels: list[dict[str, str]], rows: Mapping[str, Transaction]
) -> list[Stream]:
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in labels:
        if row["stream"]:
            groups[row["stream"]].append(row)
    return [
        stream(person, name, [rows[one["transaction_id"]] for one in members], members[0])
        for name, members in groups.items()
    ]


def load(engine: Engine, folder: Path, person: str, confidence: float = 0.99) -> None:
    labels = read(folder, "labels.csv")
    rows = [transaction(line, row) for line, row in enumerate(read(folder, "transactions.csv"), 2)]
    scope = UserScope(person)
    with writing(engine) as connection:
        create_person(connection, PEOPLE[person], BIRTH)
        save_accounts(connection, scope, map(account, read(folder, "accounts.csv")))
        add_transactions(connection, scope, rows)
        replace_enrichment(
            connection,
            scope,
            [enriched(row, confidence) for row in labels],
            streams(person, labels, {row.id: row for row in rows}),
        )


@pytest.fixture(scope="session")
def people_folder() -> Path:
    return Path(__file__).parents[2] / "data" / "people"


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory, people_folder: Path) -> Iterator[Engine]:
    """A ledger with both demo people; tests only read it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('actions') / 'florin.db'}"
    migrate(url)
    engine = open_engine(url)
    for person in PEOPLE:
        load(engine, people_folder / person, person)
    yield engine
    engine.dispose()


@pytest.fixture
def own(ledger: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A copy of `ledger` that a test may write to."""
    path = tmp_path / "florin.db"
    with (
        closing(sqlite3.connect(str(ledger.url.database))) as source,
        closing(sqlite3.connect(path)) as target,
    ):
        source.backup(target)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


# --- entities as NLU hands them over -------------------------------------------------------------


def merchant(value: str, id_: str | None = None) -> dict[str, Any]:
    resolved = {"counterparty": value.title(), "id": id_} if id_ else None
    return {"entity": "merchant", "value": value, "resolved": resolved}


def category(value: str, *ids: str) -> dict[str, Any]:
    return {"entity": "category", "value": value, "resolved": {"ids": list(ids)} if ids else None}


def period(value: str, start: str | None = None, end: str | None = None) -> dict[str, Any]:
    return {"entity": "period", "value": value, "resolved": {"start": start, "end": end}}


def context(value: str, needs: str) -> dict[str, Any]:
    return {"entity": "period", "value": value, "resolved": {"needs_context": needs}}


def owned(value: str, id_: str | None = None) -> dict[str, Any]:
    return {"entity": "account", "value": value, "resolved": {"id": id_, "name": value}}


def amount(value: str, op: str, minor: int, currency: str = "GBP") -> dict[str, Any]:
    resolved = {"op": op, "minor": minor, "minor2": None, "currency": currency}
    return {"entity": "amount", "value": value, "resolved": resolved}


def number(value: int) -> dict[str, Any]:
    return {"entity": "number", "value": str(value), "resolved": {"value": value}}


def every(value: str, unit: str) -> dict[str, Any]:
    return {"entity": "recurrence", "value": value, "resolved": {"unit": unit, "every": 1}}


def by(grouping: str) -> dict[str, Any]:
    return {"entity": "grouping", "value": f"by {grouping}", "resolved": {"by": grouping}}


OCTOBER = period("october", "2026-10-01", "2026-11-01")
SEPTEMBER = period("september", "2026-09-01", "2026-10-01")
JULY = period("july", "2026-07-01", "2026-08-01")
TOPIC_OF = {
    **dict.fromkeys(["check_balance", "list_accounts", "net_worth"], "action_balances"),
    "income_total": "action_income",
    **dict.fromkeys(["refine_query", "show_more"], "action_followup"),
    **dict.fromkeys(
        (
            *("greet", "goodbye", "thanks", "affirm", "deny", "praise", "bot_challenge"),
            *("help", "tell_joke", "roast_me", "hype_me"),
        ),
        "action_small_talk",
    ),
    "complain": "action_ask_feedback",
    "out_of_scope": "action_out_of_scope",
}


def located(text: str, entities: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """The entities with their offsets where their words stand in the text."""
    found = []
    after = 0
    for entity in entities:
        start = text.find(entity["value"], after)
        if start < 0:
            found.append(entity)
            continue
        after = start + len(entity["value"])
        found.append({**entity, "start": start, "end": after})
    return found


@dataclass
class Talk:
    """One person's conversation with the actions."""

    engine: Engine
    person: str
    now: datetime
    memory: Mapping[str, Any] | None = None
    turns: int = 0
    action: dict[str, str] = field(default_factory=lambda: dict(TOPIC_OF))

    def parse(self, intent: str, text: str, *entities: dict[str, Any], **extras: Any) -> Answer:
        self.turns += 1
        scope = TurnScope(self.person, "conv-1", f"turn-{self.turns}", self.now)
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.97},
            "entities": located(text, entities),
            "metadata": {"scope": sign_turn(KEY, scope), "previous": self.memory},
            **extras,
        }
        topic = TOPICS[self.action.get(intent, "action_spending")]
        answer = reply(self.engine, topic, read_turn(KEY, message))
        assert len(answer.text) <= 300, answer.text
        body = json.loads(json.dumps(answer.custom(intent, 0.97)))
        self.memory = body["memory"]
        return answer

    def tap(self, answer: Answer, title: str) -> Answer:
        button = next(one for one in answer.buttons if one.title == title)
        payload = json.loads(json.dumps(button.payload))
        return self.parse(payload["intent"], title, *payload["entities"], edit=payload.get("edit"))


@pytest.fixture
def maya(ledger: Engine) -> Talk:
    return Talk(ledger, "maya", NOW["maya"])


@pytest.fixture
def jordan(ledger: Engine) -> Talk:
    return Talk(ledger, "jordan", NOW["jordan"])
