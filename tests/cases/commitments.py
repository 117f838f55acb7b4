"""Subscriptions, bills, fees, pay days and refunds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.cases.rows import currency, within
from tests.cases.selection import selected, spending
from tests.cases.streams import Stream, streams

Truth = dict[str, Any]
Expected = dict[str, Any]
OPTIONAL = ("subscriptions", "services.giving")
FEES = ["taxes_fees.bank", "debt.interest"]


def list_subscriptions(user: str, truth: Truth) -> Expected:
    """The running streams of the subscriptions branch, what they cost, and that they are named."""
    branch = truth.get("categories", ["subscriptions"])
    found = [s for s in streams(user) if within(s.last.category, *branch)]
    monthly = [s for s in found if s.step == 0]
    answer: Expected = {"names": [_said(s) for s in monthly], "currency": currency(user)}
    if truth.get("total"):
        low = sum(stream.low for stream in monthly)
        answer["range"] = [low, sum(stream.high for stream in monthly)]
    if truth.get("count"):
        answer["counts"] = {"subscriptions": len(monthly)}
    return answer


def _said(stream: Stream) -> str:
    # Words of which one must be in the reply.
    aliases = {
        "icloud": "Apple|iCloud",
        "council_tax_mcr": "Manchester|council tax",
        "rent_brennan": "Brennan|rent",
        "rent_harbor_oaks": "Harbor Oaks|rent",
        "daycare_little_sprouts": "Little Sprouts|day care|daycare|childcare",
        "tv_licence": "TV Licen",
        "octopus": "Octopus",
        "capital_one_auto": "Capital One",
        "cricket": "Cricket",
        "tithe_new_hope": "New Hope",
        "salary_gxo": "GXO",
    }
    return aliases.get(stream.name, stream.last.counterparty)


def _bill(user: str, truth: Truth) -> Stream:
    named = [s for s in streams(user) if s.name == truth["stream"]]
    return named[0]


def bill_details(user: str, truth: Truth) -> Expected:
    """When one bill is next due and for how much, or when it last went out."""
    bill = _bill(user, truth)
    if truth.get("past"):
        return {
            "main": abs(bill.last.minor),
            "dates": {"last": bill.last.day.isoformat()},
            "transactions": [bill.last.id],
            "currency": currency(user),
        }
    today = date.fromisoformat(truth["today"])
    due = bill.dates(today, today + timedelta(40))[0].isoformat()
    answer: Expected = {"currency": currency(user)}
    if "date" in truth["asks"]:
        answer["dates"] = {"due": "|".join([due, *truth.get("or_dates", [])])}
    if "amount" in truth["asks"]:
        fixed = bill.low == bill.high
        answer |= {"main": bill.low} if fixed else {"range": [bill.low, bill.high]}
    return answer


def upcoming_bills(user: str, truth: Truth) -> Expected:
    """The bills due in the period: each is named, and their sum is within its range."""
    start = max(date.fromisoformat(truth["period"]["start"]), date.fromisoformat(truth["today"]))
    end = date.fromisoformat(truth["period"]["end"])
    due = [(s, s.dates(start, end)) for s in streams(user) if _is_bill(s)]
    due = [(stream, days) for stream, days in due if days]
    # Subscriptions and gifts fall due too, but an answer of bills alone is right as well.
    fixed = [(s, days) for s, days in due if not within(s.last.category, *OPTIONAL)]
    low = sum(stream.low * len(days) for stream, days in fixed)
    # A card payment of the weekend before may be taken to move to the Monday.
    early = start - timedelta(2)
    high = sum(s.high * len(s.dates(early, end)) for s in streams(user) if _is_bill(s))
    return {
        "names": [_said(stream) for stream, _ in fixed],
        "range": [low, high] if truth.get("total") else None,
        "currency": currency(user),
    }


def _is_bill(stream: Stream) -> bool:
    last = stream.last
    return last.minor < 0 and (last.is_spending and not within(last.category, "debt.interest"))


def next_payday(user: str, truth: Truth) -> Expected:
    """When the pay next arrives and for how much."""
    pay = _bill(user, truth)
    today = date.fromisoformat(truth["today"])
    answer: Expected = {
        "dates": {"next_payday": pay.dates(today, today + timedelta(40))[0].isoformat()},
        "currency": currency(user),
    }
    if truth.get("amount_asked"):
        # Overtime varies; the last four pays are the span of a fair guess.
        sizes = [row.minor for row in pay.rows[-4:]]
        answer["range"] = [min(pay.low, *sizes[-2:]), max(sizes)]
    return answer


def cancel_subscription(user: str, truth: Truth) -> Expected:
    """The reply names the subscription; it moves no money."""
    return {"names": [_said(_bill(user, truth))]}


def bank_fees(user: str, truth: Truth) -> Expected:
    """Fees, overdraft charges and interest; without interest is a fair reading of "fees"."""
    asked = truth.get("categories") or FEES
    found = spending(user, truth | {"categories": asked})
    fees_only = spending(user, truth | {"categories": FEES[:1]})
    alts = [] if truth.get("categories") else [fees_only.total]
    return {
        "main": found.total,
        "alts": [alt for alt in alts if alt != found.total],
        "transactions": found.ids if truth.get("categories") else None,
        "currency": currency(user),
    }


def refunds(user: str, truth: Truth) -> Expected:
    """Money back, tax refunds too: the sum, the day of the last, or that none came."""
    back = truth.get("back", ["income.money_back.refund", "income.money_back.tax_refund"])
    found = [row for row in selected(user, truth) if within(row.category, *back)]
    if not found:
        return {"verdict": "no", "transactions": None}
    return {
        "main": sum(row.minor for row in found),
        "dates": {"refund": found[-1].day.isoformat()} if len(found) == 1 else {},
        "transactions": sorted(row.id for row in found),
        "currency": currency(user),
    }
