"""The words of spending and income: from a table, or from where they stand ("budget for x")."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml

import knowledge
from nlu.entities.senses import PRONOUNS, is_taking, is_withdrawn, meant_ids, taken_out
from nlu.gazetteer import Gazetteer
from nlu.message import Message
from nlu.periods.cursor import Cursor
from nlu.tokens import Token
from nlu.words import is_everyday, is_known, is_likelier_slip_of, is_strange, listed

_FILE = Path(knowledge.__file__).parent / "data" / "category_words.yml"
# Words that are the head of a question as often as a category: they need a cue.
_HEADS = listed(
    "bills fees charges pay interest refund refunds income earnings money subscription "
    "subscriptions cash tax shopping saving savings other random home house flat family work "
    "car van truck water power rates returns services trading coins shows events games fun news "
    "music tv cloud tools stock supplies equipment business drink fits lenses bar book books "
    "dog cat fine fines tags storage post cover contacts moving offering cable apps rides trips "
    "plane flying holiday vacation materials paint hardware plants tips fares benefits "
    "allowance debt debts overdraft social lights washing heat school college union dues phone "
    "mobile cell health hair travel delivery transport fashion eating tech loan loans "
    "membership memberships sim domain ads permits alarm logs bins hydro boarding grooming "
    "specialist vision pills braces teeth formula baby weed smokes threads wardrobe bags "
    "watches skins slots horses wool records shoe kicks stores pints gift present presents cake "
    "sweets pot uc pip boiler wages salary garage spa computer subs shares scooters parcels uni "
    "lab"
)


@cache
def words() -> Gazetteer[tuple[str, ...]]:
    """The table of category words, read once."""
    table = yaml.load(_FILE.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    rows = [
        (phrase, tuple(ids.split()))
        for ids, phrases in table.items()
        for phrase in str(phrases).split("|")
    ]
    return Gazetteer(rows, strict=True)


_CUE_BEFORE = listed(
    "on vs versus just as under & + many avg average mean weekly monthly typical usual "
    "excluding except without minus counting ignoring besides in category called not including "
    "annual yearly plus wivout w/o and or only than total for my our ma"
)
# Words that stand behind a category in any sentence.
_CUE_AFTER = listed(
    "budget spend spending spent bill bills cost costs total payments payment limit cap "
    "category purchases transactions expenses outgoings stuff spends subscription subscriptions "
    "breakdown budgt bugdet budgets average trend"
)
_END = frozenset(("", "?", "!", ".", "last", "this", "in", "since", "pls", "please", "too"))
_BLOCKING_AFTER = {
    "car": "park seat",
    "gas": "lamp station me him her us",
    "home": "depot bargains base",
    "work": "out",
    "water": "stones",
    "post": "to",
    "cash": "app",
    "tax": "year years",
    "financial": "year",
    "school": "holidays holiday hols term year",
    "holiday": "fund pot goal",
    "interest": "rate rates",
    "credit": "card score union",
    "phone": "number me call",
    "fees": "free",
    "saving": "for goal goals up",
    "savings": "account goal goals pot",
    "free": "trial",
    "business": "account",
    "student": "account",
    "personal": "account",
    "pay": "for me off my the it to in day back",
    "bar": "chart graph",
    "drop": "",
    "clear": "",
    "shop": "account",
}


def categories(message: Message) -> None:
    """Proposes categories from the table."""
    taken: set[int] = set()
    listed = words().find([_with_g(t) for t in message.tokens])
    bare = ((_without_article(message, i, j), j, i, name, ids) for i, j, name, ids in listed)
    for first, last, written, name, ids in sorted(bare, key=lambda one: (one[0], -one[1])):
        if first in taken:
            continue
        score = _score(message, written, last, name)
        if score <= 0:
            continue
        start, end = _widened(message, first, last)
        meant = {"ids": list(meant_ids(message, name, ids))}
        message.propose("category", start, end, score, meant, "category words")
        taken.update(range(start, end))
    taken_out(message, taken)
    _misspelt(message, taken)
    _by_place(message, taken)


def _without_article(message: Message, first: int, last: int) -> int:
    """Where a span begins without its articles and possessives, which spans of categories drop."""
    while last - first > 1 and message.tokens[first].low in ("the", "my", "our", "a", "ma"):
        first += 1
    return first


def _with_g(token: Token) -> Token:
    """As in "eatin out", "goin out": the word that is spoken without its g."""
    low = token.low
    if not (len(low) > 4 and low.endswith("in")) or is_known(low) or not is_everyday(low + "g"):
        return token
    return replace(token, low=low + "g")


def _score(message: Message, first: int, last: int, name: str) -> float:
    """How surely a listed word is a category here; 0 where it is another word."""
    c = message.cursor
    if c.low(last) in _BLOCKING_AFTER.get(c.low(last - 1), "").split():
        return 0.0
    if _is_verb(message, first, last, name):
        return 0.0
    if name == "cash" and is_withdrawn(c):
        return 0.88
    if name not in _HEADS:
        return 0.9
    if name in _QUESTION_HEADS:
        return _question_head(message, first, last, name)
    return _head(message, first, last, name)


def _is_verb(message: Message, first: int, last: int, name: str) -> bool:
    """As in "we pay", "going out", "i take out £50"."""
    before = message.cursor.low(first - 1)
    asked = before in _ASKING and message.cursor.low(last) in _MOVING
    if before in PRONOUNS and name in _VERBS and not asked:
        return True
    if name == "goingout":
        return before not in ("on", "my", "for", "and")
    split = name in ("takeaway", "takeout") and last - first == 2
    return split and is_taking(message, first, last)


# "did rent go through" asks about the rent.
_ASKING = listed("did does has have will when's")
_MOVING = listed("go goes gone come came leave left get got bounce bounced clear cleared hit")
_VERBS = listed(
    "pay saving work book phone fit drink travel shop rent cover post water house sub loan fine"
)


def _is_listed(message: Message, first: int, words: frozenset[str]) -> bool:
    """Whether a category stands right before, behind "and" or the like."""
    joined = message.cursor.low(first - 1) in words
    return joined and any(p.entity == "category" and p.last == first - 1 for p in message.proposals)


def _question_head(message: Message, first: int, last: int, name: str) -> float:
    """Words that are what is asked for ("my bills") as often as a category ("spent on bills")."""
    c = message.cursor
    if name == "bills" and _is_listed(message, first, frozenset(("and",))):
        return 0.87
    told = c.low(first - 1) in ("on", "as", "under", "category", "excluding", "except")
    told = told or _is_said_to_be(c, first, last)
    return 0.88 if told or c.low(last) in ("budget", "category", "limit", "cap") else 0.0


def _is_said_to_be(c: Cursor, first: int, last: int) -> bool:
    """As in "was a present, not clothing", "steam -> games"."""
    arrow = c.low(first - 1) in ("→", "=>") or (c.low(first - 1) == ">" and c.low(first - 2) == "-")
    named = c.low(first - 1) in ("a", "an") and c.low(first - 2) in _BEING
    return (arrow or named) and c.low(last) in _END | {",", "not", "lol", "then"}


def _head(message: Message, first: int, last: int, name: str) -> float:
    """Words that need a cue: a preposition, "budget" behind, a list, or to stand alone."""
    c = message.cursor
    before, after = c.low(first - 1), c.low(last)
    strong = before in _STRONG_BEFORE or after in _CUE_AFTER
    strong = strong or (name in _PAY_WORDS and after in _ARRIVING)
    strong = strong or (before == "out" and c.low(first - 2) in _LEAVING)
    strong = strong or (name == "delivery" and before in _ORDERING)
    asked = c.low(first - 2) in ("is", "was", "are") and after in _END and c.low(0) == "how"
    if before in ("the", "my", "our") and (asked or c.low(first - 2) in _BEFORE_ARTICLE):
        strong = not _verb_follows(c, last)
    if before in _BEING and after in _END | {",", "not", "lol", "then"}:
        return 0.87 if first > 1 else 0.0
    if _is_said_to_be(c, first, last):
        return 0.87
    alone = after in _END and (first == 0 or before in ("about", "and"))
    alone = alone or (before == "," and after == ",")
    if strong or alone or _is_listed(message, first, _AND):
        return 0.87
    return 0.8 if before in _CUE_BEFORE and not _verb_follows(c, last) else 0.0


_AND = listed("and & + , / n")
_ORDERING = listed("order ordered ordering get got getting had takeout takeaway take-out")
_LEAVING = listed("leave leaving left taking")
_PAY_WORDS = listed("salary wages benefits tips commission check paycheck pension uc dividends")
_ARRIVING = listed("lands land comes come hits hit arrives drops drop alert goes clears")
_BEING = listed("is was be isn't isnt not a under as -> wis were")
_BEFORE_ARTICLE = listed("on for of about and vs without does has did excluding minus")
_STRONG_BEFORE = listed(
    "on vs versus excluding except without minus category weekly monthly avg average annual as"
)
_QUESTION_HEADS = listed(
    "pay charges fees bills money refund refunds income interest subscription subscriptions "
    "savings saving earnings overdraft other cash subs debts debt returns services computer "
    "records alarm present presents"
)


_SUBJECT_AFTER = listed("is are was go goes one people folks of to me up app")


def _verb_follows(c: Cursor, last: int) -> bool:
    return c.low(last) in _SUBJECT_AFTER


_TAILS = frozenset(["bill", "bills", "payment", "membership"])
_NOUN_HEADS = listed(
    "insurance rent clothes supplies finance lessons classes repairs tickets membership loan"
)
_BEFORE_MODIFIER = listed("the my our ma on for of")
_NOT_NOUNS = listed(
    "excluding except after before aside need wivout without minus including paying no incl "
    "less plus the a an my our your his her their this that these those all any on in for of is "
    "was and or to from with by at total avg average much many spend spent spending pay paid "
    "last next new monthly weekly annual usual what whats what's how when whens did does do i "
    "we has have had more vs about only just not cancel budget set add show me buy buying "
    "bought get got than each every cheap cheaper out up between biggest largest top some into"
)


def _widened(message: Message, first: int, last: int) -> tuple[int, int]:
    """Takes in "bill" behind, and the noun before a general head ("shop rent")."""
    c = message.cursor
    if c.low(last - 1) in ("payment", "payments") and last - first > 1:
        last -= 1
    if c.low(last) in ("bill", "bills") and c.low(last - 1) not in ("bill", "bills", "rent"):
        last += 1
    head = c.low(last - 1)
    before = c.low(first - 1)
    if (
        head in _NOUN_HEADS
        and last - first == 1
        and first > 0
        and c.tokens[first - 1].kind == "word"
        and before not in _NOT_NOUNS
        and c.low(first - 2) in _BEFORE_MODIFIER
        and c.atom(first - 1) is c.atom(-1)
    ):
        first -= 1
    return first, last


_NO_SLIPS = listed("debits overdrawn overdraw autosave autosaving debit skint")


def _misspelt(message: Message, taken: set[int]) -> None:
    """A word that is no English word and one or two slips from a category word."""
    table = words()
    for k, token in enumerate(message.tokens):
        looked_up = k in message.unknown and len(token.low) >= 5
        if k in taken or not looked_up or token.low in _NO_SLIPS:
            continue
        near = table.nearest(token.low, 2 if len(token.low) >= 9 else 1)
        if near and is_likelier_slip_of(token.low, near):
            continue
        if not near or len(near) < 5 or near in _QUESTION_HEADS:
            continue
        if near in _HEADS and _head(message, k, k + 1, near) < 0.8:
            continue
        ids = {"ids": list(table.entries[near])}
        message.propose("category", k, k + 1, 0.8, ids, "misspelt category")
        taken.add(k)


_STOPS = listed(
    "on in at for to from the a an my this that last next per each every and or but by of with "
    "so is was were are be it i me you we us they since until till before after between over "
    "under more less than budget limit cap please pls thanks if when how what why who where "
    "which do did does have has had can could would should will just only not no yes now then "
    "far going gone up down about around it's its whats what's that's there here as out all any "
    "some them too much many ma rm delete remove bin drop need wivout versus set make stuff "
    "things average total spend spending spent cost costs month week year day goal pot fund "
    "alert compare wiv ova own actual"
)


_BUDGETS = listed("budget limit cap budgets")
_COSTS = listed("bill bills costs")
_OWN = listed("my the our ma for on")
_SPENDING = listed(
    "spend spent spending spnd blow blew blown budget limit cap dropped wasted splurge splurged "
    "goes going gone went waste spends forking forked laid"
)
_MORE = listed("more less much money down loads")


def _by_place(message: Message, taken: set[int]) -> None:
    """An unlisted noun where only a category can stand: "x budget", "spend on x"."""
    c = message.cursor
    for k in range(len(c.tokens)):
        low = c.low(k)
        headed = low in _BUDGETS or (low in _COSTS and c.low(k - 2) in _OWN)
        if headed and _is_noun(message, k - 1, taken):
            _propose_unlisted(message, k - 1, k, taken)
        if (low in ("on", "for") and c.low(k - 1) in _SPENDING) or (
            low == "on" and c.low(k - 1) in _MORE
        ):
            start = (
                k + 2 if c.low(k + 1) in ("the", "my", "a", "our", "all", "any", "some") else k + 1
            )
            end = start
            while end < len(c.tokens) and end < start + 2 and _is_noun(message, end, taken):
                end += 1
            if end > start and not _describes(message, end):
                _propose_unlisted(message, start, end, taken)


def _describes(message: Message, end: int) -> bool:
    """Whether the words tell of a listed category ("client lunches") or a time ("normal week")."""
    for p in message.proposals:
        if p.entity == "category" and p.first == end and p.score > 0.6:
            start = end - 1
            message.propose("category", start, p.last, p.score, p.resolved, "described category")
            return True
    return message.cursor.atom(end).unit is not None


def _is_noun(message: Message, k: int, taken: set[int]) -> bool:
    c = message.cursor
    if not 0 <= k < len(c.tokens) or k in taken:
        return False
    return (
        c.tokens[k].kind == "word"
        and not c.low(k).startswith("'")
        and c.low(k) not in _STOPS
        and c.atom(k) is c.atom(-1)
        and len(c.low(k)) > 1
        and not is_strange(c.low(k))
    )


def _propose_unlisted(message: Message, first: int, last: int, taken: set[int]) -> None:
    if not taken & set(range(first, last)):
        message.propose("category", first, last, 0.6, None, "place of a category")
        taken.update(range(first, last))
