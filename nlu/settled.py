"""What the entities of a message settle where the intent layers went wrong for want of them.

The layers know no names but those of their templates: "what is band on the wall" reads as talk
about a wall, "boots this month" as a pair to buy. Which words are a name, a kind or a time the
extractor knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from nlu.intents import FOLLOWUPS, OUT
from nlu.tokens import tokenise
from nlu.turns import TALKS
from nlu.types import Entity, Named, Ranked, Request, Understanding

_FAMILIAR = "tesco"
"""A name that stands in many templates, so that only the words around it count."""
_SUBJECTS = frozenset({"merchant", "category"})
_JOINING = frozenset(
    {"in", "on", "at", "for", "from", "since", "during", "over", "the", "my", "and", "please",
     "pls", "this", "so", "far", "ok"}
)  # fmt: skip
_SUMMED = frozenset({"spend", "spending", "spent", "total", "totals", "cost", "costs", "on"})
"""Beside a name and a time they ask for a sum: more takes another word, such as "versus"."""
_CHANGING = frozenset(
    {"what", "about", "how", "only", "just", "not", "no", "without", "excl", "excluding", "minus",
     "then", "too", "instead", "same", "again", "policy", "bill", "one", "a", "with", "or"}
)  # fmt: skip
"""What may stand beside a name that changes the last question."""
_WHO_IS = frozenset({"what", "who", "is", "was", "whats", "whos", "s", "that", "even"})
"""Beside a name of the person's own they ask what it is: "what is band on the wall"."""
_NOT_ASKED = FOLLOWUPS | TALKS | {OUT}
"""What a message outside may not become by its name alone."""
_LIKELY = 0.3
"""The least share by which a message that names a shop of the person's own asks about it."""
_SHORT = 3
"""Letters of words that tell no name apart ("the", "and", "ltd")."""
_MEANT_BARE = frozenset(
    {"spending_total", "income_total", "refunds", "bank_fees",
     "list_subscriptions", "upcoming_bills", "bill_details"}
)  # fmt: skip
"""What a name or kind and a time may ask without another word: all else has words of its own."""


def settled(
    found: Understanding,
    request: Request,
    entities: Sequence[Entity],
    again: Callable[[str], Understanding],
) -> Understanding:
    """The understanding of a message once its entities are known.

    Args:
        found: What the intent layers made of it.
        request: The message.
        entities: Its entities, before they are fitted to an intent.
        again: Reads other words in the place of the message's.
    """
    if is_bare(request, entities):
        return _renamed(found, _of_bare(found, request, entities))
    if found.intent.name not in _MEANT_BARE and _is_sum(request, entities):
        return _renamed(found, "spending_total")
    if found.intent.name != OUT or not _names_their_own(request, entities):
        return found
    return _about_their_own(found, request, entities, again)


def _about_their_own(
    found: Understanding,
    request: Request,
    entities: Sequence[Entity],
    again: Callable[[str], Understanding],
) -> Understanding:
    """What a message means that seemed to be outside and names somebody of the person's."""
    left = _words_left(request.text, entities) - _JOINING
    if _follows(request) and not left - _CHANGING:
        return _renamed(found, "refine_query")
    if left and left <= _WHO_IS:
        return _renamed(found, "explain_transaction")
    heard = again(familiarly(request.text, entities))
    if heard.intent.name not in _NOT_ASKED:
        return heard
    asked = next((one for one in heard.ranking if one.name not in _NOT_ASKED), None)
    return _renamed(found, asked.name) if asked and asked.confidence >= _LIKELY else found


def _names_their_own(request: Request, entities: Iterable[Entity]) -> bool:
    """Whether somebody is named whom the person has paid or was paid by."""
    named = [e for e in entities if e.entity == "merchant"]
    ids, words = _own(request.context.merchants) if named else (frozenset(), frozenset())
    return any((e.resolved or {}).get("id") in ids or _telling(e.value) & words for e in named)


@lru_cache(maxsize=256)
def _own(named: tuple[Named, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of a person's counterparties, and the words of their names."""
    words = frozenset[str]().union(*(_telling(one.name) for one in named))
    return frozenset(one.id for one in named), words


def familiarly(text: str, entities: Iterable[Entity]) -> str:
    """The text with a name that everybody knows in place of merchants."""
    named = [e for e in entities if e.entity == "merchant"]
    for entity in sorted(named, key=lambda e: e.start, reverse=True):
        text = f"{text[: entity.start]}{_FAMILIAR}{text[entity.end :]}"
    return text


def _telling(name: str) -> frozenset[str]:
    return frozenset(token.low for token in tokenise(name) if len(token.low) > _SHORT)


def _follows(request: Request) -> bool:
    return request.previous is not None and request.previous.query is not None


def _words_left(text: str, entities: Iterable[Entity]) -> frozenset[str]:
    """The words and numbers of a message that no entity covers."""
    spans = [(e.start, e.end) for e in entities]
    return frozenset(
        token.low
        for token in tokenise(text)
        if token.kind != "sign"
        and not any(start <= token.start and token.end <= end for start, end in spans)
    )


def is_bare(request: Request, entities: Sequence[Entity]) -> bool:
    """Whether a message is a name or kind and a time that has begun, and nothing else."""
    kinds = {e.entity for e in entities}
    if "period" not in kinds or not kinds & _SUBJECTS or kinds - _SUBJECTS - {"period"}:
        return False
    ahead = any(_lies_ahead(e, request.now.date()) for e in entities)
    return not ahead and not _words_left(request.text, entities) - _JOINING


def _is_sum(request: Request, entities: Sequence[Entity]) -> bool:
    """Whether a message is "spend", what on and one time, as in "coffee spend april"."""
    kinds = [e.entity for e in entities]
    left = _words_left(request.text, entities) - _JOINING
    about = set(kinds) & {*_SUBJECTS, "account"}
    once = bool(about) and not set(kinds) - about - {"period"} and kinds.count("period") == 1
    ahead = any(_lies_ahead(e, request.now.date()) for e in entities)
    return once and not ahead and bool(left) and left <= _SUMMED


def _lies_ahead(entity: Entity, today: date) -> bool:
    start = (entity.resolved or {}).get("start") if entity.entity == "period" else None
    return isinstance(start, str) and start > today.isoformat()


def _of_bare(found: Understanding, request: Request, entities: Iterable[Entity]) -> str:
    """What a bare name and time asks: the last question with them, else what was spent."""
    name = found.intent.name
    if _follows(request):
        return name if name in _MEANT_BARE else "refine_query"
    if name in _MEANT_BARE:
        return name
    ids = [id_ for e in entities for id_ in (e.resolved or {}).get("ids", ())]
    earned = bool(ids) and all(id_.split(".")[0] == "income" for id_ in ids)
    return "income_total" if earned else "spending_total"


def _renamed(found: Understanding, name: str) -> Understanding:
    if name == found.intent.name:
        return found
    chosen = Ranked(name, found.intent.confidence)
    others = tuple(one for one in found.ranking if one.name != name)
    return replace(found, intent=chosen, ranking=(chosen, *others))
