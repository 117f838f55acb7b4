"""Turns about the person's own data: what comes in, what is kept, what goes, who sees it."""

import re
from collections.abc import Callable, Mapping, Sequence

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
        "unlink_account",
        re.compile(
            r"\b(?:delete|remove|disconnect) (?:just |only )?(?:one|an?|a single) "
            r"(?:of my )?(?:bank )?(?:accounts?|cards?)\b"
        ),
    ),
    (
        "unlink_account",
        re.compile(r"^\W*(?:(?:please|pls|can you|could you)\s+)*hide (?:my|the|that) \w+"),
    ),
    (
        "privacy_question",
        re.compile(
            r"^\W*(?:is (?:this|it|florin) (?:really )?free\b"
            r"|how (?:do|does) (?:you|florin|this|it) (?:make|earn) money\b"
            r"|(?:what|how much) do(?:es)? (?:you|florin|this|it) cost\b|can hackers\b)"
        ),
    ),
    (
        "human_handoff",
        re.compile(
            r"\b(?:withdraw|cancel|close|drop|take back|show|see) (?:me )?"
            r"(?:the|my|that|this) case\b"
            r"|\b(?:open|raise|create|start|log) (?:a|an|another) (?:support )?(?:ticket|case)\b"
        ),
    ),
)
"""What a message is about by its own words, whatever NLU took it for."""


_THE_NEWEST = re.compile(
    r"^\W*(?:(?:it'?s|that'?s|just) )?the (?:last|latest|newest|first|top|most recent) one\W*$"
)
"""Which charge is meant, right after that was asked."""


def reworded(turn: Turn) -> Turn:
    """The turn as one about the person's data, where its words say so outright."""
    text = str(turn.parse.get("text") or "").casefold().replace("’", "'")
    asked = ((turn.previous or {}).get("query") or {}).get("measure")
    if asked == "report_fraud" and _THE_NEWEST.search(text):
        name: str | None = asked
    else:
        name = next((intent for intent, words in _SAYS if words.search(text)), None)
    if name is None or name == turn.intent or turn.parse.get("edit"):
        return turn
    if name == "report_fraud" and turn.intent == "explain_transaction":
        return turn
    return turn.read_as(name)


def data(desk: Desk, turn: Turn) -> Answer:
    """Answer by intent.

    Raises:
        UnclearError: It does not say which account or charge is meant; nothing was changed.
    """
    return TOPICS[turn.intent](desk, turn)
