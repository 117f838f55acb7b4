"""The release of an extractor: its gate on golden spans and behaviour, then the atomic switch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jobs.extractor_behaviour import failures
from jobs.extractor_report import Score, evaluate
from jobs.gate import let_serve
from jobs.golden import read_golden
from nlu.extract import Extractor
from registry import Registry

_KIND = "extractor"
_FALL = 0.005
"""How much F1 over all kinds may fall."""
_KIND_FALL = 0.02
"""How much F1 of one kind may fall, where it has enough spans to tell."""
_ENOUGH = 30
_NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Verdict:
    """What the gate found; without reasons the model may serve.

    Attributes:
        f1: Exact span F1 of the candidate on the golden part for tuning.
        before: Of what serves; of the grammars alone before the first release.
        reasons: Sentences that say why it may not.
    """

    f1: float
    before: float
    reasons: tuple[str, ...]


def judge(registry: Registry, data_dir: Path, name: str) -> Verdict:
    """Compare a candidate with what serves.

    Args:
        registry: Where both are published.
        data_dir: Holds the golden messages.
        name: The candidate's hash.

    Raises:
        RegistryError: It is unknown or was changed.
    """
    golden = [row for row in read_golden(data_dir / "golden") if row.part == "tune"]
    candidate = Extractor.pinned(registry, name)
    after = evaluate(candidate, golden, _NOW)
    before = evaluate(Extractor.pinned(registry, registry.pointer(_KIND).current), golden, _NOW)
    reasons = [f"behaviour: {text}" for text in failures(candidate)]
    return Verdict(after["all"].f1, before["all"].f1, (*reasons, *falls(before, after)))


def falls(before: Mapping[str, Score], after: Mapping[str, Score]) -> list[str]:
    """Every kind whose F1 fell by more than it may, a sentence each."""
    nothing = Score(0, 0, 0, 0)
    return [
        f"{kind} fell from {score.f1:.3f} to {after.get(kind, nothing).f1:.3f}"
        for kind, score in before.items()
        if score.wanted >= _ENOUGH
        and after.get(kind, nothing).f1 < score.f1 - (_FALL if kind == "all" else _KIND_FALL)
    ]


def release(registry: Registry, data_dir: Path, name: str) -> Verdict:
    """Let a candidate serve, if the gate lets it.

    Raises:
        GateError: It may not; what serves goes on serving.
        RegistryError: It is unknown or was changed.
    """
    verdict = judge(registry, data_dir, name)
    let_serve(registry, _KIND, name, verdict.reasons)
    return verdict
