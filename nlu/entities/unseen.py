"""Counterparties that nobody listed: lines as banks print them, names where a shop must stand."""

from __future__ import annotations

import re
from functools import cache

from nlu.entities.categories import words as category_words
from nlu.entities.own_words import own_words
from nlu.message import Message
from nlu.periods.lexicon import NOTHING
from nlu.words import is_everyday, is_known, is_strange, listed

_STOPS = listed(
    "csv pdf ofx qif xls xlsx wivout posted bak www halfway u save brrr the a an my our your "
    "this that these those all any each every some it its it's them there here home work night "
    "noon least most once first last next about around over under more less than month week "
    "year day today yesterday tomorrow morning evening weekend in on at to from with by for of "
    "and or vs versus but so if when how what which who why where is was are were be been do "
    "does did has have had can could should would will just only not no yes me you him her us i "
    "we they since until till before after between during per please pls thanks ? ! . , ; : "
    "total spent spend spending one up down out off back then now ever again lately recently "
    "twice too instead also still yet times ago overall altogether combined compared through "
    "thru within without online a/c account bank card cash moment time weekends nights x same "
    "other another people person someone anyone everyone friends family school plan autosave "
    "autosaving florin everything nothing something anything future past order random park "
    "street road shop store shops stores restaurants places place machine counter door bottom "
    "top end start beginning side speed risk rate cost price point stake checking savings "
    "current joint credit debit"
)
_PRICE = re.compile(r"\d+[.,]\d\d")
_LEADS = frozenset(["at", "from", "frm", "@", "fae"])
_PAID = listed(
    "payments payment visits paid pay paying sent send gave give owe owed transferred transfer "
    "went go going been visit visited"
)
_WHAT = listed("what's whats what who's whos whit's wots explain")


def descriptors(message: Message) -> None:
    """As in "SQ *BLBTL", "IZ *SUMUP KAFE", "PAYPAL *SPOTIFY": a line of a statement, as printed."""
    c = message.cursor
    for k in range(1, len(c.tokens)):
        if c.low(k) != "*" or c.tokens[k - 1].kind == "sign":
            continue
        first = k - 1
        while first > 0 and _printed(message, first - 1) and not message.text.isupper():
            first -= 1
        last = k + 1
        while last < len(c.tokens) and last < k + 6 and (_printed(message, last) or last == k + 1):
            if c.tokens[last].kind == "sign":
                break
            last += 1
        if last > k + 1:
            message.propose("merchant", first, last, 0.95, None, "descriptor")
    _lines(message)


def _lines(message: Message) -> None:
    """As in "KINDERCARE CAMP REG": capitals in a message that is not all capitals."""
    tokens = message.tokens
    if message.text.isupper():
        return
    k = 0
    while k < len(tokens):
        end = k
        while end < len(tokens) and _is_capital(message, end, k):
            end += 1
        words = [t.low for t in tokens[k:end] if t.kind == "word" and len(t.low) > 1]
        last = end
        while last > k and tokens[last - 1].kind == "sign":
            last -= 1
        single = last == k + 1 and _stands_alone(message, k)
        if (len(words) > 1 or single) and any(not is_known(word) for word in words):
            message.propose("merchant", k, last, 0.95, None, "descriptor")
        k = max(end, k + 1)


_ALONE_BEFORE = listed("from to at is was this that the towards toward called saying says reading")


def _stands_alone(message: Message, k: int) -> bool:
    """As in "an amount towards PAYPOINT": one word in capitals of some length, no abbreviation."""
    token = message.tokens[k]
    return len(token.text) >= 5 and message.cursor.low(k - 1) in _ALONE_BEFORE


def _is_capital(message: Message, k: int, start: int) -> bool:
    token = message.tokens[k]
    if token.kind == "word":
        return token.text.isupper() and (len(token.text) > 1 or k > start)
    if k > start and _PRICE.fullmatch(token.text):
        return False
    joined = token.glued and k + 1 < len(message.tokens) and message.tokens[k + 1].glued
    return k > start and (joined if token.kind == "sign" else len(token.low) >= 3)


