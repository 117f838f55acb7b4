"""Questions over the demo people, asked through the whole real stack.

`known_failures.txt` lists the cases that are wrong today; one that begins to pass breaks the build.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cases.judge import faults
from tests.stack import RunningStack

HERE = Path(__file__).parent
KNOWN_FAILURES = set((HERE / "known_failures.txt").read_text().split())
TABLES = ("questions.jsonl", "monthly.jsonl")


def _cases(table: str) -> list[Any]:
    lines = (HERE / table).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


CASES = [case for table in TABLES for case in _cases(table)]


@pytest.fixture(scope="session")
def answers(stack: RunningStack) -> dict[str, Any]:
    """Every case's answer; the turns of a conversation are asked in order."""
    return {
        case["id"]: stack.ask(case["user"], case["conversation"], case["text"], case["now"])
        for case in CASES
    }


@pytest.mark.e2e
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["id"],
            marks=[pytest.mark.xfail(strict=True, reason="a known failure")]
            if case["id"] in KNOWN_FAILURES
            else [],
        )
        for case in CASES
    ],
)
def test_the_answer_is_right(case: dict[str, Any], answers: dict[str, Any]) -> None:
    assert faults(case, answers[case["id"]]) == []


def test_known_failures_name_cases_that_exist() -> None:
    assert {case["id"] for case in CASES} >= KNOWN_FAILURES
