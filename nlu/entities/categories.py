"""The words of spending and income: from a table, or from where they stand ("budget for x")."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

import knowledge
from nlu.gazetteer import Gazetteer
from nlu.message import Message
from nlu.periods.cursor import Cursor
from nlu.words import is_known, is_likelier_slip_of, listed

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
    "excluding except without minus in category called not including annual yearly plus wivout "
    "w/o and or only than total for my our ma"
)
# Words that stand behind a category in any sentence.
_CUE_AFTER = listed(
    "budget spend spending spent bill bills cost costs total payments payment limit cap "
    "category purchases transactions expenses outgoings stuff spends subscription subscriptions "
    "breakdown budgt bugdet budgets average trend"
)
_END = frozenset(("", "?", "!", ".", "last", "this", "in", "since", "pls", "please", "too"))
_BLOCKING_AFTER = {
    "car": "park",
    "home": "depot bargains base",
    "gas": "lamp station",
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
_PRONOUNS = listed(
    "i you we they to will can could should did do does don't dont didn't must would let's "
    "gonna wanna cant can't"
)


def categories(message: Message) -> None:
    """Proposes categories from the table."""
    taken: set[int] = set()
    for first, last, name, ids in words().find(message.tokens):
        if first in taken:
            continue
        score = _score(message, first, last, name)
        if score <= 0:
            continue
        while last - first > 1 and message.tokens[first].low in ("the", "my", "our", "a", "ma"):
            first += 1  # noqa: PLW2901 - spans of categories drop articles and possessives
        start, end = _widened(message, first, last)
        meant = {"ids": list(_meant(message, name, ids))}
        message.propose("category", start, end, score, meant, "category words")
        taken.update(range(start, end))
    _taken_out(message, taken)
    _misspelt(message, taken)
    _by_place(message, taken)


_UTILITY_WORDS = listed(
    "bill bills heat heating heater furnace stove boiler utility utilities electric electricity "
    "water meter supplier natural"
)


def _meant(message: Message, name: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """American "gas" is fuel, but for words of the house or a supplier with gas in its name."""
    if name != "gas" or message.locale != "US":
        return ids
    supplied = any(
        p.entity == "merchant" and "gas" in {t.low for t in message.tokens[p.first : p.last]}
        for p in message.proposals
    )
    if supplied or any(t.low in _UTILITY_WORDS for t in message.tokens):
        return tuple(one for one in ids if one.startswith("utilities"))
    return tuple(one for one in ids if not one.startswith("utilities"))


_TAKING = listed("take took taken taking get got gotten getting draw drew drawn pull pulled")
_WITHDRAWING = listed("withdraw withdrew withdrawn withdrawing withdrawl")
_WITHDRAWAL = "transfers.cash.withdrawal"
_OBJECTS = listed("a an my the some money cash")


def _is_taking(message: Message, first: int, last: int) -> bool:
    """Whether "take out" is a verb here and no meal."""
    c = message.cursor
    before, after = c.low(first - 1), c.low(last)
    if before == "and" and any(
        p.entity == "category" and p.last == first - 1 for p in message.proposals
    ):
        return False
    if last < len(c.tokens) and c.tokens[last].kind == "num":
        return True
    return before in _VERBAL | _PRONOUNS or after in _OBJECTS | {"£", "$", "€"}


def _out(c: Cursor, k: int) -> int | None:
    """The index behind "take out", "took it out"; "out of" is a move from a pot."""
    if c.low(k) not in _TAKING:
        return None
    for end in (k + 2, k + 3):
        if c.low(end - 1) == "out":
            return None if c.low(end) == "of" else end
    return None


def _is_withdrawn(c: Cursor) -> bool:
    return any(t.low in _WITHDRAWING or _out(c, k) for k, t in enumerate(c.tokens))


def _taken_out(message: Message, taken: set[int]) -> None:
    """As in "how much money did i take out", "i took out 50 quid": cash, though unsaid."""
    c = message.cursor
    for k in range(1, len(c.tokens)):
        end = _out(c, k)
        if end is None or end != k + 2 or taken & {k, k + 1}:
            continue
        summed = any(p.entity == "amount" and p.first == end for p in message.proposals)
        money = any(c.low(j) == "money" for j in range(max(0, k - 4), k))
        if summed or money or c.low(end) == "money":
            message.propose("category", k, end, 0.86, {"ids": [_WITHDRAWAL]}, "taking out")
            taken.update((k, k + 1))


def _score(message: Message, first: int, last: int, name: str) -> float:
    c = message.cursor
    before, after = c.low(first - 1), c.low(last)
    if after in _BLOCKING_AFTER.get(c.low(last - 1), "").split():
        return 0.0
    if before in _PRONOUNS and name in (
        "pay",
        "saving",
        "work",
        "book",
        "phone",
        "fit",
        "drink",
        "travel",
        "shop",
        "rent",
        "cover",
        "post",
        "water",
        "house",
        "sub",
        "loan",
        "fine",
    ):
        return 0.0
    if name == "goingout" and before not in ("on", "my", "for", "and"):
        return 0.0
    if name in ("takeaway", "takeout") and last - first == 2 and _is_taking(message, first, last):
        return 0.0
    if name == "cash" and _is_withdrawn(c):
        return 0.88
    if name not in _HEADS:
        return 0.9
    after_cue = after in _CUE_AFTER or (name in _PAY_WORDS and after in _ARRIVING)
    if name in _QUESTION_HEADS:
        if (
            name == "bills"
            and before == "and"
            and any(p.entity == "category" and p.last == first - 1 for p in message.proposals)
        ):
            return 0.87
        cued = before in ("on", "as", "under", "category", "excluding", "except") or after in (
            "budget",
            "category",
            "limit",
            "cap",
        )
        return 0.88 if cued else 0.0
    strong = before in _STRONG_BEFORE or after_cue
    if before in ("the", "my", "our") and c.low(first - 2) in _BEFORE_ARTICLE:
        strong = not _verb_follows(c, last)
    if before in _BEING and after in _END | {",", "not", "lol", "then"}:
        return 0.87 if first > 1 else 0.0
    listed = before in ("and", "&", "+", ",", "/", "n") and any(
        p.entity == "category" and p.last == first - 1 for p in message.proposals
    )
    if listed:
        return 0.87
    alone = (first == 0 and after in _END) or (before in ("about", "and") and after in _END)
    return (
        0.87
        if strong or alone
        else (0.8 if before in _CUE_BEFORE and not _verb_follows(c, last) else 0.0)
    )


_PAY_WORDS = listed("salary wages benefits tips commission check paycheck pension uc dividends")
_ARRIVING = listed("lands land comes come hits hit arrives drops drop alert goes clears")
_BEING = listed("is was be isn't isnt not a under as -> wis were")
_BEFORE_ARTICLE = listed("on for of about and vs without does has did excluding minus")
_STRONG_BEFORE = listed(
    "on vs versus excluding except without minus category weekly monthly avg average annual as"
)
_VERBAL = listed("to and i want can could please you should we will i'll")
_QUESTION_HEADS = listed(
    "pay charges fees bills money refund refunds income interest subscription subscriptions "
    "savings saving earnings overdraft other cash subs debts debt returns services computer "
    "records alarm present presents"
)


def _verb_follows(c: Cursor, last: int) -> bool:
    return c.low(last) in (
        "is",
        "are",
        "was",
        "go",
        "goes",
        "one",
        "people",
        "folks",
        "of",
        "to",
        "me",
        "up",
        "app",
    )


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
        if (
            k in taken
            or token.kind != "word"
            or len(token.low) < 6
            or is_known(token.low)
            or token.low in _NO_SLIPS
        ):
            continue
        near = table.nearest(token.low, 2 if len(token.low) >= 9 else 1)
        if near and is_likelier_slip_of(token.low, near):
            continue
        if near and len(near) >= 6 and near not in _QUESTION_HEADS and near not in _HEADS:
            message.propose(
                "category", k, k + 1, 0.8, {"ids": list(table.entries[near])}, "misspelt category"
            )
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
            if end > start:
                _propose_unlisted(message, start, end, taken)


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
    )


def _propose_unlisted(message: Message, first: int, last: int, taken: set[int]) -> None:
    if not taken & set(range(first, last)):
        message.propose("category", first, last, 0.6, None, "place of a category")
        taken.update(range(first, last))
