"""A person's own accounts and goals: by their names, by bank words, by where a goal's name stands."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

import knowledge
from nlu.gazetteer import Gazetteer, key
from nlu.message import Message
from nlu.tokens import tokenise
from nlu.types import Named
from nlu.words import is_known

_FILE = Path(knowledge.__file__).parent / "data" / "own_words.yml"
_POSSESSIVES = frozenset("my ma our me mine mah".split())


@cache
def own_words() -> dict[str, tuple[str, ...]]:
    """The lists of `own_words.yml`."""
    table = yaml.load(_FILE.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return {
        name: tuple(word.strip() for word in text.split("|") if word.strip())
        for name, text in table.items()
    }


@cache
def _account_words() -> Gazetteer[str]:
    lists = own_words()
    return Gazetteer(
        [(word, "bank") for word in lists["banks"]] + [(word, "type") for word in lists["types"]],
        strict=True,
    )


@cache
def _risky_banks() -> frozenset[str]:
    return frozenset(key(word) for word in own_words()["bank_words"])


@lru_cache(maxsize=256)
def _names(named: tuple[Named, ...]) -> Gazetteer[Named]:
    """The names as such, without brackets, and the name in brackets."""
    rows: list[tuple[str, Named]] = []
    for one in named:
        rows.append((one.name, one))
        plain, _, inner = one.name.partition("(")
        if inner:
            rows += [(plain, one), (inner.rstrip(") "), one)]
    return Gazetteer(rows)


_ACCOUNT_TAILS = frozenset("account acct acc card cc accounts".split())
_BANK_CUES = frozenset(
    "connect link add join unlink disconnect remove revoke hook linked relink sync balance on in into "
    "out take off got new binned with between and vs the off left charged alert using via to checking whats what's or ? both".split()
)
_LINKING = frozenset(
    "connect link unlink disconnect linked connected hook hooked sync relink revoke add join remove balance fee fees "
    "interest alert overdraft transfer card account accounts statement stick takeoff off moved stung linking disconnected".split()
)
_CHARGE_WORDS = frozenset("payment payments loan mortgage".split())


def accounts(message: Message) -> None:
    """Proposes accounts: the person's own by name, then banks, cards and kinds of account."""
    c = message.cursor
    if message.context.accounts:
        for first, last, name, one in _names(message.context.accounts).find(message.tokens):
            if len(name) < 4 and last - first < 2:
                continue
            start, end = _with_possessive(message, first, last)
            message.propose(
                "account", start, end, 0.97, {"id": one.id, "name": one.name}, "own accounts"
            )
    for first, last, name, sort in _account_words().find(message.tokens):
        start, end = _with_possessive(message, first, last)
        score = _account_score(message, start, end, first, last, name, sort)
        if score > 0:
            message.propose(
                "account", start, end, score, _resolved(message, start, end), f"{sort} words"
            )
    _unnamed_accounts(message)


def _with_possessive(message: Message, first: int, last: int) -> tuple[int, int]:
    c = message.cursor
    start = first
    if (
        c.low(first - 1)
        in ("old", "new", "other", "main", "joint", "closed", "business", "personal")
        and c.low(first - 2) in _POSSESSIVES
    ):
        start = first - 2
    elif c.low(first - 1) in _POSSESSIVES:
        start = first - 1
    end = last
    if (
        c.low(end)
        in (
            "credit",
            "debit",
            "savings",
            "current",
            "checking",
            "business",
            "joint",
            "cashback",
            "travel",
        )
        and c.low(end + 1) in _ACCOUNT_TAILS
    ):
        end += 2
    elif c.low(end) in ("savings", "checking", "saver", "isa") or c.low(end) in (
        "card",
        "acct",
        "acc",
        "cc",
    ):
        end += 1
    elif c.low(end) == "account" and c.low(last - 1) not in ("account",):
        end += 1
    if c.low(end) == "bank":
        end += 1
    return start, end


