"""Whether something is affordable: now, by a date, and what it would displace."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.affording import displaced
from actions.due import Due
from ledger.types import Stream
from tests.actions.conftest import NOW, Talk, amount, category, every, period

BY_NEW_YEAR = period("by new year", None, "2027-01-01")


@pytest.fixture
def talk(maya: Talk) -> Talk:
    maya.action["can_afford"] = "action_outlook"
    return maya


def figures(answer: Any) -> dict[str, int]:
    return {figure.name: figure.minor for figure in answer.figures}


def test_what_a_day_is_left_with(talk: Talk) -> None:
    answer = talk.parse("can_afford", "can I afford £50", amount("£50", "eq", 5_000))
    assert answer.text.startswith("Yes: ")
    assert " a day instead of " in answer.text


def test_the_bills_that_it_would_displace_are_named(talk: Talk) -> None:
    safe = figures(talk.parse("can_afford", "£1?", amount("£1", "eq", 100)))["safe"]
    answer = talk.parse("can_afford", "that?", amount("that", "eq", safe + 100))
    assert "too little. It would displace " in answer.text


@pytest.mark.parametrize(("price", "starts"), [(5_000, "Yes"), (10**7, "Probably not")])
def test_by_a_day_after_payday_pay_counts(talk: Talk, price: int, starts: str) -> None:
    cost = amount("it", "eq", price)
    answer = talk.parse("can_afford", "can I afford it by new year", cost, BY_NEW_YEAR)
    found = figures(answer)
    assert answer.text.startswith(starts)
    assert answer.figures[0].minor == abs(found["forecast"] - price)
    assert found["low"] < found["forecast"] < found["high"]
    forecast = talk.parse("forecast_balance", "new year", BY_NEW_YEAR)
    assert figures(forecast)["forecast"] == found["forecast"]


def test_too_far_ahead_is_asked_back(talk: Talk) -> None:
    far = period("in 2029", "2029-01-01", "2030-01-01")
    answer = talk.parse("can_afford", "a car in 2029", amount("£9", "eq", 900), far)
    assert answer.query is None
    assert "too far ahead" in answer.text


def test_a_budget_that_it_takes_from(own: Any) -> None:
    talk = Talk(own, "maya", NOW["maya"])
    talk.action |= {"set_budget": "action_plans", "can_afford": "action_outlook"}
    meals = category("eating out", "eating_out")
    cap, monthly = amount("£900", "eq", 90_000), every("a month", "month")
    talk.parse("set_budget", "cap eating out at £900 a month", meals, cap, monthly)
    answer = talk.parse("can_afford", "eating out for £20", meals, amount("£20", "eq", 2_000))
    assert "It takes your budget on Eating & Drinking Out down to " in answer.text


def due(size: int, day: int) -> Due:
    stream = Stream(
        "s", "X", "x", "housing.rent", "monthly", False, "active", 0.9, None, -size, None, None,
        "GBP", date(2026, 1, 1), date(2026, 10, 1), 9,
    )  # fmt: skip
    return Due(stream, date(2026, 11, day), size, size, size)


bills = st.lists(st.integers(min_value=1, max_value=10**6), max_size=28)


@given(bills, st.integers(min_value=1, max_value=10**7))
def test_as_few_of_the_last_bills_as_cover_what_is_missing(sizes: list[int], missing: int) -> None:
    everything = [due(size, day) for day, size in enumerate(sizes, 1)]
    hit = displaced(everything, missing)
    assert hit == everything[len(everything) - len(hit) :]
    assert sum(one.high for one in hit) >= min(missing, sum(sizes))
    assert sum(one.high for one in hit[1:]) < missing


@pytest.mark.parametrize("intent", ["create_goal", "explain_transaction", "can_afford"])
def test_what_about_another_sum_asks_the_same_of_it(maya: Talk, intent: str) -> None:
    maya.parse("can_afford", "can i afford 200", amount("200", "eq", 20_000))
    answer = maya.parse(intent, "wbu 300 for a bike", amount("300", "eq", 30_000))
    assert answer.query is not None
    assert answer.query.measure == "can_afford"
    assert answer.query.amount is not None
    assert answer.query.amount.minor == 30_000
