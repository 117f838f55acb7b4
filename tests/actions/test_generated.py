"""Whole answers over generated ledgers: each figure is recomputed, splits add up, nobody mixes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ledger.database import migrate, open_engine, writing
from ledger.people import create_person
from ledger.scope import UserScope
from ledger.store import add_transactions, replace_enrichment, save_accounts
from ledger.types import Account, Enriched, Person, Transaction

from .conftest import BIRTH, Talk, category, merchant, owned, period

NEUTRAL = ("transfers", "savings", "debt.credit_card")
CATEGORIES = (
    *("groceries.supermarket", "eating_out.coffee", "housing.rent", "debt.interest"),
    *("debt.credit_card", "savings.pot", "transfers.person", "income.pay.salary"),
    *("income.money_back.refund", "income.money_back.rewards", "debt.borrowed"),
)
ACCOUNTS = ("current", "card", "pot")
TYPES = {"current": "checking", "card": "credit", "pot": "savings"}
NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
AUGUST = period("august", "2026-08-01", "2026-09-01")
numbers = count()

row = st.fixed_dictionaries(
    {
        "account": st.sampled_from(ACCOUNTS),
        "day": st.dates(date(2026, 6, 1), date(2026, 8, 31)),
        "minor": st.integers(-90_000, 90_000),
        "category": st.sampled_from(CATEGORIES),
        "merchant": st.sampled_from(["tesco", "aldi", "gym"]),
        "currency": st.sampled_from(["GBP", "GBP", "GBP", "EUR"]),
    }
)
ledgers = st.lists(row, min_size=1, max_size=25)
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('generated') / 'florin.db'}"
    migrate(url)
    opened = open_engine(url)
    yield opened
    opened.dispose()


def fill(engine: Engine, rows: Rows) -> Talk:
    """A new person with these rows, whose ids begin with the person's."""
    person = f"p{next(numbers)}"
    scope = UserScope(person)
    raw = [
        Transaction(
            f"{person}-{n}", one["account"], one["day"], one["merchant"], one["minor"],
            one["currency"], fingerprint=str(n), line=n,
        )
        for n, one in enumerate(rows)
    ]  # fmt: skip
    filed = [
        Enriched(
            f"{person}-{n}", one["merchant"].title(), one["merchant"], 0.9,
            category=one["category"], category_confidence=0.9,
        )
        for n, one in enumerate(rows)
    ]  # fmt: skip
    with writing(engine) as connection:
        create_person(connection, Person(person, "Ann", "GB", "GBP", "GB", "Europe/London"), BIRTH)
        save_accounts(
            connection,
            scope,
            [Account(id_, "Bank", TYPES[id_], "GBP", id_.title(), 0) for id_ in ACCOUNTS],
        )
        add_transactions(connection, scope, raw)
        replace_enrichment(connection, scope, filed, [])
    return Talk(engine, person, NOW)


def spent(one: dict[str, Any]) -> int:
    """What a row adds to total spending."""
    if one["minor"] < 0:
        return 0 if one["category"].startswith(NEUTRAL) else -one["minor"]
    return -one["minor"] if one["category"] == "income.money_back.refund" else 0


def of(rows: Rows, **wanted: Any) -> Rows:
    return [one for one in rows if all(one[key] == value for key, value in wanted.items())]


def total(talk: Talk, text: str, *entities: dict[str, Any]) -> int:
    answer = talk.parse("spending_total", text, *entities)
    assert all(id_.startswith(f"{talk.person}-") for id_ in answer.transactions)
    return sum(f.minor for f in answer.figures if f.name == "total" and f.currency == "GBP")


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(ledgers, ledgers)
def test_figures_of_two_people_are_each_their_own(engine: Engine, mine: Rows, yours: Rows) -> None:
    for rows in (mine, yours):
        talk = fill(engine, rows)
        pounds = [one for one in rows if one["currency"] == "GBP"]
        august = [one for one in pounds if one["day"].month == 8]
        assert total(talk, "in august", AUGUST) == sum(map(spent, august))
        groceries = of(august, category="groceries.supermarket")
        assert total(talk, "groceries", category("g", "groceries"), AUGUST) == -sum(
            one["minor"] for one in groceries if one["minor"] < 0
        )
        at_tesco = [one["minor"] for one in of(august, merchant="tesco") if one["minor"] < 0]
        own = [
            one["minor"]
            for one in of(august, merchant="tesco", account="pot", category="savings.pot")
            if one["minor"] < 0
        ]
        assert total(talk, "at tesco", merchant("tesco", "tesco"), AUGUST) == sum(own) - sum(
            at_tesco
        )


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(ledgers, st.sampled_from(["category", "merchant", "account", "week", "month"]))
def test_splits_add_up_to_the_penny(engine: Engine, rows: Rows, grouping: str) -> None:
    talk = fill(engine, rows)
    by = {"entity": "grouping", "value": grouping, "resolved": {"by": grouping}}
    ever = period("this summer", "2026-06-01", "2026-09-01")
    answer = talk.parse("spending_breakdown", f"by {grouping}", by, ever)
    sums: dict[str, int] = {}
    whole: dict[str, int] = {}
    for figure in answer.figures:
        side = whole if figure.name == "total" else sums
        side[figure.currency] = side.get(figure.currency, 0) + figure.minor
    assert sums == whole or not sums
    assert whole.get("GBP", 0) == sum(spent(one) for one in rows if one["currency"] == "GBP")


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(ledgers)
def test_balances_and_the_card_are_the_sums_of_their_rows(engine: Engine, rows: Rows) -> None:
    rows = [{**one, "currency": "GBP"} for one in rows]
    talk = fill(engine, rows)
    answer = talk.parse("check_balance", "my balance")
    for figure in answer.figures:
        assert figure.minor == sum(one["minor"] for one in of(rows, account=figure.name))
    card = [one for one in of(rows, account="card") if one["category"] != "debt.interest"]
    answer = talk.parse(
        "spending_total",
        "on the card",
        owned("the card"),
        period("all", "2026-06-01", "2026-09-01"),
    )
    shown = sum(f.minor for f in answer.figures if f.name == "total")
    assert shown == sum(map(spent, card))


def test_a_changed_ledger_changes_the_answer(engine: Engine) -> None:
    """The checks above can fail: one more penny is one more penny."""
    base = {
        "account": "current", "day": date(2026, 8, 3), "minor": -100,
        "category": "housing.rent", "merchant": "gym", "currency": "GBP",
    }  # fmt: skip
    before = total(fill(engine, [base]), "in august", AUGUST)
    after = total(fill(engine, [base, {**base, "minor": -1}]), "in august", AUGUST)
    assert (before, after) == (100, 101)


def test_people_are_told_apart_by_the_token_alone(engine: Engine) -> None:
    one = {
        "account": "current", "day": date(2026, 8, 3), "minor": -100,
        "category": "housing.rent", "merchant": "gym", "currency": "GBP",
    }  # fmt: skip
    mine, yours = fill(engine, [one]), fill(engine, [{**one, "minor": -7}])
    asked = replace(mine, memory={"query": {"measure": "spending_total"}, "person": yours.person})
    assert total(asked, f"in august for {yours.person}", AUGUST) == 100
