"""Words that tell what a payment is for, as data with a typed reader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "data" / "words.yml"


@cache
def load_words() -> Mapping[str, tuple[str, ...]]:
    """Phrases by category id: shop kinds, trades, purposes and banks' wordings."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(_FILE.read_bytes(), Loader=loader)  # noqa: S506
    return {id_: tuple(p.strip() for p in text.split(",")) for id_, text in rows.items()}
