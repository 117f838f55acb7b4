"""The message history, redacted and labelled by the teacher.

Messages stream through: batches of lines go to worker processes, which read, label and redact
them; what comes back waits in a file until the classes' sizes are known and the cap of one person
per class can be applied. People are numbered in the order they come, so that no id of a channel
or a conversation is written. The teacher reads a message as it was sent, as the served model does;
only the redacted text is kept.
"""

import os
import sys
import tempfile
import time
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np
import orjson

from jobs.errors import LabelError
from jobs.label_report import SHARE, BadLine, Report
from jobs.messages import Source
from jobs.redaction import Redactor
from nlu.normalise import normalise
from nlu.spelling import Speller
from regex_bootstrap.catalog import Catalog
from regex_bootstrap.patterns import Pattern, PatternSet, patterns_of
from regex_bootstrap.vote import Label, Teacher

CONFLICT, ABSTAIN = "conflict", "abstain"
"""Outcomes without a label: patterns for unlike intents matched, or too little did."""
_BATCH = 4_000
_REMEMBERED = 50_000
_START = "fork" if sys.platform == "linux" else "spawn"
"""A forked worker shares what RE2 has built; elsewhere a fork is not safe."""
_LEARNT_FROM = 20_000
"""Messages from which the teacher learns its patterns' accuracies."""
_SHOWN = 20
"""Bad lines that the report lists of each source; all are counted."""


@dataclass(frozen=True)
class _Batch:
    source: str
    first: int
    lines: list[bytes]


@dataclass(frozen=True)
class _Done:
    """A batch as it comes back: by message, who wrote it, its class, its line of output."""

    batch_bytes: int
    people: list[str]
    classes: list[int]
    lines: list[bytes]
    redacted: int
    bad: list[BadLine]


class Labeller:
    """Labels and redacts lines; each worker process has one.

    Args:
        teacher: The rules and what was learnt of them.
        payees: People whom the ledger names.
        words: What misspelt words are mended to before the teacher reads them; none mends nothing.
    """

    def __init__(self, teacher: Teacher, payees: Sequence[str], words: Mapping[str, int]) -> None:
        self._teacher, self._payees, self._words = teacher, payees, words
        self._speller = Speller(words)
        # People say the same short things: what was seen lately is not worked out again.
        self._label = lru_cache(_REMEMBERED)(teacher.label)
        self._normal = lru_cache(_REMEMBERED)(self._mended)
        self._redacted = lru_cache(_REMEMBERED)(Redactor(payees).redact)
        self._patterns = patterns = teacher.patterns.patterns
        self._ids = pattern_ids(patterns)
        self._classes = {name: at for at, name in enumerate(classes_of(patterns))}

    def __reduce__(self) -> tuple[Callable[..., "Labeller"], tuple[Any, ...]]:
        """A compiled pattern set cannot be sent to another process; there it is made anew."""
        return _anew, (self._patterns, self._teacher.accuracies, self._payees, self._words)

    def label(self, batch: _Batch) -> _Done:
        """Label a batch; its bad lines come back with their numbers."""
        size = sum(map(len, batch.lines))
        done = _Done(size, [], [], [], 0, [])
        redacted = 0
        for number, line in enumerate(batch.lines, start=batch.first):
            try:
                message = _message(line)
            except LabelError as error:
                done.bad.append(BadLine(batch.source, number, str(error)))
                continue
            if message is not None:
                redacted += self._add(done, message)
        return _Done(size, done.people, done.classes, done.lines, redacted, done.bad)

    def _add(self, done: _Done, message: dict[str, Any]) -> bool:
        said = message["text"]
        label = self._label(self._normal(said))
        outcome = self._outcome(label)
        text = self._redacted(said)
        row = {
            "turn": message.get("turn"),
            "text": text,
            "label": label.intent,
            "outcome": "label" if label.intent else outcome,
            "confidence": round(label.confidence, 4),
            "votes": [self._ids[vote] for vote in label.votes],
        }
        done.people.append(str(message.get("person") or message["conversation"]))
        done.classes.append(self._classes[outcome])
        done.lines.append(orjson.dumps(row))
        return bool(text != said)

    def _mended(self, text: str) -> str:
        normal = normalise(text)
        return self._speller.mend(normal) if self._words else normal

    def _outcome(self, label: Label) -> str:
        if label.intent:
            return label.intent
        intents = {self._patterns[vote].intent for vote in label.votes}
        return CONFLICT if len(intents) > 1 else ABSTAIN


