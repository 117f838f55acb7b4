"""How well the extractor finds and resolves, on golden messages and on the tables of cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.golden import Golden
from nlu.extract import Extractor
from nlu.types import Entity

_LEADS = ("my ", "the ", "a ", "top ", "last ")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one kind.

    Attributes:
        exact: Spans found whose words are the same after the contract's normalisation.
        overlapping: Spans found that share a code point with a right one of their kind.
        found: Spans found.
        wanted: Spans that are right.
    """

    exact: int
    overlapping: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        """Share of the found spans that are right."""
        return self.exact / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the right spans that are found."""
        return self.exact / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both, exact."""
        both = self.found + self.wanted
        return 2 * self.exact / both if both else 0.0

    @property
    def overlap_f1(self) -> float:
        """The same where an overlap is enough."""
        both = self.found + self.wanted
        return 2 * self.overlapping / both if both else 0.0


def normal(value: str) -> str:
    """A span as the contract compares it: lower case, without one leading my, the, a, top, last."""
    value = value.casefold().strip()
    for lead in _LEADS:
        if value.startswith(lead):
            return value[len(lead) :]
    return value


def evaluate(extractor: Extractor, golden: Iterable[Golden], now: datetime) -> dict[str, Score]:
    """Scores by kind, and `all`; each message is read in the light of its right intent.

    Args:
        extractor: What is judged.
        golden: Hand-labelled messages.
        now: The moment that all are read at.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for message in golden:
        read = extractor.extract(message.text, now, message.locale)
        _count(counts, extractor.orient(read, message.intent, now), message.entities)
    scores = {
        kind: Score(c["exact"], c["overlapping"], c["found"], c["wanted"])
        for kind, c in sorted(counts.items())
    }
    total = [sum(getattr(s, part) for s in scores.values()) for part in Score.__slots__]
    return {**scores, "all": Score(*total)}


def _count(
    counts: dict[str, Counter[str]], ours: Sequence[Entity], theirs: Sequence[dict[str, Any]]
) -> None:
    named = Counter((e.entity, normal(e.value)) for e in ours)
    right = Counter((e["entity"], normal(e["value"])) for e in theirs)
    for (kind, _), count in (named & right).items():
        counts[kind]["exact"] += count
    for e in ours:
        counts[e.entity]["found"] += 1
        counts[e.entity]["overlapping"] += any(
            t["entity"] == e.entity and e.start < t["end"] and t["start"] < e.end for t in theirs
        )
    for t in theirs:
        counts[t["entity"]]["wanted"] += 1


def markdown(scores: dict[str, Score]) -> str:
    """The scores as a table."""
    lines = [
        "| kind | precision | recall | F1 exact | F1 overlapping | spans |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {kind} | {s.precision:.3f} | {s.recall:.3f} | {s.f1:.3f} | {s.overlap_f1:.3f} "
        f"| {s.wanted} |"
        for kind, s in scores.items()
    ]
    return "\n".join(lines) + "\n"
