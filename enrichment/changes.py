"""What a stream went through: prices that rose, a free trial that turned paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby, pairwise

from enrichment.recurring import Chain, Item
from ledger.types import PriceRise

_STEADY = 0.5
"""A fixed price is the same as the one before at least this often; a bill that varies is not."""
_LEAST_RISE, _MOST_RISE = 1.01, 2.0
_TOKEN = 0.25
"""A first payment of at most this share of the next ones was a trial's."""
_LONGEST_TRIAL = 100
"""Days; three months free are common, more is another contract."""


def price_rises(chain: Chain) -> tuple[PriceRise, ...]:
    """The rises of a fixed price, oldest first.

    A new price counts when it comes again or is the latest one; the old one must have been paid
    twice, but for the very first. A month that cost more once is none.

    Args:
        chain: The payments of a stream.
    """
    runs = [list(run) for _, run in groupby(_paid(chain.items), key=lambda item: item.minor)]
    amounts = [item.minor for run in runs for item in run]
    same = sum(a == b for a, b in pairwise(amounts))
    if len(amounts) < 3 or same < _STEADY * (len(amounts) - 1):
        return ()
    kept = [run for n, run in enumerate(runs) if len(run) > 1 or n in {0, len(runs) - 1}]
    rises = []
    for before, after in pairwise(kept):
        old, new = before[0].minor, after[0].minor
        settled = len(before) > 1 or len(after) > 1
        if settled and _LEAST_RISE <= new / old <= _MOST_RISE:
            rises.append(PriceRise(after[0].on, old, new))
    return tuple(rises)


def trial_ended_on(chain: Chain, group: Sequence[Item]) -> date | None:
    """The day of the first full payment after a free or token one; None where there was none.

    Args:
        chain: The payments of a stream.
        group: All rows of the same account, counterparty and sign, by date.
    """
    paid = _paid(chain.items)
    if len(paid) < 2 and len(chain.items) < 2:
        return None
    first = paid[0]
    before = [item for item in group if item.on < first.on]
    for item in before:
        free = abs(item.minor) <= _TOKEN * abs(first.minor)
        if not free or (first.on - item.on).days > _LONGEST_TRIAL:
            return None
    return first.on if before else None


def _paid(items: Sequence[Item]) -> list[Item]:
    """The payments without free or token ones before them."""
    usual = max(abs(item.minor) for item in items)
    full = [n for n, item in enumerate(items) if abs(item.minor) > _TOKEN * usual]
    return list(items[full[0] :]) if full else list(items)
