"""A person's own accounts: by their names, by bank words, by where an account's name stands."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from knowledge.merchants import load_merchants
from nlu.entities.own_words import POSSESSIVES, names_of, own_words, parts_of, word_set
from nlu.gazetteer import Gazetteer, key
from nlu.message import Message
from nlu.types import Named
from nlu.words import listed

_BANK_NAME = re.compile(r"\bbank\b|credit union|building society|\bsavings\b")


@cache
def _account_words() -> Gazetteer[str]:
    lists = own_words()
    banks = (m.name for m in load_merchants() if _BANK_NAME.search(m.name.casefold()))
    return Gazetteer(
        [(word, "bank") for word in banks]
        + [(word, "bank") for word in lists["banks"]]
        + [(word, "type") for word in lists["types"]],
        strict=True,
    )


def account_names() -> tuple[str, ...]:
    """The words for banks, cards and kinds of account."""
    return own_words()["banks"] + own_words()["types"]


@cache
def _risky_banks() -> frozenset[str]:
    return frozenset(key(word) for word in own_words()["bank_words"])


_PRODUCTS = listed(
    "everyday platinum gold sapphire freedom flex classic premier cashback clubcard student "
    "graduate plus black blue double cash total checking credit debit joint business personal "
    "saver isa current"
)
_ACCOUNT_TAILS = listed("account acct acc card cc accounts")


_BANK_CUES = listed(
    "connect link add join unlink disconnect remove revoke hook linked relink sync balance on "
    "in into out take off got new binned with between and vs the left charged alert using via "
    "to checking whats what's or ? both"
)


_LINKING = listed(
    "connect link unlink disconnect linked connected hook hooked sync relink revoke add join "
    "remove balance fee fees interest alert overdraft transfer card account accounts statement "
    "stick takeoff off moved stung linking disconnected"
)


_CHARGE_WORDS = frozenset(["payment", "payments", "loan", "mortgage"])


def accounts(message: Message) -> None:
    """Proposes accounts: the person's own by name, then banks, cards and kinds of account."""
    if message.context.accounts:
        for first, last, name, one in names_of(message.context.accounts).find(message.tokens):
            if len(name) < 4 and last - first < 2:
                continue
            start, end = _with_possessive(message, first, last)
            message.propose(
                "account", start, end, 0.97, {"id": one.id, "name": one.name}, "own accounts"
            )
        for first, last, _, one in parts_of(message.context.accounts).find(message.tokens):
            if last - first > 1 and message.cursor.low(last) not in _NO_ACCOUNT_AFTER:
                start, end = _with_possessive(message, first, last)
                named = {"id": one.id, "name": one.name}
                message.propose("account", start, end, 0.96, named, "part of an own account's name")
    _by_first_word(message)
    for first, last, name, sort in _account_words().find(message.tokens):
        start, end = _with_possessive(message, first, last)
        start = _with_of(message, start)
        score = _account_score(message, start, end, first, last, name, sort)
        if score > 0:
            message.propose(
                "account", start, end, score, _resolved(message, start, end), f"{sort} words"
            )
    _unnamed_accounts(message)
    _of_others(message)


def _by_first_word(message: Message) -> None:
    """An own account by its first word before "card" or "account": "the virgin card"."""
    c = message.cursor
    begun: dict[str, list[Named]] = {}
    for one in message.context.accounts:
        first = one.name.casefold().split(" ")[0]
        if first not in _PLAIN:
            begun.setdefault(first, []).append(one)
    for k in range(len(c.tokens) - 1):
        meant = begun.get(c.low(k), [])
        if len(meant) == 1 and c.low(k + 1) in _ACCOUNT_TAILS:
            start, end = _with_possessive(message, k, k + 1)
            named = {"id": meant[0].id, "name": meant[0].name}
            message.propose("account", start, end, 0.97, named, "first word of an own account")


_ADJECTIVES = listed("old new other main joint closed business personal")
_KINDS = listed("credit debit savings current checking business joint cashback travel")
_PLAIN = _ADJECTIVES | _KINDS | _PRODUCTS | listed("bank cash first one my the easy online")
"""First words of an account's name that any account may have."""
_SINGLE_TAILS = listed("savings checking saver isa card acct acc cc")


