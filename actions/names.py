"""Which of the person's own counterparties and accounts a word means."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from knowledge.merchants import load_merchants, slug
from ledger.queries import Counterparty, Row
from ledger.types import Account

CLOSE_ENOUGH = 86
"""rapidfuzz's ratio (0-100) from which a misspelt name is the same name."""
ALIKE = 80
"""The ratio from which two long words are forms of one."""
MOST_MEMO_MATCHES = 3
"""A word that more counterparties' bank texts contain says nothing about whom is meant."""

ROLES: Mapping[str, tuple[str, ...]] = {
    "landlord": ("housing.rent",),
    "landlady": ("housing.rent",),
    "employer": ("income.pay.salary",),
    "work": ("income.pay.salary",),
    "job": ("income.pay.salary",),
    "boss": ("income.pay.salary",),
    "payroll": ("income.pay.salary",),
}
"""Words for a counterparty by what it does, as the taxonomy tells it."""

ACCOUNT_WORDS: Mapping[str, str] = {
    "saving": "savings",
    "savings": "savings",
    "saver": "savings",
    "isa": "savings",
    "current": "checking",
    "checking": "checking",
    "checkings": "checking",
    "chequing": "checking",
    "debit": "checking",
    "main": "checking",
    "credit": "credit",
    "creditcard": "credit",
    "loan": "loan",
}
_FILLER = frozenset(
    ["my", "our", "the", "a", "an", "account", "accounts", "acct", "card", "cards", "bank", "pot"]
)
_SAY_LITTLE = frozenset(["total", "full", "cash", "every", "everyday", "easy", "classic", "plus"])
"""Words of accounts' names that a sentence has for other reasons ("in total")."""

PERSONAL = frozenset(["transfers.person", "income.money_back.refund", "income.support.family"])
"""Categories of payments between people."""
_ALSO_WORDS = frozenset(
    [
        "april",
        "august",
        "june",
        "will",
        "mark",
        "grace",
        "hope",
        "faith",
        "rich",
        "penny",
        "bill",
        "dawn",
        "rose",
        "jack",
        "drew",
        "chase",
        "bank",
        "house",
        "shop",
        "card",
        "rent",
        "paid",
    ]
)


def _words(text: str) -> list[str]:
    return [word for word in slug(text).split("_") if word]


def _plain(text: str) -> str:
    return "_".join(word for word in _words(text) if word not in {"my", "our", "the"})


def _by_name(value: str, known: Sequence[Counterparty]) -> list[str]:
    exact = [one.id for one in known if value in {one.id, slug(one.name)}]
    if exact:
        return exact
    words = set(value.split("_"))
    inside = [one.id for one in known if words <= set(_words(one.name))]
    if inside:
        return inside
    joined = value.replace("_", "")
    written = [one.id for one in known if joined in _runs(_words(one.name))]
    if written:
        return written
    scored = [
        (fuzz.ratio(joined, slug(one.name).replace("_", "")), -position, one.id)
        for position, one in enumerate(known)
    ]
    best = max(scored, default=(0.0, 0, ""))
    if len(joined) >= 4 and best[0] >= CLOSE_ENOUGH:
        return [best[2]]
    return [one.id for one in known if _alike(words, _words(one.name))]


def _runs(name: list[str]) -> set[str]:
    """The words of a name, and neighbours written as one: back market is backmarket, too."""
    return {*name, *("".join(pair) for pair in pairwise(name))}


def _alike(written: set[str], name: list[str]) -> bool:
    """Whether each long word is nearly one of a name's, as pediatrician is of pediatrics."""
    return all(
        len(word) > 6 and any(fuzz.ratio(word, part) >= ALIKE for part in name) for word in written
    )


def _by_memo(value: str, described: Callable[[str], Iterable[Row]]) -> list[str]:
    words = value.split("_")
    if max(map(len, words)) < 3:
        return []
    whole = re.compile(r"\b" + r"\W*".join(map(re.escape, words)) + r"\b", re.IGNORECASE)
    rows = described(max(words, key=len))
    ids = {row.counterparty_id for row in rows if whole.search(row.description)} - {None}
    return sorted(id_ for id_ in ids if id_) if len(ids) <= MOST_MEMO_MATCHES else []


def find_counterparties(
    value: str,
    resolved: Mapping[str, Any] | None,
    known: Sequence[Counterparty],
    described: Callable[[str], Iterable[Row]],
) -> tuple[str, ...]:
    """The ids that a merchant entity means.

    Tried in order: the id that was resolved, the role ("my landlord"), the name, a misspelt name,
    the words of a payment's bank text. Somebody the person has no rows for keeps the resolved id,
    or the slug of what was written, so that the answer can say so.

    Args:
        value: The entity as written.
        resolved: ``{"counterparty", "id"}`` or None.
        known: The person's own counterparties.
        described: Rows by a word of their bank text.
    """
    resolved = resolved or {}
    written = _plain(value)
    if resolved.get("id") in {one.id for one in known}:
        return (str(resolved["id"]),)
    if written in ROLES:
        wanted = ROLES[written]
        ids = tuple(one.id for one in known if set(one.categories) & set(wanted))
        if ids:
            return ids
    for name in dict.fromkeys([slug(str(resolved.get("counterparty") or "")), written]):
        found = _by_name(name, known) if name else []
        if found:
            return tuple(found)
    found = _by_memo(written, described) if written else []
    return tuple(found) or (str(resolved.get("id") or written or slug(value)),)


