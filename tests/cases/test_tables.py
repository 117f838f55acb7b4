"""The tables are sound: what the personas state as fact is what the script computes."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tests.cases.answers import expected
from tests.cases.rows import balance, read_cases, rows, within
from tests.cases.streams import streams

QUESTIONS = ("questions.jsonl", "monthly.jsonl", "turns.jsonl")


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


def test_turns_cover_each_intent_and_many_conversations() -> None:
    turns = read_cases("turns.jsonl")
    asked = Counter(turn["intent"] for turn in turns)
    sizes = Counter(turn["conversation"] for turn in turns)
    assert len(turns) >= 300
    assert len(asked) == 65
    assert min(asked.values()) >= 3
    assert sum(size for size in sizes.values() if size > 1) >= 100
    assert max(sizes.values()) <= 6


@pytest.mark.parametrize(
    ("user", "stream", "today", "due"),
    [
        ("maya", "salary_fieldnote", "2026-11-10", "2026-11-27"),
        ("maya", "rent_brennan", "2026-07-15", "2026-12-01"),
        ("jordan", "salary_gxo", "2026-11-13", "2026-11-20"),
        ("jordan", "daycare_little_sprouts", "2026-11-13", "2026-11-16"),
    ],
)
def test_streams_fall_due_as_the_personas_say(user: str, stream: str, today: str, due: str) -> None:
    found = next(s for s in streams(user) if s.name == stream)
    assert found.dates(date.fromisoformat(today), date(2027, 1, 1))[0].isoformat() == due
