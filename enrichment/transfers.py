"""Two legs of one move between a person's own accounts, found across accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ledger.types import Account, Transaction

_DAYS = 5
_ENOUGH = 0.6
_SOME = 0.05


def category_of(one: Account, other: Account) -> str:
    """What a move between two own accounts is."""
    types = {one.type, other.type}
    if "credit" in types:
        return "debt.credit_card"
    if "loan" in types:
        return "debt.loans.personal"
    if "savings" in types:
        return "savings.pot"
    if "investment" in types:
        return "savings.brokerage"
    return "transfers.own_account"


def pairs(
    accounts: Mapping[str, Account],
    rows: Sequence[Transaction],
    likely: Callable[[Transaction, Account], float],
    named: Mapping[str, str],
) -> dict[str, tuple[str, str]]:
    """Matches the legs.

    Args:
        accounts: By id.
        rows: The whole history.
        likely: How much a row's own text speaks for a move to or from that other account, 0 to 1.
        named: Counterparty id of each row that has one; both legs may name the person.

    Returns:
        For the id of each matched row the other leg's id and the category of both.
    """
    incoming: dict[tuple[int, str], list[Transaction]] = {}
    for row in rows:
        if row.minor > 0:
            incoming.setdefault((row.minor, row.currency), []).append(row)
    proposals = []
    for row in rows:
        if row.minor >= 0:
            continue
        for other in incoming.get((-row.minor, row.currency), ()):
            days = abs((other.booked - row.booked).days)
            if other.account_id == row.account_id or days > _DAYS:
                continue
            if row.account_id not in accounts or other.account_id not in accounts:
                continue
            ours, theirs = accounts[row.account_id], accounts[other.account_id]
            one, two = likely(row, theirs), likely(other, ours)
            weight = one + two + (0.4 if named.get(row.id) == named.get(other.id, "") else 0.0)
            weight += 0.2 if {"savings", "credit"} & {ours.type, theirs.type} else 0.0
            if weight >= _ENOUGH and min(one, two) > _SOME:
                proposals.append((weight - 0.1 * days, row, other, category_of(ours, theirs)))
    proposals.sort(key=lambda p: (-p[0], p[1].id, p[2].id))
    matched: dict[str, tuple[str, str]] = {}
    for _, row, other, category in proposals:
        if row.id not in matched and other.id not in matched:
            matched[row.id] = (other.id, category)
            matched[other.id] = (row.id, category)
    return matched
