"""Shops, services and people: the person's own first, then the merchant base, then by place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

import knowledge
from knowledge.merchants import load_merchants, slug
from nlu.entities.categories import words as category_words
from nlu.entities.people import is_sending
from nlu.gazetteer import Gazetteer, key
from nlu.message import Message
from nlu.texting import TEXTING
from nlu.tokens import tokenise
from nlu.types import Named
from nlu.words import is_everyday, is_known, is_likelier_slip_of, listed, nearest_common, ranks

_FILE = Path(knowledge.__file__).parent / "data" / "nicknames.yml"


@dataclass(frozen=True, slots=True)
class Known:
    """A merchant that a name stands for.

    Attributes:
        id: Of the person's own or of the merchant base.
        name: What people are shown.
        nickname: Whether the table of short forms gave it.
    """

    id: str
    name: str
    nickname: bool = False


@cache
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def base() -> Gazetteer[Known]:
    """The merchant base and the short forms, those of the person's countries alike."""
    merchants = [m for m in load_merchants() if not m.countries or {"gb", "us"} & set(m.countries)]
    by_key = {key(name): m for m in reversed(merchants) for name in (m.name, *m.aliases)}
    by_key |= {key(m.name): m for m in reversed(merchants)}
    rows: list[tuple[str, Known]] = []
    for name, forms in _table()["nicknames"].items():
        found = by_key.get(key(name))
        known = Known(found.id, found.name, True) if found else Known(slug(name), name, True)
        rows += [(form, known) for form in forms.split("|")]
    for m in merchants:
        rows.append((m.name, Known(m.id, m.name)))
    for m in merchants:
        rows += [(alias, Known(m.id, m.name)) for alias in m.aliases]
    return Gazetteer(rows)


@cache
def _plain_names() -> frozenset[str]:
    """Dictionary words that hardly ever mean the word."""
    return frozenset(_table()["plain"].split())


@lru_cache(maxsize=256)
def own(named: tuple[Named, ...]) -> Gazetteer[Known]:
    """The person's counterparties, by whole name and by how it begins ("gas lamp")."""
    whole: list[tuple[str, Known]] = []
    begun: list[tuple[str, Known]] = []
    for one in named:
        known = Known(one.id, one.name)
        words = [t.text for t in tokenise(one.name) if t.kind != "sign"]
        whole.append((one.name, known))
        if words and words[0].lower() == "the":
            words = words[1:]
            whole.append((" ".join(words), known))
        for count in range(len(words) - 1, 0, -1):
            start = words[:count]
            if count > 1 or (len(start[0]) >= 3 and not is_known(start[0].lower())):
                begun.append((" ".join(start), known))
    return Gazetteer(whole + begun)


_AT = listed("at from with via @ frm fae")


_IN = listed("in to by on for into")


_SPENT_IN = listed(
    "spend spent spending blow blew dropped paid pay go went been gave sent shop shopped buy "
    "bought waste wasted visit visited payments payment transfers owed lent lend spnd spnt eat "
    "ate much get got owe"
)


_TAKING = listed(
    "took take takes taking charge charged charges charging pay paid pays collect collects "
    "robbing billed bills bill refund refunded refunds owe owes hit robbed rob stung sting "
    "steal stole scammed deducted sent deduct overcharged ripping fleeced fleecing cost costs "
    "billing ever"
)


_BEING = listed(
    "is was should shouldn't shouldnt isn't isnt ought were wis -> £ $ = goes belongs counts"
)


_GOODS = listed(
    "order orders payment payments subscription subscriptions sub subs membership bill bills "
    "charge charges refund refunds purchase purchases spend spends spending rides ride trips "
    "card total totals transactions transaction runs run shop shops visits visit haul hauls "
    "return returns delivery deliveries takeaway takeaways app tickets receipt spree bookings "
    "booking statement habit addiction money fees fee costs cost stuff deliverys price plan "
    "premium alert alarm alerts payout payouts scooters lessons flights flight trip coffees "
    "coffee budget one debit debits spendings autopay dd"
)


_ADJECTIVAL = listed(
    "next very which well only me top total current last three five mobile live better welcome "
    "home office via"
)


_LISTING = listed("vs versus or and & , / than n")


_FOLLOWS = listed("about and cancel just only but n or from boot delete recat move alert not what")


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
            or _is_other(message, last, name)
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
    return {word: frozenset(text.split("|")) for word, text in _table()["not_before"].items()}


def _is_other(message: Message, last: int, name: str) -> bool:
    return message.cursor.low(last) in _not_before().get(name, frozenset())


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
    if all(is_everyday(word) for word in words) and len(words) == 1 and name not in _plain_names():
        return _cue(message, first, last) >= 0.8
    return True


