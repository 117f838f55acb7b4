"""After a complaint: what was wrong, asked once, and what helps then.

The engine's form `feedback_form` asks with `action_ask_feedback`; `action_feedback` closes it.
"""

from collections.abc import Mapping

from actions import steps
from actions.answer import Answer
from actions.desk import Desk
from actions.errors import Button
from actions.scope import Turn

SLOT = "feedback"
OTHER = "other"
_TITLES: Mapping[str, str] = {
    "amount": "The amount",
    "period": "The dates",
    "subject": "What it was about",
    OTHER: "Something else",
}
_HELP: Mapping[str, str] = {
    "amount": "Thanks, noted. Tap “Why?” to see every row that I counted.",
    "period": "Thanks, noted. Tell me which dates, such as “in September” or “since the 3rd”.",
    "subject": "Thanks, noted. Name the shop, category or account you meant and I'll look again.",
    OTHER: "Thanks, noted. Say it another way and I'll try again.",
}
ASK = "Sorry about that. What was wrong?"
_ASK_WITHOUT_ANSWER = "Sorry about that. Say what you would like to know and I'll try again."


def _choice(value: str, title: str) -> Button:
    entity = {"entity": SLOT, "value": value, "start": 0, "end": len(title)}
    return Button(title, {"intent": "affirm", "entities": [entity]})


def ask_feedback(_desk: Desk, turn: Turn) -> Answer:
    """Ask what was wrong with the last answer; without one, ask for the question."""
    if turn.previous is None:
        return Answer(_ASK_WITHOUT_ANSWER)
    return Answer(ASK, buttons=[_choice(value, title) for value, title in _TITLES.items()])


def feedback(_desk: Desk, turn: Turn) -> Answer:
    """Thank for what was said and name the next step that helps."""
    said = [e.get("value") for e in turn.parse.get("entities") or [] if e.get("entity") == SLOT]
    value = str(said[0]) if said and said[0] in _HELP else OTHER
    return Answer(_HELP[value], buttons=[steps.WHY] if turn.previous and value == "amount" else [])
