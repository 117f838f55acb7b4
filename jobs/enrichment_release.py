"""A release of enrichment: the gate on the golden people, then the switch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enrichment.models import load
from enrichment.pipeline import enrich
from jobs.enrichment_measure import Known, measure
from jobs.enrichment_people import Golden, read_people
from jobs.gate import let_serve
from registry import Registry

_KIND = "enrichment"
_FALL = 0.01
"""How much a share of right rows may fall."""
_CALIBRATION = 0.03
"""How much the calibration error of an attribute may rise."""
_SHARES = ("category", "top", "counterparty", "essential", "location", "recurring")


@dataclass(frozen=True)
class Verdict:
    """What the gate found; without reasons the model may serve.

    Attributes:
        leaf: Share of golden rows whose category is right.
        top: Share whose top-level category is.
        reasons: Sentences that say why it may not.
    """

    leaf: float
    top: float
    reasons: tuple[str, ...]


def judge(registry: Registry, data_dir: Path, name: str) -> Verdict:
    """Compares a candidate with what serves, both enriching the golden people.

    Args:
        registry: Where the models are published.
        data_dir: Holds `people/`.
        name: The candidate's hash.
    """
    people = read_people(data_dir / "people")
    now = _figures(registry, name, people)
    current = registry.pointer(_KIND).current
    before = now if current in {None, name} else _figures(registry, str(current), people)
    return Verdict(now["category"], now["top"], tuple(reasons(before, now)))


def reasons(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Why figures are worse than those before, one sentence each."""
    found = [
        f"{share} fell from {before[share]:.3f} to {now[share]:.3f}"
        for share in _SHARES
        if now[share] < before[share] - _FALL
    ]
    found += [
        f"{kind} {part} fell from {before[kind][part]:.3f} to {now[kind][part]:.3f}"
        for kind in ("streams", "income_streams")
        for part in ("precision", "recall")
        if now[kind][part] < before[kind][part] - 2 * _FALL
    ]
    found += [
        f"the calibration error of {name} rose to {error:.3f}"
        for name, error in now["calibration"].items()
        if error > before["calibration"][name] + _CALIBRATION
    ]
    return found


def _figures(registry: Registry, name: str, people: list[Golden]) -> dict[str, Any]:
    models = load(registry.path(_KIND, name))
    results = [(p, enrich(p.accounts, p.rows, models)) for p in people]
    return measure(results, Known({}, lambda _: False))


def release(registry: Registry, data_dir: Path, name: str) -> Verdict:
    """Lets a candidate serve, if the gate lets it.

    Raises:
        GateError: It may not; what serves goes on serving.
        RegistryError: It is unknown or was changed.
    """
    verdict = judge(registry, data_dir, name)
    let_serve(registry, _KIND, name, verdict.reasons)
    return verdict
