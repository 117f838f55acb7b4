"""Hype and roast tell the plain figures, and nobody's hardship is joked about."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from actions.answer import Answer
from actions.voice import VOICES
from ledger.database import migrate, open_engine, writing
from ledger.people import create_person
from ledger.plans import Goal, move_to_goal, save_goal
from ledger.scope import UserScope
from ledger.store import add_transactions, replace_enrichment, save_accounts
from ledger.types import Account, Enriched, Person, Stream, Transaction

from .conftest import BIRTH, Talk, category

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
_AMOUNT = re.compile(r"£[\d,]+\.\d\d")
_SELLS = re.compile(
    r"\b(?:apply|offer|loan|upgrade|sign up|card deal|invest|borrow)\b", re.IGNORECASE
)
people = count()

row = st.fixed_dictionaries(
    {
        "day": st.dates(date(2026, 6, 20), date(2026, 9, 1)),
        "minor": st.integers(-250_000_00, 5_000_00).filter(bool),
        "category": st.sampled_from(
            [
                *("groceries.supermarket", "eating_out.coffee", "shopping.clothing"),
                *("housing.rent", "debt.interest", "health.therapy", "entertainment.gambling"),
                *("income.pay.salary", "income.money_back.refund", "transport.taxi"),
            ]
        ),
        "merchant": st.sampled_from(
            ["tesco", "aldi", "gym", "a name that goes on for very much longer than a line"]
        ),
    }
)
goal = st.tuples(st.integers(1, 9_000_000_00), st.integers(0, 9_000_000_00))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('voice') / 'florin.db'}"
    migrate(url)
    opened = open_engine(url)
    yield opened
    opened.dispose()


def fill(
    engine: Engine,
    rows: list[dict[str, Any]],
    goal: tuple[int, int] | None = None,
    *,
    opening: int = 90_000_000_00,
    streams: tuple[Stream, ...] = (),
) -> Talk:
    person = f"p{next(people)}"
    scope = UserScope(person)
    raw = [
        Transaction(
            f"{person}-{n}", "current", one["day"], one.get("text", one["merchant"]),
            one["minor"], "GBP", fingerprint=str(n), line=n,
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
        account = Account("current", "Bank", "checking", "GBP", "Current", opening)
        save_accounts(connection, scope, [account])
        add_transactions(connection, scope, raw)
        replace_enrichment(connection, scope, filed, streams)
        if goal is not None:
            save_goal(connection, scope, Goal("car", "A new car", goal[0], "GBP", None, NOW))
            move_to_goal(
                connection, scope, "car", turn_id="turn-0", minor=goal[1], on=date(2026, 8, 1)
            )
    return Talk(engine, person, NOW)


def said(talk: Talk, voice: str) -> Answer:
    talk.turns = 7
    answer: Answer = talk.parse("hype_me", "…", edit={"voice": voice})
    return answer


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(row, max_size=20), st.none() | goal)
def test_the_three_voices_tell_the_same_figures(
    engine: Engine, rows: list[dict[str, Any]], goal: tuple[int, int] | None
) -> None:
    talk = fill(engine, rows, goal)
    plain, *others = (said(talk, voice) for voice in VOICES)
    for other in others:
        assert other.figures == plain.figures
        assert other.counts == plain.counts
        assert other.transactions == plain.transactions
        assert sorted(_AMOUNT.findall(other.text)) == sorted(_AMOUNT.findall(plain.text))
    told = sorted(f"£{abs(figure.minor) / 100:,.2f}" for figure in plain.figures)
    assert sorted(_AMOUNT.findall(plain.text)) == told
    spent = [one for one in rows if date(2026, 8, 3) <= one["day"]]
    counted = [
        one for one in spent if (one["minor"] < 0) or one["category"] == "income.money_back.refund"
    ]
    if plain.figures:
        assert plain.figures[0].minor == -sum(one["minor"] for one in counted)
    for answer in (plain, *others):
        assert not _SELLS.search(answer.text)


def test_a_turn_says_the_same_each_time_and_turns_differ(maya: Talk) -> None:
    texts = set()
    for turn in range(12):
        maya.turns = turn
        first = maya.parse("hype_me", "hype me").text
        maya.turns = turn
        assert maya.parse("hype_me", "hype me").text == first
        texts.add(first)
    assert len(texts) > 3


def test_a_roast_speaks_of_the_persons_own_shops_and_week(engine: Engine) -> None:
    coffee = {"minor": -450, "category": "eating_out.coffee", "merchant": "pret"}
    talk = fill(engine, [{**coffee, "day": date(2026, 8, day)} for day in (10, 11, 12, 24)])
    roast = talk.parse("roast_me", "roast me")
    assert "Pret" in roast.text
    assert "£18.00" in roast.text
    assert "4 visits" in roast.text
    assert "£13.50" in roast.text
    plain = talk.tap(roast, "Plainly")
    assert plain.figures == roast.figures


COFFEE = {
    "day": date(2026, 8, 20), "minor": -450, "category": "eating_out.coffee", "merchant": "pret",
}  # fmt: skip


def test_a_roast_may_be_about_one_thing(engine: Engine) -> None:
    rows = [COFFEE, {**COFFEE, "minor": -5000, "category": "shopping.clothing", "merchant": "asos"}]
    coffee = category("coffee", "eating_out.coffee")
    roast = fill(engine, rows).parse("roast_me", "roast my coffee habit", coffee)
    assert "£4.50 on Coffee" in roast.text
    assert "Asos" not in roast.text
    taxi = category("taxis", "transport.taxi")
    nothing = fill(engine, rows).parse("roast_me", "roast my taxis", taxi)
    assert nothing.text.startswith("Nothing on ")
    rent = category("rent", "housing.rent")
    assert "£54.50" in fill(engine, rows).parse("roast_me", "roast my rent", rent).text


GRAVE = ("housing.rent", "debt.interest", "health.therapy", "entertainment.gambling")


@pytest.mark.parametrize("grave", GRAVE)
def test_no_joke_names_what_is_grave(engine: Engine, grave: str) -> None:
    row = {"minor": -90_000, "category": grave, "merchant": "grave"}
    talk = fill(engine, [{**row, "day": date(2026, 8, day)} for day in (10, 11)])
    assert "Grave" not in talk.parse("roast_me", "roast me").text


PENALTY = {**COFFEE, "category": "taxes_fees.bank.penalty", "merchant": "bank"}
SIGNS: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "an overdraft": ([COFFEE], {"opening": 100}),
    "a penalty": ([COFFEE, PENALTY], {}),
    "a bounced payment": ([COFFEE, {**COFFEE, "text": "UNPAID DIRECT DEBIT RETURNED"}], {}),
    "a payday loan": ([COFFEE, {**COFFEE, "category": "debt.loans.short_term"}], {}),
    "a missed rent": (
        [COFFEE, {**COFFEE, "day": date(2026, 9, 1)}],
        {
            "streams": (
                Stream(
                    "rent", "Landlord", "landlord", "housing.rent", "monthly", False, "active", 0.9,
                    date(2026, 8, 20), -90_000, -90_000, -90_000, "GBP", date(2026, 1, 20),
                    date(2026, 7, 20), 7,
                ),
            )
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
def test_a_roast_gives_way_to_hardship(engine: Engine, sign: str) -> None:
    rows, more = SIGNS[sign]
    answer = fill(engine, rows, **more).parse("roast_me", "roast me")
    assert answer.text.startswith("No roast today: ")
    assert "StepChange" in answer.text
    assert answer.figures == ()


def test_without_a_sign_there_is_a_roast(engine: Engine) -> None:
    assert "No roast" not in fill(engine, [COFFEE]).parse("roast_me", "roast me").text


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("out_of_scope", "i can't pay my rent this month"),
        ("complain", "i'm drowning in debt"),
        ("roast_me", "roast me, i'm so broke"),
        ("out_of_scope", "I’ve lost my job and the bailiffs are coming"),
        ("get_plan", "i'm really struggling with money"),
        ("complain", "money keeps me awake at night"),
        ("can_afford", "i cannot afford to feed my kids"),
    ],
)
def test_distress_gets_a_kind_and_useful_answer(maya: Talk, intent: str, text: str) -> None:
    maya.action |= {"get_plan": "action_outlook", "can_afford": "action_outlook"}
    answer = maya.parse(intent, text)
    assert "StepChange (0800 138 1111)" in answer.text
    assert "What's due next?" in [button.title for button in answer.buttons]


def test_in_the_united_states_other_places_help(jordan: Talk) -> None:
    answer = jordan.parse("out_of_scope", "i'm behind on my rent and i can't cope")
    assert "211" in answer.text
    assert "NFCC" in answer.text
    assert "988" in jordan.parse("complain", "i want to die").text


def test_despair_is_met_whatever_it_is_taken_for(maya: Talk) -> None:
    answer = maya.parse("spending_total", "i spent it all and want to kill myself")
    assert "116 123" in answer.text
    assert answer.figures == ()


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("get_plan", "how can i save more on my bills"),
        ("out_of_scope", "i broke my phone"),
        ("complain", "this app is broken"),
        ("can_afford", "can i afford a £300 holiday"),
        ("out_of_scope", "who pays the rent in friends"),
    ],
)
def test_other_messages_are_no_distress(maya: Talk, intent: str, text: str) -> None:
    maya.action |= {"get_plan": "action_outlook", "can_afford": "action_outlook"}
    assert "StepChange" not in maya.parse(intent, text).text
