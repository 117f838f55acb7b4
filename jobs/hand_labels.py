"""Labels given by hand: taken from a filled-in queue, to be trained on or to measure with.

A message is one or the other, never both: what stands in the golden set is never trained on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson
import yaml

from jobs.errors import LabelError
from jobs.golden import read_golden
from nlu.intents import OUT
from nlu.normalise import normalise
from regex_bootstrap.catalog import read_catalog

_TRAINED = Path("labelled") / "intents.jsonl"
_LOCALES = {"uk": "GB", "us": "US"}
"""The country of a conversation, by the start of its name."""


@dataclass(frozen=True)
class Contract:
    """The names that a label may use.

    Attributes:
        groups: The group of each intent.
        entities: The kinds of span.
    """

    groups: Mapping[str, str]
    entities: frozenset[str]


@dataclass(frozen=True)
class HandLabel:
    """One message and what a person said that it means.

    Attributes:
        text: As written.
        previous: The turn before in its conversation, or None.
        intent: A name of the contract.
    """

    text: str
    previous: str | None
    intent: str


def read_contract(file: Path) -> Contract:
    """Read ``knowledge/data/intents.yml``."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    groups = {intent: group for group, rows in data["groups"].items() for intent in rows}
    return Contract(groups, frozenset(data["entities"]))


def read_labels(data_dir: Path) -> list[HandLabel]:
    """The labels that are trained on; none where nobody labelled yet."""
    file = data_dir / _TRAINED
    if not file.is_file():
        return []
    rows = map(orjson.loads, file.read_bytes().splitlines())
    return [HandLabel(row["text"], row["previous"], row["intent"]) for row in rows]


def labelled_forms(data_dir: Path) -> frozenset[str]:
    """Normal forms whose meaning a person gave, golden ones among them.

    Neither the teacher's word for them is trained on, nor do they wait in the queue.
    """
    golden = {normalise(row.text) for row in read_golden(data_dir / "golden")}
    return frozenset(golden | {normalise(label.text) for label in read_labels(data_dir)})


def settled_forms(data_dir: Path) -> frozenset[str]:
    """What need not be asked: ``labelled_forms``, and the examples of ``data/intents``."""
    catalog = read_catalog(data_dir / "intents")
    examples = (text for intent in catalog.intents.values() for text in intent.examples)
    return labelled_forms(data_dir) | {normalise(text) for text in examples}


def take_labels(file: Path, data_dir: Path, contract: Contract) -> int:
    """Append the rows whose ``intent`` somebody filled in to the labels that are trained on.

    Args:
        file: A queue, as ``jobs.disagreements.write_queue`` writes it, with intents filled in.
        data_dir: The repository's ``data``; rows already there, golden ones too, are left out.
        contract: The names that are valid.

    Returns:
        How many rows were taken.

    Raises:
        LabelError: A row cannot be read or its intent is none of the contract's; nothing was
            taken.
    """
    known = set(labelled_forms(data_dir))
    taken = []
    for row in _filled(file, contract):
        form = normalise(row["text"])
        if form not in known:
            known.add(form)
            taken.append({key: row[key] for key in ("text", "previous", "intent")})
    _append(data_dir / _TRAINED, taken)
    return len(taken)


def take_golden(
    file: Path, data_dir: Path, contract: Contract, part: Literal["tune", "report"]
) -> int:
    """Append the filled-in rows, with their spans, to the golden messages.

    A conversation is a voice; it may write in one part only.

    Args:
        file: A queue with ``intent`` and ``entities`` filled in.
        data_dir: The repository's ``data``; rows already there are left out.
        contract: The names that are valid.
        part: The part that they join.

    Returns:
        How many rows were taken.

    Raises:
        LabelError: A row cannot be read or located, its message is trained on already, or its
            conversation stands in the other part; nothing was taken.
    """
    golden = _golden_rows(data_dir)
    known = {normalise(row["text"]) for row in golden}
    trained = {normalise(label.text) for label in read_labels(data_dir)}
    voices = {row["voice"] for row in golden if row["part"] != part}
    numbers = {group: _last_number(golden, group) for group in contract.groups.values()}
    taken: dict[str, list[dict[str, Any]]] = {}
    for row in _filled(file, contract):
        if normalise(row["text"]) in known:
            continue
        if normalise(row["text"]) in trained:
            raise LabelError(f'{row["at"]}: "{row["text"]}" is trained on and cannot be golden.')
        if row["conversation"] in voices:
            raise LabelError(f"{row['at']}: {row['conversation']} stands in the other part.")
        group = contract.groups[row["intent"]]
        numbers[group] += 1
        taken.setdefault(group, []).append(_golden(row, f"{group}-{numbers[group]:04}", part))
        known.add(normalise(row["text"]))
    for group, rows in taken.items():
        _append(data_dir / "golden" / f"{group}.jsonl", rows)
    return sum(map(len, taken.values()))


def _filled(file: Path, contract: Contract) -> list[dict[str, Any]]:
    """The rows of a queue that have an intent, each checked; ``at`` says where a row stands."""
    found = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        at = f"Line {number} of {file.name}"
        try:
            row = orjson.loads(line)
            if row["intent"] is None:
                continue
            row = {
                "text": row["text"], "previous": row["previous"], "intent": row["intent"],
                "conversation": row.get("conversation", ""), "at": at,
                "entities": row.get("entities", []),
            }  # fmt: skip
            spans = [_span(row, given, contract) for given in row["entities"]]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise LabelError(f"{at} is no row of a queue with text, previous, intent.") from error
        if row["intent"] not in contract.groups:
            raise LabelError(f"{at} has no valid intent.")
        if spans and row["intent"] == OUT:
            raise LabelError(f"{at} is out of scope and can have no entities.")
        found.append({**row, "entities": sorted(spans, key=lambda span: int(span["start"]))})
    return found


def _span(row: Mapping[str, Any], given: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """Where an entity's value stands in the text, in code points; ``start`` says which of two."""
    text, value, kind = row["text"], given["value"], given["entity"]
    if kind not in contract.entities:
        raise LabelError(f"{row['at']}: {kind} is no entity of the contract.")
    start = given.get("start")
    if start is None and value and text.count(value) == 1:
        start = text.index(value)
    if start is None or not value or text[start : start + len(value)] != value:
        raise LabelError(f'{row["at"]}: "{value}" does not stand once in the text; give its start.')
    return {"entity": kind, "start": start, "end": start + len(value), "value": value}


def _golden(row: Mapping[str, Any], name: str, part: str) -> dict[str, Any]:
    locale = _LOCALES.get(row["conversation"][:2])
    if locale is None:
        raise LabelError(f"{row['at']}: its conversation names neither uk nor us.")
    previous = None if row["previous"] is None else {"intent": None, "text": row["previous"]}
    return {
        "id": name, "text": row["text"], "intent": row["intent"], "entities": row["entities"],
        "previous": previous, "locale": locale, "voice": row["conversation"], "part": part,
        "tags": [],
    }  # fmt: skip


def _golden_rows(data_dir: Path) -> list[dict[str, Any]]:
    files = sorted((data_dir / "golden").glob("*.jsonl"))
    return [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]


def _last_number(rows: Iterable[Mapping[str, Any]], group: str) -> int:
    numbers = (row["id"].rsplit("-", 1) for row in rows)
    return max((int(number) for name, number in numbers if name == group), default=0)


def _append(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("ab") as stream:
        stream.writelines(orjson.dumps(row) + b"\n" for row in rows)
