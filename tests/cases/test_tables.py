"""The tables are sound: what the personas state as fact is what the script computes."""

from __future__ import annotations

import pytest

from tests.cases.answers import expected
from tests.cases.rows import balance, read_cases, rows, within

QUESTIONS = ("questions.jsonl", "monthly.jsonl")


@pytest.mark.parametrize(
    ("account", "minor"),
    [
        ("maya-monzo", 190914),
        ("maya-starling", 175632),
        ("maya-amex", -70130),
        ("jordan-chase", 114641),
        ("jordan-ally", 218158),
        ("jordan-discover", -212174),
    ],
)
def test_balances_are_those_of_the_personas(account: str, minor: int) -> None:
    assert balance(account.split("-", maxsplit=1)[0], account) == minor


def test_october_subscriptions_are_seven_for_76_36() -> None:
    found = [
        row
        for row in rows("maya")
        if within(row.category, "subscriptions") and row.day.isoformat()[:7] == "2026-10"
    ]
    assert (len(found), sum(row.minor for row in found)) == (7, -7636)


def test_discover_interest_is_that_of_the_persona() -> None:
    assert sum(r.minor for r in rows("jordan") if r.category == "debt.interest") == -11416


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_case_has_an_answer_and_its_place(name: str) -> None:
    cases = read_cases(name)
    assert len({case["id"] for case in cases}) == len(cases)
    places: dict[str, int] = {}
    for case in cases:
        assert case["turn"] == places.get(case["conversation"], 0) + 1
        places[case["conversation"]] = case["turn"]
        ids = {row.id for row in rows(case["user"])}
        assert set(expected(case)["transactions"] or []) <= ids
