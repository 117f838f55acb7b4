"""Behavioural tests of intents as data, in the manner of CheckList (Ribeiro et al. 2020).

Minimum functionality: plain sentences that must be understood. Invariance: what may not change the
intent. They are read by the tests and by the release gate alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nlu.layers import Layers
from nlu.types import Previous

MINIMUM: Mapping[str, str] = {
    "hello": "greet",
    "goodbye": "goodbye",
    "thank you very much": "thanks",
    "tell me a joke": "tell_joke",
    "what can you do": "help",
    "are you a robot": "bot_challenge",
    "what is my balance": "check_balance",
    "which accounts are connected": "list_accounts",
    "what is my net worth": "net_worth",
    "how much can i safely spend before payday": "safe_to_spend",
    "can i afford a new laptop": "can_afford",
    "what will my balance be at the end of the month": "forecast_balance",
    "how much did i spend on groceries last month": "spending_total",
    "break down my spending by category": "spending_breakdown",
    "did i spend more this month than last month": "spending_compare",
    "how much do i usually spend on coffee a week": "spending_average",
    "is my spending on takeaways going up over time": "spending_trend",
    "which shops do i spend the most at": "top_merchants",
    "what were my biggest purchases this year": "biggest_purchases",
    "show me my transactions from yesterday": "list_transactions",
    "when did i last go to tesco": "last_transaction",
    "what is this charge from paypal": "explain_transaction",
    "how many times did i eat out last week": "transaction_count",
    "how much did i earn last month": "income_total",
    "when do i get paid next": "next_payday",
    "has my refund from amazon arrived": "refunds",
    "what subscriptions do i have": "list_subscriptions",
    "what bills are due this week": "upcoming_bills",
    "when is my rent due": "bill_details",
    "cancel my netflix subscription": "cancel_subscription",
    "how much have i paid in overdraft fees": "bank_fees",
    "set a budget of £200 a month for food": "set_budget",
    "how is my food budget doing": "check_budget",
    "delete my food budget": "delete_budget",
    "i want to save £1000 for a holiday": "create_goal",
    "how are my savings goals doing": "check_goals",
    "add £50 to my holiday pot": "contribute_goal",
    "delete my holiday goal": "delete_goal",
    "turn on autosave": "enable_autosave",
    "turn off autosave": "disable_autosave",
    "how much has autosave saved": "autosave_status",
    "how can i save more money": "get_plan",
    "tell me when my balance goes below £100": "set_alert",
    "which alerts do i have": "list_alerts",
    "delete my balance alert": "delete_alert",
    "how do i compare with people my age": "compare_peers",
    "opt me in to peer comparison": "join_peers",
    "opt me out of peer comparison": "leave_peers",
    "connect my barclays account": "link_account",
    "disconnect my barclays account": "unlink_account",
    "the tesco payment was fuel not groceries": "recategorize",
    "my card was stolen": "report_fraud",
    "export my transactions as a csv": "export_data",
    "delete all my data": "delete_data",
    "who can see my data": "privacy_question",
    "can i talk to a human": "human_handoff",
    "what is the weather tomorrow": "out_of_scope",
    "can i get a loan": "out_of_scope",
    "should i buy bitcoin": "out_of_scope",
}
"""Sentences that anyone would understand, with their intents."""

ELLIPTICAL: Mapping[str, str] = {
    "and last month?": "refine_query",
    "what about tesco": "refine_query",
    "only over £20": "refine_query",
    "show me the rest": "show_more",
    "as a graph": "show_more",
}
"""Turns that lean on a question before."""


@dataclass(frozen=True)
class Pair:
    """Two ways of saying the same.

    Attributes:
        kind: What differs.
        one: A sentence.
        other: The same, changed.
    """

    kind: str
    one: str
    other: str


def pairs() -> Iterator[Pair]:
    """Every minimum sentence in ways that may not change its intent."""
    for text in MINIMUM:
        yield Pair("capitals", text, text.upper())
        yield Pair("courtesy", text, f"{text} please")
        yield Pair("greeting", text, f"hey florin, {text}")
        yield Pair("emoji", text, f"{text} 😅")
        yield Pair("marks", text, f"{text}!!!")
        yield Pair("typo", text, _turned(text))
        if "£" in text:
            yield Pair("amount", text, text.replace("£", "$"))
            yield Pair("amount", text, text.replace("00", "00.00", 1))


def _turned(text: str) -> str:
    """Turn two letters round within the longest word."""
    longest = max(text.split(), key=len)
    at = len(longest) // 2
    turned = longest[: at - 1] + longest[at] + longest[at - 1] + longest[at + 1 :]
    return text.replace(longest, turned, 1)


ASKED = Previous(intent="spending_total", text="how much did i spend last month")


def failures(model: Layers) -> list[str]:
    """What fails of the minimum, one sentence each."""
    found = []
    for cases, previous in ((MINIMUM, None), (ELLIPTICAL, ASKED)):
        for text, intent in cases.items():
            answer = model.understand(text, previous).intent.name
            if answer != intent:
                found.append(f"{text!r} is read as {answer}, not {intent}")
    return found


def broken(model: Layers) -> list[Pair]:
    """The pairs whose two sides are read as different intents."""
    return [
        pair
        for pair in pairs()
        if model.understand(pair.one, None).intent.name
        != model.understand(pair.other, None).intent.name
    ]
