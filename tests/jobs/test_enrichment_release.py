from copy import deepcopy
from typing import Any

from jobs.enrichment_release import reasons

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
