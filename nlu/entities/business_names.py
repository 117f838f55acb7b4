"""Names of businesses that no list holds: "harrow hill garage", "Kestrel Energy", "monday.com"."""

from __future__ import annotations

from functools import cache

from nlu.entities.categories import words as category_words
from nlu.entities.own_words import own_words
from nlu.entities.shop_names import base, plain_names
from nlu.gazetteer import key
from nlu.message import Message
from nlu.periods.lexicon import NOTHING
from nlu.words import is_everyday, is_known, listed

_LONGEST = 3
# Words that describe a business and name none: "the local garage", "a vegan cafe".
_DESCRIBING = listed(
    "local nearest vegan vegetarian organic artisan independent downtown nearby favourite "
    "favorite monthly weekly yearly annual mandatory fancy posh cheap pricey overpriced rubbish "
    "crappy dodgy expensive dry private nhs indian chinese thai italian mexican japanese turkish "
    "lebanese korean greek spanish french vietnamese caribbean nigerian polish halal kosher "
    "retail online mobile electrical wholesale student gourmet seafood barbecue donation "
    "recurring duplicate pending unpaid overdue outstanding suspicious fraudulent unauthorised "
    "unauthorized contactless"
)
_NO_NAME = listed(
    "a an the my our your his her their its this that these those some any every each all both "
    "no not and or of in on at to for from by with about is was are were be been do does did has "
    "have had can could should will would just only than vs versus how what when where who which "
    "why much many i you we they he she it me us them spend spent spending pay paid paying go "
    "goes going went gone been total cost costs charge charges bill bills new old last next "
    "first second big biggest top per show list tell see get got buy bought cancel stop file move "
    "recategorise recategorize recat categorise categorize rename mark flag change add remove"
)
_NUMBERED = listed("route studio pier number no gate bar")
_PLACED_BEFORE = listed(
    "at from to for with the my our did does is has was by via in on and vs or that this "
    "when's what's whats whens about paid pay visited visit not just only owe me all any show "
    "recategorise recategorize recat move mark flag file change"
)


@cache
def _ends() -> frozenset[str]:
    """Words that end the name of a business."""
    return frozenset(own_words()["business_ends"])


def businesses(message: Message) -> None:
    """Proposes one to three words before a word that ends a business's name.

    One of them must be rare or no word at all, so that "the local garage" is none.
    """
    c = message.cursor
    for k in range(1, len(c.tokens)):
        if c.low(k) not in _ends() or c.tokens[k].kind != "word":
            continue
        first = k
        while first > 0 and k - first < _LONGEST and _is_part(message, first - 1):
            first -= 1
        placed = first == 0 or c.low(first - 1) in _PLACED_BEFORE
        if first < k and placed and any(_is_rare(c.low(j)) for j in range(first, k)):
            message.propose("merchant", first, k + 1, 0.945, None, "name of a business")


def _is_part(message: Message, k: int) -> bool:
    token = message.tokens[k]
    joins = token.low in ("'s", "&") and k > 0
    if token.kind == "num":
        return k > 0 and len(token.low) <= 3 and message.tokens[k - 1].low in _NUMBERED
    if token.kind != "word":
        return joins
    return joins or (
        token.low not in _NO_NAME
        and token.low not in _DESCRIBING
        and message.cursor.atom(k) is NOTHING
        and token.low not in category_words().entries
    )


def _is_rare(low: str) -> bool:
    return len(low) > 2 and low.isalpha() and not is_everyday(low)


_TOP_DOMAINS = listed("com co io net org app tv ai uk us me eu shop dev")


def domains(message: Message) -> None:
    """Proposes web addresses of shops: "monday.com", "some-shop.co.uk"; never of a mailbox."""
    c = message.cursor
    for k in range(len(c.tokens) - 2):
        if c.tokens[k].kind == "sign" or not _continues(message, k + 1):
            continue
        end = k + 3
        while _continues(message, end):
            end += 2
        first = k
        while first > 1 and c.low(first - 1) == "-" and c.glued(first) and c.glued(first - 1):
            first -= 2
        mailed = c.glued(first) and c.low(first - 1) in ("@", "/", ".")
        if not mailed:
            known = base().entries.get(key(c.low(k)))
            resolved = {"counterparty": known.name, "id": known.id} if known else None
            meant = resolved if not is_known(c.low(k)) else None
            message.propose("merchant", first, end, 0.93, meant, "web address")


def _continues(message: Message, k: int) -> bool:
    """A dot and a top domain, without room."""
    c = message.cursor
    dotted = c.low(k) == "." and c.glued(k) and c.glued(k + 1)
    return dotted and c.low(k + 1) in _TOP_DOMAINS


def titled_names(message: Message) -> None:
    """Two to four capitalised words of which one is rare ("Kestrel Energy", "Dave Hutchings").

    They stand before a known shop or a category word in them: the whole is the name.
    """
    c = message.cursor
    if message.text.isupper() or message.text.istitle():
        return
    k = 1
    while k < len(c.tokens):
        end = k
        while end < len(c.tokens) and end < k + 4 and _is_titled(message, end):
            end += 1
        rare = [j for j in range(k, end) if _is_rare(c.low(j))]
        if end > k + 1 and rare and _is_unlisted(message, k, end):
            message.propose("merchant", k, end, 0.955, None, "capital letters")
        k = max(end, k + 1)


def _is_titled(message: Message, k: int) -> bool:
    token = message.tokens[k]
    small = token.text[1:].islower()
    return (
        token.kind == "word"
        and token.text[:1].isupper()
        and small
        and token.low not in _NO_NAME
        and message.cursor.atom(k) is NOTHING
    )


def _is_unlisted(message: Message, first: int, last: int) -> bool:
    """Whether no listed name covers these words from the first on, but one that is a person's."""
    return not any(
        p.entity in ("merchant", "account", "goal")
        and p.first <= first
        and (p.last >= last or p.last - p.first > 1 or not _may_be_person(message, p.first))
        for p in message.proposals
        if p.first < last and first < p.last
    )


def _may_be_person(message: Message, k: int) -> bool:
    """As in "Dave Hutchings": the base's Dave is an everyday word and no well-known name."""
    low = message.tokens[k].low
    return is_everyday(low) and low not in plain_names() and _is_rare(message.tokens[k + 1].low)
