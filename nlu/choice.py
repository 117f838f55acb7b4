"""Which proposals of the layers become entities: the surest that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable

from nlu.message import Proposal

_LENGTH_BONUS = 0.012
_LONGEST_BONUS = 6


def weight(p: Proposal) -> float:
    """How sure a proposal is, a little more for each further token that it explains."""
    return p.score + _LENGTH_BONUS * min(p.last - p.first, _LONGEST_BONUS)


def chosen(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The best proposals that do not overlap, in the order of the text."""
    best: list[Proposal] = []
    for p in sorted(proposals, key=lambda p: (-weight(p), p.first)):
        if all(p.last <= q.first or q.last <= p.first for q in best):
            best.append(p)
    return sorted(best, key=lambda p: p.first)
