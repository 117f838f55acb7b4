"""The training lines: what the templates say, as other people would write it, and noise.

Lines are drawn in blocks, each from a seed of its own, so that several processes draw the same
lines as one would.
"""

import random
import string
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from jobs.noise import MISSPELT, vary
from jobs.templates import Node, Templates, draw, weight
from knowledge.merchants import load_merchants
from nlu.intents import ASKED, FOLLOWING, FOLLOWUPS, OPENING, OUT
from nlu.normalise import normalise
from nlu.words import ranks
from regex_bootstrap.catalog import Catalog, read_catalog

BLOCK = 10_000
_OUT_SHARE = 0.11
"""Share of out-of-scope lines: so many topics, one label."""
_GIBBERISH = 0.06
"""Share of the out-of-scope lines that are no language at all."""
_FEW = frozenset({"greet", "goodbye", "thanks", "affirm", "deny"})
"""Intents with few wordings: half the lines of the others."""
_WEIGHTY: Mapping[str, float] = {
    "refine_query": 1.8,
    "show_more": 1.8,
    "spending_total": 2.0,
    "list_transactions": 1.6,
}
"""Elliptical turns say anything, and what is asked most is asked in most ways: more lines."""
_VOCABULARY_LINES, _VOCABULARY_SEED = 900, 800_001
"""Lines of each intent whose words are what misspelt words are mended to."""
_FROM_BASE = 0.4
"""Share of the merchants, subscriptions and banks in a template that come from the base."""
_LONGEST_NAME = 24
_RENEWED = ("subscriptions", "health.fitness", "utilities", "insurance", "entertainment")
"""Categories of what people subscribe to."""
_FIRST_WORD, _LAST_WORD = 300, 6000
"""Ranks of the words that stand for any topic: neither the commonest nor rare ones."""


@dataclass(frozen=True)
class Drawer:
    """All that lines are drawn from.

    Attributes:
        intents: The names, each with its compiled templates and their cumulated weights.
        shares: The cumulated shares of the intents.
    """

    intents: Sequence[tuple[str, Sequence[list[Node]], Sequence[float]]]
    shares: Sequence[float]


@cache
def drawer(folder: Path) -> Drawer:
    """Compile the templates of ``data/intents``.

    Raises:
        BadTemplateError: A template cannot be read.
    """
    catalog = read_catalog(folder)
    templates = Templates(_values(catalog))
    found = []
    for intent in catalog.intents.values():
        compiled = [templates.compile(text) for text in intent.templates + intent.examples]
        found.append((intent.name, compiled, list(accumulate(map(weight, compiled)))))
    usual = [_share(name, len(found)) for name, _, _ in found]
    return Drawer(found, list(accumulate(usual)))


def _share(name: str, size: int) -> float:
    if name == OUT:
        return _OUT_SHARE * size
    return _WEIGHTY.get(name, 0.5 if name in _FEW else 1.0)


def _values(catalog: Catalog) -> Mapping[str, Sequence[str]]:
    """Slot values, the merchants mixed with those of the merchant base."""
    base = [found for found in load_merchants() if _is_plain(found.name)]
    known = {
        "merchant": [found.name.lower() for found in base],
        "sub": [found.name.lower() for found in base if found.category.startswith(_RENEWED)],
        "bank": [found.name.lower() for found in base if not found.category],
    }
    values: dict[str, Sequence[str]] = dict(catalog.values)
    for slot, names in known.items():
        own = catalog.values[slot]
        copies = max(1, round(len(names) * (1 - _FROM_BASE) / _FROM_BASE / len(own)))
        values[slot] = [*own * copies, *names]
    values["account"] = [*catalog.values["account"] * 4, *values["bank"][-len(known["bank"]) :]]
    words = sorted(ranks(), key=ranks().__getitem__)
    values["word"] = [word for word in words[_FIRST_WORD:_LAST_WORD] if len(word) > 2]
    return values


def _is_plain(name: str) -> bool:
    return len(name) < _LONGEST_NAME and not set("(){}|") & set(name)


def block(folder: Path, seed: int, size: int = BLOCK, misspelt: float = MISSPELT) -> list[str]:
    """Draw lines of all intents.

    Args:
        folder: ``data/intents``.
        seed: Names the block.
        size: How many lines are drawn; those that come to nothing are left out.
        misspelt: Share of the lines in which words are misspelt.
    """
    found = drawer(folder)
    rng = random.Random(seed)  # noqa: S311 - draws training lines
    picked = rng.choices(found.intents, cum_weights=found.shares, k=size)
    lines = []
    for name, templates, weights in picked:
        if name == OUT and rng.random() < _GIBBERISH:
            text = gibberish(rng)
        else:
            text = draw(templates[bisect(weights, rng.random() * weights[-1])], rng)
        line = line_of(name, vary(text, rng, misspelt), context(name, rng))
        if line:
            lines.append(line)
    return lines


def vocabulary(folder: Path) -> dict[str, int]:
    """The words of lines as they are drawn, before anything is misspelt, and how often they stand.

    Args:
        folder: ``data/intents``.
    """
    rng = random.Random(_VOCABULARY_SEED)  # noqa: S311 - draws training lines
    found: Counter[str] = Counter()
    for _, templates, weights in drawer(folder).intents:
        for _ in range(_VOCABULARY_LINES):
            text = draw(templates[bisect(weights, rng.random() * weights[-1])], rng)
            found.update(normalise(text).split())
    for merchant in load_merchants():
        for word in normalise(merchant.name).split():
            found.setdefault(word, 1)
    return dict(sorted(found.items()))


def line_of(intent: str, text: str, context: str) -> str:
    """A labelled line, or nothing where no word is left of the text."""
    normal = normalise(text)
    return f"__label__{intent} {context} {normal}\n" if normal else ""


def context(intent: str, rng: random.Random) -> str:
    """Draw what the turn before may have been for a message of an intent."""
    chance = rng.random()
    if intent in FOLLOWUPS:
        return FOLLOWING if chance < 0.92 else ASKED if chance < 0.96 else OPENING
    if intent in ("affirm", "deny"):
        return ASKED if chance < 0.6 else FOLLOWING if chance < 0.8 else OPENING
    return OPENING if chance < 0.55 else FOLLOWING if chance < 0.85 else ASKED


def gibberish(rng: random.Random) -> str:
    """A message without sense: mashed keys, consonants, loose syllables."""
    kind = rng.randrange(3)
    count = rng.randint(1, 3)
    if kind == 0:
        row = rng.choice(("asdfghjkl", "qwertyuiop", "zxcvbnm", "sdfjkl"))
        return " ".join("".join(rng.choices(row, k=rng.randint(3, 9))) for _ in range(count))
    if kind == 1:
        letters = string.ascii_lowercase
        return " ".join("".join(rng.choices(letters, k=rng.randint(2, 10))) for _ in range(count))
    syllables = ("ba", "fle", "gro", "zub", "wib", "qua", "snor", "plim", "dax", "oot", "erk", "ji")
    return " ".join("".join(rng.choices(syllables, k=rng.randint(1, 3))) for _ in range(count))


def drawn(folder: Path, count: int, seed: int, workers: int) -> Iterator[list[str]]:
    """Draw about ``count`` lines in blocks, by several processes."""
    seeds = range(seed, seed + -(-count // BLOCK))
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(block, [folder] * len(seeds), seeds)
