"""What is learnt from the history: whose labels count, and that nobody's own words are in it."""

import json
import random
import shutil
from pathlib import Path

import pytest

from jobs import intents
from jobs.intents import Recipe, train
from jobs.lines import vocabulary
from jobs.taught import Cleaner, Labelled, by_teacher, history, read_messages
from registry import Registry

SURNAME = "Qwyzzlethorpe"


@pytest.fixture(scope="module")
def cleaner(data_folder: Path) -> Cleaner:
    return Cleaner(vocabulary(data_folder / "intents"), ["sam"])


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("How much did I send to Qwyzzlethorpe?", "how much did i send to sam ?"),
        ("how much have i paid <NAME> this year", "how much have i paid sam this year"),
        ("whats my ballence at tescos", "whats my balance at tescos"),
        ("account <ACCOUNT> please", "account numx please"),
    ],
)
def test_strange_words_are_mended_or_replaced(cleaner: Cleaner, text: str, clean: str) -> None:
    assert cleaner.clean(text, random.Random(1)) == clean


def test_labelled_messages_keep_the_turn_before_and_leave_out_what_a_person_labelled(
    tmp_path: Path,
) -> None:
    (tmp_path / "labelled").mkdir()
    (tmp_path / "golden").mkdir()
    by_hand = {"text": "And Aldi", "previous": None, "intent": "refine_query"}
    (tmp_path / "labelled" / "intents.jsonl").write_text(json.dumps(by_hand) + "\n")
    file = tmp_path / "labels.jsonl"
    rows = [
        {"person": "p0", "text": "how much at tesco", "label": "spending_total"},
        {"person": "p1", "text": "hi", "label": "greet"},
        {"person": "p0", "text": "and aldi", "label": "greet"},
        {"person": "p0", "text": "and lidl", "label": None},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = read_messages([file], tmp_path)
    assert found == [
        Labelled("how much at tesco", None, "spending_total"),
        Labelled("hi", None, "greet"),
        Labelled("and lidl", "and aldi", None),
    ]
    assert [row.intent for row in by_teacher(found)] == ["spending_total", "greet"]


def test_the_repositorys_messages_are_redacted_before_anything_learns(data_folder: Path) -> None:
    found = history(data_folder)
    assert len(found) > 1_000
    assert any("<NAME>" in row.text for row in found)


def test_an_invented_surname_typed_fifty_times_is_not_in_the_model(
    tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_folder / "intents", data / "intents")
    for name in ("messages", "golden", "labelled"):
        (data / name).mkdir(parents=True)
    said = (f"how much did i spend at {SURNAME}", f"when is {SURNAME} paid", f"{SURNAME} again")
    rows = [{"conversation": "c", "turn": n, "text": said[n % 3]} for n in range(50)]
    (data / "messages" / "one.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (data / "labelled" / "intents.jsonl").write_text(
        json.dumps({"text": said[0], "previous": None, "intent": "spending_total"}) + "\n"
    )
    recipe = Recipe(drawn=3_000, copies=3, epoch=1, dim=5, bucket=1_000, min_count=1, workers=1)
    monkeypatch.setattr(intents, "FIRST", recipe)
    registry = Registry(tmp_path / "registry")
    folder = registry.path("intents", train(registry, data, recipe, lambda _: None))
    for file in folder.iterdir():
        assert SURNAME.lower().encode() not in file.read_bytes().lower(), file.name
