"""What a right answer says to each case, computed from the raw rows and their labels.

It shares nothing with the code under test: plain CSV, integers and the rules of counting. The
declarative `truth` of a case names a measure and its filters; `expected` dispatches on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cases import commitments, money, plans, spent

Case = dict[str, Any]
Expected = dict[str, Any]

MEASURES: dict[str, Callable[[str, dict[str, Any]], Expected]] = {
    "check_balance": money.check_balance,
    "list_accounts": money.list_accounts,
    "net_worth": money.net_worth,
    "income_total": money.income_total,
    "spending_total": spent.spending_total,
    "spending_breakdown": spent.spending_breakdown,
    "spending_compare": spent.spending_compare,
    "spending_average": spent.spending_average,
    "top_merchants": spent.top_merchants,
    "biggest_purchases": spent.biggest_purchases,
    "list_transactions": spent.list_transactions,
    "last_transaction": spent.last_transaction,
    "transaction_count": spent.transaction_count,
    "spending_trend": spent.spending_trend,
    "explain_transaction": spent.explain_transaction,
    "report_fraud": spent.report_fraud,
    "list_subscriptions": commitments.list_subscriptions,
    "upcoming_bills": commitments.upcoming_bills,
    "bill_details": commitments.bill_details,
    "cancel_subscription": commitments.cancel_subscription,
    "bank_fees": commitments.bank_fees,
    "next_payday": commitments.next_payday,
    "refunds": commitments.refunds,
    "safe_to_spend": plans.safe_to_spend,
    "can_afford": plans.can_afford,
    "forecast_balance": plans.forecast_balance,
    "check_budget": plans.check_budget,
    "check_goals": plans.check_goals,
    "stated": plans.stated,
}


def expected(case: Case) -> Expected:
    """The right answer to one case.

    Args:
        case: A row of `questions.jsonl`, `monthly.jsonl` or `turns.jsonl`.

    Returns:
        `main` (minor units, or null where the turn has no main figure), `alts` (other sums that the
        rules allow), `range` (low, high), `figures` (sums by name that must all be among the
        answer's figures), `counts`, `dates` (ISO), `transactions` (ids, or null where any
        will do), `names` (words that the reply must hold, one of those between bars),
        `verdict` (yes, no, or null where it is not sure or not asked), `said` (sums that stand in
        the reply or the figures), `currency`. A date too may name several between bars.

    Raises:
        KeyError: The truth names a measure that is not here.
    """
    blank: Expected = {
        "main": None,
        "alts": [],
        "range": None,
        "figures": {},
        "counts": {},
        "dates": {},
        "transactions": None,
        "names": [],
        "verdict": None,
        "said": [],
        "currency": None,
    }
    truth = case["truth"]
    if truth is None:
        return blank
    dated = truth | {"today": case["now"][:10]}
    return blank | MEASURES[truth["measure"]](case["user"], dated)
