"""From the scores of a line's candidates to one category, or to an inner node of the taxonomy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from enrichment.category import Evidence, Floats, Frame, Ints, Said
from knowledge.taxonomy import UNCATEGORISED


class Choice(NamedTuple):
    """A decided category.

    Attributes:
        category: Leaf, or an inner node where no leaf is likely enough.
        confidence: Probability that it is right.
        source: `rule`, `trees` (layer 2: trees and text model), `slm` or `llm`.
        inner: Whether it is an inner node: right is then whatever lies below it.
        clear: Whether it was so plain that the trees were not asked.
    """

    category: str
    confidence: float
    source: str
    inner: bool = False
    clear: bool = False


def softmax(scores: npt.NDArray[np.float64], edges: Ints) -> Floats:
    """Scores of candidates as probabilities over each line's own."""
    if len(edges) == 2:
        alone = np.exp(scores - scores.max())
        return np.asarray(alone / alone.sum(), dtype=np.float32)
    counts, starts = np.diff(edges), edges[:-1]
    odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), counts))
    shares = odds / np.repeat(np.add.reduceat(odds, starts), counts)
    return np.asarray(shares, dtype=np.float32)


_LEAF = 0.3
"""Below this a leaf is a guess, and an inner node is said where one is likely."""
_INNER = 0.5
_MORE = 1.5
"""An inner node tells less than a leaf: it must be so much likelier."""


def choose(
    evidence: Evidence, said: Said, chosen: Sequence[int], shares: Sequence[float], frame: Frame
) -> Choice:
    """The likeliest candidate, or the node above where no leaf is likely enough.

    Args:
        evidence: What is known of the line.
        said: What each source says that is not the text model.
        chosen: The candidates.
        shares: The probability of each.
        frame: The taxonomy over the classes.
    """
    if not chosen:
        return Choice(UNCATEGORISED, 0.0, "trees")
    p = max(shares)
    best = chosen[shares.index(p)]
    id_ = frame.classes[best]
    if p < _LEAF:
        node, sure = _above(chosen, shares, frame)
        if node and sure >= max(_INNER, _MORE * p):
            return Choice(node, sure, "trees", inner=True)
    by_rule = evidence.rule is not None and evidence.rule.category == id_
    by_base = evidence.reading.merchant is not None and said[0] == id_
    return Choice(id_, p, "rule" if by_rule or by_base else "trees")


def _above(chosen: Sequence[int], shares: Sequence[float], frame: Frame) -> tuple[str, float]:
    """The deepest inner node that half of the probability or more lies below, and how much."""
    sums: dict[str, float] = {}
    for p, m in zip(shares, chosen, strict=True):
        node = frame.classes[m]
        while "." in node:
            node = node.rsplit(".", 1)[0]
            sums[node] = sums.get(node, 0.0) + p
    likely = [(node.count("."), p, node) for node, p in sums.items() if p >= _INNER]
    if not likely:
        return "", 0.0
    _, p, node = max(likely)
    return node, p
