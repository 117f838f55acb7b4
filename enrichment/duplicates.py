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
    "transport.public", "transport.driving.parking", "transport.driving.tolls",
    "entertainment.gambling", "savings", "transfers", "debt", "taxes_fees.bank", "income",
)  # fmt: skip
"""Where paying the same twice is nothing to ask about."""
_ROUNDS = (
    "eating_out.coffee", "eating_out.bar", "eating_out.snack", "transport.taxi", "transport.shared",
)  # fmt: skip
_LARGE = 2_500
"""Minor units from which on nobody pays the very same twice for a round or a ride."""
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
        if row.minor > -_LEAST or not decision.name or row.id in settled or _usual(row, decision):
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


def _usual(row: Transaction, decision: Decision) -> bool:
    """Whether paying the same twice is nothing to ask about."""
    category = decision.choice.category
    return (
        category.startswith(_OFTEN)
        or (category.startswith(_ROUNDS) and row.minor > -_LARGE)
        or decision.evidence.reading.line.rail in _PEOPLE
    )