def _printed(message: Message, k: int) -> bool:
    text = message.tokens[k].text
    return text.isupper() or (text.isdigit() and message.tokens[k].glued)


def by_place(message: Message) -> None:
    """Names behind "at", "from", "paid": as far as they can be a name."""
    c = message.cursor
    taken = message.covered(*_OTHERS, least=0.6)
    named = message.covered("category", least=0.6)
    for k in range(len(c.tokens)):
        low = c.low(k)
        if low in _LEADS or (low in _LOOSE_LEADS and _paid_before(message, k, low)):
            start = k + 2 if c.low(k + 1) in ("the", "a") else k + 1
            _name(message, start, taken, named, low)
        elif low in _PAID and c.low(k - 1) not in _PASSIVE:
            _name(message, k + 1, taken, named, "paid")
    _strange(message, taken, named)
    _titled(message, taken | named)


_OTHERS = (
    "merchant",
    "period",
    "amount",
    "account",
    "goal",
    "recurrence",
    "grouping",
    "number",
)
_LOOSE_LEADS = listed("to with in")
_PASSIVE = listed("get got getting being been i'm")


_SPENT = listed("spend spent spending shop shopped shopping eat ate eating")


def _paid_before(message: Message, k: int, lead: str) -> bool:
    """As in "paid 20 to", "went to", "spend in"."""
    verbs = _PAID | _SPENT if lead == "in" else _PAID
    return any(message.cursor.low(j) in verbs for j in range(max(0, k - 5), k))


@cache
def _businesses() -> frozenset[str]:
    return frozenset(own_words()["businesses"])


def _strange(message: Message, taken: frozenset[int], named: frozenset[int]) -> None:
    """A word that is none, wherever it stands, with the words of business behind it."""
    c = message.cursor
    k = 0
    while k < len(c.tokens):
        end = k
        while end < len(c.tokens) and end not in taken | named and _is_strange(message, end):
            end += 1
        if end > k and _stands_as_name(message, k, end):
            last = _through_business(message, end, taken)
            sure = last > end or message.tokens[k].text[:1].isupper()
            message.propose(
                "merchant",
                k,
                last,
                0.9 if last > end else 0.75 if sure else 0.72,
                None,
                "strange word",
            )
        k = max(end, k + 1)


_NAME_BEFORE = listed(
    "cancel my the at from to did is on with and vs versus or for about end stop by any all "
    "does has only just n & + , whats what's than plus pay paid owe show me file recategorise "
    "recategorize recat move mark drop bin ditch called"
)
_NAME_AFTER = listed(
    "charge charges charged purchases membership bill bills payment payments order orders sub "
    "subs subscription in last this since on how when due total spend spending is was again and "
    "or vs , ? ! . refund refunds returns took take for over price plan twice once yet back still "
    "cost costs costing taking going transactions transaction receipt app at by every each a as "
    "should isn't trip trips visit visits went goes"
)


def _stands_as_name(message: Message, first: int, last: int) -> bool:
    """Whether a name can stand here: behind a preposition or first, before what one does there."""
    c = message.cursor
    before, after = c.low(first - 1), c.low(last)
    opens = first == 0 or before in _NAME_BEFORE
    return opens and (not after or after in _NAME_AFTER or after in _businesses())


def _is_strange(message: Message, k: int) -> bool:
    token = message.tokens[k]
    return (
        k in message.unknown
        and is_strange(token.low)
        and message.cursor.atom(k) is NOTHING
        and token.low not in _STOPS
        and category_words().nearest(token.low, 1) is None
    )


def _through_business(message: Message, end: int, taken: frozenset[int]) -> int:
    """Takes in up to three words that names of businesses end with."""
    c = message.cursor
    last = end
    while (
        last < len(c.tokens)
        and last < end + 3
        and last not in taken
        and c.low(last) in _businesses()
    ):
        last += 1
    return last