def _account_score(
    message: Message, start: int, end: int, first: int, last: int, name: str, sort: str
) -> float:
    c = message.cursor
    possessed, tailed = start < first, end > last
    after, before = c.low(end), c.low(start - 1)
    if after in (
        "pot",
        "goal",
        "fund",
        "rate",
        "rates",
        "goals",
        "plan",
        "challenge",
        "tips",
        "pots",
        "fees",
        "points",
    ):
        return 0.0 if not (sort == "bank" and after == "fees") else 0.9
    if sort == "type":
        return _type_score(message, start, end, name, possessed, tailed)
    if name in _risky_banks():
        if possessed or tailed:
            return 0.97
        titled = c.tokens[first].text[:1].isupper() and first > 0 and not message.text.isupper()
        cued = before in ("on", "in", "into", "the", "vs", "and") and after in (
            "",
            "?",
            "balance",
            ".",
            "!",
            "and",
        )
        linking = any(t.low in _LINKING for t in message.tokens[:first]) and (
            titled or before in ("connect", "link", "unlink", "disconnect", "add", "remove")
        )
        return (
            0.9
            if linking or cued
            else (0.86 if titled and before in ("on", "in", "from", "to") else 0.0)
        )
    if after in _CHARGE_WORDS and not possessed:
        return 0.7
    return 0.97 if possessed or tailed or before in _BANK_CUES or len(message.tokens) <= 4 else 0.955


def _type_score(
    message: Message, start: int, end: int, name: str, possessed: bool, tailed: bool
) -> float:
    c = message.cursor
    before, after = c.low(start - 1), c.low(end)
    if name in ("creditcard", "creditcards", "debitcard", "debitcards") and after in (
        "payments",
        "bill",
        "interest",
        "fees",
        "payment",
        "bills",
        "repayments",
        "debt",
    ):
        return 0.6 if not possessed else 0.93
    if name == "current":
        return 0.9 if possessed and not after else 0.0
    if name in ("joint", "saver", "lisa", "cc"):
        return (
            0.88
            if possessed or before in ("the", "in", "on", "from") and after in ("", "?", ".", "!")
            else 0.0
        )
    if name == "checking":
        if (
            possessed
            or before in ("in", "into", "from", "and", "or", "just", "charge", "the", "vs")
            or start == 0
            or after in ("account", "balance", "?")
            or end >= len(c.tokens)
        ):
            return 0.92 if before not in ("just", "am", "was", "keep", "i'm", "im") else 0.5
        return 0.0
    if name in ("savings", "creditunion"):
        cued = (
            possessed
            or tailed
            or before
            in (
                "in",
                "into",
                "from",
                "to",
                "out",
                "of",
                "and",
                "or",
                "the",
                "on",
                "&",
                "vs",
                "between",
                "with",
            )
            or start == 0
            or after in ("balance", "account", "?")
            or end >= len(c.tokens)
        )
        if before in ("total", "more", "any", "some", "as", "on"):
            return 0.5
        return 0.92 if cued else 0.0
    return 0.93


def _resolved(message: Message, start: int, end: int) -> dict[str, Any]:
    """The one account whose name holds the words, else no id and the words."""
    first = start + 1 if message.cursor.low(start) in _POSSESSIVES else start
    said = message.words(first, end)
    bare = {t.low for t in message.tokens[first:end]} - {
        "account",
        "card",
        "acct",
        "acc",
        "old",
        "new",
        "my",
        "bank",
    }
    fits = [one for one in message.context.accounts if bare and bare <= _word_set(one.name)]
    if len(fits) == 1:
        return {"id": fits[0].id, "name": fits[0].name}
    return {"id": None, "name": said}


@lru_cache(maxsize=2048)
def _word_set(name: str) -> frozenset[str]:
    return frozenset(t.low for t in tokenise(name)) | frozenset((key(name),))


_CONTAINERS = frozenset("pot goal fund pots goals jar chest piggy".split())
_NOT_A_GOAL = frozenset(
    "me savings saving my the a this that each every any all new mutual hedge trust index pension etf money which what "
    "own your our of for on in to goal goals pot fund funds and or is s how's hows how what's whats delete remove close "
    "open start create make set another other one same first second next last biggest main rest cancel scrap erase bin list "
    "show put add up do i no any joint auto only current private".split()
)
_STOPS = frozenset(
    "by before until till in on at from with and or but so if when how what i we it is are was ? ! . , ; : like "
    "next this last please pls plz thanks want need for to my the out a an off doing going of about over within it's its "
    "nomore anymore already now yet using every each per monthly weekly goal pot fund target thing one £ $ € + - instead costs "
    "costing around starting starts set".split()
)
_SAVING = frozenset(
    "save saving stacking saved stack collect towards toward saves put savin".split()
)


