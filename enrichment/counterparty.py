"""Who a line is with: looked up in the merchant base, or a readable name made from the line."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

from knowledge.merchants import Merchant, load_merchants, plain_lower, slug
from knowledge.places import load_places
from knowledge.words import load_words

_LONGEST = 6
_CUT = 12
_CLOSED = 5
"""Letters from which on a spelling is looked up without its blanks too."""
_KEPT_NAMES = 1 << 13
"""Names that are kept once folded: each is looked up in more than one table."""

# Words that add nothing to who it is.
LEGAL = frozenset(
    [
        "ltd",
        "limited",
        "plc",
        "llc",
        "inc",
        "corp",
        "corporation",
        "co",
        "company",
        "llp",
        "lp",
        "uk",
        "gb",
        "usa",
        "us",
        "ireland",
        "intl",
        "international",
        "group",
        "grp",
        "holdings",
        "the",
        "sa",
        "bv",
        "ab",
        "ag",
        "gmbh",
        "sarl",
        "srl",
        "spa",
        "oy",
    ]
)
_NOISE = LEGAL | frozenset(
    [
        "store",
        "stores",
        "str",
        "shop",
        "online",
        "web",
        "website",
        "com",
        "www",
        "superstore",
        "retail",
        "supermarket",
        "supermarkets",
        "express",
        "local",
        "metro",
        "extra",
        "branch",
        "site",
        "services",
        "service",
        "svcs",
        "svc",
        "payment",
        "payments",
        "pymt",
        "pmt",
        "pmts",
        "pay",
        "autopay",
        "billpay",
        "bill",
        "ebill",
        "mobile",
        "app",
        "digital",
        "help",
        "subscription",
        "subscriptions",
        "membership",
        "member",
        "dd",
        "so",
        "ref",
        "card",
        "purchase",
        "ppd",
        "ccd",
        "direct",
        "debit",
        "bacs",
        "recurring",
        "monthly",
        "annual",
        "eu",
        "emea",
        "outside",
        "inside",
        "fuel",
        "pump",
        "petrol",
        "gas",
        "s/mkts",
        "smkts",
        "mkt",
        "whse",
        "supercenter",
        "contactless",
    ]
)
_ROAD_WORDS = "rd road st street ave avenue ln lane way blvd hwy sq square cross park retail"
_ROADS = frozenset(_ROAD_WORDS.split())
_HOST_FIRST = re.compile(r"^(?:www\.)?([\w-]{3,})\.(?:com|co\.uk|co|net|org|io)(?=[\s/])", re.I)
_APOSTROPHE = re.compile(r"['’`.]")
_DIGITS = "0123456789"
_WORD = re.compile(r"[a-z0-9]+")


class Found(NamedTuple):
    """A merchant found in a name.

    Attributes:
        merchant: The merchant.
        covered: How much of the name it explains, by letters or by words: 1 when nothing but noise
            is left.
        words: How many words matched.
        distinct: Whether the matched words name nothing else (`tesco`); `next` is a plain word.
        left: The words that it does not explain.
    """

    merchant: Merchant
    covered: float
    words: int
    distinct: bool
    left: tuple[str, ...]


@lru_cache(maxsize=_KEPT_NAMES)
def fold(name: str) -> tuple[str, ...]:
    """The words by which two spellings of one name are the same."""
    text = _APOSTROPHE.sub("", plain_lower(name))
    return tuple(_WORD.findall(text.replace("&", " and ").replace("+", " plus ")))


@lru_cache(maxsize=_KEPT_NAMES)
def _sought(name: str) -> tuple[str, ...]:
    """The words of a name that a merchant is looked up by: without a host's end and numbers."""
    bare = _HOST_FIRST.sub(r"\1 ", name) if "." in name else name
    return tuple(word for word in fold(bare) if not word.isdigit())


