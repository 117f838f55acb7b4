"""The disagreement queue: messages where teacher and student differ, the most useful first.

What a label would bring is guessed by how torn the student is (one minus the share of its winner)
and by how many messages are worded alike: a label that settles ten of them is worth more.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from jobs.errors import LabelError
from jobs.history import Message
from nlu.intents import OUT, IntentModel
from nlu.types import Previous
from regex_bootstrap.vote import Teacher

_CERTAIN = 0.9
"""A student that is this sure needs no label where the teacher only abstains."""


@dataclass(frozen=True)
class Disagreement:
    """One message of the queue.

    Attributes:
        text: As written; redact before it leaves the machine.
        previous: The turn before in its conversation, or None.
        teacher: The teacher's label; None where it abstains.
        student: The student's.
        gain: What a label may bring, for ranking alone.
    """

    text: str
    previous: str | None
    teacher: str | None
    student: str
    gain: float


def queue(
    teacher: Teacher, student: IntentModel, messages: Sequence[Message]
) -> list[Disagreement]:
    """Rank the messages on which teacher and student differ.

    Args:
        teacher: The patterns, with what was learnt of them.
        student: The model.
        messages: In the order of their conversations.
    """
    alike = Counter(message.normal for message in messages)
    found: dict[str, Disagreement] = {}
    before: Message | None = None
    for message in messages:
        follows = before is not None and before.conversation == message.conversation
        previous = before.text if follows and before else None
        before = message
        if message.normal and message.normal not in found:
            row = _row(teacher, student, message, previous, alike[message.normal])
            if row is not None:
                found[message.normal] = row
    return sorted(found.values(), key=lambda row: -row.gain)


def _row(
    teacher: Teacher, student: IntentModel, message: Message, previous: str | None, count: int
) -> Disagreement | None:
    shares = student.shares(message.text, Previous(text=previous) if previous else None)
    if shares is None:
        return None
    top, answer = float(shares.max()), student.names[int(shares.argmax())]
    label = teacher.label(message.normal).intent
    if label == answer or (label is None and (top >= _CERTAIN or answer == OUT)):
        return None
    torn = 1 - top if label is None else 1.0
    return Disagreement(message.text, previous, label, answer, torn * count)


def write_queue(rows: Iterable[Disagreement], file: Path) -> int:
    """Write the queue as JSON Lines with an empty ``intent`` to be filled in; return its length."""
    count = 0
    with file.open("wb") as stream:
        for row in rows:
            line = {
                "text": row.text, "previous": row.previous, "teacher": row.teacher,
                "student": row.student, "gain": round(row.gain, 3), "intent": None,
            }  # fmt: skip
            stream.write(orjson.dumps(line) + b"\n")
            count += 1
    return count


def take_labels(file: Path, into: Path, intents: Iterable[str]) -> int:
    """Append the rows whose ``intent`` somebody filled in to the hand labels that are trained on.

    Args:
        file: A queue, as ``write_queue`` writes it, with intents filled in.
        into: JSON Lines of hand labels; rows already there are left out.
        intents: The names that are valid.

    Returns:
        How many rows were taken.

    Raises:
        LabelError: A row's intent is none of the contract's; nothing was taken.
    """
    valid = frozenset(intents)
    known = set(into.read_bytes().splitlines()) if into.exists() else set()
    taken = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        row = orjson.loads(line)
        if row.get("intent") is None:
            continue
        if row["intent"] not in valid:
            raise LabelError(f"Line {number} of {file.name} has no valid intent.")
        kept = orjson.dumps({key: row[key] for key in ("text", "previous", "intent")})
        if kept not in known:
            taken.append(kept)
            known.add(kept)
    into.parent.mkdir(exist_ok=True)
    with into.open("ab") as stream:
        stream.writelines(line + b"\n" for line in taken)
    return len(taken)


def main() -> None:
    """Take the labels of a queue: ``python -m jobs.disagreements QUEUE``."""
    data = Path(__file__).parent.parent / "data"
    intents = [path.stem for path in (data / "intents").glob("[!_]*.yml")]
    taken = take_labels(Path(sys.argv[1]), data / "labelled" / "intents.jsonl", intents)
    print(f"{taken} labels taken; they are trained on from the next run on.")


if __name__ == "__main__":
    main()
