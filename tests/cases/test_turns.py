"""Turns for every intent over the demo people, many in conversations, through the whole stack.

Written from the contract and the personas before any code ran on them; what is right is computed
from the labels by `tests.cases.answers`. A conversation that changes something has a copy of the
person to itself.
"""

from collections import defaultdict
from typing import Any

import pytest

from tests.cases.asking import copy_person, params, read
from tests.cases.judge import faults
from tests.stack import RunningStack

CASES = read("turns.jsonl")


@pytest.fixture(scope="session")
def answers(stack: RunningStack) -> dict[str, Any]:
    """Every turn's answer; those of a conversation are asked in order."""
    talks = defaultdict(list)
    for case in CASES:
        talks[case["conversation"]].append(case)
    found = {}
    for name, turns in talks.items():
        person = turns[0]["user"]
        if any(turn.get("changes") for turn in turns):
            person, original = f"{person}-{name}", person
            copy_person(stack.database, original, person)
        for turn in turns:
            found[turn["id"]] = stack.ask(person, name, turn["text"], turn["now"])
    return found


@pytest.mark.e2e
@pytest.mark.parametrize("case", params(CASES))
def test_the_turn_is_right(case: dict[str, Any], answers: dict[str, Any]) -> None:
    assert faults(case, answers[case["id"]]) == []
