"""Every intent with every kind of entity, for people with no rows, one row and many: it answers."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.run import TOPICS
from ledger.database import migrate, open_engine, writing
from ledger.people import create_person, open_conversation
from ledger.scope import UserScope
from ledger.store import add_transactions, save_accounts
from ledger.types import Account, Person, Transaction

from .conftest import (
    BIRTH,
    NOW,
    OCTOBER,
    Talk,
    amount,
    by,
    category,
    context,
    every,
    load,
    merchant,
    number,
    owned,
    period,
)

ROOT = Path(__file__).parents[2]
READS = frozenset(
    {
        *("action_spending", "action_income", "action_balances", "action_followup"),
        *("action_commitments", "action_outlook", "action_plans"),
        *("action_recategorize", "action_export"),
        *("action_data", "action_peers", "action_small_talk"),
    }
)
ENTITIES: tuple[tuple[dict[str, Any], ...], ...] = (
    (),
    (OCTOBER,),
    (merchant("tesco", "tesco"), OCTOBER),
    (merchant("nobody at all"),),
    (category("groceries", "groceries"), every("a week", "week")),
    (category("income", "income"),),
    (owned("savings"), number(3)),
    (amount("over £20", "gt", 2000), by("month")),
    (context("since payday", "payday"),),
    (context("until payday", "payday"),),
    (period("next month", "2026-12-01", "2027-01-01"),),
    (period("long ago", None, "1999-01-01"),),
    ({"entity": "goal", "value": "tokyo", "resolved": None}, amount("£5", "eq", 500)),
)


def rules() -> dict[str, str]:
    """The action of each intent, as the engine's rules have it."""
    read = yaml.safe_load((ROOT / "bot" / "engine" / "data" / "rules.yml").read_text())["rules"]
    steps = [rule["steps"] for rule in read if "condition" not in rule]
    return {
        two[0]["intent"]: two[1]["action"]
        for two in steps
        if len(two) == 2 and "intent" in two[0] and "action" in two[1]
    }


def person(folder: Path, rows: int) -> Talk:
    url = f"sqlite:///{folder / f'florin-{rows}.db'}"
    migrate(url)
    engine = open_engine(url)
    scope = UserScope("ann")
    with writing(engine) as connection:
        create_person(connection, Person("ann", "Ann", "GB", "GBP", "GB", "Europe/London"), BIRTH)
        if rows:
            save_accounts(connection, scope, [Account("a", "Bank", "checking", "GBP", "Bank")])
            row = Transaction("1", "a", date(2026, 10, 3), "TESCO", -100, "GBP", fingerprint="1")
            add_transactions(connection, scope, [row])
    return Talk(engine, "ann", datetime(2026, 11, 10, 9, tzinfo=UTC))


INTENTS = [name for name, action in rules().items() if action in READS]


def test_every_action_of_the_rules_is_there() -> None:
    assert set(rules().values()) <= set(TOPICS)


@pytest.fixture(scope="module", params=["nothing", "one row", "a history"])
def talk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Talk]:
    folder = tmp_path_factory.mktemp("every")
    if request.param == "a history":
        url = f"sqlite:///{folder / 'florin.db'}"
        migrate(url)
        engine = open_engine(url)
        load(engine, ROOT / "data" / "people" / "maya", "maya")
        found = Talk(engine, "maya", NOW["maya"])
    else:
        found = person(folder, int(request.param == "one row"))
    found.action |= rules()
    with writing(found.engine) as connection:
        open_conversation(connection, UserScope(found.person), "web", BIRTH, "conv-1")
    yield found
    found.engine.dispose()


def test_every_intent_answers_whatever_is_said_with_it(talk: Talk) -> None:
    for intent, entities in product(INTENTS, ENTITIES):
        text = " ".join(entity["value"] for entity in entities) or "how much is it"
        answer = talk.parse(intent, text, *entities)
        assert answer.text.strip()
        assert 0 < len(answer.text) <= 300
        for currency in {figure.currency for figure in answer.figures}:
            assert len(currency) == 3
