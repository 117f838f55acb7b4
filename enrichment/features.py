"""What speaks for each candidate of each line, as rows of numbers for the trees."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain

import numpy as np

from enrichment.category import RAILS, Candidates, Evidence, Floats, Frame, Ints, Profile

_RAIL_NUMBERS = {rail: n for n, rail in enumerate(RAILS)}
_ACCOUNT_NUMBERS = {
    "checking": 0, "savings": 1, "credit": 2, "loan": 3, "investment": 4, "other": 5,
}  # fmt: skip
CADENCES = (
    "", "weekly", "fortnightly", "four_weekly", "monthly", "quarterly", "half_yearly", "yearly",
)  # fmt: skip


def _shared(evidence: Evidence) -> tuple[float, ...]:
    """What all candidates of a line share; the first three are told by their text alone."""
    reading, found, learned = evidence.reading, evidence.reading.found, evidence.learned
    return (
        0.0, 0.0, 0.0,
        found.covered if found else 0.0, found.words if found else 0.0,
        float(found.distinct) if found else -1.0, float(len(found.left)) if found else -1.0,
        learned.covered if learned else 0.0, float(learned.distinct) if learned else -1.0,
        math.log1p(abs(evidence.minor) / 100), float(evidence.minor > 0),
        _ACCOUNT_NUMBERS.get(evidence.account_type, _ACCOUNT_NUMBERS["other"]),
        _RAIL_NUMBERS[reading.line.rail], float(bool(reading.line.processor)),
        float(reading.purpose), reading.text.count(" ") + bool(reading.text),
        math.nan if evidence.cadence is None else CADENCES.index(evidence.cadence),
    )  # fmt: skip


def features(
    evidence: Sequence[Evidence],
    chosen: Candidates,
    probabilities: Floats,
    frame: Frame,
    profile: Profile,
) -> Floats:
    """One row of features for each candidate.

    Args:
        evidence: What is known of each line.
        chosen: The candidates.
        probabilities: The text model's, one row a line.
        frame: The taxonomy over the classes.
        profile: What the training lines tell of each class.
    """
    shared = np.fromiter(chain.from_iterable(map(_shared, evidence)), np.float32)
    each = shared.reshape(len(evidence), -1)
    np.subtract(chosen.edges[1:], chosen.edges[:-1], out=each[:, 0], casting="unsafe")
    np.maximum.reduce(probabilities, axis=1, out=each[:, 1])
    logs = np.log(probabilities + 1e-9)
    logs *= probabilities
    np.negative(np.add.reduce(logs, axis=1), out=each[:, 2])
    table = np.empty((len(chosen.classes), _OWN + each.shape[1]), dtype=np.float32)
    table[:, _OWN:] = each.take(chosen.line, axis=0)
    kinds = frame.kinds.take(chosen.classes, axis=0)
    _by_text(table, chosen, probabilities, kinds, frame)
    _by_class(table, chosen, kinds, frame, profile)
    return table


_OWN = 15
"""Columns in which the candidates of a line differ."""
_SIZE = _OWN + 3 + 6
"""The column of the amount: behind the number of candidates, the text model's best, its entropy."""


def _by_text(
    table: Floats, chosen: Candidates, probabilities: Floats, kinds: Ints, frame: Frame
) -> None:
    """Fills in how the text model sees each candidate and what lies around it."""
    line = chosen.line
    p = probabilities[line, chosen.classes]
    table[:, 0] = p
    np.subtract(p, table[:, _OWN + 1], out=table[:, 3])
    table[:, 2] = chosen.place
    p += 1e-6
    np.log(p, out=table[:, 1])
    table[:, 12:14] = frame.sums(probabilities)[line[:, None], kinds[:, 1:]]


def _by_class(
    table: Floats, chosen: Candidates, kinds: Ints, frame: Frame, profile: Profile
) -> None:
    """Fills in what else speaks for each candidate's class: other sources, sign, amount."""
    classes, line, number = chosen.classes, chosen.line, frame.proposable
    proposed = np.array([number.get(id_, 0) for four in chosen.said for id_ in four])
    said = proposed.reshape(-1, 4).take(line, axis=0)
    table[:, 4:8] = frame.agreements[said, classes[:, None]]
    table[:, 8:12] = profile.table.take(classes, axis=0)
    size, spread = table[:, 10], table[:, 8]
    np.subtract(table[:, _SIZE], size, out=size)
    size /= spread
    table[:, 8:15:6] = kinds[:, :2]
