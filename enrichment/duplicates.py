"""Charges made twice: the same shop, account and amount again on the same day or the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from enrichment.decide import Decision
from ledger.types import Transaction

_APART = timedelta(days=1)
_LEAST = 300
"""Minor units; less is bought twice a day by many."""
_HABIT = 3
"""Pairs with one shop from which on the person simply buys there twice."""
_OFTEN = (
    "transport.public", "transport.driving.parking", "transport.driving.tolls", "transport.taxi",
    "transport.shared", "eating_out.coffee", "eating_out.bar", "eating_out.snack",
    "entertainment.gambling", "savings", "transfers", "debt", "taxes_fees", "income",
)  # fmt: skip
"""Where paying the same twice is nothing to ask about."""
_PEOPLE = frozenset({"person", "faster_payment", "standing_order", "cash", "cheque", "wire"})


def duplicates(
    rows: Sequence[Transaction], decisions: Mapping[str, Decision], refunded: Mapping[str, str]
) -> dict[str, str]:
    """The earlier row of each one that looks like a second charge for the same thing.

    Args:
        rows: A person's history.
        decisions: What each line says.
        refunded: The purchase of each refund: what was sent back is settled.
    """
    settled = set(refunded.values())
    groups: dict[tuple[str, str, int], list[Transaction]] = {}
    for row in rows:
        decision = decisions[row.id]
        if row.minor > -_LEAST or not decision.name or row.id in settled or _usual(decision):
            continue
        key = row.account_id, decision.id or decision.name.casefold(), row.minor
        groups.setdefault(key, []).append(row)
    found: dict[str, str] = {}
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (account, name, _), group in groups.items():
        first: Transaction | None = None
        for row in sorted(group, key=lambda r: (r.booked, r.id)):
            if first is not None and row.booked - first.booked <= _APART:
                pairs.setdefault((account, name), []).append((row.id, first.id))
            else:
                first = row
    for several in pairs.values():
        if len(several) < _HABIT:
            found.update(several)
    return found


def _usual(decision: Decision) -> bool:
    return (
        decision.choice.category.startswith(_OFTEN)
        or decision.evidence.reading.line.rail in _PEOPLE
    )
