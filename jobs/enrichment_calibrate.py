"""Calibration of counterparty, essential and location on held-out silver lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enrichment.category import Choice
from enrichment.confidence import Curve
from enrichment.decide import _counterparty
from enrichment.essential import rate_of
from enrichment.models import Models
from ledger.types import Account

if TYPE_CHECKING:
    from jobs.enrichment_fit import Held


def calibrate(held: Held, models: Models) -> dict[str, Curve]:
    """The curves by attribute."""
    from jobs.enrichment_fit import is_same, isotonic  # noqa: PLC0415 - they call one another

    scores: dict[str, list[float]] = {}
    truth: dict[str, list[bool]] = {}

    def note(attribute: str, score: float, right: bool) -> None:
        scores.setdefault(attribute, []).append(score)
        truth.setdefault(attribute, []).append(right)

    for n, (row, evidence) in enumerate(zip(held.rows, held.evidence, strict=True)):
        account = Account("a", "", row.account_type, row.currency, "a")
        choice = Choice(row.category, 1.0, "trees", 1.0)
        name, _, _, sure, _ = _counterparty(evidence, held.text[n], choice, account, models)
        if row.counterparty:
            note(
                "counterparty",
                sure,
                bool(name) and is_same(name or "", row.counterparty, models.index),
            )
        rate = rate_of(row.category, models)
        note("essential", max(rate, 1 - rate), (rate >= 0.5) == row.essential)
        place = row.reading.located
        got = (place.city or "", place.region or "", place.country or "")
        note(f"location_{place.how}", 0.7, got == row.place)
    curves = {k: isotonic(scores[k], truth[k]) for k in ("counterparty", "essential")}
    for attribute, right in truth.items():
        if attribute.startswith("location_"):
            share = (sum(right) + 1) / (len(right) + 2)
            curves[attribute] = Curve((0.0, 1.0), (share, share))
    return curves
