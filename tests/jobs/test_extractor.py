"""The training of the extractor's NER, end to end on a small recipe."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.extractor import Recipe, made, train
from jobs.extractor_report import evaluate, markdown, normal
from jobs.golden import Golden
from nlu.extract import Extractor
from registry import Registry

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
DATA = Path(__file__).parents[2] / "data"
GOLDEN = Golden(
    "g1",
    "how much at tesco last month",
    "spending_total",
    (
        {"entity": "merchant", "start": 12, "end": 17, "value": "tesco"},
        {"entity": "period", "start": 18, "end": 28, "value": "last month"},
        {"entity": "category", "start": 0, "end": 3, "value": "how"},
    ),
    None,
    "GB",
    "tune",
    (),
)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    made_here = Registry(tmp_path_factory.mktemp("registry"))
    recipe = Recipe(sentences=120, messages=60, epochs=1)
    made_here.switch("extractor", train(made_here, DATA, recipe, lambda _: None))
    return made_here


def test_spans_of_made_sentences_lie_on_their_names() -> None:
    for row in made(200, random.Random(3)):
        for start, end, label in row.spans:
            assert row.text[start:end].strip() == row.text[start:end] != ""
            assert label in ("merchant", "category", "goal", "account")


def test_a_released_model_serves_and_a_rollback_takes_it_away(registry: Registry) -> None:
    extractor = Extractor.load(registry.root)
    extractor.extract("how much at tesco last month", NOW)
    current = registry.current("extractor")
    assert current is not None
    assert extractor.name == current.name
    found = extractor.extract("how much at tesco last month", NOW)
    assert [e.value for e in found] == ["tesco", "last month"]


def test_a_broken_model_leaves_the_grammars_serving(tmp_path: Path) -> None:
    broken = Registry(tmp_path / "registry")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "nothing.txt").write_text("no model")
    broken.switch("extractor", broken.publish("extractor", folder))
    found = Extractor.load(broken.root).extract("how much at tesco", NOW)
    assert [e.value for e in found] == ["tesco"]


def test_scores_count_what_is_right_found_and_wanted() -> None:
    scores = evaluate(Extractor.load(None), [GOLDEN], NOW)
    assert (scores["all"].exact, scores["all"].found, scores["all"].wanted) == (2, 2, 3)
    assert scores["merchant"].f1 == 1.0
    assert scores["category"].f1 == 0.0
    assert "| all | 1.000 | 0.667 | 0.800 |" in markdown(scores)


def test_spans_are_compared_without_a_leading_article() -> None:
    assert normal("My Monzo") == normal("the monzo") == "monzo"
