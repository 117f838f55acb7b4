"""Calibration: a score that a model gives made the probability that it is right."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A monotone curve from score to probability, by isotonic regression on held-out merchants.

    Attributes:
        scores: Rising scores.
        values: The probability at each.
    """

    scores: tuple[float, ...]
    values: tuple[float, ...]

    def __call__(self, score: float) -> float:
        """The probability at a score, between 0.01 and 0.995."""
        if not self.scores:
            return score
        return min(0.995, max(0.01, self._between(score)))

    def _between(self, score: float) -> float:
        """Linear between two points, level outside; quicker than NumPy for a single score."""
        place = bisect_right(self.scores, score)
        if place == 0 or place == len(self.scores):
            return self.values[min(place, len(self.values) - 1)]
        x, y = self.scores[place - 1], self.values[place - 1]
        slope = (self.values[place] - y) / (self.scores[place] - x)
        return slope * (score - x) + y

    def many(self, scores: Floats) -> Floats:
        """The probabilities at many scores."""
        if not self.scores:
            return scores
        return np.asarray(np.clip(np.interp(scores, self.scores, self.values), 0.01, 0.995))


@dataclass(frozen=True)
class Logistic:
    """A logistic regression as plain numbers.

    Attributes:
        weights: One a feature.
        bias: Constant term.
    """

    weights: tuple[float, ...]
    bias: float

    def __call__(self, features: Sequence[float]) -> float:
        """Probability for one row of features."""
        if len(features) != len(self.weights):
            raise ValueError(f"{len(features)} features were given for {len(self.weights)} weights")
        total = self.bias + sum(map(mul, self.weights, features))
        return 1 / (1 + math.exp(-total))


def expected_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Naeini et al. 2015)."""
    scores = np.asarray(confidences, dtype=float)
    truth = np.asarray(right, dtype=float)
    if not len(scores):
        return 0.0
    places = np.minimum((scores * bins).astype(int), bins - 1)
    error = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            error += inside.mean() * abs(truth[inside].mean() - scores[inside].mean())
    return float(error)
