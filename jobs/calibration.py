"""How sure the layers may say they are, and from where on an answer is served."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression

from jobs.golden import Golden
from nlu.intents import OUT, Floats, IntentModel, Settings
from nlu.layers import blended
from nlu.normalise import normalise
from nlu.second import Second

_TEMPERATURES = (0.6, 0.8, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0)
_THRESHOLDS = tuple(step / 100 for step in range(20, 76, 2))
_WEIGHT = 0.6
"""Of the second layer. The part for tuning is as right anywhere from 0.5 to 0.65 and was read when
the templates were written, which favours the student; short questions of the cases say 0.65."""
_CHANCE = 0.001
"""Share of the messages by which two thresholds may differ without one being better."""
_ASKED = (0.7, 0.8, 0.9, 0.95, 0.98)
"""Shares under which the second layer may be asked."""
_ASKING_COSTS = 0.005
"""Right answers that a second layer must bring for each message on which it is asked: little, since
the part for tuning, on which the student is at its best, shows the least of what it brings."""
_LEAST = 1e-6
_SMOOTH = 25
"""Messages that stand behind each knot of the reliability curve, at the least."""
_KNOTS = 12

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Truth:
    """Golden messages that are not empty, as numbers.

    Attributes:
        labels: The index of each one's intent.
        out: The index of out of scope.
    """

    rows: Sequence[Golden]
    labels: npt.NDArray[np.int64]
    out: int


def fit_settings(student: IntentModel, golden: Sequence[Golden]) -> Settings:
    """Temperature by likelihood, threshold by cost, then the curves of reliability.

    Temperature after Guo et al. 2017; the curves are isotonic (Zadrozny and Elkan 2002). A wrong
    answer and a refusal of what could have been answered cost the same.

    Args:
        student: The fitted model.
        golden: The part for tuning; without it nothing is changed.
    """
    truth = _truth(student, golden)
    if not len(truth.labels):
        return student.settings
    warmed = {heat: _shares(_warmed(student, heat), truth) for heat in _TEMPERATURES}
    temperature = min(warmed, key=lambda heat: _surprise(warmed[heat], truth))
    return _curves(replace(student.settings, temperature=temperature), warmed[temperature], truth)


def fit_layers(student: IntentModel, second: Second, golden: Sequence[Golden]) -> Settings | None:
    """Settings for both layers together, above all when the second is asked.

    Args:
        student: The fitted model, with its own settings.
        second: The second layer.
        golden: The part for tuning; without it None is returned.
    """
    truth = _truth(student, golden)
    if not len(truth.labels):
        return None
    own = _shares(student, truth)
    other = _seconds(student, second, truth, own.max(axis=1) < max(_ASKED))
    best: tuple[float, Settings, Floats] | None = None
    both = np.array([blended(a, b, _WEIGHT) for a, b in zip(own, other, strict=True)])
    for ask in _ASKED:
        asked = own.max(axis=1) < ask
        shares = np.where(asked[:, None], both, own)
        _, right = _threshold(shares, truth)
        gain = right - _ASKING_COSTS * float(asked.sum())
        if best is None or gain > best[0]:
            best = gain, replace(student.settings, weight=_WEIGHT, ask_below=ask), shares
    if best is None:
        return None
    return _curves(best[1], best[2], truth)


def _truth(student: IntentModel, golden: Sequence[Golden]) -> _Truth:
    place = {name: at for at, name in enumerate(student.names)}
    rows = [row for row in golden if normalise(row.text) and row.intent in place]
    labels = np.array([place[row.intent] for row in rows], dtype=np.int64)
    return _Truth(rows, labels, place.get(OUT, -1))


def _warmed(model: IntentModel, temperature: float) -> IntentModel:
    return model.with_settings(replace(model.settings, temperature=temperature))


def _shares(model: IntentModel, truth: _Truth) -> Floats:
    found = [model.shares(row.text, row.previous) for row in truth.rows]
    return np.array([shares for shares in found if shares is not None])


def _seconds(student: IntentModel, second: Second, truth: _Truth, asked: Flags) -> Floats:
    """The second layer's shares of the messages on which it may be asked; else zeros."""
    place = {name: at for at, name in enumerate(second.names)}
    order = [place[name] for name in student.names]
    rows = [row for row, may in zip(truth.rows, asked, strict=True) if may]
    found = np.zeros((len(truth.rows), len(order)), dtype=np.float32)
    if rows:
        texts = [student.mended(normalise(row.text)) for row in rows]
        contexts = [student.context(row.previous) for row in rows]
        found[asked] = second.shares_of(texts, contexts)[:, order]
    return found


def _surprise(shares: Floats, truth: _Truth) -> float:
    given = shares[np.arange(len(truth.labels)), truth.labels]
    return -float(np.log(np.maximum(given, _LEAST)).sum())


def _threshold(shares: Floats, truth: _Truth) -> tuple[float, int]:
    """Return the threshold with the most right answers, and how many they are."""
    tops, right, outside = _outcomes(shares, truth)
    scored = [(int(np.where(tops < at, outside, right).sum()), at) for at in _THRESHOLDS]
    best = max(score for score, _ in scored)
    # A message more or less is chance; the least threshold refuses least of what can be answered.
    near = best - _CHANCE * len(tops)
    return min(at for score, at in scored if score >= near), best


def _outcomes(shares: Floats, truth: _Truth) -> tuple[Floats, Flags, Flags]:
    return shares.max(axis=1), shares.argmax(axis=1) == truth.labels, truth.labels == truth.out


def _curves(settings: Settings, shares: Floats, truth: _Truth) -> Settings:
    threshold, _ = _threshold(shares, truth)
    tops, right, outside = _outcomes(shares, truth)
    near = tops < threshold + 0.1
    return replace(
        settings,
        threshold=threshold,
        sure=_curve(tops, right, rising=True),
        unsure=_curve(tops[near], outside[near], rising=False),
    )


def _curve(tops: Floats, truth: Flags, *, rising: bool) -> list[list[float]]:
    """Return the knots of a monotone curve through bins of equal size."""
    count = max(1, len(tops) // _SMOOTH)
    order = np.argsort(tops)
    bins = [part for part in np.array_split(order, min(count, _KNOTS)) if len(part)]
    if not bins:
        return [[0.0, 0.5]]
    places = [float(tops[part].mean()) for part in bins]
    # One more of each kind: a bin without a mistake is not free of mistakes.
    levels = [(float(truth[part].sum()) + 0.5) / (len(part) + 1) for part in bins]
    fitted = IsotonicRegression(increasing=rising, out_of_bounds="clip").fit_transform(
        places, levels
    )
    return [[place, float(level)] for place, level in zip(places, fitted, strict=True)]
