"""Calibration of counterparty, essential and location on held-out silver lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enrichment.category import Choice
from enrichment.clean import parse
from enrichment.confidence import Curve
from enrichment.decide import _counterparty
from enrichment.essential import rate_of
from enrichment.location import locate
from enrichment.models import Models
from jobs.enrichment_text import Silver
from knowledge.places import ALPHA3
from ledger.types import Account

if TYPE_CHECKING:
    from jobs.enrichment_fit import Held


_ALPHA3 = {alpha2: alpha3 for alpha3, alpha2 in ALPHA3.items()}


def _in_columns(row: Silver) -> tuple[str, str, str]:
    """What is read of the row's place when it is set in columns, as Monzo and Amex print it."""
    name = row.reading.shown.upper()[:22].ljust(22)
    town, country = row.place[0].upper()[:13], _ALPHA3.get(row.place[2], "")
    state = f" {row.place[1]}" if row.place[2] == "US" and row.place[1] else ""
    line = parse(f"{name} {town.ljust(13)} {country}" if not state else f"{name} {town}{state}")
    place = locate(line.fields, row.currency)
    return place.city or "", place.region or "", place.country or ""


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
        name, _, _, sure, how = _counterparty(evidence, held.text[n], choice, account, models)
        # A brand that a table lacks here is in the learned ones in use, see `fit_named`.
        if row.counterparty and (how != "description" or not row.website):
            same = bool(name) and is_same(name or "", row.counterparty, models.index)
            note("counterparty", sure, same)
        rate = rate_of(row.category, models)
        note("essential", max(rate, 1 - rate), (rate >= 0.5) == row.essential)
        place = row.reading.located
        got = (place.city or "", place.region or "", place.country or "")
        note(f"location_{place.how}", 0.7, got == row.place)
        if all((row.place[0], row.place[2], row.counterparty)):
            note("location_columns", 0.7, _in_columns(row) == row.place)
    curves = {k: isotonic(scores[k], truth[k]) for k in ("counterparty", "essential")}
    for attribute, right in truth.items():
        if attribute.startswith("location_"):
            share = (sum(right) + 1) / (len(right) + 2)
            curves[attribute] = Curve((0.0, 1.0), (share, share))
    return curves
