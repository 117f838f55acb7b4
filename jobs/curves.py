"""Calibration curves from outcomes, by isotonic regression (Zadrozny & Elkan 2002)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.isotonic import IsotonicRegression

from enrichment.confidence import Curve

_DOUBT = 2.0


def isotonic(
    scores: Sequence[float],
    truth: Sequence[bool],
    weights: Sequence[float] | None = None,
    points: int = 24,
) -> Curve:
    """A calibration curve, thinned to a few points.

    Few right answers at the top are no certainty: a wrong one is added there and a right one at the
    bottom, of the weight of `_DOUBT` lines (the rule of succession at both ends).
    """
    if len(set(truth)) < 2:
        return Curve((), ())
    each = np.ones(len(scores)) if weights is None else np.asarray(weights, dtype=float)
    doubt = _DOUBT * each.mean()
    fitted = IsotonicRegression(out_of_bounds="clip", y_min=0.0, y_max=1.0)
    fitted.fit(
        np.append(scores, (max(scores), min(scores))),
        np.append(np.asarray(truth, dtype=float), (0.0, 1.0)),
        np.append(each, (doubt, doubt)),
    )
    grid = np.unique(np.quantile(scores, np.linspace(0, 1, points)))
    return Curve(tuple(float(g) for g in grid), tuple(float(v) for v in fitted.predict(grid)))


def weighted(outcomes: Sequence[tuple[float, bool, float]]) -> Curve:
    """The curve of scores with their truth and weight."""
    scores, truth, weights = zip(*outcomes, strict=True)
    return isotonic(scores, truth, weights)
