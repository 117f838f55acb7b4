"""The words of people for what is their own, and tables of the names that they gave it."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

import yaml

import knowledge
from nlu.gazetteer import Gazetteer, key
from nlu.tokens import tokenise
from nlu.types import Named
from nlu.words import listed

_FILE = Path(knowledge.__file__).parent / "data" / "own_words.yml"


POSSESSIVES = listed("my ma our me mine mah")


@cache
def own_words() -> dict[str, tuple[str, ...]]:
    """The lists of `own_words.yml`."""
    table = yaml.load(_FILE.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return {
        name: tuple(word.strip() for word in text.split("|") if word.strip())
        for name, text in table.items()
    }


_GENERIC = listed(
    "new old the my our a and of for to trip holiday fund pot goal savings saving saver account "
    "card bank current joint credit debit checking main big first day"
)


@lru_cache(maxsize=256)
def parts_of(named: tuple[Named, ...]) -> Gazetteer[Named]:
    """Words of a name that stand in no other one: two or more in a row, or a telling one."""
    owners: dict[str, set[Named]] = {}
    for one in named:
        words = [t.text for t in tokenise(one.name) if t.kind == "word"]
        for first in range(len(words)):
            for last in range(first + 1, len(words) + 1):
                plain = all(word.lower() in _GENERIC for word in words[first:last])
                if last - first < len(words) and not plain:
                    owners.setdefault(" ".join(words[first:last]).lower(), set()).add(one)
    unique = ((phrase, next(iter(of))) for phrase, of in owners.items() if len(of) == 1)
    return Gazetteer(row for row in unique if len(row[0]) > 3)


@lru_cache(maxsize=256)
def names_of(named: tuple[Named, ...]) -> Gazetteer[Named]:
    """The names as such, without brackets, and the name in brackets."""
    rows: list[tuple[str, Named]] = []
    for one in named:
        rows.append((one.name, one))
        plain, _, inner = one.name.partition("(")
        if inner:
            rows += [(plain, one), (inner.rstrip(") "), one)]
    return Gazetteer(rows)


@lru_cache(maxsize=2048)
def word_set(name: str) -> frozenset[str]:
    """The folded words of a name."""
    return frozenset(t.low for t in tokenise(name)) | frozenset((key(name),))
