"""What shops are called: the merchant base, its short forms, a person's own counterparties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

import knowledge
from knowledge.merchants import load_merchants, slug
from nlu.gazetteer import Gazetteer, key
from nlu.tokens import tokenise
from nlu.types import Named
from nlu.words import is_known

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
    rows: list[tuple[str, Known]] = []
    for name, forms in short_forms()["nicknames"].items():
        found = by_key.get(key(name))
        known = Known(found.id, found.name, True) if found else Known(slug(name), name, True)
        rows += [(form, known) for form in forms.split("|")]
    for m in merchants:
        rows.append((m.name, Known(m.id, m.name)))
    for m in merchants:
        rows += [(alias, Known(m.id, m.name)) for alias in m.aliases]
    return Gazetteer(rows)


@cache
def plain_names() -> frozenset[str]:
    """Dictionary words that hardly ever mean the word."""
    return frozenset(short_forms()["plain"].split())


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
        telling = {word.lower() for word in words if len(word) >= 3 and not is_known(word.lower())}
        for word in telling if len(words) > 1 else ():
            owners.setdefault(word, []).append(known)
    single = [
        (word, of[0] if len(of) == 1 else Known(slug(word), word.title()))
        for word, of in owners.items()
    ]
    return Gazetteer(whole + begun + single)