_AROUND = re.compile(
    r"^\W*(?:(?:and|so|ok|then|what about|how about|at|in|with|for|now|just|only|the|my)\s+)*"
    r"(.+?)(?:\s+(?:then|too|now|instead|please|pls|as well|one|policy|bill))*\W*$"
)


def called(text: str, known: Sequence[Counterparty]) -> tuple[str, ...]:
    """Who is called by the whole of a short message ("target then"), though it is a word, too.

    A word of a name is enough where only one has it ("the lemonade policy").
    """
    found = _AROUND.search(text)
    name = slug(found[1]) if found else ""
    whole = tuple(one.id for one in known if name in {one.id, slug(one.name)}) if name else ()
    if whole or not name:
        return whole
    words = set(name.split("_"))
    telling = {word for word in words if len(word) > 3} - _ALSO_WORDS
    within = tuple(one.id for one in known if telling and words <= set(_words(one.name)))
    return within if len(within) == 1 else ()


def named_with(value: str, kind: str, known: Sequence[Counterparty]) -> tuple[str, ...]:
    """The one counterparty whose name has a word of a name and the words of a category behind it.

    As in "tybee island parking", which the bank calls City of Tybee Parking; empty where none or
    several are called so.

    Args:
        value: The name as written.
        kind: The category's words behind it.
        known: The person's own counterparties.
    """
    words = {word for word in _words(value) if len(word) > 3} - _ALSO_WORDS
    kinds = set(_words(kind))
    found = [one.id for one in known if words & (name := set(_words(one.name))) and kinds <= name]
    return tuple(found) if len(found) == 1 else ()


@cache
def _businesses() -> frozenset[str]:
    return frozenset(merchant.id for merchant in load_merchants())


def mentioned(text: str, known: Sequence[Counterparty]) -> tuple[str, ...]:
    """The people of the ledger whose first or last name stands in a text.

    Only people: what a shop is called is too often an ordinary word, and NLU knows shops. First
    names that are words themselves are left alone.

    Args:
        text: The message.
        known: Who has rows of `PERSONAL` categories.
    """
    words = set(_words(text))
    found = []
    for one in known:
        if one.id in _businesses():
            continue  # a card that is paid each month is nobody's name
        name = _words(one.name)
        ends = {part for part in (name[0], name[-1]) if len(part) > 3} if len(name) > 1 else set()
        if (ends & words) - _ALSO_WORDS:
            found.append(one.id)
    return tuple(found)


def nearest(value: str, known: Sequence[Counterparty]) -> Counterparty | None:
    """The counterparty whose name looks most like ``value``, None where nothing does."""
    scored = [(fuzz.partial_ratio(value, slug(one.name)), one) for one in known]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= 75 else None


def _account_words(account: Account) -> set[str]:
    return set(_words(f"{account.name} {account.institution}")) - _FILLER


def accounts_named(words: Iterable[str], accounts: Sequence[Account]) -> tuple[str, ...]:
    """The accounts whose bank or card is called by these words alone, such as ``discover``.

    Words for a kind of account ("savings") or that every account may have name none.
    """
    plain = {word for word in words if len(word) > 3} - _FILLER - _SAY_LITTLE - set(ACCOUNT_WORDS)
    if not plain:
        return ()
    return tuple(one.id for one in accounts if plain <= _account_words(one))


def find_accounts(
    value: str, resolved: Mapping[str, Any] | None, accounts: Sequence[Account]
) -> tuple[str, ...]:
    """The ids of the accounts that an account entity means; empty where none fits."""
    id_ = (resolved or {}).get("id")
    if id_ in {account.id for account in accounts}:
        return (str(id_),)
    all_words = _words(value)
    words = set(all_words) - _FILLER
    named = [one for one in accounts if words and words <= _account_words(one)]
    if named:
        return tuple(one.id for one in named)
    kinds = {ACCOUNT_WORDS[word] for word in words if word in ACCOUNT_WORDS}
    if not kinds and not words and {"card", "cards"} & set(all_words):
        kinds = {"credit"}
    brands = [one for one in accounts if words & _account_words(one)]
    typed = [one for one in accounts if one.type in kinds]
    both = [one for one in typed if one in brands]
    chosen = both or typed or brands
    if not chosen and words:
        joined = "".join(sorted(words))
        chosen = [
            one
            for one in accounts
            if any(fuzz.ratio(joined, word) >= CLOSE_ENOUGH for word in _account_words(one))
        ]
    return tuple(one.id for one in chosen)
