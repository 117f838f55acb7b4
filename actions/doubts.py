"""What is not sure in an answer that looks ahead or gives advice: said, and offered to confirm."""

import re
from dataclasses import replace

from actions import steps
from actions.answer import Answer
from actions.counting import Entry
from actions.desk import Desk
from actions.evidence import unsure, unsure_sentence
from actions.query import Query
from actions.say import MAX_TEXT
from ledger.queries import Where

_SENTENCE = re.compile(r"(?<=[.!?)]) (?=[^a-z])")


def doubted(desk: Desk, replied: Answer, query: Query) -> Answer:
    """The answer with how much of what it rests on is filed without certainty, if that is much."""
    if not replied.transactions:
        return replied
    rows = desk.rows(Where(desk.tomorrow, ids=replied.transactions))
    found = [Entry(row, abs(row.minor)) for row in rows]
    if not unsure(found, query):
        return replied
    sentence = unsure_sentence(desk, found, query, "the payments behind it")
    buttons = [steps.CHECK, *replied.buttons]
    return replace(replied, text=with_room(replied.text, sentence), buttons=buttons[:4])


def with_room(text: str, sentence: str) -> str:
    """A text and a sentence that must be said: the text's last ones go where both are too long."""
    parts = _SENTENCE.split(text)
    while len(parts) > 1 and len(" ".join(parts)) + len(sentence) + 1 > MAX_TEXT:
        parts.pop()
    return f"{' '.join(parts)} {sentence}".rstrip()