def _name(
    message: Message, start: int, taken: frozenset[int], named: frozenset[int], lead: str
) -> None:
    c = message.cursor
    end = start
    while end < min(len(c.tokens), start + 4) and end not in taken | named:
        if not _may_be_name(message, end, start):
            break
        end += 1
    if end > start and c.low(end) == "+" and c.glued(end):
        end += 1
    while end > start and c.tokens[end - 1].kind == "sign" and c.low(end - 1) != "+":
        end -= 1
    if end == start:
        return
    last = _through_business(message, end, taken)
    business = last > end or c.low(end - 1) in _businesses()
    end = last
    words = [c.low(j) for j in range(start, end) if c.tokens[j].kind == "word"]
    strange = any(is_strange(word) for word in words)
    titled = message.tokens[start].text[:1].isupper() and not message.text.isupper()
    joined = any(c.low(j) == "&" for j in range(start, end))
    told = strange or titled or business or joined or _is_visited(message, start, words)
    eaten = lead == "in" and not any(c.low(j) in _PAID for j in range(max(0, start - 6), start))
    if lead in ("paid", "in", "with", "to") and not (strange if eaten else told):
        return  # "where did i eat in Melbourne" names a town
    if len(words) == 1 and is_everyday(words[0]) and not titled:
        return
    score = 0.9 if business and end - start > 1 else 0.8 if titled else 0.74 if strange else 0.66
    message.propose("merchant", start, end, score, None, "place of a name")


def _is_visited(message: Message, start: int, words: list[str]) -> bool:
    """As in "went to the copper kettle": several words, one of them rare, behind "to the"."""
    c = message.cursor
    named = c.low(start - 1) == "the" and c.low(start - 2) == "to" and len(words) > 1
    return named and not all(is_everyday(word) for word in words)


def _may_be_name(message: Message, k: int, start: int) -> bool:
    c = message.cursor
    token = c.tokens[k]
    if token.kind == "sign":
        return (
            token.low in ("&", "'", "-", "’")
            and k > start
            and k + 1 < len(c.tokens)
            and c.tokens[k + 1].kind == "word"
        )
    if token.kind == "num":
        return k > start and len(token.low) <= 2 and c.glued(k)
    return token.low not in _STOPS and not token.low.startswith("i'") and c.atom(k) is c.atom(-1)


_TITLED_BEFORE = listed(
    "at from to with my did does is has was cancel the and vs or paid pay by for about stop not "
    "called named someone "
    "only just n & , that what's whats"
)


def _titled(message: Message, taken: frozenset[int]) -> None:
    """Capitalised strange words inside a sentence that is otherwise in small letters."""
    if message.text.isupper():
        return
    c = message.cursor
    k = 1
    while k < len(c.tokens):
        end = k
        while end < len(c.tokens) and end not in taken and _is_titled(message, end):
            end += 1
        if end > k and c.glued(end) and (c.low(end) == "+" or c.is_number(end)):
            end += 1
        words = [c.low(j) for j in range(k, end) if c.tokens[j].kind == "word"]
        strange = any(not is_everyday(word) and len(word) > 2 for word in words)
        cued = c.low(k - 1) in _TITLED_BEFORE or c.low(end) in _NAME_AFTER
        if end > k and strange and cued and c.low(k) not in ("i'm", "i've", "i'd", "i'll"):
            message.propose("merchant", k, end, 0.7, None, "capital letters")
        k = max(end, k + 1)


def _is_titled(message: Message, k: int) -> bool:
    token = message.tokens[k]
    shouted = token.text.isupper() and 1 < len(token.text) < 5
    return (
        token.kind == "word"
        and token.text[:1].isupper()
        and not shouted
        and token.low not in _STOPS
        and message.cursor.atom(k) is NOTHING
    )
