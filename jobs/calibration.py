"""How sure the student may say it is, and from where on it is served."""

import math
from collections.abc import Sequence
from dataclasses import replace

from jobs.golden import Golden
from nlu.intents import IntentModel, Settings

_TEMPERATURES = (0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0)
_THRESHOLDS = (0.0, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
_LEAST = 1e-6


def fit_settings(model: IntentModel, golden: Sequence[Golden]) -> Settings:
    """Temperature by the likelihood of what is right, threshold by the answers that are right.

    A message under the threshold counts as out of scope (Guo et al. 2017 for the temperature).

    Args:
        model: The fitted model.
        golden: The part for tuning; without it nothing is changed.
    """
    if not golden:
        return model.settings
    best = min(_TEMPERATURES, key=lambda value: _surprise(_with(model, value, 0.0), golden))
    scored = [
        (_right(_with(model, best, threshold), golden), threshold) for threshold in _THRESHOLDS
    ]
    top = max(right for right, _ in scored)
    # Of thresholds that are as good, the middle one stands furthest from either mistake.
    equal = [threshold for right, threshold in scored if right >= top]
    return Settings(best, equal[len(equal) // 2])


def _with(model: IntentModel, temperature: float, threshold: float) -> IntentModel:
    return model.with_settings(
        replace(model.settings, temperature=temperature, threshold=threshold)
    )


def _surprise(model: IntentModel, golden: Sequence[Golden]) -> float:
    total = 0.0
    for row in golden:
        found = model.understand(row.text, row.previous)
        given = dict(found.ranking).get(row.intent, 0.0)
        total -= math.log(max(given, _LEAST))
    return total


def _right(model: IntentModel, golden: Sequence[Golden]) -> int:
    return sum(model.understand(row.text, row.previous).intent.name == row.intent for row in golden)
