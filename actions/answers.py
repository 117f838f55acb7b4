"""From a `Query` to its `Answer`: which topic answers which measure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from actions import (
    advice,
    affording,
    autosave,
    averages,
    balances,
    bills,
    budgets,
    charting,
    compare,
    explain,
    forecast,
    frame,
    goals,
    incoming,
    listing,
    marks,
    outlook,
    ranks,
    spending,
    subscriptions,
    trend,
    twice,
)
from actions.answer import Answer
from actions.desk import Desk
from actions.doubts import doubted
from actions.evidence import completed, outside
from actions.query import Query, QueryFormatError, query_from_json
from actions.question import question
from actions.said import understand
from actions.scope import Turn

_SAME_ROWS = re.compile(
    r"\b(?:of|among|out of) (?:those|these|them|that)\b|\b(?:those|these)\b(?! \w)"
)
"""The very rows of the last answer: its time, accounts and bounds stay, too."""
_SAME_ONES = re.compile(
    r"\b(?:them|there|they|him|her|he|she)\b(?! (?:is|are|was|were|a|any)\b)"
    r"|\b(?:it|that)\b(?! (?:day|week|weekend|month|quarter|year|time|is|i|my|the)\b)"
)
_TIMES = re.compile(r"\bhow (?:many times|often)\b(?! (?:am|do|did) i (?:get )?paid)")
"""Of what, such a question does not say: of what the last one was about."""
_ON_IT = re.compile(r"\b(?:on|with|from|using|in) (?:it|that|there|this one|that one)\b")
_SAVINGS = re.compile(r"\bsavings?\b")
BALANCES = frozenset(["check_balance", "list_accounts", "net_worth"])
RANKINGS: Mapping[str, Callable[[Desk, Query], Answer]] = {
    "top_merchants": ranks.top,
    "biggest_purchases": ranks.biggest,
    "list_transactions": listing.listing,
    "last_transaction": listing.last,
    "spending_average": averages.average,
    "spending_trend": trend.trend,
}


def _goals(desk: Desk, query: Query, text: str) -> Answer:
    """How goals stand; the savings of somebody who has none are what lies in their accounts."""
    kept = tuple(sorted(desk.of_type("savings")))
    if kept and not desk.goals and _SAVINGS.search(text):
        return answer(desk, Query("check_balance", accounts=kept), text)
    return goals.check(desk, query, goals.named_in(desk, text))


AHEAD: Mapping[str, Callable[[Desk, Query, str], Answer]] = {
    "list_subscriptions": subscriptions.subscriptions,
    "upcoming_bills": lambda desk, query, _: bills.upcoming(desk, query),
    "bill_details": bills.bill,
    "cancel_subscription": lambda desk, query, _: subscriptions.cancel(desk, query),
    "next_payday": lambda desk, query, _: incoming.payday(desk, query),
    "refunds": lambda desk, query, _: incoming.refunds(desk, query),
    "check_budget": lambda desk, query, _: budgets.check_budget(desk, query),
    "check_goals": _goals,
    "autosave_status": lambda desk, query, _: autosave.status(desk, query),
    "get_plan": lambda desk, query, _: advice.advice(desk, query),
    "explain_transaction": lambda desk, query, _: explain.explain(desk, query),
    "report_fraud": lambda desk, query, _: marks.offer(desk, query),
    "safe_to_spend": lambda desk, query, _: outlook.safe_to_spend(desk, query),
    "can_afford": lambda desk, query, _: affording.can_afford(desk, query),
    "forecast_balance": lambda desk, query, _: forecast.forecast(desk, query),
}
"""Measures that take their period as it was said, or choose one that looks ahead."""
TOTALS = frozenset(
    [
        "spending_total",
        "spending_breakdown",
        "spending_compare",
        "transaction_count",
        "income_total",
        "bank_fees",
    ]
)
ROWS = frozenset(["transaction_count", "list_transactions"])
CARRIED = TOTALS | set(RANKINGS) | {"refunds", "bill_details", "cancel_subscription"}
"""Measures whose "it" or "there" is whom and what the last question was about."""
ANSWERED = BALANCES | set(RANKINGS) | set(AHEAD) | TOTALS
"""The measures that are answered from the ledger."""


def answer(
    desk: Desk,
    query: Query,
    text: str = "",
    prior: Query | None = None,
    *,
    charted: bool = False,
) -> Answer:
    """Answers a question, with its frame as buttons, and remembers it for follow-ups.

    Args:
        desk: What the turn may look at.
        query: The question; a missing period is filled in.
        text: The message, for words that only shape the reply.
        prior: The question before the last edit, which "no, I meant …" goes back to.
        charted: A chart is asked for; without it only those that help are drawn.
    """
    if query.measure in BALANCES:
        replied = _balance(desk, query, text)
    elif query.measure in AHEAD:
        replied = doubted(desk, AHEAD[query.measure](desk, query, text), query)
        query = replied.query or query
    elif query.measure in ROWS and twice.ASKED.search(text):
        replied = twice.twice(desk, query)
        query = replied.query or query
    else:
        query = completed(desk, query)
        beyond = outside(desk, query)
        replied = Answer(beyond, query) if beyond else _answer(desk, query)
    replied = charting.drawn(desk, replied, asked=charted)
    return remembered(frame.framed(desk, replied, query), query, prior)


def _balance(desk: Desk, query: Query, text: str) -> Answer:
    if query.measure == "net_worth":
        return balances.net_worth(desk, query)
    if query.measure == "list_accounts":
        return balances.listed(desk, query)
    return balances.check(desk, query, text)


def _answer(desk: Desk, query: Query) -> Answer:
    """The shape of the question decides before its measure: a comparison, a ranking, a split."""
    if query.compare is not None:
        return compare.compare(desk, query)
    if query.measure in RANKINGS:
        return RANKINGS[query.measure](desk, query)
    if query.unit == "share":
        return spending.share(desk, query)
    if query.group_by is not None:
        return spending.breakdown(desk, query)
    if query.measure == "transaction_count":
        return listing.number(desk, query)
    return spending.total(desk, query)


def remembered(replied: Answer, query: Query, prior: Query | None = None) -> Answer:
    """The answer with what the next turn needs to know of it."""
    memory: dict[str, Any] = {"intent": query.measure, "query": query.to_json()}
    if prior is not None:
        memory["prior"] = prior.to_json()
    if replied.page is not None:
        memory |= {"page": replied.page, "view": replied.view}
    return replace(replied, memory=memory)


def ask(desk: Desk, turn: Turn) -> Answer:
    """Answers a full question; "them" and "there" are who the last one was about."""
    said = understand(desk, turn.parse)
    query = question(said, desk.today)
    last = last_query(turn)
    if last is not None:
        query = _about_the_same(query, last, said.text)
        if not query.accounts and _ON_IT.search(said.text) and query.measure in CARRIED:
            query = replace(query, accounts=last.accounts)
    return answer(desk, query, said.text)


def _about_the_same(query: Query, last: Query, text: str) -> Query:
    """A full question that says only "there" or "those" for whom and what it is about."""
    if query.merchants or query.categories or query.measure not in CARRIED:
        return query
    rows = bool(_SAME_ROWS.search(text)) and last.measure in TOTALS | set(RANKINGS)
    counts = query.measure == "transaction_count" and _TIMES.search(text) and not query.amount
    if not rows and not counts and not _SAME_ONES.search(text):
        return query
    query = replace(
        query,
        merchants=last.merchants,
        categories=last.categories,
        either=last.either,
        period=query.period or (last.period if query.measure in TOTALS | ROWS else None),
    )
    if not rows:
        return query
    return replace(
        query,
        amount=query.amount or last.amount,
        accounts=query.accounts or last.accounts,
        exclude=last.exclude,
        weekdays=query.weekdays or last.weekdays,
        gaps=query.gaps or last.gaps,
        period=query.period or last.period,
    )


def last_query(turn: Turn, name: str = "query") -> Query | None:
    """The last question, or with ``prior`` the one that it was an edit of."""
    body = (turn.previous or {}).get(name)
    if not isinstance(body, Mapping):
        return None
    try:
        query = query_from_json(body)
    except QueryFormatError:
        return None
    return query if query.measure in ANSWERED else None
