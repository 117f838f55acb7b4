"""A search by two workers on one study: on SQLite and, where its URL is set, on PostgreSQL."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import optuna
import pytest

from jobs.intent_tune import Limits, tune
from tests.databases import empty_postgres

pytestmark = pytest.mark.skipif(
    not os.environ.get("FLORIN_LONG"), reason="a long test: set FLORIN_LONG, or run .ci/long"
)
LIMITS = Limits(
    trials=4, seconds=900, workers=2, lines=20_000, epochs=(4, 6), dimensions=(30, 40)
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'study.db'}"
        return
    server = os.environ.get("FLORIN_TEST_POSTGRES_URL")
    if not server:
        pytest.skip("FLORIN_TEST_POSTGRES_URL is not set")
    with empty_postgres(server) as url:
        yield url


@pytest.mark.timeout(1_800)
def test_workers_share_a_study_within_its_limits(
    storage: str, tmp_path: Path, data_folder: Path
) -> None:
    best = json.loads(tune(data_folder, tmp_path, storage, LIMITS, lambda _: None).read_text())
    trials = json.loads((tmp_path / "trials.json").read_text())
    assert len(trials) >= LIMITS.trials
    assert best["accuracy"] == max(trial["accuracy"] or 0 for trial in trials)
    assert 4 <= best["recipe"]["epoch"] <= 6
    assert all(trial["megabytes"] <= LIMITS.megabytes for trial in trials if trial["accuracy"])
    assert (tmp_path / "history.png").stat().st_size > 1_000
    assert (tmp_path / "slices.png").stat().st_size > 1_000
    assert optuna.load_study(study_name="intents-20000", storage=storage).best_value > 0.3