def _score(message: Message, first: int, last: int, name: str, known: Known) -> float:
    """How surely the words are the shop; 0 where they are ordinary words."""
    words = [t.low for t in message.tokens[first:last] if t.kind == "word"]
    cue = _cue(message, first, last)
    if not words:
        return 0.0
    if (
        len(words) > 1
        and words[0] in _LEADING
        and not (message.words(first, last).istitle() and first > 0)
    ):
        return 0.0
    if _is_verb_and_preposition(message, first, last, name):
        return 0.0
    if len(name) <= 3 and message.cursor.low(first - 1) in ("-", "fill", "top", "pick", "start"):
        return 0.0
    if name in _plain_names():
        return 0.95
    if len(name) <= 2 and not any(t.kind == "sign" for t in message.tokens[first:last]):
        return cue if cue >= 0.8 else 0.0
    if len(name) <= 3:
        signed = any(t.kind == "sign" for t in message.tokens[first:last])
        if signed or (known.nickname and not is_known(name)):
            return 0.93
        return cue if not is_everyday(name) or cue >= 0.85 else 0.0
    if len(words) == 1 and last - first == 1:
        if not is_known(words[0]):
            return 0.94
        return _common_word(words[0], cue)
    numbers = any(t.kind == "num" for t in message.tokens[first:last])
    if numbers or not all(is_everyday(word) for word in words):
        return 0.94
    if known.nickname:
        return 0.93
    titled = all(
        message.tokens[k].text[:1].isupper()
        for k in range(first, last)
        if message.tokens[k].kind == "word"
    )
    if titled and not message.text.isupper():
        return 0.94
    return 0.92 if cue >= 0.8 else _multi_word(words)


_PREPOSITIONS = listed("in on at to up out for off by from with over")


def _is_verb_and_preposition(message: Message, first: int, last: int, name: str) -> bool:
    """As in "did i earn in june": everyday words that the base only lists as one (EarnIn)."""
    lows = [t.low for t in message.tokens[first:last]]
    split = len(lows) == 2 and 2 not in base().lengths[name]
    plain = split and is_everyday(lows[0]) and lows[1] in _PREPOSITIONS
    return plain and not message.words(first, last).istitle()


def _multi_word(words: list[str]) -> float:
    """Several everyday words that are a shop together: the rarer the rarest, the surer."""
    rarest = max(ranks().get(word, 0) for word in words)
    return 0.9 if rarest > 1_500 else 0.75


def _common_word(word: str, cue: float) -> float:
    if word in _ADJECTIVAL or ranks().get(word, 0) < 700:
        return cue if cue >= 0.88 else 0.0
    return cue


def _cue(message: Message, first: int, last: int) -> float:
    """How the words around speak for a shop."""
    c = message.cursor
    before, after = c.low(first - 1), c.low(last)
    if before == "the" and c.low(first - 2) in _AT:
        before = (
            c.low(first - 2)
            if c.low(first) not in ("gap", "shell", "target", "square", "coach", "office", "home")
            else "the"
        )
    if after in _TAKING and before not in ("i", "we", "you", "they", "the", "to"):
        return 0.9
    titled = (
        first > 0
        and message.tokens[first].text[:1].isupper()
        and not message.text.isupper()
        and c.low(first - 1) not in (".", "!", "?")
    )
    noun_follows = (
        bool(after) and after.isalpha() and after not in _GOODS and after not in _AFTER_NAME
    )
    if titled:
        return 0.93 if not (noun_follows and message.tokens[first].low in _ADJECTIVAL) else 0.6
    if after in _TAKING and before not in ("i", "we", "you", "they", "the", "to"):
        return 0.9
    if (
        after in _BEING
        and (first == 0 or before in ("that", "the"))
        and c.low(last + 1) not in ("the", "my", "this", "there")
    ):
        return 0.86
    if before in _AT:
        if c.atom(last).unit or c.atom(last).weekday is not None or c.atom(last).month:
            return 0.0
        return 0.7 if noun_follows else 0.92
    spent = any(c.low(k) in _SPENT_IN for k in range(max(0, first - 7), first))
    if before in _IN and spent and not noun_follows:
        return 0.85 if before in ("in", "to", "on") else 0.6
    if (
        after in _GOODS
        and (before not in ("a", "an", "this", "that", "any", "your") or after == "one")
        and message.tokens[first].low not in _ADJECTIVAL
    ):
        return 0.86
    if before in ("recat", "recategorise", "recategorize"):
        return 0.86
    if before in _FOLLOWS and (not after or after in "?!.,"):
        return 0.84
    if before in _LISTING or after in _LISTING:
        other = c.low(first - 2) if before in _LISTING else c.low(last + 1)
        if (
            before in ("vs", "versus")
            or after in ("vs", "versus")
            or (other in base().entries and not is_everyday(other))
        ):
            return 0.82
    if first == 0 and (
        not after
        or after
        in (
            "?",
            "!",
            "last",
            "this",
            "in",
            "since",
            "total",
            "yesterday",
            "today",
            "should",
            "isn't",
            "isnt",
            "was",
        )
    ):
        return 0.8
    if (first == 0 and c.atom(last).month) or (first == 0 and after in ("how", "spend")):
        return 0.8
    return 0.0


_AFTER_NAME = listed(
    "last this in on since yesterday today for over under between during so before after until "
    "by each every per a the my please pls and or vs versus than then is was when how what i we "
    "yet did has have this'll within ytd total recently lately twice once times online again "
    "more less from with at to if ? ! . , too instead all should isn't isnt right altogether up "
    "monthly weekly now"
)


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
            and (not is_known(stem) or stem in _plain_names())
            and (not is_known(low) or stem in _plain_names())
        ):
            _propose(message, k, k + 1, 0.93, known, "merchant base")
            taken.add(k)


def _misspelt(message: Message, taken: set[int]) -> None:
    """A word that is no English word, one or two slips from a name of some length."""
    table = base()
    own_table = own(message.context.merchants) if message.context.merchants else None
    for k, token in enumerate(message.tokens):
        low = token.low
        if k in taken or token.kind != "word" or len(low) < 5 or is_known(low):
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
    if common and common[0] not in _plain_names() and is_likelier_slip_of(low, near):
        return False
    if is_known(near) and near not in _plain_names():
        return _cue(message, k, k + 1) >= 0.85
    return True
