import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from enrichment.models import FACTS_FILE
from jobs.enrichment import ensure_quick
from jobs.enrichment_release import reasons, release
from jobs.errors import GateError
from registry import Registry
from tests.models import KEPT

_ROOT = Path(__file__).parent.parent.parent

_FIGURES: dict[str, Any] = {
    **dict.fromkeys(("category", "top", "counterparty", "essential", "location", "recurring"), 0.9),
    "streams": {"precision": 0.9, "recall": 0.9},
    "income_streams": {"precision": 0.9, "recall": 0.9},
    "calibration": {"category": 0.05, "location": 0.05},
}


def test_a_model_as_good_as_the_one_that_serves_may_follow_it() -> None:
    assert reasons(_FIGURES, deepcopy(_FIGURES)) == []


def test_every_fall_is_named() -> None:
    worse = deepcopy(_FIGURES)
    worse["top"] = 0.88
    worse["streams"]["recall"] = 0.85
    worse["calibration"]["location"] = 0.12
    assert reasons(_FIGURES, worse) == [
        "top fell from 0.900 to 0.880",
        "streams recall fell from 0.900 to 0.850",
        "the calibration error of location rose to 0.120",
    ]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """The first-run model serves in a registry of its own."""
    fitted = Registry(KEPT)
    name = ensure_quick(fitted, _ROOT / "data", lambda _: None)
    registry = Registry(tmp_path / "registry")
    copied = registry.publish("enrichment", fitted.path("enrichment", name))
    registry.switch("enrichment", copied)
    return registry


def _varied(registry: Registry, folder: Path, change: Callable[[dict[str, Any]], None]) -> str:
    """The serving model with other facts, published."""
    serving = registry.current("enrichment")
    assert serving is not None
    shutil.copytree(serving, folder)
    facts = json.loads((folder / FACTS_FILE).read_text())
    change(facts)
    (folder / FACTS_FILE).chmod(0o600)
    (folder / FACTS_FILE).write_text(json.dumps(facts))
    return registry.publish("enrichment", folder)


def _contrary(facts: dict[str, Any]) -> None:
    facts["essential_rate"] = {name: 1 - rate for name, rate in facts["essential_rate"].items()}


def _forgetful(facts: dict[str, Any]) -> None:
    facts["learned"] = facts["learned"][:-1]


def test_a_worse_model_is_refused_and_the_one_that_serves_goes_on(
    registry: Registry, tmp_path: Path
) -> None:
    serving = registry.current("enrichment")
    worse = _varied(registry, tmp_path / "worse", _contrary)
    with pytest.raises(GateError, match="essential fell"):
        release(registry, _ROOT / "data", worse)
    assert registry.current("enrichment") == serving


def test_a_like_model_is_released_and_can_be_taken_back(registry: Registry, tmp_path: Path) -> None:
    serving = registry.pointer("enrichment").current
    like = _varied(registry, tmp_path / "like", _forgetful)
    verdict = release(registry, _ROOT / "data", like)
    assert verdict.leaf > 0.8
    assert registry.pointer("enrichment").current == like
    assert registry.rollback("enrichment") == serving
    assert registry.pointer("enrichment").current == serving
