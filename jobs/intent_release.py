"""A release: gate, atomic switch, a variant beside it, and the way back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.behaviour import failures
from jobs.gate import let_serve
from jobs.golden import Golden, read_golden
from jobs.intent_evaluate import layers
from jobs.intent_scores import Said, by_reader, score
from nlu.layers import Layers
from nlu.second import load_second
from registry import Registry

_KIND = "intents"
_FALL = 0.01
"""How much golden accuracy may fall."""
_LOST = 3
"""Messages of one intent that may not be lost."""


@dataclass(frozen=True)
class Verdict:
    """What the gate found; without reasons the model may serve.

    Attributes:
        accuracy: Of the candidate on the golden part for tuning.
        before: Of the model that serves; None before the first.
        reasons: Sentences that say why it may not.
    """

    accuracy: float
    before: float | None
    reasons: tuple[str, ...]


def judge(registry: Registry, data_dir: Path, names: Sequence[str]) -> Verdict:
    """Compare a candidate, and its siblings of other seeds, with what serves.

    An intent is lost only where two thirds of the seeds lose it: one fit's luck is no reason.

    Args:
        registry: Where the models are published.
        data_dir: Holds the golden messages.
        names: The candidate's hash first, then those of other seeds.
    """
    rows = [row for row in read_golden(data_dir / "golden") if row.part == "tune"]
    said = [_said(registry, name, rows) for name in names]
    accuracy = score(said[0]).accuracy
    reasons = [f"behaviour: {text}" for text in failures(_reader(registry, names[0]))]
    current = registry.pointer(_KIND).current
    if current is None or current == names[0]:
        return Verdict(accuracy, None, tuple(reasons))
    serving = _said(registry, current, rows)
    before = score(serving).accuracy
    if accuracy < before - _FALL:
        reasons.append(f"golden accuracy fell from {before:.3f} to {accuracy:.3f}")
    lost = Counter(intent for one in said for intent in _lost(serving, one))
    needed = -(-2 * len(said) // 3)
    reasons += [
        f"{intent} lost {_LOST} or more messages in {count} of {len(said)} seeds"
        for intent, count in sorted(lost.items())
        if count >= needed
    ]
    return Verdict(accuracy, before, tuple(reasons))


def _reader(registry: Registry, name: str) -> Layers:
    return Layers.load(registry.path(_KIND, name), load_second())


def _said(registry: Registry, name: str, rows: Sequence[Golden]) -> list[Said]:
    return by_reader(layers(_reader(registry, name))["serving"], rows)


def _lost(before: Sequence[Said], after: Sequence[Said]) -> list[str]:
    had = Counter(one.row.intent for one in before if one.right)
    has = Counter(one.row.intent for one in after if one.right)
    return [intent for intent in had if had[intent] - has[intent] >= _LOST]


def release(registry: Registry, data_dir: Path, names: Sequence[str]) -> Verdict:
    """Let a candidate serve, if the gate lets it.

    Raises:
        GateError: It may not; what serves goes on serving.
        RegistryError: It is unknown or was changed.
    """
    verdict = judge(registry, data_dir, names)
    let_serve(registry, _KIND, names[0], verdict.reasons)
    return verdict
