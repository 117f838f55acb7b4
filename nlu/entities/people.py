"""People and trades: "my landlord", "mum", "Dr. Ortega"."""

from __future__ import annotations

from functools import cache

from nlu.entities.own_words import own_words
from nlu.gazetteer import Gazetteer
from nlu.message import Message
from nlu.periods.cursor import Cursor
from nlu.words import is_everyday, listed


@cache
def _people() -> Gazetteer[str]:
    lists = own_words()
    return Gazetteer(
        [(word, "person") for word in lists["people"]]
        + [(word, "trade") for word in lists["trades"]]
    )


def people_names() -> tuple[str, ...]:
    """People and trades as one's own: "my landlord"."""
    lists = own_words()
    return tuple(f"my {word}" for word in lists["people"] + lists["trades"])


_FAMILY = listed("mum mom dad mam nan nana gran grandma grandad grandpa mama papa hubby")


_TO_PEOPLE = listed("to from sent send pay paid paying by with gave give owe owes lent")


# Apps that are a verb of sending too ("how much have i zelled mom").
_APPS = listed("zelle venmo paypal cashapp")
_SENT_BY_APP = listed(
    "zelled zelling venmoed venmo'd venmod venmoing paypalled paypaled paypal'd paypalling "
    "cashapped cashapping revoluted monzoed"
)
_SENDERS = listed("i we you they he she to can could and please pls")
_RECIPIENTS = _FAMILY | listed("my our him her them")


def is_sending(c: Cursor, k: int) -> bool:
    """Whether an app's name is a verb here ("zelled", "i venmo my sister") and names no one."""
    if c.low(k) in _SENT_BY_APP:
        return True
    opens = k == 0 or c.low(k - 1) in _SENDERS
    return c.low(k) in _APPS and opens and c.low(k + 1) in _RECIPIENTS


_TALKS = listed(
    "says said saying thinks thought told tells reckons visiting wants asked "
    "moaned moans knows believes swears reminded"
)
"""Behind "my daughter" they tell of her, not of money to or from her."""
_HEAD_AFTER = listed("card budget insurance bills day days food stuff fund pot goal account")


def people(message: Message) -> None:
    """Proposes people: "my landlord", "mum", a first name behind a verb of sending."""
    c = message.cursor
    for first, last, name, sort in _people().find(message.tokens):
        before = c.low(first - 1)
        if c.low(last) in _TALKS:
            continue
        if c.low(last) in _HEAD_AFTER or (c.low(last) == "'s" and c.low(last + 1) == "day"):
            continue
        if before in ("my", "ma", "our", "the misses'", "his", "her") and name not in ("work",):
            if before in ("my", "ma", "our"):
                message.propose("merchant", first - 1, last, 0.94, None, f"{sort} words")
        elif name in _FAMILY and (
            before in _TO_PEOPLE
            or first == 0
            or before in ("for", "did", "has", "does", "when")
            or is_sending(c, first - 1)
        ):
            message.propose("merchant", first, last, 0.88, None, "person words")
        elif (
            sort == "person"
            and name in ("landlord", "landlady")
            and before in ("the", "to", "from")
        ):
            message.propose("merchant", first, last, 0.8, None, "person words")
    _titles(message)


def _titles(message: Message) -> None:
    """As in "Dr. Ortega", "Mrs Patel"."""
    c = message.cursor
    for k in range(len(c.tokens) - 1):
        if c.low(k) in ("dr", "mr", "mrs", "ms", "miss", "prof", "doc", "doctor", "sir"):
            j = k + 2 if c.low(k + 1) == "." else k + 1
            if j < len(c.tokens) and len(c.low(j)) == 1 and c.tokens[j].text.isupper():
                j += 2 if c.low(j + 1) == "." else 1
            if j < len(c.tokens) and c.tokens[j].text[:1].isupper() and not is_everyday(c.low(j)):
                message.propose("merchant", k, j + 1, 0.9, None, "titles")
