"""Questions over the demo people, asked through the whole real stack.

`known_failures.txt` lists the cases that are wrong today; one that begins to pass breaks the build.
"""

from typing import Any

import pytest

from tests.cases.asking import KNOWN_FAILURES, params, read
from tests.cases.judge import faults
from tests.stack import RunningStack

CASES = [*read("questions.jsonl"), *read("monthly.jsonl")]


@pytest.fixture(scope="session")
def answers(stack: RunningStack) -> dict[str, Any]:
    """Every case's answer; the turns of a conversation are asked in order."""
    return {
        case["id"]: stack.ask(case["user"], case["conversation"], case["text"], case["now"])
        for case in CASES
    }


@pytest.mark.e2e
@pytest.mark.parametrize("case", params(CASES))
def test_the_answer_is_right(case: dict[str, Any], answers: dict[str, Any]) -> None:
    assert faults(case, answers[case["id"]]) == []


def test_known_failures_name_cases_that_exist() -> None:
    known = {case["id"] for case in [*CASES, *read("turns.jsonl")]}
    assert known >= KNOWN_FAILURES
