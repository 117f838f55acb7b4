"""Whole messages with all that they name: found, and resolved, in the light of the intent."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jobs.extractor_cases import Case, is_resolved, markdown, missed, read_cases, resolved
from nlu.types import Entity
from tests.nlu.extraction import extractor

FOLDER = Path(__file__).parents[1] / "cases"


@cache
def cases() -> list[Case]:
    return read_cases(FOLDER)


def test_spans_lie_within_their_messages_and_ids_differ() -> None:
    assert len({case.id for case in cases()}) == len(cases()) >= 700
    for case in cases():
        for one in case.expected:
            start, end = one["span"]
            words = case.text[start:end]
            assert words.strip() == words != "", case.id


def test_messages_are_read_whole() -> None:
    wrong = missed(extractor(), cases())
    assert len(wrong) <= 0.05 * len(cases()), wrong


def test_each_kind_is_resolved() -> None:
    scores = resolved(extractor(), cases())
    weak = {kind: s for kind, s in scores.items() if s.accuracy < 0.9}
    assert weak == {}
    assert scores["all"].accuracy >= 0.95
    assert f"| {scores['period'].wanted} |" in markdown(scores)


def test_a_form_must_have_every_fixed_field_and_all_wanted_ids() -> None:
    wanted = {
        "entity": "category",
        "span": [0, 4],
        "resolved": [{"ids": ["groceries", "eating_out"]}],
    }
    both = Entity("category", 0, 4, "food", 0.9, {"ids": ["eating_out", "groceries", "x"]})
    one = Entity("category", 0, 4, "food", 0.9, {"ids": ["groceries"]})
    assert is_resolved(both, wanted, "food")
    assert not is_resolved(one, wanted, "food")
    assert not is_resolved(Entity("category", 0, 4, "food", 0.9, None), wanted, "food")