def _with_possessive(message: Message, first: int, last: int) -> tuple[int, int]:
    """The span with "my old" before it and "credit card", "bank", "platinum card" behind."""
    c = message.cursor
    start = first
    if c.low(first - 1) in _ADJECTIVES and c.low(first - 2) in POSSESSIVES:
        start = first - 2
    elif c.low(first - 1) in POSSESSIVES:
        start = first - 1
    return start, _with_tail(message, last)


def _with_of(message: Message, start: int) -> int:
    """As in "my account of savings", "the card of Capital One"."""
    c = message.cursor
    if c.low(start - 1) not in ("of", "with") or c.low(start - 2) not in (
        "account",
        "card",
        "acct",
    ):
        return start
    return start - 3 if c.low(start - 3) in POSSESSIVES else start - 2


def _with_tail(message: Message, last: int) -> int:
    c = message.cursor
    end = last
    if c.low(end) in _KINDS and c.low(end + 1) in _ACCOUNT_TAILS:
        end += 2
    elif c.low(end) in _SINGLE_TAILS or (c.low(end) == "account" and c.low(last - 1) != "account"):
        end += 1
    if c.low(end) == "bank":
        end += 1
    product = end
    while product < end + 2 and c.low(product) in _PRODUCTS:
        product += 1
    return product + (c.low(product) in _ACCOUNT_TAILS) if product > end else end


_NO_ACCOUNT_AFTER = listed("pot goal fund rate rates goals plan challenge tips pots fees points")


def _account_score(
    message: Message, start: int, end: int, first: int, last: int, name: str, sort: str
) -> float:
    """How surely a listed word of a bank or a kind of account is one of the person's."""
    c = message.cursor
    possessed, tailed = start < first, end > last
    after, before = c.low(end), c.low(start - 1)
    if after in _CHARGE_WORDS and _is_owed_to(message, name):
        return 0.0
    if after in _NO_ACCOUNT_AFTER:
        return 0.9 if sort == "bank" and after == "fees" else 0.0
    if sort == "type":
        return _type_score(message, start, end, name, possessed, tailed)
    if name in _risky_banks():
        return 0.97 if possessed or tailed else _risky_score(message, start, end, first)
    if after in _CHARGE_WORDS and not possessed:
        return 0.7
    cued = possessed or tailed or before in _BANK_CUES or len(message.tokens) <= 4
    return 0.97 if cued else 0.955


def _is_owed_to(message: Message, bank: str) -> bool:
    """Whether the person pays that bank and has no account there: "my zopa loan"."""
    whom, at = message.context.merchants, message.context.accounts
    paid = any(key(one.name).startswith(bank) for one in whom)
    return paid and not any(key(one.name).startswith(bank) for one in at)


def _risky_score(message: Message, start: int, end: int, first: int) -> float:
    """A bank whose name is a word ("chase", "first direct"): by capitals, verbs and its place."""
    c = message.cursor
    after, before = c.low(end), c.low(start - 1)
    titled = c.tokens[first].text[:1].isupper() and first > 0 and not message.text.isupper()
    cued = before in ("on", "in", "into", "the") and after in ("", "?", "balance", ".", "!", "and")
    named = titled or before in ("connect", "link", "unlink", "disconnect", "add", "remove")
    if cued or (named and any(t.low in _LINKING for t in message.tokens[:first])):
        return 0.9
    return 0.86 if titled and before in ("on", "in", "from", "to") else 0.0


_OWED = listed("payments bill interest fees payment bills repayments debt")
_SHORT_TYPES = listed(
    "joint saver lisa cc vault visa mastercard prepaid easyaccess otheraccount oldaccount"
)
_CHECKING_BEFORE = listed("in into from and or just charge the vs")
_CHECKING_VERB = listed("just am was keep i'm im")
_SAVINGS_BEFORE = listed("in into from to out of and or the on & vs between with")


