"""Deleting everything: asked twice, by a button and then by words; anything else leaves the data.

The action says only that it is agreed (`Answer.ends`); the gateway deletes in the same transaction
in which it stores the reply.
"""

import re
from dataclasses import replace

from actions import steps
from actions.answer import Answer
from actions.desk import Desk
from actions.errors import Button
from actions.say import count, fit
from actions.scope import Turn
from ledger.hiding import row_counts

WORDS = "delete everything"
"""What must be typed in the end."""
_ERASE = "erase"
_SURE = {"erase": "sure"}
_WAITS = "erasing"
"""Stands in the memory of the question that wants the words, and only until the next message."""
_STRIP = re.compile(r"[^a-z ]+")
KEPT = "Nothing was deleted."


def delete_data(desk: Desk, turn: Turn) -> Answer:
    """Ask whether to delete everything; after a yes, ask for the words."""
    if (turn.parse.get("edit") or {}).get(_ERASE) == "sure":
        return Answer(
            f"One last check: type “{WORDS}” and it is gone for good. Any other message leaves "
            "everything as it is.",
            buttons=[steps.say("No, keep it", "deny")],
            memory={**(turn.previous or {}), _WAITS: True},
        )
    return Answer(
        fit(
            f"This would delete {_what(desk)}. There is no way back.",
            ["You can take a copy first.", "Shall I go on?"],
        ),
        buttons=[
            Button("Yes, go on", {"intent": "delete_data", "entities": [], "edit": _SURE}),
            steps.say("Export it first", "export_data"),
            steps.say("No, keep it", "deny"),
        ],
        asks=_SURE,
    )


def _what(desk: Desk) -> str:
    rows = sum(row_counts(desk.connection, desk.scope).values())
    counted = f"{count(len(desk.all_accounts), 'account')} with {count(rows, 'transaction')}"
    return (
        f"everything I keep about you: {counted}, your files, plans, rules, links and all our "
        "chats, this one too"
    )


def taken(turn: Turn) -> tuple[bool, Turn]:
    """Whether a message is the words that were asked for, and the turn without the question.

    A button is never the words, and no message but the very next one is.
    """
    previous = turn.previous or {}
    if not previous.get(_WAITS):
        return False, turn
    text = _STRIP.sub("", str(turn.parse.get("text") or "").casefold())
    agreed = " ".join(text.split()) == WORDS and not turn.parse.get("edit")
    rest = {name: part for name, part in previous.items() if name != _WAITS}
    return agreed, replace(turn, previous=rest)


def delete(desk: Desk, turn: Turn) -> Answer:  # noqa: ARG001 (every topic is given the turn)
    """The last reply: everything is deleted with it."""
    more = []
    if desk.channel == "telegram":
        more.append("Telegram keeps its own copy of this chat until you delete it there.")
    if desk.person.demo:
        more.append("The demo's sample person is made anew when Florin next starts.")
    return Answer(
        fit(
            "Done: everything I kept about you is deleted, this chat too, and nothing of you is "
            "left here.",
            [*more, "Take care!"],
        ),
        ends="person",
    )
