"""The phrases of time as data, by their first word, longest first."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent.parent / "data" / "time_phrases.yml"


@cache
def time_phrases() -> dict[str, Any]:
    """The file as it stands."""
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def phrase_table(name: str) -> dict[str, list[tuple[str, ...]]]:
    """The phrases of one list, by first word."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in time_phrases()[name]:
        words = tuple(phrase.split())
        table.setdefault(words[0], []).append(words)
    for rows in table.values():
        rows.sort(key=lambda row: -len(row))
    return table
