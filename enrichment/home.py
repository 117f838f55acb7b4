"""The rent of a home whose landlord no line explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from enrichment.choice import Choice
from enrichment.decide import Decision
from ledger.types import Stream, Transaction

RENT = Choice("housing.rent", 0.6, "rule")
_HOMES = ("housing.rent", "housing.mortgage")
_NO_HOME = ("savings", "debt", "transfers", "family.children")
"""Large monthly payments of other kinds, though the kind be unsure."""
_CADENCES = frozenset({"monthly", "four_weekly"})
_LEAST, _TIMES, _UNSURE = 30_000, 3, 0.5


def unexplained_rent(
    streams: Sequence[Stream],
    rows: Sequence[Transaction],
    member: Mapping[str, str],
    decisions: Mapping[str, Decision],
) -> set[str]:
    """Rows of the largest monthly payment that nothing explains, where no home is paid for.

    Most people pay for a home each month, and a landlord is seldom a merchant that a table knows.

    Args:
        streams: The person's streams.
        rows: Their whole history.
        member: The stream of each row in one.
        decisions: What each line says.
    """
    paid_for = any(
        d.choice.category.startswith(_HOMES) and not _unexplained(d) for d in decisions.values()
    )
    if paid_for or any((s.category or "").startswith(_HOMES) for s in streams):
        return set()
    inside: dict[str, list[Transaction]] = {}
    for row in rows:
        if row.id in member:
            inside.setdefault(member[row.id], []).append(row)
    unsure = [
        (min(-row.minor for row in inside[s.id]), s.id)
        for s in streams
        if s.cadence in _CADENCES and s.count >= _TIMES and s.id in inside
        and all(_unexplained(decisions[row.id]) for row in inside[s.id])
    ]  # fmt: skip
    least, largest = max(unsure, default=(0, ""))
    return {row.id for row in inside[largest]} if least >= _LEAST else set()


def _unexplained(decision: Decision) -> bool:
    choice = decision.choice
    elsewhere = choice.category.startswith(_NO_HOME)
    return decision.merchant is None and choice.confidence < _UNSURE and not elsewhere
