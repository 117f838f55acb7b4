"""Whole answers over generated ledgers: each figure is recomputed, splits add up, nobody mixes."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from actions.answer import Answer
from ledger.database import migrate, open_engine, writing
from ledger.people import create_person
from ledger.scope import UserScope
from ledger.store import add_transactions, replace_enrichment, save_accounts
from ledger.types import Account, Enriched, Person, Transaction

from .conftest import BIRTH, Talk, category, merchant, owned, period
from .naive import GROUPS, Rows, Sums, earned, of, plain, spent, sums, within

CATEGORIES = (
    *("groceries.supermarket", "eating_out.coffee", "housing.rent", "debt.interest"),
    *("debt.credit_card", "savings.pot", "transfers.person", "income.pay.salary"),
    *("income.money_back.refund", "income.money_back.rewards", "debt.borrowed"),
)
ACCOUNTS = ("current", "card", "pot")
TYPES = {"current": "checking", "card": "credit", "pot": "savings"}
NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
AUGUST = period("august", "2026-08-01", "2026-09-01")
JULY = period("july", "2026-07-01", "2026-08-01")
SUMMER = period("this summer", "2026-06-01", "2026-09-01")
TESCO = merchant("tesco", "tesco")
LEDGERS = int(os.environ.get("FLORIN_LEDGERS", "200"))
"""Generated ledgers; the long tests ask for 10,000."""
numbers = count()

row = st.fixed_dictionaries(
    {
        "account": st.sampled_from(ACCOUNTS),
        "day": st.dates(date(2026, 6, 1), date(2026, 8, 31)),
        "minor": st.integers(-90_000, 90_000).filter(bool),
        "category": st.sampled_from(CATEGORIES),
        "merchant": st.sampled_from(["tesco", "aldi", "gym"]),
        "currency": st.sampled_from(["GBP", "GBP", "GBP", "EUR"]),
    }
).map(lambda one: {**one, "account": "euro"} if one["currency"] == "EUR" else one)
FIRST = {
    "account": "current", "day": date(2026, 6, 1), "minor": -100,
    "category": "housing.rent", "merchant": "gym", "currency": "GBP",
}  # fmt: skip
"""A row on the first day: what a trend may compare depends on when the data begins."""
ledgers = st.lists(row, min_size=1, max_size=25)


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
            [
                *(Account(id_, "Bank", TYPES[id_], "GBP", id_.title(), 0) for id_ in ACCOUNTS),
                Account("euro", "Bank", "checking", "EUR", "Euro", 0),
            ],
        )
        add_transactions(connection, scope, raw)
        replace_enrichment(connection, scope, filed, [])
    return Talk(engine, person, NOW)


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


def told(answer: Answer, *without: str) -> Sums:
    """An answer's figures that are not zero."""
    shown: Sums = Counter()
    for figure in answer.figures:
        if figure.name not in without:
            shown[figure.name, figure.currency] += figure.minor
    return plain(shown.items())


def by_currency(found: Sums) -> list[tuple[str, int]]:
    """The sums without their names."""
    return sorted((currency, minor) for (_, currency), minor in found.items())


def said(answer: Answer) -> None:
    """Every sum of the reply is one of the answer's figures, and no row is somebody else's."""
    shown = {abs(figure.minor) for figure in answer.figures}
    for pounds, pence in re.findall(r"[£€]([\d,]+)\.(\d\d)", answer.text):
        assert int(pounds.replace(",", "")) * 100 + int(pence) in shown, answer.text


def drawn(answer: Answer) -> None:
    """What a chart draws are the answer's figures; what it leaves out is in one bar, or is zero."""
    if answer.chart is None:
        return
    marks = {mark["name"]: mark["minor"] for mark in answer.chart["datasets"]["marks"]}
    rest = marks.pop("rest", 0)
    home = {one.name: one.minor for one in answer.figures if one.currency == "GBP"}
    assert {name: minor for name, minor in marks.items() if minor}.items() <= home.items()
    if answer.chart["usermeta"]["kind"] != "sides":
        groups = sum(minor for name, minor in home.items() if name not in {"total", "refunds"})
        assert sum(marks.values()) + rest == groups


def check_splits(talk: Talk, rows: Rows) -> None:
    for grouping, group in GROUPS.items():
        by = {"entity": "grouping", "value": grouping, "resolved": {"by": grouping}}
        answer = talk.parse("spending_breakdown", f"by {grouping}", by, SUMMER)
        groups = sums(rows, group, spent)
        if len(groups) > 1:
            assert told(answer, "total") == groups
        whole = Counter({key: minor for key, minor in told(answer).items() if key[0] == "total"})
        assert whole == sums(rows, lambda _: "total", spent)
        said(answer)
        drawn(answer)


def check_sums(talk: Talk, rows: Rows) -> None:
    answer = talk.parse("income_total", "income this summer", SUMMER)
    assert told(answer) == sums(rows, lambda _: "total", earned)
    said(answer)
    answer = talk.parse("spending_trend", "trend this summer", SUMMER)
    home = [one for one in rows if one["currency"] == "GBP"]
    assert told(answer, "total") == sums(home, GROUPS["month"], spent)
    said(answer)
    drawn(answer)
    answer = talk.parse("check_balance", "my balance")
    assert told(answer) == sums(rows, GROUPS["account"], lambda one: one["minor"])
    said(answer)


def check_comparison(talk: Talk, rows: Rows) -> None:
    answer = talk.parse("spending_compare", "august against july", AUGUST, JULY)
    sides = {
        "total": within(rows, date(2026, 8, 1), date(2026, 9, 1)),
        "compared": within(rows, date(2026, 7, 1), date(2026, 8, 1)),
    }
    naive: Sums = Counter()
    for name, side in sides.items():
        for (_, currency), minor in sums(side, lambda _: "", spent).items():
            naive[name, currency] = minor
            naive["difference", currency] += minor if name == "total" else -minor
    drawn(answer)
    shown = told(answer)
    assert all(shown[key] == minor for key, minor in plain(naive.items()).items())


def check_rows(talk: Talk, rows: Rows) -> None:
    tesco = of(rows, merchant="tesco")
    answer = talk.parse("list_transactions", "tesco this summer", TESCO, SUMMER)
    ways = sums(tesco, lambda one: "out" if one["minor"] < 0 else "in", lambda o: abs(o["minor"]))
    assert by_currency(told(answer)) == by_currency(ways)
    assert sorted(answer.transactions) == sorted(
        f"{talk.person}-{n}" for n, one in enumerate(rows) if one in tesco
    )
    answer = talk.parse("biggest_purchases", "biggest this summer", SUMMER)
    pounds = sorted(spent(o) for o in rows if spent(o) > 0 and o["currency"] == "GBP")[::-1]
    shown = [f.minor for f in answer.figures if f.currency == "GBP" and f.minor]
    assert shown == pounds[: len(shown)]
    said(answer)


@settings(
    max_examples=LEDGERS,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(ledgers)
def test_every_figure_of_every_reply_is_recomputed(engine: Engine, drawn: Rows) -> None:
    rows = [FIRST, *drawn]
    talk = fill(engine, rows)
    check_splits(talk, rows)
    check_sums(talk, rows)
    check_comparison(talk, rows)
    check_rows(talk, rows)


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
