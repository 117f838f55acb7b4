"""Shops, services and people: the person's own first, then the merchant base, then by place."""

from __future__ import annotations

from functools import cache

from nlu.entities.categories import words as category_words
from nlu.entities.people import is_sending
from nlu.entities.shop_cues import ADJECTIVAL, cue
from nlu.entities.shop_names import Known, base, own, plain_names, short_forms
from nlu.message import Message
from nlu.texting import TEXTING
from nlu.words import (
    is_everyday,
    is_known,
    is_likelier_slip_of,
    known_ranks,
    listed,
    nearest_common,
)


def known_merchants(message: Message) -> None:
    """Proposes counterparties that the person or the base knows by name."""
    taken: set[int] = set()
    if message.context.merchants:
        for first, last, name, known in own(message.context.merchants).find(message.tokens):
            if not taken & set(range(first, last)) and _own_is_meant(message, first, last, name):
                _propose(message, first, last, 0.97, known, "own merchants")
                taken.update(range(first, last))
    for first, last, name, known in base().find(message.tokens):
        if (
            taken & set(range(first, last))
            or name in _never()
            or is_sending(message.cursor, first)
            or _is_other(message, first, last, name)
            or _is_category(message, first, last, name)
        ):
            continue
        score = _score(message, first, last, name, known)
        if score > 0:
            _propose(message, first, last, score, known, "merchant base")
            taken.update(range(first, last))
    _inflected(message, taken)
    _misspelt(message, taken)


@cache
def _never() -> frozenset[str]:
    """Names that a message to an assistant hardly ever means."""
    return listed(
        "autosave autosaving florin me morethan goal goals budget budgets plan plans alert "
        "alerts balance"
    )


@cache
def _not_before() -> dict[str, frozenset[str]]:
    """What stands behind a name where it is another word."""
    return {word: frozenset(text.split("|")) for word, text in short_forms()["not_before"].items()}


def _is_other(message: Message, first: int, last: int, name: str) -> bool:
    """As in "next week", "target of"; but "bought from next in may" names the shop."""
    c = message.cursor
    shop = c.low(first - 1) in ("at", "from") and c.low(last) in ("in", "on")
    return not shop and c.low(last) in _not_before().get(name, frozenset())


def _is_category(message: Message, first: int, last: int, name: str) -> bool:
    """A name that is also a word for spending ("the gym", "tv licence"), unless capitalised."""
    text = message.tokens[first].text
    titled = text[:1].isupper() and not message.text.isupper() and first > 0
    bare = {name, name.removeprefix("the"), name.removeprefix("my")}
    listed = any(one in category_words().entries for one in bare)
    return listed and (not titled or last - first > 1)


_LEADING = listed("at on in to my which what we i you is it by for how go")


def _propose(
    message: Message, first: int, last: int, score: float, known: Known, source: str
) -> None:
    c = message.cursor
    if c.low(first) == "the" and last - first > 1:
        first += 1
    resolved = {"counterparty": known.name, "id": known.id}
    message.propose("merchant", first, last, score, resolved, source)


def _own_is_meant(message: Message, first: int, last: int, name: str) -> bool:
    """A name of the person's own that is an everyday word still needs a cue."""
    words = [t.low for t in message.tokens[first:last] if t.kind == "word"]
    if all(is_everyday(word) for word in words) and len(words) == 1 and name not in plain_names():
        return cue(message, first, last) >= 0.8 or _is_all_that_is_said(message, first, last)
    return True


_ASKS_NOTHING = listed(
    "only just the my and what about how please pls then not no too instead ok so or now without "
    "excl excluding minus also"
)
_NO_SHOP_ALONE = listed("next last more rest total other others all why back first")


def _is_all_that_is_said(message: Message, first: int, last: int) -> bool:
    """As in "only the shell please": beside the name nothing stands that could need the word."""
    if message.tokens[first].low in _NO_SHOP_ALONE:
        return False
    around = [*message.tokens[:first], *message.tokens[last:]]
    return all(t.kind == "sign" or t.low in _ASKS_NOTHING for t in around)


def _score(message: Message, first: int, last: int, name: str, known: Known) -> float:
    """How surely the words are the shop; 0 where they are ordinary words."""
    words = [t.low for t in message.tokens[first:last] if t.kind == "word"]
    if not words or _is_phrase(message, first, last, name, words):
        return 0.0
    if name in plain_names():
        return 0.95
    place = cue(message, first, last)
    if len(name) <= 3:
        return _short_name(message, first, last, name, known, place)
    if len(words) == 1 and last - first == 1:
        return _common_word(words[0], place) if is_known(words[0]) else 0.94
    numbers = any(t.kind == "num" for t in message.tokens[first:last])
    if numbers or not all(is_everyday(word) for word in words):
        return 0.94
    if known.nickname:
        return 0.93
    if _is_titled(message, first, last):
        return 0.94
    return 0.92 if place >= 0.8 else _multi_word(words)


