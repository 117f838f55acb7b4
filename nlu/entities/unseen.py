"""Counterparties that nobody listed: lines as banks print them, names where a shop must stand."""

from __future__ import annotations

from nlu.message import Message
from nlu.words import is_everyday, is_known, listed

_STOPS = listed(
    "posted bak www halfway u save brrr the a an my our your this that these those all any each every some it its it's them there "
    "here home work night noon least most once first last next about around over under more less "
    "than month week year day today yesterday tomorrow morning evening weekend in on at to from "
    "with by for of and or vs versus but so if when how what which who why where is was are were "
    "be been do does did has have had can could should would will just only not no yes me you him "
    "her us i we they since until till before after between during per please pls thanks ? ! . , "
    "; : total spent spend spending one up down out off back then now ever again lately recently "
    "twice too instead also still yet times ago overall altogether combined compared through thru "
    "within without online a/c account bank card cash moment time weekends nights x same other "
    "another people person someone anyone everyone friends family school plan autosave autosaving "
    "florin everything nothing something anything future past order random park street road shop "
    "store shops stores restaurants places place machine counter door bottom top end start "
    "beginning side speed risk rate cost price point stake checking savings current joint credit "
    "debit"
)
_LEADS = frozenset(["at", "from", "frm", "@", "fae"])
_PAID = listed(
    "paid pay paying sent send gave give owe owed transferred transfer went go going been visit "
    "visited"
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
        if len(words) > 1 and any(not is_known(word) for word in words):
            message.propose("merchant", k, end, 0.95, None, "descriptor")
        k = max(end, k + 1)


def _is_capital(message: Message, k: int, start: int) -> bool:
    token = message.tokens[k]
    if token.kind == "word":
        return token.text.isupper() and (len(token.text) > 1 or k > start)
    joined = token.glued and k + 1 < len(message.tokens) and message.tokens[k + 1].glued
    return k > start and (joined if token.kind == "sign" else len(token.low) >= 3)


def _printed(message: Message, k: int) -> bool:
    text = message.tokens[k].text
    return text.isupper() or (text.isdigit() and message.tokens[k].glued)


def by_place(message: Message) -> None:
    """Names behind "at", "from", "paid": as far as they can be a name."""
    c = message.cursor
    taken = message.covered(
        "merchant",
        "category",
        "period",
        "amount",
        "account",
        "goal",
        "recurrence",
        "grouping",
        "number",
        least=0.6,
    )
    for k in range(len(c.tokens)):
        low = c.low(k)
        lead = low in _LEADS or (
            low in ("to", "with", "in") and any(c.low(j) in _PAID for j in range(max(0, k - 5), k))
        )
        if lead:
            start = k + 2 if c.low(k + 1) in ("the", "a") else k + 1
            _name(message, start, taken, low)
        elif low in _PAID and c.low(k - 1) not in ("get", "got", "to'", "being", "been", "i'm"):
            _name(message, k + 1, taken, "paid")
    _titled(message, taken)


def _name(message: Message, start: int, taken: frozenset[int], lead: str) -> None:
    c = message.cursor
    end = start
    while (
        end < len(c.tokens)
        and end < start + 4
        and end not in taken
        and _may_be_name(message, end, start)
    ):
        end += 1
    if end > start and c.low(end) == "+" and c.glued(end):
        end += 1
    while end > start and c.tokens[end - 1].kind == "sign" and c.low(end - 1) != "+":
        end -= 1
    if end == start:
        return
    words = [c.low(j) for j in range(start, end) if c.tokens[j].kind == "word"]
    strange = any(not is_known(word) for word in words)
    titled = message.tokens[start].text[:1].isupper() and not message.text.isupper()
    if lead in ("paid", "in", "with", "to") and not (strange or titled):
        return
    if len(words) == 1 and is_everyday(words[0]) and not titled:
        return
    score = 0.8 if titled else 0.74 if strange else 0.66
    message.propose("merchant", start, end, score, None, "place of a name")


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


def _titled(message: Message, taken: frozenset[int]) -> None:
    """Capitalised strange words inside a sentence that is otherwise in small letters."""
    if message.text.isupper():
        return
    c = message.cursor
    k = 1
    while k < len(c.tokens):
        end = k
        while (
            end < len(c.tokens)
            and end not in taken
            and c.tokens[end].kind == "word"
            and c.tokens[end].text[:1].isupper()
            and c.low(end) not in _STOPS
            and c.atom(end) is c.atom(-1)
        ):
            end += 1
        if end > k and c.glued(end) and (c.low(end) == "+" or c.is_number(end)):
            end += 1
        strange = any(not is_everyday(c.low(j)) for j in range(k, end))
        if (
            end > k
            and strange
            and c.low(k - 1) not in (".", "!", "?", "i")
            and c.low(k) not in ("i'm", "i've", "i'd", "i'll")
        ):
            message.propose("merchant", k, end, 0.7, None, "capital letters")
        k = max(end, k + 1)
