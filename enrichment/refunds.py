"""A refund and the purchase it belongs to; money that was taken for one and is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from enrichment.category import PAYERS
from enrichment.choice import Choice
from enrichment.counterparty import fold
from enrichment.decide import Decision
from enrichment.layers import SHARED
from enrichment.reading import looks_personal
from ledger.types import Transaction

REFUND = "income.money_back.refund"

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


_BETWEEN = frozenset({"faster_payment", "person", "credit_transfer", "standing_order"})
_SHARE = 0.8
"""A friend's share is a part of what was paid for both."""
_JOB = 5_000
_ROUND = 500
"""Jobs are paid in round sums, of so many minor units or more."""
_FROM_SEVERAL = 2


def without_purchase(
    rows: Sequence[Transaction],
    decisions: Mapping[str, Decision],
    found: Mapping[str, str],
    leaf_of: Mapping[str, str],
) -> dict[str, Choice]:
    """What money from people is that was taken for a refund although nothing was bought before.

    What a person writes about their payment names what it is for: a share of a purchase, or a job
    that was done for them. A share has a purchase of its kind behind it. Where none is, several
    people who pay round sums are customers; a single one is a person who sends money, which counts
    neither as income nor against spending.

    Args:
        rows: The whole history.
        decisions: What each line says.
        found: The purchase of each refund that has one.
        leaf_of: The kind of spending that each row with a refund's category tells of.

    Returns:
        Another choice by the row's id.
    """
    bought = [r for r in rows if r.minor < 0]
    open_ = [
        r
        for r in rows
        if r.id in leaf_of and r.id not in found and _from_a_person(decisions[r.id])
        and not any(_share_of(r, b, leaf_of[r.id], decisions[b.id]) for b in bought)
    ]  # fmt: skip
    jobs = [r for r in open_ if r.minor >= _JOB and r.minor % _ROUND == 0]
    customers = {decisions[r.id].id for r in jobs}
    paid = {r.id for r in jobs} if len(customers) >= _FROM_SEVERAL else set()
    job, sent = (
        Choice("income.pay.freelance", 0.6, "rule"),
        Choice("transfers.person", 0.5, "rule"),
    )
    return {r.id: job if r.id in paid else sent for r in open_}


_SENT = frozenset({"ach", "faster_payment", "credit_transfer"})
_OFTEN = 2


def from_payers(
    rows: Sequence[Transaction], decisions: Mapping[str, Decision], back: Collection[str]
) -> dict[str, Choice]:
    """What money is that was taken for a refund, from somebody who was never paid anything.

    A platform that people work through pays for their work. So does a company that sends money
    twice or more though nothing was ever bought from it.

    Args:
        rows: The whole history.
        decisions: What each line says.
        back: The rows with a refund's category that no purchase was found for.

    Returns:
        Another choice by the row's id.
    """
    bought_from = {decisions[r.id].id for r in rows if r.minor < 0}
    never = [
        id_
        for id_ in back
        if decisions[id_].id not in bought_from and not _says_refund(decisions[id_])
    ]
    sent = Counter(decisions[id_].id for id_ in never)
    found: dict[str, Choice] = {}
    for id_ in never:
        decision = decisions[id_]
        line = decision.evidence.reading.line
        if decision.id in PAYERS:
            found[id_] = Choice("income.pay.gig", 0.7, "rule")
        elif (
            line.rail in _SENT
            and decision.merchant is None
            and not looks_personal(line.name)
            and sent[decision.id] >= _OFTEN
        ):
            found[id_] = Choice("income.pay.freelance", 0.6, "rule")
    return found


def _says_refund(decision: Decision) -> bool:
    rule = decision.evidence.rule
    return rule is not None and rule.category == REFUND


def _from_a_person(decision: Decision) -> bool:
    line = decision.evidence.reading.line
    said = _says_refund(decision) or SHARED.search(line.memo)
    return line.rail in _BETWEEN and looks_personal(line.name) and bool(line.memo) and not said


def _share_of(back: Transaction, row: Transaction, leaf: str, bought: Decision) -> bool:
    """Whether money back may be a share of what was paid for by a row."""
    days = (back.booked - row.booked).days
    if not 0 <= days <= _FRIEND_DAYS or row.currency != back.currency:
        return False
    return bought.choice.category == leaf and back.minor <= -row.minor * _SHARE