def same(one: str, other: str) -> bool:
    """Whether two names are one counterparty once case and legal suffixes are folded."""
    left = [w for w in fold(one) if w not in LEGAL]
    right = [w for w in fold(other) if w not in LEGAL]
    return left == right


class MerchantIndex:
    """Finds the merchant that a name begins with.

    Args:
        merchants: The base, in order of trust: an earlier one keeps a spelling that two claim.
        common: Words that stand in many names; alone they identify nobody.
    """

    def __init__(self, merchants: Iterable[Merchant], common: frozenset[str]) -> None:
        self.common = common
        self.by_id: dict[str, Merchant] = {}
        self._spelled: dict[tuple[str, ...], Merchant] = {}
        self._closed: dict[str, Merchant] = {}
        for merchant in merchants:
            merchant = self.by_id.setdefault(merchant.id, merchant)  # noqa: PLW2901
            for spelling in (merchant.name, *merchant.aliases):
                key = fold(spelling)
                if key and len(key) <= _LONGEST:
                    self._spelled.setdefault(key, merchant)
                    if len("".join(key)) >= _CLOSED:
                        self._closed.setdefault("".join(key), merchant)
        self._sorted = sorted(self._closed)
        bare = {key[1:]: found for key, found in self._spelled.items() if key[0] == "the"}
        self._begun = {**bare, **self._spelled}
        self._words: dict[str, int] = {}
        for key in filter(None, self._begun):
            self._words[key[0]] = max(len(key), self._words.get(key[0], 0))
        self._letters: dict[str, int] = {}
        for closed in self._closed:
            start = closed[:_CLOSED]
            self._letters[start] = max(len(closed), self._letters.get(start, 0))
        self._known = lru_cache(maxsize=_KEPT_NAMES)(self._look_up)

    def find(self, name: str, country: str = "") -> Found | None:
        """The merchant whose spelling is the longest beginning of the name.

        Args:
            name: A name as a bank prints it, without its place.
            country: ISO 3166 alpha-2 of the account's home, lower case; empty for any.
        """
        return self._known(_sought(name), country)

    def _look_up(self, words: tuple[str, ...], country: str) -> Found | None:
        while words and words[0] in {"the", "www"} and words[:2] not in self._spelled:
            words = words[1:]
        if not words:
            return None
        # How many words and letters any spelling has that begins so: most names have none.
        longest = self._words.get(words[0], 0)
        joined = "".join(words)
        letters = self._letters.get(joined[:_CLOSED], 0)
        if not longest and not letters:
            return None
        if letters:
            ends = accumulate(map(len, words[:_LONGEST]))
            longest = max(longest, 1, sum(end <= letters for end in ends))
        for size in range(min(longest, len(words)), 0, -1):
            merchant = self._begun.get(words[:size])
            if merchant is None and letters:
                whole = "".join(words[:size]) if size > 1 else words[0].rstrip(_DIGITS)
                merchant = self._closed.get(whole)
            if merchant is None:
                continue
            abroad = country and merchant.countries and country not in merchant.countries
            if not (abroad and size == 1):
                return self._judge(merchant, words[:size], words[size:], country)
        return self._cut(joined, len(words)) if letters >= len(joined) else None

    def _cut(self, joined: str, count: int) -> Found | None:
        """The only merchant that a name of twelve letters or more is the beginning of."""
        if len(joined) < _CUT:
            return None
        place = bisect.bisect_left(self._sorted, joined)
        after = self._sorted[place : place + 8]
        found = {self._closed[s].id: self._closed[s] for s in after if s.startswith(joined)}
        if len(found) != 1:
            return None
        return Found(next(iter(found.values())), 1.0, count, True, ())

    def exact(self, name: str) -> Merchant | None:
        """The merchant that is spelled just so, legal suffixes and case aside."""
        key = fold(name)
        bare = tuple(w for w in key if w not in LEGAL)
        return self._spelled.get(key) or self._spelled.get(bare)

    def _judge(
        self, merchant: Merchant, key: tuple[str, ...], rest: tuple[str, ...], country: str
    ) -> Found:
        left = tuple([w for w in rest if not _says_nothing(w, country)])
        distinct = len(key) > 1 or (key[0] not in self.common and len(key[0]) > 3)
        if country and merchant.countries and country not in merchant.countries:
            distinct = False
        covered = 1.0
        if left:
            letters = len("".join(key)) / len("".join((*key, *left)))
            covered = max(letters, len(key) / (len(key) + len(left)))
        return Found(merchant, covered, len(key), distinct, left)


