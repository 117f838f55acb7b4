"""A refund and the purchase it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from enrichment.counterparty import fold
from ledger.types import Transaction

_DAYS = 180
_FRIEND_DAYS = 45


def purchase_of(
    refund: Transaction,
    merchant_id: str | None,
    memo: str,
    earlier: Sequence[Transaction],
    merchants: Mapping[str, tuple[str | None, str | None]],
) -> str | None:
    """The id of the purchase that a refund belongs to, None where none is found.

    Args:
        refund: The row where money came back.
        merchant_id: Its counterparty's id.
        memo: What a friend wrote that it is for; names the merchant of a shared purchase.
        earlier: Rows where money went out, before it, the latest first.
        merchants: Counterparty id and name of each of these rows.
    """
    words = {w for w in fold(memo) if len(w) > 3}
    best: tuple[tuple[bool, int], str] | None = None
    for row in earlier:
        days = (refund.booked - row.booked).days
        if days < 0 or days > _DAYS or row.currency != refund.currency:
            continue
        if -row.minor < refund.minor:
            continue
        id_, name = merchants.get(row.id, (None, None))
        own = merchant_id is not None and id_ == merchant_id
        shared = bool(words and name and days <= _FRIEND_DAYS and set(fold(name)[:1]) & words)
        if own or shared:
            rank = (-row.minor != refund.minor, days)
            if best is None or rank < best[0]:
                best = (rank, row.id)
    return best[1] if best else None
