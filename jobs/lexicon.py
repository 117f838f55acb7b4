"""The words that telling names from other words needs: names, cues, merchants, English."""

from functools import cache, lru_cache
from pathlib import Path

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.merchants import load_merchants
from nlu.texting import TEXTING
from nlu.words import EVERYDAY_WORDS, ranks

RARE = 10_000
"""Rank from which an English word is as likely a name where names stand."""
_DATA = Path(__file__).parent / "data"
_TABLES = (_DATA / "names.yml", _DATA / "cues.yml")


@cache
def _table() -> dict[str, tuple[str, ...]]:
    found: dict[str, str] = {}
    for table in _TABLES:
        found |= yaml.load(table.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {kind: tuple(words.split()) for kind, words in found.items()}


@cache
def listed(kind: str) -> frozenset[str]:
    """Return the words of one kind in ``data/names.yml`` or ``data/cues.yml``, in lower case."""
    return frozenset(_table()[kind])


@cache
def merchant_spellings() -> frozenset[str]:
    """Every way a merchant is written, in lower case without apostrophes."""
    return frozenset(
        bare(spelling)
        for merchant in load_merchants()
        for spelling in (merchant.name, *merchant.aliases)
    )


def bare(text: str) -> str:
    """Return a text in lower case without apostrophes."""
    return text.casefold().replace("'", "").replace("’", "")


@lru_cache(maxsize=200_000)
def is_unknown(low: str) -> bool:
    """Whether a word is no common English, no texting, no merchant, nor a slip of one of these."""
    if len(low) < 3 or low in TEXTING or low in listed("function"):
        return False
    plain = bare(low)
    rank = min(ranks().get(word, RARE) for word in (low, plain, plain.removesuffix("s")))
    if rank < RARE or plain in merchant_spellings():
        return False
    if plain in ranks():
        return True
    slips = 1 if len(plain) < 7 else 2
    near = process.extractOne(
        plain, _by_initial().get(plain[0], ()), scorer=OSA.distance, score_cutoff=slips
    )
    return near is None


@cache
def _by_initial() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    everyday = [word for word, rank in ranks().items() if rank < EVERYDAY_WORDS and len(word) > 3]
    own = [word for word in merchant_spellings() if len(word) > 4 and word.isalpha()]
    for word in (*everyday, *own):
        groups.setdefault(word[0], []).append(word)
    return groups
