"""From the disagreement queue to labels: what is asked, what is taken, and where it goes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from florin.cli import app
from florin.settings import ROOT, Settings
from jobs.errors import LabelError
from jobs.golden import read_golden
from jobs.hand_labels import read_contract, take_golden, take_labels
from jobs.taught import by_hand, by_teacher, history
from nlu.normalise import normalise

CONTRACT = read_contract(ROOT / "knowledge" / "data" / "intents.yml")
GOLDEN: dict[str, Any] = {
    "id": "spending-0007", "text": "coffee in march", "intent": "spending_total", "entities": [],
    "previous": None, "locale": "GB", "voice": "uk-0009", "part": "tune", "tags": [],
}  # fmt: skip


def row(text: str, intent: str | None, **more: object) -> dict[str, object]:
    base = {"text": text, "previous": None, "intent": intent, "conversation": "uk-0001"}
    return {**base, **more}


@pytest.fixture
def data(tmp_path: Path, data_folder: Path) -> Path:
    """A `data` folder with the real intents, one golden message and a short history."""
    made = tmp_path / "data"
    made.mkdir()
    (made / "intents").symlink_to(data_folder / "intents")
    files: dict[str, list[dict[str, Any]]] = {
        "golden/spending.jsonl": [GOLDEN],
        "messages/uk.jsonl": [
            {"conversation": "uk-0001", "turn": turn, "text": text}
            for turn, text in enumerate(("hello there", "thanks a lot", "what is my balance"), 1)
        ],
    }
    for name, lines in files.items():
        (made / name).parent.mkdir()
        (made / name).write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return made


@pytest.fixture
def queue(tmp_path: Path) -> Callable[..., Path]:
    """Writes a filled-in queue."""

    def write(*rows: dict[str, object]) -> Path:
        file = tmp_path / "queue.jsonl"
        file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in rows))
        return file

    return write


def test_labels_are_taken_once_and_golden_messages_never(
    data: Path, queue: Callable[..., Path]
) -> None:
    file = queue(
        row("tesco?", "refine_query", previous="how much at aldi"),
        row("TESCO ?", "refine_query"),
        row("left alone", None),
        row("Coffee, in March", "spending_total"),
    )
    assert take_labels(file, data, CONTRACT) == 1
    assert take_labels(file, data, CONTRACT) == 0
    kept = (data / "labelled" / "intents.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line) for line in kept] == [
        {"text": "tesco?", "previous": "how much at aldi", "intent": "refine_query"}
    ]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (row("x", "no_such_intent"), "no valid intent"),
        ({"intent": "greet"}, "no row of a queue"),
        (row("x", "greet", entities=[{"entity": "colour", "value": "x"}]), "no entity"),
        (row("a a", "greet", entities=[{"entity": "merchant", "value": "a"}]), "start"),
        (row("ab", "out_of_scope", entities=[{"entity": "merchant", "value": "a"}]), "no entities"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken(
    data: Path, queue: Callable[..., Path], broken: dict[str, object], said: str
) -> None:
    file = queue(row("tesco?", "refine_query"), broken)
    with pytest.raises(LabelError, match=f"Line 2.*{said}"):
        take_labels(file, data, CONTRACT)
    assert not (data / "labelled").exists()


def test_a_golden_message_gets_the_next_number_and_its_spans(
    data: Path, queue: Callable[..., Path]
) -> None:
    spans = [{"entity": "period", "value": "last wk"}, {"entity": "merchant", "value": "café ☕"}]
    file = queue(row("spent at café ☕ last wk", "spending_total", entities=spans))
    assert take_golden(file, data, CONTRACT, "tune") == 1
    assert take_golden(file, data, CONTRACT, "tune") == 0
    made = orjson.loads((data / "golden" / "spending.jsonl").read_bytes().splitlines()[-1])
    assert made["id"] == "spending-0008"
    assert (made["part"], made["locale"], made["voice"]) == ("tune", "GB", "uk-0001")
    assert [made["text"][s["start"] : s["end"]] for s in made["entities"]] == ["café ☕", "last wk"]


def test_what_is_trained_on_or_of_the_other_part_cannot_be_golden(
    data: Path, queue: Callable[..., Path]
) -> None:
    with pytest.raises(LabelError, match="other part"):
        take_golden(queue(row("hi", "greet", conversation="uk-0009")), data, CONTRACT, "report")
    file = queue(row("hi", "greet"))
    take_labels(file, data, CONTRACT)
    with pytest.raises(LabelError, match="trained on"):
        take_golden(file, data, CONTRACT, "tune")


def test_the_hand_overrules_the_teacher_in_training_and_golden_stays_out(
    data: Path, queue: Callable[..., Path]
) -> None:
    def intents(text: str) -> set[str]:
        taught = [*by_teacher(history(data)), *by_hand(data)]
        return {row.intent for row in taught if text in row.text}

    assert intents("hello") == {"greet"}
    assert intents("thanks a lot") == {"thanks"}
    take_labels(queue(row("hello there", "bot_challenge")), data, CONTRACT)
    assert intents("hello") == {"bot_challenge"}
    take_golden(queue(row("thanks a lot", "thanks")), data, CONTRACT, "tune")
    assert intents("thanks a lot") == set()


def test_one_command_takes_a_queue(
    data: Path, queue: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "data_dir", data)
    said = CliRunner().invoke(app, ["take", str(queue(row("hi", "greet")))])
    assert said.exit_code == 0, said.output
    assert "1 labels taken" in said.output
    golden = CliRunner().invoke(app, ["take", str(queue(row("yo", "greet"))), "--golden", "tune"])
    assert "1 labels taken as golden" in golden.output
    assert (data / "golden" / "smalltalk.jsonl").is_file()


def test_the_labels_of_the_repository_are_names_of_the_contract_and_not_golden(
    data_folder: Path,
) -> None:
    rows = [
        orjson.loads(line)
        for line in (data_folder / "labelled" / "intents.jsonl").read_bytes().splitlines()
    ]
    assert len(rows) >= 600
    assert {each["intent"] for each in rows} == set(CONTRACT.groups)
    golden = {normalise(each.text) for each in read_golden(data_folder / "golden")}
    assert not golden & {normalise(each["text"]) for each in rows}
