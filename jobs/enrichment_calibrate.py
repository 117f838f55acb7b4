"""Calibration of counterparty, essential and location on held-out silver lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from enrichment.category import Evidence, Floats
from enrichment.choice import Choice
from enrichment.clean import parse
from enrichment.confidence import Curve
from enrichment.decide import COLLECTORS, _counterparty, counterparty_basis, named_features
from enrichment.essential import rate_of
from enrichment.location import Located, bin_of, locate
from enrichment.models import Models
from jobs.curves import beta, weighted
from jobs.enrichment_names import is_same, printed, unknown_shares
from jobs.enrichment_text import Silver
from jobs.histories import histories
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


def visits(silver: Sequence[Silver], people: int, seed: int = 7) -> list[float]:
    """How often each line stands in drawn histories, and once besides, by how sure its label is.

    Calibration counts lines so: what people meet each month weighs more than what they meet once,
    and an answer that differs from an unsure label may be right.
    """
    count = Counter(id(row.line) for rows in histories(silver, people, seed) for row in rows)
    return [line.weight * (1.0 + count[id(line)]) for line in silver]


def calibrate(held: Held, models: Models, weights: Sequence[float]) -> dict[str, Curve]:
    """The curves by attribute and what an answer rests on.

    Args:
        held: Held-out lines.
        models: What is fitted so far.
        weights: What each line counts.
    """
    seen: dict[str, list[_Outcome]] = {}
    wider: dict[str, str] = {}

    def note(name: str, score: float, right: bool, weight: float) -> None:
        seen.setdefault(name, []).append((score, right, weight))

    shares = unknown_shares(held.rows, models.index)
    for row, evidence, text, share, often in zip(
        held.rows, held.evidence, held.text, shares, weights, strict=True
    ):
        rate = rate_of(row.category, models)
        note("essential", max(rate, 1 - rate), (rate >= 0.5) == row.essential, often)
        for name, sure, right, weight in _counterparties(row, evidence, text, models, share):
            note(name, sure, right, weight * often)
        for place, rail, right in _places(row):
            kind = bin_of(place, rail, row.currency)
            wider[kind] = f"location_{place.how}"
            note(kind, 0.7, right, often)
            note(wider[kind], 0.7, right, often)
    curves: dict[str, Curve] = {}
    for name, found in seen.items():
        if not name.startswith("location_"):
            smooth = name.startswith(("counterparty_description", "counterparty_merchants"))
            curves[name] = beta(found) if smooth else weighted(found)
            continue
        whole = seen[wider.get(name, name)]
        share = (_right(found) + _DRAWN * _right(whole) / _sum(whole)) / (_sum(found) + _DRAWN)
        curves[name] = Curve((0.0, 1.0), (share, share))
    return curves


_Outcome = tuple[float, bool, float]


def _right(found: Sequence[_Outcome]) -> float:
    return sum(weight for _, right, weight in found if right)


def _sum(found: Sequence[_Outcome]) -> float:
    return sum(weight for *_, weight in found)


_DRAWN = 20.0
"""A small bin is drawn towards all lines of its kind by so much weight."""
_BANKS = frozenset({"", "debt.credit_card", "transfers.own_account"})


def _counterparties(
    row: Silver, evidence: Evidence, text: Floats, models: Models, unknown: float
) -> Iterator[tuple[str, float, bool, float]]:
    """The curve of a line's counterparty, how sure it is, whether it is right, what it counts."""
    account = Account("a", "", row.account_type, row.currency, "a")
    choice = Choice(row.category, 1.0, "trees")
    name, id_, _, sure, how = _counterparty(evidence, text, choice, account, models)
    if how == "account":
        # Silver does not tell whose account it was: right is a line that is with some bank.
        bank = models.index.exact(row.counterparty) if row.counterparty else None
        yield (
            "counterparty_account",
            0.8,
            not row.counterparty or (bank is not None and bank.category in _BANKS),
            1.0,
        )
        return
    share = unknown if how == "description" else 1.0
    if not row.counterparty or not share:
        return
    if id_ in COLLECTORS:
        return
    basis = counterparty_basis(how, row.reading)
    yield basis, sure, bool(name) and is_same(name or "", row.counterparty, models.index), share
    if how == "description":
        for reading in printed(row, models.index):
            right = is_same(reading.shown, row.counterparty, models.index)
            sure = models.named(named_features(reading, text))
            yield counterparty_basis(how, reading), sure, right, share


def _places(row: Silver) -> Iterator[tuple[Located, str, bool]]:
    """What is read of a line's place, as it stands and set in columns, and whether it is right."""
    place = row.reading.located
    got = (place.city or "", place.region or "", place.country or "")
    yield place, row.reading.line.rail, got == row.place
    if all((row.place[0], row.place[2], row.counterparty)):
        yield Located("", how="columns"), "card", _in_columns(row) == row.place
