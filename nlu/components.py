"""The components of the spaCy pipeline: each reads one kind of entity into the shared message."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from nlu.amounts.find import find_amounts
from nlu.entities import (
    accounts,
    business_names,
    categories,
    counts,
    goals,
    merchants,
    people,
    unseen,
)
from nlu.message import Message
from nlu.periods.find import find_periods
from nlu.tokens import tokenise

_STATE = "florin_message"
# A shop of several words with a day or number in it ("five guys") hides them from the grammars.
_HIDES = 0.85


class LinearTokeniser:
    """spaCy's tokenizer is quadratic on runs of signs; this one reads each character once."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Makes a document of the same tokens that the grammars read."""
        tokens = tokenise(text)
        spaces = [not after.glued for after in tokens[1:]] + [False] if tokens else []
        return Doc(self.vocab, words=[t.text for t in tokens], spaces=spaces)


def attach(doc: Doc, message: Message) -> Doc:
    """Gives a document the message that the components fill."""
    doc.user_data[_STATE] = message
    return doc


def message_of(doc: Doc) -> Message:
    """The message of a document."""
    return cast("Message", doc.user_data[_STATE])


def _component(name: str, read: Callable[[Message], None]) -> None:
    def run(doc: Doc) -> Doc:
        read(message_of(doc))
        return doc

    Language.component(f"florin_{name}", func=run)


def _amounts(message: Message) -> None:
    hidden = _hidden(message)
    taken = hidden | message.covered("period")
    for amount in find_amounts(message.cursor, taken):
        message.propose(
            "amount",
            amount.first,
            amount.last,
            amount.strength,
            amount.resolved(message.currency),
            "amount grammar",
        )


def _hidden(message: Message) -> frozenset[int]:
    return frozenset(
        k
        for p in message.proposals
        if p.entity == "merchant" and p.score >= _HIDES and p.last - p.first > 1
        for k in range(p.first, p.last)
    )


def _periods(message: Message) -> None:
    sure = [a for a in find_amounts(message.cursor, _hidden(message)) if a.sure]
    blocked = _hidden(message) | {k for a in sure for k in range(a.first, a.last)}
    forward = message.direction == "future"
    for period in find_periods(message.tokens, message.today, message.locale, forward, blocked):
        message.propose(
            "period",
            period.first,
            period.last,
            period.strength,
            period.resolved(),
            "period grammar",
        )


_component("merchants", merchants.known_merchants)
_component("descriptors", unseen.descriptors)
_component("periods", _periods)
_component("amounts", _amounts)
_component("recurrences", counts.recurrences)
_component("groupings", counts.groupings)
_component("accounts", accounts.accounts)
_component("goals", goals.goals)
_component("categories", categories.categories)
_component("people", people.people)
_component("numbers", counts.numbers)
_component("businesses", business_names.businesses)
_component("domains", business_names.domains)
_component("titled", business_names.titled_names)
_component("unseen", unseen.by_place)

ORDER = (
    "merchants",
    "descriptors",
    "periods",
    "amounts",
    "recurrences",
    "groupings",
    "accounts",
    "goals",
    "categories",
    "people",
    "numbers",
    "businesses",
    "domains",
    "titled",
    "unseen",
)


def spans_of(doc: Doc) -> list[Span]:
    """What a trained NER found in a document."""
    return list(doc.ents)