def goals(message: Message) -> None:
    """Proposes goals: the person's own by name, then the nouns where a goal's name stands."""
    c = message.cursor
    if message.context.goals:
        for first, last, name, one in _names(message.context.goals).find(message.tokens):
            if len(name) < 3:
                continue
            strong = c.low(last) in _CONTAINERS or len(name) >= 5
            message.propose(
                "goal",
                first,
                last,
                0.96 if strong else 0.75,
                {"id": one.id, "name": one.name},
                "own goals",
            )
    for first, last, score in _placed_goals(message):
        message.propose("goal", first, last, score, _goal(message, first, last), "place of a goal")


def _is_one_feast(message: Message, first: int, last: int) -> bool:
    """ "add 25 to christmas": a day is paid nothing."""
    return any(
        p.entity == "period" and (p.first, p.last) == (first, last) for p in message.proposals
    )


def _unnamed_accounts(message: Message) -> None:
    """ "the van account", "my HDFC card": a word or two that only an account's name can be."""
    c = message.cursor
    for k in range(2, len(c.tokens)):
        if c.low(k) not in ("account", "card", "acct") or c.low(k + 1) in ("fees", "fee", "payments", "number"):
            continue
        start = k - 1
        if c.low(start) in _NO_ACCOUNT or c.tokens[start].kind != "word" or c.low(start) in ("'s",):
            continue
        owner = start - 1 if c.low(start - 1) not in _OWNERS and c.low(start - 2) in _OWNERS else start
        if c.low(owner - 1) not in _OWNERS or (c.low(k) == "card" and c.low(owner - 1) == "the"):
            continue
        first = owner - 1 if c.low(owner - 1) in _POSSESSIVES else owner
        message.propose("account", first, k + 1, 0.945, _resolved(message, first, k + 1), "place of an account")


_OWNERS = _POSSESSIVES | {"the"}
_NO_ACCOUNT = frozenset(
    "my the this that bank gift id sim business-card library bus post christmas birthday report score lost stolen whole "
    "own first last new old same other one any which each every your their second memory sd report loyalty reward "
    "rewards membership points oyster rail get on in my from to of and is was for user online entire right wrong".split()
)


def _goal(message: Message, first: int, last: int) -> dict[str, Any]:
    said = message.words(first, last)
    words = {t.low for t in message.tokens[first:last]}
    fits = [g for g in message.context.goals if words & _word_set(g.name)]
    if len(fits) == 1:
        return {"id": fits[0].id, "name": fits[0].name}
    return {"id": None, "name": said}


def _placed_goals(message: Message) -> list[tuple[int, int, float]]:
    c = message.cursor
    found: list[tuple[int, int, float]] = []
    for k in range(len(c.tokens)):
        low = c.low(k)
        if low in _CONTAINERS or (low == "chest" and c.low(k - 1) == "war"):
            end = k - 1 if low == "chest" and c.low(k - 1) == "war" else k
            end = end - 1 if c.low(end - 1) in ("savings", "saving") else end
            before = _noun_before(message, end)
            if before < end:
                found.append((before, end, 0.96))
                continue
            after = _noun_after(message, k + 1, True)
            if after:
                found.append((*after, 0.94))
        elif low in (
            "save",
            "saving",
            "saved",
            "stacking",
            "stack",
            "savings",
            "saves",
            "away",
            "aside",
            "collect",
            "savin",
        ):
            after = _after_saving(message, k)
            if after:
                found.append((*after, 0.96))
        elif low in ("to", "in", "into", "towards", "toward", "at", "intae", "on", "2"):
            after = _after_paying(message, k)
            if after:
                found.append((*after, 0.96 if _is_one_feast(message, *after) else 0.8))
    return found


