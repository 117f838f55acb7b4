"""What shops are called: the merchant base, its short forms, a person's own counterparties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

import knowledge
from knowledge.merchants import load_merchants, slug
from knowledge.words import load_words
from nlu.entities.own_words import own_words
from nlu.gazetteer import Gazetteer, key
from nlu.tokens import tokenise
from nlu.types import Named
from nlu.words import EVERYDAY_WORDS, is_known, known_ranks

_FILE = Path(knowledge.__file__).parent / "data" / "nicknames.yml"


@dataclass(frozen=True, slots=True)
class Known:
    """A merchant that a name stands for.

    Attributes:
        id: Of the person's own or of the merchant base.
        name: What people are shown.
        nickname: Whether the table of short forms gave it.
    """

    id: str
    name: str
    nickname: bool = False


@cache
def short_forms() -> dict[str, Any]:
    """The table of short forms, and of words that are a name or are none."""
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def base() -> Gazetteer[Known]:
    """The merchant base and the short forms, those of the person's countries alike."""
    merchants = [m for m in load_merchants() if not m.countries or {"gb", "us"} & set(m.countries)]
    by_key = {key(name): m for m in reversed(merchants) for name in (m.name, *m.aliases)}
    by_key |= {key(m.name): m for m in reversed(merchants)}
    people = {key(word) for word in own_words()["people"]}
    rows: list[tuple[str, Known]] = []
    for name, forms in short_forms()["nicknames"].items():
        found = by_key.get(key(name))
        known = Known(found.id, found.name, True) if found else Known(slug(name), name, True)
        rows += [(form, known) for form in forms.split("|")]
    for m in merchants:
        rows.append((m.name, Known(m.id, m.name)))
    for m in merchants:
        rows += [(alias, Known(m.id, m.name)) for alias in m.aliases]
    # A shop called like a relation is hardly ever meant: "my neighbor says".
    return Gazetteer([(name, known) for name, known in rows if key(name) not in people])


@cache
def plain_names() -> frozenset[str]:
    """Dictionary words that hardly ever mean the word."""
    return frozenset(short_forms()["plain"].split())


_SHORT = 3
"""The letters that a word must have to name anybody by itself."""
_NAMES = 2
"""Words of most people's names."""
_RARE = 10_000
"""The rank from which on the word that begins a shop's name means it when its customer says it."""


def _telling(words: Sequence[str]) -> set[str]:
    """The words of a counterparty's name that name it by themselves.

    Those that no dictionary has, a person's either name, and the first of a shop's where people
    seldom say the word and it is none for a kind of shop or purpose.
    """
    found = {word for word in words if len(word) >= _SHORT and not is_known(word)}
    ranks, kinds = known_ranks(), _kind_words()
    if len(words) == _NAMES and all(map(str.isalpha, words)) and kinds.isdisjoint(words):
        found |= {w for w in words if len(w) >= _SHORT and ranks.get(w, 0) >= EVERYDAY_WORDS}
    elif words[0] not in kinds and ranks.get(words[0], 0) >= _RARE:
        found.add(words[0])
    return found


@cache
def _kind_words() -> frozenset[str]:
    return frozenset(w for said in load_words().values() for one in said for w in one.split())


@lru_cache(maxsize=256)
def own(named: tuple[Named, ...]) -> Gazetteer[Known]:
    """The person's counterparties, by whole name, by how it begins ("gas lamp") and by a word.

    A word that several of them share stands for itself: whoever looks it up finds them all.
    """
    whole: list[tuple[str, Known]] = []
    begun: list[tuple[str, Known]] = []
    owners: dict[str, list[Known]] = {}
    for one in named:
        known = Known(one.id, one.name)
        words = [t.text for t in tokenise(one.name) if t.kind != "sign"]
        whole.append((one.name, known))
        if words and words[0].lower() == "the":
            words = words[1:]
            whole.append((" ".join(words), known))
        begun += [(" ".join(words[:count]), known) for count in range(len(words) - 1, 1, -1)]
        for word in _telling([word.lower() for word in words]) if len(words) > 1 else ():
            owners.setdefault(word, []).append(known)
    single = [
        (word, of[0] if len(of) == 1 else Known(slug(word), word.title()))
        for word, of in owners.items()
    ]
    return Gazetteer(whole + begun + single)