def _is_phrase(message: Message, first: int, last: int, name: str, words: list[str]) -> bool:
    """Ordinary words that only happen to spell a shop ("what we", "earn in", "top-up")."""
    titled = message.words(first, last).istitle() and first > 0
    if len(words) > 1 and words[0] in _LEADING and not titled:
        return True
    if _is_verb_and_preposition(message, first, last, name):
        return True
    before = message.cursor.low(first - 1)
    return len(name) <= 3 and before in ("-", "fill", "top", "pick", "start")


def _short_name(
    message: Message, first: int, last: int, name: str, known: Known, place: float
) -> float:
    """Two or three letters: by their sign ("o2", "b&q"), as a nickname, or by their place."""
    signed = any(t.kind == "sign" for t in message.tokens[first:last])
    if len(name) <= 2 and not signed:
        return place if place >= 0.8 else 0.0
    if signed or (known.nickname and not is_known(name)):
        return 0.93
    return place if not is_everyday(name) or place >= 0.85 else 0.0


def _is_titled(message: Message, first: int, last: int) -> bool:
    """Whether each word of the span begins with a capital, in a text of small letters."""
    words = [t for t in message.tokens[first:last] if t.kind == "word"]
    return all(t.text[:1].isupper() for t in words) and not message.text.isupper()


_PREPOSITIONS = listed("in on at to up out for off by from with over")


def _is_verb_and_preposition(message: Message, first: int, last: int, name: str) -> bool:
    """As in "did i earn in june": everyday words that the base only lists as one (EarnIn)."""
    lows = [t.low for t in message.tokens[first:last]]
    split = len(lows) == 2 and 2 not in base().lengths[name]
    plain = split and is_everyday(lows[0]) and lows[1] in _PREPOSITIONS
    return plain and not message.words(first, last).istitle()


def _multi_word(words: list[str]) -> float:
    """Several everyday words that are a shop together: the rarer the rarest, the surer."""
    rarest = max(known_ranks().get(word, 0) for word in words)
    return 0.9 if rarest > 1_500 else 0.75


def _common_word(word: str, cue: float) -> float:
    if word in ADJECTIVAL or known_ranks().get(word, 0) < 700:
        return cue if cue >= 0.88 else 0.0
    return cue


def _inflected(message: Message, taken: set[int]) -> None:
    """As in "ubers", "deliveroos", "costa's": the listed name with an s."""
    table = base()
    own_table = own(message.context.merchants) if message.context.merchants else None
    for k, token in enumerate(message.tokens):
        low = token.low
        if k in taken or token.kind != "word" or len(low) < 4 or not low.endswith("s"):
            continue
        stem = low[:-1]
        known = (own_table.entries.get(stem) if own_table else None) or table.entries.get(stem)
        if (
            known
            and (not is_known(stem) or stem in plain_names())
            and (not is_known(low) or stem in plain_names())
        ):
            _propose(message, k, k + 1, 0.93, known, "merchant base")
            taken.add(k)


def _misspelt(message: Message, taken: set[int]) -> None:
    """A word that is no English word, one or two slips from a name of some length."""
    table = base()
    own_table = own(message.context.merchants) if message.context.merchants else None
    for k, token in enumerate(message.tokens):
        low = token.low
        if k in taken or len(low) < 5 or k not in message.unknown:
            continue
        if message.cursor.atom(k) is not message.cursor.atom(-1) or low in _never():
            continue
        if is_sending(message.cursor, k):
            continue
        slips = 2 if len(low) >= 8 else 1
        for names, source in ((own_table, "own merchants"), (table, "merchant base")):
            near = names.nearest(low, slips) if names else None
            if near and names and _is_near_enough(message, k, near):
                _propose(message, k, k + 1, 0.82, names.entries[near], f"misspelt, {source}")
                taken.add(k)
                break


def _is_near_enough(message: Message, k: int, near: str) -> bool:
    """A dictionary word that is a shop is not what a slip stands for without a cue."""
    low = message.tokens[k].low
    if len(near) < 5 or low in TEXTING:
        return False
    common = nearest_common(low)
    if common and common[0] not in plain_names() and is_likelier_slip_of(low, near):
        return False
    if is_known(near) and near not in plain_names():
        return cue(message, k, k + 1) >= 0.85
    return True
