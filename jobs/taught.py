"""What the messages of the history are taken to mean when a model learns from them.

A first student reads more of the history than the teacher, and more of it right: it has seen the
templates. Where it is sure, or where both agree, its reading is a label (self-training, Yarowsky
1995); labels by hand count as they are.

What is learnt holds nobody's own words: a word that neither English nor the templates know is
mended to one that they know, or else a name of the templates stands for it.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import orjson

from jobs.hand_labels import labelled_forms, read_labels
from jobs.label import label_messages
from jobs.lines import vocabulary
from jobs.messages import MessageFile
from nlu.intents import IntentModel
from nlu.normalise import normalise
from nlu.spelling import Speller
from nlu.types import Previous
from nlu.words import is_known
from regex_bootstrap.catalog import read_catalog

_SURE = 0.8
"""Share of its winner from which a first student is believed alone."""
_AGREED = 0.3
"""The same where the teacher says what it says."""
_SHORT = 4
"""Letters under which a strange word is rather a slip than a name."""
_PLACEHOLDER = re.compile(r"<([A-Z-]+)>")
_SAID_OF: Mapping[str, str] = {
    "EMAIL": "my email", "ADDRESS": "my address", "POSTCODE": "my postcode",
}  # fmt: skip
_NUMBER = "1234"
"""Stands for every other placeholder: they were numbers."""


@dataclass(frozen=True)
class Labelled:
    """A message as ``florin label`` wrote it.

    Attributes:
        text: Redacted.
        previous: The message before by the same person, redacted, or None.
        label: The teacher's; None where it abstains.
    """

    text: str
    previous: str | None
    label: str | None


@dataclass(frozen=True)
class Taught:
    """A message with the intent that is learnt from it."""

    text: str
    intent: str


def history(data_dir: Path) -> list[Labelled]:
    """The messages that come with the repository, redacted and labelled."""
    files = [MessageFile(path) for path in sorted((data_dir / "messages").glob("*.jsonl"))]
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "labels.jsonl"
        words = vocabulary(data_dir / "intents")
        label_messages(files, read_catalog(data_dir / "intents"), out, words=words)
        return read_messages([out], data_dir)


def read_messages(files: Iterable[Path], data_dir: Path) -> list[Labelled]:
    """Read what ``florin label`` wrote, in order.

    Args:
        files: JSON Lines.
        data_dir: The repository's ``data``; messages that a person labelled are left out.
    """
    settled = labelled_forms(data_dir)
    found = []
    for file in files:
        before: dict[str, str] = {}
        for line in file.read_bytes().splitlines():
            row = orjson.loads(line)
            if normalise(row["text"]) not in settled:
                found.append(Labelled(row["text"], before.get(row["person"]), row["label"]))
            before[row["person"]] = row["text"]
    return found


def by_teacher(messages: Sequence[Labelled]) -> list[Taught]:
    """The messages of which the teacher is certain."""
    return [Taught(each.text, each.label) for each in messages if each.label is not None]


def by_student(student: IntentModel, messages: Sequence[Labelled]) -> Iterator[Taught]:
    """The messages of which a first student is sure, or on which it and the teacher agree.

    Args:
        student: Fitted on the teacher's labels.
        messages: With the teacher's labels.
    """
    for message in messages:
        previous = Previous(text=message.previous) if message.previous else None
        shares = student.shares(message.text, previous)
        if shares is None:
            continue
        intent, top = student.names[int(shares.argmax())], float(shares.max())
        if top >= (_AGREED if intent == message.label else _SURE):
            yield Taught(message.text, intent)


def by_hand(data_dir: Path) -> list[Taught]:
    """What a person labelled of the disagreement queue, twice: it is surer than the rest."""
    return [Taught(label.text, label.intent) for label in read_labels(data_dir)] * 2


def read_taught(file: Path) -> list[Taught]:
    """Read messages with their intents."""
    rows = map(orjson.loads, file.read_bytes().splitlines())
    return [Taught(row["text"], row["intent"]) for row in rows]


def write_taught(rows: Iterable[Taught], file: Path) -> None:
    """Write messages with their intents as JSON Lines."""
    file.write_bytes(b"".join(orjson.dumps(asdict(row)) + b"\n" for row in rows))


class Cleaner:
    """Leaves only words that are nobody's own.

    Args:
        words: The words of the templates, with their counts.
        names: Names that stand for those of real people.
    """

    def __init__(self, words: Mapping[str, int], names: Sequence[str]) -> None:
        self._words = words
        self._names = names
        self._speller = Speller(words)

    def clean(self, text: str, random: Random) -> str:
        """Return the normal form of a message, strange words mended or replaced.

        Args:
            text: Redacted or not.
            random: Picks the names that stand in.
        """
        filled = _PLACEHOLDER.sub(lambda found: self._stand_in(found[1], random), text)
        words = self._speller.mend(normalise(filled)).split()
        return " ".join(filter(None, (self._public(word, random) for word in words)))

    def _stand_in(self, kind: str, random: Random) -> str:
        return random.choice(self._names) if kind == "NAME" else _SAID_OF.get(kind, _NUMBER)

    def _public(self, word: str, random: Random) -> str:
        if not word.isalpha() or word in self._words or is_known(word):
            return word
        return "" if len(word) < _SHORT else random.choice(self._names)