def _type_score(
    message: Message, start: int, end: int, name: str, possessed: bool, tailed: bool
) -> float:
    """How surely a word for a kind of account is one: "current", "checking" are other words too."""
    c = message.cursor
    before, after = c.low(start - 1), c.low(end)
    alone = start == 0 or end >= len(c.tokens)
    if name in ("creditcard", "creditcards", "debitcard", "debitcards") and after in _OWED:
        return 0.93 if possessed else 0.6
    if name == "current":
        return 0.9 if possessed and not after else 0.0
    if name in _SHORT_TYPES:
        cued = before in ("the", "in", "on", "from") and after in ("", "?", ".", "!")
        return 0.88 if possessed or cued else 0.0
    if name == "checking":
        out_of = before == "of" and c.low(start - 2) == "out"
        placed = alone or out_of or before in _CHECKING_BEFORE or after in _ACCOUNT_AFTER
        if not (possessed or placed):
            return 0.0
        return 0.5 if before in _CHECKING_VERB else 0.92
    if name in ("savings", "creditunion"):
        if before in ("total", "more", "any", "some", "as", "on"):
            return 0.5
        placed = alone or before in _SAVINGS_BEFORE or after in _ACCOUNT_AFTER
        return 0.92 if possessed or tailed or placed else 0.0
    return 0.93


_ACCOUNT_AFTER = frozenset(("account", "balance", "?"))


def _resolved(message: Message, start: int, end: int) -> dict[str, Any]:
    """The one account whose name holds the words, else no id and the words."""
    first = start + 1 if message.cursor.low(start) in POSSESSIVES else start
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
    fits = [one for one in message.context.accounts if bare and bare <= word_set(one.name)]
    if len(fits) == 1:
        return {"id": fits[0].id, "name": fits[0].name}
    return {"id": None, "name": said}


_SAVING = listed("save saving stacking saved stack collect towards toward saves put savin")


def _of_others(message: Message) -> None:
    """As in "my dad's card", "card ending 4412"."""
    c = message.cursor
    for k in range(1, len(c.tokens)):
        if c.low(k) == "'s" and c.low(k + 1) in ("card", "account", "savings", "isa"):
            first = k - 2 if c.low(k - 2) in POSSESSIVES else k - 1
            resolved = _resolved(message, first, k + 2)
            message.propose("account", first, k + 2, 0.96, resolved, "place of an account")
        if c.low(k) == "ending" and c.low(k - 1) in ("card", "account"):
            end = k + 2 if c.low(k + 1) == "in" else k + 1
            if c.is_number(end) and len(c.low(end)) == 4:
                resolved = {"id": None, "name": message.words(k - 1, end + 1)}
                message.propose("account", k - 1, end + 1, 0.97, resolved, "place of an account")


def _unnamed_accounts(message: Message) -> None:
    """As in "the van account", "my HDFC card": a word or two that only an account's name can be."""
    c = message.cursor
    for k in range(2, len(c.tokens)):
        if c.low(k) not in ("account", "card", "acct") or c.low(k + 1) in (
            "fees",
            "fee",
            "payments",
            "number",
        ):
            continue
        start = k - 1
        if c.low(start) in _NO_ACCOUNT or c.tokens[start].kind != "word" or c.low(start) in ("'s",):
            continue
        owner = (
            start - 1 if c.low(start - 1) not in _OWNERS and c.low(start - 2) in _OWNERS else start
        )
        if c.low(owner - 1) not in _OWNERS or (c.low(k) == "card" and c.low(owner - 1) == "the"):
            continue
        first = owner - 1 if c.low(owner - 1) in POSSESSIVES else owner
        message.propose(
            "account", first, k + 1, 0.945, _resolved(message, first, k + 1), "place of an account"
        )


_OWNERS = POSSESSIVES | {"the"}


_NO_ACCOUNT = listed(
    "my the this that bank gift id sim business-card library bus post christmas birthday report "
    "score lost stolen whole own first last new old same other one any which each every your "
    "their second memory sd loyalty reward rewards membership points oyster rail get on in from "
    "to of and is was for user online entire right wrong"
)