def _anew(
    patterns: Sequence[Pattern],
    accuracies: Sequence[float],
    payees: Sequence[str],
    words: Mapping[str, int],
) -> Labeller:
    return Labeller(Teacher(PatternSet(patterns), accuracies), payees, words)


def pattern_ids(patterns: Sequence[Pattern]) -> list[str]:
    """Name each rule by its intent and its place among that intent's rules: ``greet/2``."""
    seen: Counter[str] = Counter()
    ids: list[str] = []
    for pattern in patterns:
        ids.append(f"{pattern.intent}/{seen[pattern.intent]}")
        seen[pattern.intent] += 1
    return ids


def classes_of(patterns: Sequence[Pattern]) -> list[str]:
    """Return what a message can come out as: the intents, conflict, abstain."""
    return [*dict.fromkeys(pattern.intent for pattern in patterns), CONFLICT, ABSTAIN]


def _message(line: bytes) -> dict[str, Any] | None:
    """A line as a message; None where it is blank."""
    if not line.strip():
        return None
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise LabelError("is no JSON") from None
    if not isinstance(found, dict):
        raise LabelError("is no JSON object")
    if not isinstance(found.get("text"), str):
        raise LabelError("has no text")
    if not isinstance(found.get("conversation"), str | int):
        raise LabelError("has no conversation")
    return found


_labeller: Labeller | None = None
"""The worker process's own; set once when it starts."""


def _begin(labeller: Labeller) -> None:
    global _labeller  # noqa: PLW0603 - a pool hands its initialiser no other place
    _labeller = labeller


def _work(batch: _Batch) -> _Done:
    assert _labeller is not None
    return _labeller.label(batch)


def label_messages(
    sources: Sequence[Source],
    catalog: Catalog,
    out: Path,
    *,
    payees: Sequence[str] = (),
    words: Mapping[str, int] = MappingProxyType({}),
    workers: int = 1,
    advance: Callable[[int], None] = lambda _size: None,
) -> Report:
    """Label messages into a file of JSON Lines.

    A line has person, turn, text, label, outcome (label, conflict or abstain), confidence, votes.

    Args:
        sources: Where the messages are.
        catalog: The intents whose patterns are the teacher.
        out: The file; it is replaced only once everything is done.
        payees: People whom the ledger names.
        words: What misspelt words are mended to before the teacher reads them; none mends nothing.
        workers: Processes; 1 works in this one.
        advance: Is told the bytes that were done.

    Returns:
        What became of the messages.

    Raises:
        LabelError: A source cannot be read or the output cannot be written.
    """
    begun = time.monotonic()
    patterns = patterns_of(catalog)
    teacher = Teacher.of(catalog).learn(_sample(sources))
    labeller = Labeller(teacher, list(payees), dict(words))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out.parent) as waiting:
            labelled = _Waiting(waiting, classes_of(patterns))
            for done in _label_all(_batches(sources), labeller, workers):
                labelled.add(done)
                advance(done.batch_bytes)
            report = labelled.write(out)
    except OSError as error:
        raise LabelError(f"{out} cannot be written: {error.strerror}.") from error
    report.seconds = round(time.monotonic() - begun, 2)
    return report


