"""The hand-labelled messages: a part for choosing, a part that only reports read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from nlu.types import Previous


@dataclass(frozen=True)
class Golden:
    """One hand-labelled message.

    Attributes:
        previous: The turn before, where there is one.
        part: ``tune`` may be used for choosing; ``report`` is read by reports alone.
    """

    id: str
    text: str
    intent: str
    entities: tuple[dict[str, Any], ...]
    previous: Previous | None
    locale: Literal["GB", "US"]
    part: Literal["tune", "report"]
    tags: tuple[str, ...]


def read_golden(folder: Path) -> list[Golden]:
    """Every golden message of a folder."""
    rows = [
        orjson.loads(line)
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_bytes().splitlines()
    ]
    return [
        Golden(
            row["id"], row["text"], row["intent"], tuple(row["entities"]),
            Previous.of(row["previous"]), row["locale"], row["part"], tuple(row["tags"]),
        )
        for row in rows
    ]  # fmt: skip
