"""What people call the categories, as data with a typed reader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "data" / "category_words.yml"


@cache
def load_category_words() -> Mapping[str, tuple[str, ...]]:
    """The category ids by the words for them, lower case; several where the words mean either."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table = yaml.load(_FILE.read_bytes(), Loader=loader)  # noqa: S506
    return {
        phrase.strip(): tuple(ids.split())
        for ids, phrases in table.items()
        for phrase in str(phrases).split("|")
    }


def categories_of(words: str) -> tuple[str, ...]:
    """The ids that words mean, singular or plural; empty where they mean none."""
    known = load_category_words()
    plain = " ".join(words.casefold().split())
    tried = (plain, f"{plain}s", plain.removesuffix("s"))
    return next((known[one] for one in tried if one in known), ())
