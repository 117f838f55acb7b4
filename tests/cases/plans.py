"""What is left, what is ahead, and plans that the conversation itself sets up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.cases.rows import accounts, balance, currency, rows
from tests.cases.selection import card_accounts, spending
from tests.cases.streams import Stream, streams

Truth = dict[str, Any]
Expected = dict[str, Any]
HABIT_DAYS = 90
PAID_IN_FULL = ("maya-amex",)


def _checking(user: str) -> str:
    return next(account.id for account in accounts(user) if account.type == "checking")


def _daily_habit(user: str, account: str, today: date) -> int:
    """Mean spending a day outside of streams from one account over the last ninety days."""
    first = today - timedelta(HABIT_DAYS)
    spent = [
        row.minor
        for row in rows(user)
        if row.account == account and row.day >= first and row.minor < 0
        if row.is_spending and not row.stream
    ]
    return -sum(spent) // HABIT_DAYS


def _flows(user: str, account: str, start: date, end: date) -> tuple[int, int]:
    """The least and the most that the streams of an account change it in [start, end)."""
    low = high = 0
    for stream in streams(user):
        if stream.last.account != account:
            continue
        times = len(stream.dates(start, end))
        money_in = stream.last.minor > 0
        most = max(stream.high, _owed(user) if stream.last.category == "debt.credit_card" else 0)
        low += times * (stream.low if money_in else -most)
        high += times * (stream.high if money_in else -stream.low)
    return low, high


def _owed(user: str) -> int:
    """What the cards that are paid in full owe; a carried balance is paid as usual."""
    cards = card_accounts(user).intersection(PAID_IN_FULL)
    return -sum(balance(user, card) for card in cards)


def _pay(user: str) -> Stream:
    return next(stream for stream in streams(user) if stream.name.startswith("salary"))


def safe_to_spend(user: str, truth: Truth) -> Expected:
    """A wide but falsifiable range until payday (or the day before `until`).

    At most the money at hand and what comes in before then; at least that less every stream, what
    the cards owe, the saving of a month and the usual daily spending.
    """
    low, high = _safe(user, truth)
    days = max(1, (_until(user, truth) - date.fromisoformat(truth["today"])).days)
    if truth.get("per") == "day":
        low, high = low // days, -(-high // days)
    return {"range": [low, high], "currency": currency(user)}


def _until(user: str, truth: Truth) -> date:
    today = date.fromisoformat(truth["today"])
    if truth.get("until"):
        return date.fromisoformat(truth["until"])
    return _pay(user).dates(today, today + timedelta(40))[0]


def _safe(user: str, truth: Truth) -> tuple[int, int]:
    today, account = date.fromisoformat(truth["today"]), _checking(user)
    end = _until(user, truth)
    low, _ = _flows(user, account, today, end)
    money_in = sum(
        stream.high * len(stream.dates(today, end))
        for stream in streams(user)
        if stream.last.account == account and stream.last.minor > 0
    )
    saving = sum(s.high for s in streams(user) if "saving" in s.name and s.last.minor < 0)
    habit = _daily_habit(user, account, today) * (end - today).days
    at_hand = balance(user, account)
    return at_hand + low - _owed(user) - saving - 2 * habit, at_hand + money_in


def can_afford(user: str, truth: Truth) -> Expected:
    """Yes where the price is below the least that is safe, no where it is above all there is."""
    low, _ = _safe(user, truth)
    owned = sum(balance(user, a.id) for a in accounts(user) if a.type != "credit")
    price = truth["price"]
    verdict = "yes" if price <= low else "no" if price > owned else None
    return {"verdict": verdict}


def forecast_balance(user: str, truth: Truth) -> Expected:
    """The balance after the streams, less nothing to twice the usual daily spending."""
    today, day = date.fromisoformat(truth["today"]), date.fromisoformat(truth["day"])
    account = truth["accounts"][0]
    low, high = _flows(user, account, today, day + timedelta(1))
    habit = _daily_habit(user, account, today) * ((day - today).days + 1)
    now = balance(user, account)
    return {"range": [now + low - 2 * habit, now + high], "currency": currency(user)}


def check_budget(user: str, truth: Truth) -> Expected:
    """Spent and left of a budget that an earlier turn of the conversation set."""
    spent = spending(user, truth).total
    left = truth["budget"] - spent
    return {"said": [spent, left]}


def stated(_: str, truth: Truth) -> Expected:
    """A turn that sets something up repeats the sum that the person said."""
    return {
        "said": [truth["sum"]] if "sum" in truth else [],
        "names": truth.get("names", []),
        "verdict": truth.get("verdict"),
    }


def check_goals(_: str, truth: Truth) -> Expected:
    """Saved and wanted of the goal that the conversation made."""
    return {"said": [truth["saved"], truth["target"]], "names": truth.get("names", [])}