_LARGE = 10_000
"""Inhabitants of a town whose name behind a merchant's is taken for the branch's place."""


@lru_cache(maxsize=_KEPT_NAMES)
def _says_nothing(word: str, country: str) -> bool:
    """Whether a word behind a merchant's name is noise, a number, a road or a town there."""
    if word in _NOISE or word in _ROADS or word.isdigit() or len(word) < 2:
        return True
    places = load_places().get(word, ()) if country and len(word) > 3 else ()
    return any(p.country.lower() == country and p.population >= _LARGE for p in places)


def common_words(names: Iterable[str], least: int = 3) -> frozenset[str]:
    """Words that begin or stand in at least `least` different names."""
    seen: dict[str, set[str]] = {}
    for name in names:
        words = fold(name)
        for word in words:
            seen.setdefault(word, set()).add(" ".join(words))
    return frozenset(word for word, within in seen.items() if len(within) >= least)


def learned(rows: Iterable[tuple[str, str, str, str, str]]) -> list[Merchant]:
    """Merchants from labelled rows, where the base lacks them.

    Args:
        rows: Spelling on the line, counterparty, category, website and country of each.
    """
    spelled: dict[str, dict[str, None]] = {}
    facts: dict[str, tuple[str, str]] = {}
    votes: dict[str, dict[str, int]] = {}
    for spelling, name, category, website, _country in rows:
        id_ = slug(name)
        if not id_:
            continue
        facts.setdefault(id_, (name, website))
        spelled.setdefault(id_, {})[spelling] = None
        tally = votes.setdefault(id_, {})
        tally[category] = tally.get(category, 0) + 1
    return [
        Merchant(
            id=id_,
            name=name,
            aliases=tuple(spelled[id_]),
            category=_majority(votes[id_]),
            website=website or None,
            logo=None,
            countries=(),
        )
        for id_, (name, website) in facts.items()
    ]


def _majority(votes: Mapping[str, int]) -> str:
    return max(votes, key=lambda category: (votes[category], category))


@cache
def _business_words() -> Counter[str]:
    """How many names each word stands in; a word for a kind of shop counts three times."""
    counts: Counter[str] = Counter()
    for merchant in load_merchants():
        counts.update(set(fold(merchant.name)))
    for phrases in load_words().values():
        for phrase in phrases:
            counts.update(dict.fromkeys(fold(phrase), 3))
    return counts


def is_business_word(word: str) -> bool:
    """Whether a word stands in the names of two merchants or more, or tells a kind of shop."""
    folded = fold(word)
    return bool(folded) and _business_words()[folded[-1]] > 1


@cache
def _endings() -> dict[str, str]:
    """For a word cut off after three letters or more, the business word that it most likely was."""
    counts = _business_words()
    best: dict[str, str] = {}
    for word, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        if count < 3 or not word.isalpha():
            continue
        for size in range(3, len(word)):
            best.setdefault(word[:size], word)
    known = {word for word, count in counts.items() if count >= 2}
    return {start: word for start, word in best.items() if start not in known}


def complete(name: str) -> str:
    """Completes a last word that a processor's short field cut off: `Auto Repa` → `Auto Repair`."""
    head, _, last = name.rpartition(" ")
    word = _endings().get(last.casefold()) if head and len(last) >= 3 else None
    if word is None:
        return name
    return f"{head} {word.upper() if last.isupper() else word.capitalize()}"
