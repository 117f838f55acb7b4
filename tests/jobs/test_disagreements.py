"""The disagreement queue: what waits for a label, and in which order."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from jobs.disagreements import queue, write_queue
from jobs.history import Message
from jobs.intents import Recipe, fit
from nlu.intents import MODEL, SETTINGS, IntentModel
from nlu.normalise import normalise
from regex_bootstrap.catalog import Catalog, Intent
from regex_bootstrap.vote import Teacher

SAID = {"greet": "hello", "thanks": "thanks a lot", "check_balance": "what is my balance"}


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> IntentModel:
    """A student of three intents, one line each."""
    folder = tmp_path_factory.mktemp("student")
    lines = folder / "lines.txt"
    lines.write_text(
        "".join(f"__label__{name} ctxopen {text}\n" * 30 for name, text in SAID.items())
    )
    fit(lines, Recipe(epoch=25, bucket=2_000, dim=10, min_count=1)).save_model(str(folder / MODEL))
    (folder / SETTINGS).write_text("{}")
    return IntentModel.load(folder)


@pytest.fixture(scope="module")
def teacher() -> Teacher:
    def intent(name: str, pattern: str) -> Intent:
        return Intent(name, name, (), (pattern,), (), (), ())

    made = {"greet": intent("greet", "^hello$"), "thanks": intent("thanks", "hello there")}
    return Teacher.of(Catalog(made, {}))


@pytest.fixture
def history() -> Callable[..., list[Message]]:
    def write(*texts: str) -> list[Message]:
        return [
            Message("uk-0001", turn, text, normalise(text)) for turn, text in enumerate(texts, 1)
        ]

    return write


def test_only_what_differs_waits_the_most_torn_first(
    teacher: Teacher, student: IntentModel, history: Callable[..., list[Message]]
) -> None:
    rows = queue(teacher, student, history("hello", "balance thanks hello", "hello there"))
    assert [row.text for row in rows] == ["balance thanks hello", "hello there"]
    assert (rows[1].teacher, rows[1].student) == ("thanks", "greet")
    assert rows[0].gain > rows[1].gain
    assert rows[0].previous == "hello"


def test_one_label_for_all_that_are_worded_alike_and_none_for_what_has_one(
    teacher: Teacher, student: IntentModel, history: Callable[..., list[Message]], tmp_path: Path
) -> None:
    messages = history("Hello there!", "hello there", "balance thanks")
    rows = queue(teacher, student, messages)
    assert {row.text for row in rows} == {"Hello there!", "balance thanks"}
    left = queue(teacher, student, messages, {normalise("hello there")})
    assert [row.text for row in left] == ["balance thanks"]
    assert write_queue(left, tmp_path / "queue.jsonl") == 1
    written = orjson.loads((tmp_path / "queue.jsonl").read_bytes())
    assert (written["intent"], written["conversation"]) == (None, "uk-0001")
