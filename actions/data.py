"""Turns about the person's own data: what comes in, what is kept, what goes, who sees it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from actions.answer import Answer
from actions.deletion import delete_data
from actions.desk import Desk
from actions.fraud import report_fraud
from actions.handoff import human_handoff
from actions.privacy import link_account, privacy_question
from actions.scope import Turn
from actions.unlinking import unlink_account

TOPICS: Mapping[str, Callable[[Desk, Turn], Answer]] = {
    "delete_data": delete_data,
    "unlink_account": unlink_account,
    "link_account": link_account,
    "privacy_question": privacy_question,
    "report_fraud": report_fraud,
    "human_handoff": human_handoff,
}


_SAYS: Sequence[tuple[str, re.Pattern[str]]] = (
    (
        "unlink_account",
        re.compile(
            r"^\W*(?:(?:please|pls|ok|now|can you|could you|i want to|i'd like to|let me)\s+)*"
            r"(?:log|sign)\s?(?:me |us )?(?:out|off)(?: of)?"
            r"(?: (?:here|now|please|this|the|my|chat|browser|account|florin|everywhere|on|of|all|"
            r"devices|sessions))*\W*$"
        ),
    ),
    (
        "report_fraud",
        re.compile(
            r"^\W*(?:(?:i|we) (?:do not|don'?t|did not|didn'?t) recogni[sz]e\b"
            r"|(?:no,? )?(?:(?:that|it|this)(?:'?s| is| was)? |(?:that|it) one'?s? )?"
            r"(?:not|isn'?t|wasn'?t|is not) (?:mine|me)\W*$)"
        ),
    ),
    (
        "human_handoff",
        re.compile(r"\b(?:withdraw|cancel|close|drop|take back) (?:the|my|that|this) case\b"),
    ),
)
"""What a message is about by its own words, whatever NLU took it for."""


def reworded(turn: Turn) -> Turn:
    """The turn as one about the person's data, where its words say so outright."""
    text = str(turn.parse.get("text") or "").casefold().replace("’", "'")
    name = next((intent for intent, words in _SAYS if words.search(text)), None)
    if name is None or name == turn.intent or turn.parse.get("edit"):
        return turn
    if name == "report_fraud" and turn.intent == "explain_transaction":
        return turn
    intent = {"name": name, "confidence": turn.confidence}
    return replace(turn, parse={**turn.parse, "intent": intent})


def data(desk: Desk, turn: Turn) -> Answer:
    """Answer by intent.

    Raises:
        UnclearError: It does not say which account or charge is meant; nothing was changed.
    """
    return TOPICS[turn.intent](desk, turn)
