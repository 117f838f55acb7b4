"""The judge accepts a right answer and finds each kind of fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.answers import expected
from tests.cases.judge import faults
from tests.cases.rows import read_cases

CASES = {case["id"]: case for case in read_cases("questions.jsonl")}
TESCO = CASES["q001"]


def right(case: dict[str, Any]) -> dict[str, Any]:
    """An answer made from what is right."""
    truth = expected(case)
    main = [] if truth["main"] is None else [truth["main"]]
    minors = [*main, *truth["figures"].values(), *truth["said"]]
    return {
        "intent": case["intent"],
        "reply": " ".join(name.split("|")[0] for name in truth["names"]),
        "figures": [{"name": "n", "minor": m, "currency": truth["currency"]} for m in minors],
        "counts": [{"name": "n", "value": value} for value in truth["counts"].values()],
        "dates": [{"name": k, "date": v.split("|")[0]} for k, v in truth["dates"].items()],
        "transactions": truth["transactions"] or [],
    }


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_right_is_accepted(case: dict[str, Any]) -> None:
    assert faults(case, right(case)) == []


@pytest.mark.parametrize(
    ("case", "wrong", "fault"),
    [
        ("q001", {"intent": "greet"}, "intent"),
        ("q001", {"transactions": ["maya-0013"]}, "rows"),
        ("q001", {"figures": []}, "main figure"),
        ("q001", {"figures": [{"name": "t", "minor": 1, "currency": "GBP"}]}, "main figure"),
        ("q001", {"figures": [{"name": "t", "minor": 1362, "currency": "USD"}]}, "currency"),
        ("q005", {"reply": "Monzo and Starling"}, "a name is missing"),
        ("q005", {"counts": []}, "count"),
        ("q014", {"dates": []}, "date"),
        ("q008", {"figures": [{"name": "t", "minor": 192504, "currency": "GBP"}]}, "a figure is"),
    ],
)
def test_each_fault_is_found(case: str, wrong: dict[str, Any], fault: str) -> None:
    found = faults(CASES[case], right(CASES[case]) | wrong)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_a_stated_sum_may_stand_in_the_reply() -> None:
    truth = {"measure": "stated", "sum": 100000}
    case = TESCO | {"intent": "create_goal", "truth": truth}
    answer = right(case) | {"figures": []}
    assert faults(case, answer | {"reply": "You want £1,000 by June."}) == []
    assert faults(case, answer | {"reply": "You want £11000 by June."}) == ["a sum is not said"]


@pytest.mark.parametrize(("price", "right_reply"), [(1000, "Yes, easily."), (10**9, "Not now.")])
def test_the_verdict_is_read_from_the_reply(price: int, right_reply: str) -> None:
    truth = {"measure": "can_afford", "price": price}
    case = TESCO | {"intent": "can_afford", "truth": truth}
    replies = {"Yes, easily.", "Not now."}
    for reply in replies:
        assert (faults(case, right(case) | {"reply": reply}) == []) is (reply == right_reply)
