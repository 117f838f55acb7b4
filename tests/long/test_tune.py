"""A search by two workers on one study: on SQLite and, where its URL is set, on PostgreSQL."""

import json
import os
from pathlib import Path

import optuna
import pytest
from sqlalchemy import make_url

from jobs.intent_tune import Limits, tune

pytestmark = pytest.mark.skipif(
    not os.environ.get("FLORIN_LONG"), reason="a long test: set FLORIN_LONG, or run .ci/long"
)
LIMITS = Limits(
    trials=4, seconds=900, workers=2, lines=4_000, epochs=(1, 2), dimensions=(30, 40)
)  # fmt: skip


@pytest.mark.timeout(1_800)
def test_workers_share_a_study_within_its_limits(
    database_url: str, tmp_path: Path, data_folder: Path
) -> None:
    storage = database_url
    if make_url(storage).get_backend_name() == "sqlite":
        storage = f"sqlite:///{tmp_path / 'study.db'}"
    best = json.loads(tune(data_folder, tmp_path, storage, LIMITS, lambda _: None).read_text())
    trials = json.loads((tmp_path / "trials.json").read_text())
    assert len(trials) >= LIMITS.trials
    assert best["accuracy"] == max(trial["accuracy"] or 0 for trial in trials)
    assert 1 <= best["recipe"]["epoch"] <= 2
    assert all(trial["megabytes"] <= LIMITS.megabytes for trial in trials if trial["accuracy"])
    assert (tmp_path / "history.png").stat().st_size > 1_000
    assert (tmp_path / "slices.png").stat().st_size > 1_000
    assert optuna.load_study(study_name="intents-4000", storage=storage).best_value > 0.3