def _noun_before(message: Message, end: int) -> int:
    """Where the words right before a container begin ("[leeds fest] pot")."""
    c = message.cursor
    start = end
    verbs = frozenset(
        "scrap delete remove close cancel erase bin yeet drop add put want get start begin establish create make set take open need kill end stop pause check show bump top raise move".split()
    )
    while start > 0 and end - start < 3:
        low = c.low(start - 1)
        token = c.tokens[start - 1]
        if low == "out" and start == end:
            start -= 1
            continue
        if low in _NOT_A_GOAL or low in _STOPS or low in verbs or token.kind == "sign":
            break
        if token.kind == "num" and not token.glued:
            break
        start -= 1
    if start < end and c.low(start) in ("'s",):
        start = end
    return start


def _noun_after(message: Message, k: int, container: bool) -> tuple[int, int] | None:
    """The noun behind "pot for", "goal of", "fund:"."""
    c = message.cursor
    linked = c.low(k) in ("for", "of", "called", "named", ":", "to", "-", "is")
    if not linked and not container:
        return None
    k = k + 1 if linked else k
    while c.low(k) in ("a", "an", "the", "my", "our", "some", "savings", "saving", "buy", "get"):
        k += 1
    end = k
    named = linked and c.low(k - 1) in ("called", "named")
    while end < len(c.tokens) and end < k + 3:
        low = c.low(end)
        token = c.tokens[end]
        if (low in _STOPS and not (named and low == "next") and not (low == "out" and end > k)) or token.kind == "sign" and not (low in ("-", "&") and end > k):
            break
        if token.kind == "num" and not (c.glued(end) and end > k):
            break
        if not named and (c.atom(end).month or c.atom(end).mod is not None or c.atom(end).relative is not None):
            break
        end += 1
        if (
            c.low(end) == "to"
            and end == k + 1
            and c.low(k) in ("trip", "holiday", "vacation", "flight", "flights")
            and c.low(end + 1) not in _STOPS
        ):
            end += 2
    if (
        not linked
        and end > k
        and is_known(c.low(k))
        and c.low(k)
        in (
            "was",
            "doing",
            "going",
            "looking",
            "be",
            "hit",
            "looks",
            "now",
            "progress",
            "status",
            "with",
            "check",
            "got",
            "called",
            "has",
            "did",
            "hw",
            "how",
            "would",
            "will",
            "money",
        )
    ):
        return None
    return (k, end) if end > k else None


def _after_saving(message: Message, k: int) -> tuple[int, int] | None:
    """ "save 1000 for tokyo", "saving up towards a trip to florence"."""
    c = message.cursor
    if c.low(k) in ("away", "aside") and c.low(k - 1) in ("go", "right", "going"):
        return None
    for j in range(k + 1, min(k + 9, len(c.tokens))):
        if c.low(j) in ("for", "towards", "toward") and c.low(j + 1) not in (
            "me",
            "it",
            "that",
            "this",
            "now",
            "next",
            "when",
            "each",
            "every",
            "rainy'",
        ):
            found = (
                _noun_after(message, j, False)
                if c.low(j) == "for"
                else _noun_after_direct(message, j + 1)
            )
            return found
        if c.low(j) in ("?", "!", ".", "on", "at", "if", "how", "what", "because"):
            return None
    return None


def _noun_after_direct(message: Message, k: int) -> tuple[int, int] | None:
    return _noun_after(message, k, True)


_PAYING = frozenset(
    "put add move chuck toss drop throw stick bung transfer shift contribute sling pop lob allocate drip squirrel pump slide stash dump bang whack".split()
)


def _after_paying(message: Message, k: int) -> tuple[int, int] | None:
    """ "add £50 to florence": a verb of paying, a sum, then the goal."""
    c = message.cursor
    opening = [j for j in range(max(0, k - 8), k) if c.low(j) in _PAYING]
    if not opening or not any(
        t.kind == "num" or t.low in ("tenner", "fiver", "hundred", "grand")
        for t in message.tokens[opening[-1] : k]
    ):
        return None
    if c.low(k) == "on" and c.low(k + 1) not in ("the", "my"):
        return None
    found = _noun_after(message, k + 1, True)
    if found is None:
        return None
    if c.low(found[1]) in ("account", "budget", "limit", "card") or c.low(found[0]) in (
        "savings",
        "saving",
        "account",
        "checking",
        "budget",
        "autosave",
        "it",
        "that",
        "them",
    ):
        return None
    return found
