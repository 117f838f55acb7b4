"""Words that tell what a payment is for, as data with a typed reader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "data"


@cache
def load_words() -> Mapping[str, tuple[str, ...]]:
    """Phrases by category id: shop kinds, trades, purposes and banks' wordings."""
    return _phrases(_FOLDER / "words.yml")


@cache
def load_typical_names() -> Mapping[str, tuple[str, ...]]:
    """Names by category id as independent businesses of the kind typically carry; all invented."""
    return _phrases(_FOLDER / "typical_names.yml")


def _phrases(file: Path) -> Mapping[str, tuple[str, ...]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(file.read_bytes(), Loader=loader)  # noqa: S506
    return {id_: tuple(p.strip() for p in text.split(",")) for id_, text in rows.items()}