def _sample(sources: Sequence[Source]) -> Iterator[str]:
    """The first messages of each source in normal form, as many of each."""
    for source in sources:
        for line in islice(source.lines(), _LEARNT_FROM // len(sources)):
            try:
                message = _message(line)
            except LabelError:
                continue
            if message is not None:
                yield normalise(message["text"])


def _batches(sources: Sequence[Source]) -> Iterator[_Batch]:
    for source in sources:
        lines, first = source.lines(), 1
        while batch := list(islice(lines, _BATCH)):
            yield _Batch(source.name, first, batch)
            first += len(batch)


def _label_all(batches: Iterator[_Batch], labeller: Labeller, workers: int) -> Iterator[_Done]:
    """Label batches in their order; only a few are in memory at a time."""
    if workers <= 1:
        yield from map(labeller.label, batches)
        return
    with ProcessPoolExecutor(workers, get_context(_START), _begin, (labeller,)) as pool:
        flying: deque[Future[_Done]] = deque()
        for batch in batches:
            flying.append(pool.submit(_work, batch))
            if len(flying) > 2 * workers:
                yield flying.popleft().result()
        while flying:
            yield flying.popleft().result()


class _Waiting:
    """Labelled messages that wait in a file until the sizes of the classes are known."""

    def __init__(self, file: BinaryIO, classes: Sequence[str]) -> None:
        self._file = file
        self._names = classes
        self._numbers: dict[str, int] = {}
        self._people = array("q")
        self._classes = array("i")
        self._report = Report()

    def add(self, done: _Done) -> None:
        numbers = self._numbers
        self._people.extend(numbers.setdefault(who, len(numbers)) for who in done.people)
        self._classes.extend(done.classes)
        self._file.writelines(line + b"\n" for line in done.lines)
        report = self._report
        report.redacted += done.redacted
        for bad in done.bad:
            report.bad[bad.source] = report.bad.get(bad.source, 0) + 1
            if report.bad[bad.source] <= _SHOWN:
                report.bad_lines.append(bad)

    def write(self, out: Path) -> Report:
        """Write what the cap leaves."""
        people = np.array(self._people, dtype=np.int64)
        classes = np.array(self._classes, dtype=np.int64)
        kept = within_cap(people, classes)
        self._file.seek(0)
        new = out.with_name(f".{out.name}.new")
        with new.open("wb") as file:
            for line, person, keep in zip(self._file, self._people, kept, strict=True):
                if keep:
                    file.write(b'{"person":"p%d",' % person + line[1:])
            file.flush()
            os.fsync(file.fileno())
        new.replace(out)
        return self._count(classes, kept)

    def _count(self, classes: Any, kept: Any) -> Report:
        report = self._report
        report.read, report.written = len(classes), int(kept.sum())
        report.capped = report.read - report.written
        report.people = len(self._numbers)
        size = len(self._names)
        found = np.bincount(classes, minlength=size).tolist()
        left = np.bincount(classes[kept], minlength=size).tolist()
        rows = dict(zip(self._names, zip(found, left, strict=True), strict=True))
        report.conflicts, report.abstained = rows.pop(CONFLICT)[0], rows.pop(ABSTAIN)[0]
        report.intents = {
            name: {"labelled": all_, "written": some} for name, (all_, some) in rows.items()
        }
        report.labelled = sum(row["labelled"] for row in report.intents.values())
        return report


def within_cap(people: Any, classes: Any, share: float = SHARE) -> Any:
    """Tell which messages stay so that nobody has more than a share of what stays of a class.

    One message of a person always may: a class that fewer than ``1 / share`` people speak of could
    otherwise not be at all. The first ones of a person stay.

    Args:
        people: The number of each message's person.
        classes: The number of each message's class.
        share: The largest share.

    Returns:
        A boolean for each message.
    """
    kept = np.zeros(len(people), dtype=bool)
    for number in np.unique(classes):
        at = np.flatnonzero(classes == number)
        _, who, counts = np.unique(people[at], return_inverse=True, return_counts=True)
        order = np.argsort(who, kind="stable")
        # The place of each message among its person's, from 0.
        place = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        kept[at[order[place < _cap(counts, share)]]] = True
    return kept


def _cap(counts: Any, share: float) -> int:
    """The most each may have: what stays grows slower than the cap, so halving finds it."""
    low, high = 1, int(counts.max())
    while low < high:
        middle = (low + high + 1) // 2
        if middle <= share * np.minimum(counts, middle).sum():
            low = middle
        else:
            high = middle - 1
    return low
