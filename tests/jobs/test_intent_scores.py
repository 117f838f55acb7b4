"""Figures of a report, and the gate."""

from pathlib import Path

import pytest

from jobs.golden import Golden, read_golden
from jobs.intent_scores import Said, confusions, misspelt, per_intent, score
from jobs.intent_train import recipe_for


def row(intent: str, text: str = "x") -> Golden:
    return Golden("1", text, intent, (), None, "GB", "tune", ())


def test_figures_are_what_one_counts_by_hand() -> None:
    said = [
        Said(row("greet"), "greet", 0.9, answered=True),
        Said(row("greet"), "out_of_scope", 0.1, answered=False),
        Said(row("out_of_scope"), "out_of_scope", 0.5, answered=True),
        Said(row("out_of_scope"), "greet", 0.5, answered=True),
    ]
    found = score(said)
    assert found.accuracy == 0.5
    assert found.coverage == 0.75
    assert found.precision == pytest.approx(2 / 3)
    assert (found.out_recall, found.out_precision) == (0.5, 0.5)
    assert per_intent(said)["greet"]["recall"] == 0.5
    assert ("greet", "out_of_scope", 1) in confusions(said)
    # 0.9 right, 0.1 wrong, 0.5 right half the time.
    assert found.calibration_error == pytest.approx(0.25 * 0.1 + 0.25 * 0.1)


def test_a_third_of_the_words_is_misspelt() -> None:
    text = "please show every single payment towards groceries since january"
    found = misspelt([row("list_transactions", text)])[0].text.split()
    assert len(found) == len(text.split())
    changed = sum(one != other for one, other in zip(found, text.split(), strict=True))
    assert changed in (2, 3)


def test_golden_has_both_parts_of_every_intent(data_folder: Path) -> None:
    rows = read_golden(data_folder / "golden")
    for part in ("tune", "report"):
        counts: dict[str, int] = {}
        for found in rows:
            if found.part == part:
                counts[found.intent] = counts.get(found.intent, 0) + 1
        assert len(counts) == 65
        assert min(counts.values()) >= 15


def test_a_small_run_is_fitted_longer() -> None:
    assert recipe_for(100_000, 0).epoch > recipe_for(2_000_000, 0).epoch
    assert recipe_for(100_000, 1).seed != recipe_for(100_000, 0).seed
