"""The historical messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from nlu.normalise import normalise


@dataclass(frozen=True)
class Message:
    """One message that a person once wrote.

    Attributes:
        conversation: Which conversation it stands in.
        turn: Its place there, from 1.
        text: As written.
        normal: Its normal form.
    """

    conversation: str
    turn: int
    text: str
    normal: str


def read_messages(folder: Path) -> list[Message]:
    """Every message of a folder's JSON Lines files, in order."""
    return list(_read(folder))


def _read(folder: Path) -> Iterator[Message]:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_bytes().splitlines():
            row = orjson.loads(line)
            text = row["text"]
            yield Message(row["conversation"], row["turn"], text, normalise(text))
