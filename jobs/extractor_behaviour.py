"""Behavioural tests of the extractor as data, in the manner of CheckList (Ribeiro et al. 2020).

Minimum functionality: plain sentences whose entities must be found, and plain ones that hold none.
Invariance: what may not change them. The tests and the release gate read them alike.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from nlu.extract import Extractor
from nlu.intent_fit import sure

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
Spans = tuple[tuple[str, str], ...]

MINIMUM: Mapping[str, Spans] = {
    "how much did i spend at tesco last month": (("merchant", "tesco"), ("period", "last month")),
    "show my amazon payments over £20": (("merchant", "amazon"), ("amount", "over £20")),
    "what did i spend on groceries in march": (("category", "groceries"), ("period", "march")),
    "my five biggest purchases this year": (("number", "five"), ("period", "this year")),
    "break down last week by category": (("period", "last week"), ("grouping", "by category")),
    "set a budget of £200 a month for petrol": (
        ("amount", "£200"),
        ("recurrence", "a month"),
        ("category", "petrol"),
    ),
    "did i get a refund from zara since friday": (("merchant", "zara"), ("period", "since friday")),
    "how many times did i eat out between 3 and 10 june": (
        ("category", "eat out"),
        ("period", "between 3 and 10 june"),
    ),
    "cancel my netflix subscription": (("merchant", "netflix"),),
    "how much have i paid my landlord this year": (
        ("merchant", "my landlord"),
        ("period", "this year"),
    ),
    "how much at brindle cafe yesterday": (("merchant", "brindle cafe"), ("period", "yesterday")),
    "did i buy boots from next in may": (("merchant", "next"), ("period", "may")),
}
"""Sentences whose entities anyone would name, in the order of the text."""

EMPTY = (
    "hello there how are you",
    "thanks that is great",
    "what can you do for me",
    "tell me a joke please",
    "my phone number is 07700 900123",
    "who can see my data",
    "may i ask you something",
    "you are the best",
    "i want to talk to someone",
    "that is wrong, try again",
    "is the walnut a fruit or not",
)
"""Sentences that name nothing."""


def changed(text: str) -> Iterator[str]:
    """A sentence in ways that may not change what it names."""
    yield text.upper()
    yield f"{text} please"
    yield f"hey, {text}"
    yield f"{text} 😅"
    yield f"{text}!!!"


def failures(extractor: Extractor) -> list[str]:
    """What fails of the minimum and of the invariance, one sentence each."""
    expected: list[tuple[str, Spans]] = [
        *MINIMUM.items(),
        *((other, spans) for text, spans in MINIMUM.items() for other in changed(text)),
        *((text, ()) for text in EMPTY),
    ]
    found = []
    for text, wanted in expected:
        entities = sure(extractor.extract(text, NOW))
        spans = tuple((e.entity, e.value.lower()) for e in entities)
        if spans != wanted:
            named = ", ".join(f"{kind} “{value}”" for kind, value in spans) or "nothing"
            found.append(f"{text!r} is read as {named}")
    return found
