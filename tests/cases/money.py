"""Balances and income."""

from __future__ import annotations

from typing import Any

from tests.cases.rows import accounts, balance, currency
from tests.cases.selection import selected


def check_balance(user: str, truth: dict[str, Any]) -> dict[str, Any]:
    """Each account asked for; a card is what is owed, below zero."""
    asked = truth.get("accounts") or [account.id for account in accounts(user)]
    figures = {account: balance(user, account) for account in asked}
    main = figures[asked[0]] if len(asked) == 1 else None
    return {"main": main, "figures": figures, "currency": currency(user)}


def list_accounts(user: str, truth: dict[str, Any]) -> dict[str, Any]:
    """The accounts of a type, or all."""
    kind = truth.get("type")
    found = [a for a in accounts(user) if kind in (None, a.type)]
    return {"counts": {"accounts": len(found)}, "names": [a.name.split()[0] for a in found]}


def net_worth(user: str, _: dict[str, Any]) -> dict[str, Any]:
    """Owned less owed, all accounts in one currency."""
    total = sum(balance(user, account.id) for account in accounts(user))
    return {"main": total, "currency": currency(user)}


def income_total(user: str, truth: dict[str, Any]) -> dict[str, Any]:
    """Money in without money back, loans and neutral flows, unless a neutral one is named."""
    named = truth.get("merchants") or truth.get("categories")
    found = selected(user, truth | {"direction": "in"})
    found = [row for row in found if row.is_income or (named and row.is_neutral)]
    total = sum(row.minor for row in found)
    # "Get paid" is pay; all that came in, interest too, is a fair reading where the case says so.
    whole = (
        income_total(user, truth | {"categories": [], "either": False}) if _either(truth) else {}
    )
    return {
        "main": total,
        "alts": [whole["main"]] if whole and whole["main"] != total else [],
        "transactions": None if _either(truth) else sorted(row.id for row in found),
        "currency": currency(user),
    }


def _either(truth: dict[str, Any]) -> bool:
    return bool(truth.get("either"))
