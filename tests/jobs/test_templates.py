"""Templates, noise and the lines drawn from them."""

import random
from pathlib import Path

import pytest

from jobs.errors import BadTemplateError
from jobs.lines import block, drawer, gibberish
from jobs.noise import misspell, vary
from jobs.templates import Templates, draw, variety

_VALUES = {"shop": ("tesco", "aldi"), "place": ("the {shop}",)}


def test_a_draw_is_one_of_the_wordings() -> None:
    nodes = Templates(_VALUES).compile("(go|walk) to {place} (|now)")
    rng = random.Random(1)
    found = {draw(nodes, rng) for _ in range(200)}
    assert found == {
        f"{verb} to the {shop}{end}"
        for verb in ("go", "walk")
        for shop in ("tesco", "aldi")
        for end in ("", " now")
    }
    assert variety(nodes) == 8


@pytest.mark.parametrize("text", ["(a|b", "a)", "{nothing}", "{shop"])
def test_a_broken_template_is_named(text: str) -> None:
    with pytest.raises(BadTemplateError):
        Templates(_VALUES).compile(text)


def test_the_same_seed_draws_the_same_lines(data_folder: Path) -> None:
    folder = data_folder / "intents"
    assert block(folder, 7, 200) == block(folder, 7, 200)
    assert block(folder, 7, 200) != block(folder, 8, 200)


def test_every_intent_is_drawn_and_no_slot_is_left(data_folder: Path) -> None:
    folder = data_folder / "intents"
    lines = block(folder, 1, 4_000)
    assert {line.split(" ", 1)[0] for line in lines} == {
        f"__label__{name}" for name, _, _ in drawer(folder).intents
    }
    assert not [line for line in lines if set("{}()|") & set(line)]


def test_noise_changes_words_but_never_loses_the_message() -> None:
    rng = random.Random(3)
    text = "how much did i spend on groceries last month"
    varied = [vary(text, rng) for _ in range(300)]
    assert all(found.strip() for found in varied)
    assert len(set(varied)) > 100
    assert misspell(text, rng, 0.0) == text
    assert gibberish(rng)
