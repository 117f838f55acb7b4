"""How sure the student may say it is, and from where on it is served."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression

from jobs.golden import Golden
from nlu.intents import OUT, Floats, IntentModel, Settings

_TEMPERATURES = (0.6, 0.8, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0)
_THRESHOLDS = tuple(step / 100 for step in range(0, 76, 2))
_LEAST = 1e-6
_SMOOTH = 25
"""Messages that stand behind each knot of the reliability curve, at the least."""


def fit_settings(model: IntentModel, golden: Sequence[Golden]) -> Settings:
    """Temperature by likelihood, threshold by cost, then the curves of reliability.

    Temperature after Guo et al. 2017; the curves are isotonic (Zadrozny and Elkan 2002). A wrong
    answer and a refusal of what could have been answered cost the same.

    Args:
        model: The fitted model.
        golden: The part for tuning; without it nothing is changed.
    """
    if not golden:
        return model.settings
    temperature = min(_TEMPERATURES, key=lambda value: _surprise(_warmed(model, value), golden))
    warmed = _warmed(model, temperature)
    rows = [(warmed.shares(row.text, row.previous), row.intent) for row in golden]
    known = [(shares, intent) for shares, intent in rows if shares is not None]
    tops = np.array([shares.max() for shares, _ in known])
    winners = [warmed.names[int(shares.argmax())] for shares, _ in known]
    right = np.array([won == intent for won, (_, intent) in zip(winners, known, strict=True)])
    outside = np.array([intent == OUT for _, intent in known])
    threshold = _threshold(tops, right, outside)
    unsure = tops < threshold + 0.1
    return Settings(
        temperature=temperature,
        threshold=threshold,
        sure=_curve(tops, right, rising=True),
        unsure=_curve(tops[unsure], outside[unsure], rising=False),
    )


def _warmed(model: IntentModel, temperature: float) -> IntentModel:
    return model.with_settings(replace(model.settings, temperature=temperature))


def _surprise(model: IntentModel, golden: Sequence[Golden]) -> float:
    total = 0.0
    for row in golden:
        shares = model.shares(row.text, row.previous)
        if shares is not None:
            total -= float(np.log(max(_of(model, shares, row.intent), _LEAST)))
    return total


def _of(model: IntentModel, shares: Floats, intent: str) -> float:
    return float(shares[model.names.index(intent)]) if intent in model.names else 0.0


def _threshold(
    tops: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], outside: npt.NDArray[np.bool_]
) -> float:
    scored = [(int(np.where(tops < at, outside, right).sum()), at) for at in _THRESHOLDS]
    best = max(score for score, _ in scored)
    # Of thresholds that are as good, the middle one stands furthest from either mistake.
    equal = [at for score, at in scored if score >= best]
    return equal[len(equal) // 2]


def _curve(
    tops: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_], *, rising: bool
) -> list[list[float]]:
    """Return the knots of a monotone curve through bins of equal size."""
    count = max(1, len(tops) // _SMOOTH)
    order = np.argsort(tops)
    bins = [part for part in np.array_split(order, min(count, 12)) if len(part)]
    places = [float(tops[part].mean()) for part in bins]
    # One more of each kind: a bin without a mistake is not free of mistakes.
    levels = [(float(truth[part].sum()) + 0.5) / (len(part) + 1) for part in bins]
    fitted = IsotonicRegression(increasing=rising, out_of_bounds="clip").fit_transform(
        places, levels
    )
    return [[place, float(level)] for place, level in zip(places, fitted, strict=True)]
