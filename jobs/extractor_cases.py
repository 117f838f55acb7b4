"""How well entities are found and resolved on the table of whole messages (`tests/cases`).

The people of the table have accounts and goals of their own, which are handed in as context.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from jobs.extractor_report import normal
from nlu.extract import Extractor
from nlu.types import Context, Entity

MESSAGES = "messages.jsonl"
_NAMES = "own_names.json"


@dataclass(frozen=True, slots=True)
class Case:
    """A message and all that it names.

    Attributes:
        expected: `{"entity", "span", "resolved"?}`; `resolved` lists the forms that are right, each
            with the fields that it fixes.
    """

    id: str
    text: str
    now: datetime
    locale: Any
    intent: str
    context: Context
    expected: Sequence[Mapping[str, Any]]

    def read(self, extractor: Extractor) -> list[Entity]:
        """The entities, in the light of the right intent."""
        found = extractor.extract(self.text, self.now, self.locale, self.context)
        return extractor.orient(found, self.intent, self.now)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Counts of one kind: forms that are right, of those whose form the table fixes."""

    right: int
    wanted: int

    @property
    def accuracy(self) -> float:
        """Share that is right; a span that was not found is wrong."""
        return self.right / self.wanted if self.wanted else 0.0


def read_cases(folder: Path) -> list[Case]:
    """The table of a folder; none where it is not there."""
    file = folder / MESSAGES
    if not file.is_file():
        return []
    names = orjson.loads((folder / _NAMES).read_bytes())
    contexts = {locale: Context.of(given) for locale, given in names.items()}
    rows = map(orjson.loads, file.read_bytes().splitlines())
    return [
        Case(
            row["id"], row["text"], datetime.fromisoformat(row["now"]), row["locale"],
            row["intent"], contexts[row["locale"]], row["expected"],
        )
        for row in rows
    ]  # fmt: skip


def resolved(extractor: Extractor, cases: Sequence[Case]) -> dict[str, Resolved]:
    """Resolved accuracy by kind, and `all`."""
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for case in cases:
        found = case.read(extractor)
        for one in case.expected:
            if "resolved" in one:
                wanted[one["entity"]] += 1
                right[one["entity"]] += any(is_resolved(e, one, case.text) for e in found)
    by_kind = {kind: Resolved(right[kind], wanted[kind]) for kind in sorted(wanted)}
    return {**by_kind, "all": Resolved(right.total(), wanted.total())}


def is_resolved(entity: Entity, wanted: Mapping[str, Any], text: str) -> bool:
    """Whether an entity is the wanted one and has one of its forms."""
    if entity.entity != wanted["entity"]:
        return False
    if normal(entity.value) != normal(text[slice(*wanted["span"])]):
        return False
    form = entity.resolved or {}
    return any(_holds(form, right) for right in wanted["resolved"])


def _holds(form: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Every fixed field is as it should be; of several category ids the wanted ones are there."""
    return all(
        set(value) <= set(form.get(field) or ()) if isinstance(value, list)
        else field in form and form[field] == value
        for field, value in right.items()
    )  # fmt: skip


def missed(extractor: Extractor, cases: Sequence[Case]) -> dict[str, list[str]]:
    """What is wrong of each case that is not wholly right, by its id."""
    wrong: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        found = case.read(extractor)
        ours = Counter((e.entity, normal(e.value)) for e in found)
        theirs = Counter((x["entity"], normal(case.text[slice(*x["span"])])) for x in case.expected)
        wrong[case.id] += [f"no {kind} {value}" for kind, value in theirs - ours]
        wrong[case.id] += [f"a {kind} {value}" for kind, value in ours - theirs]
        wrong[case.id] += [
            f"another form of {x['entity']}"
            for x in case.expected
            if "resolved" in x and not any(is_resolved(e, x, case.text) for e in found)
        ]
    return {case: faults for case, faults in wrong.items() if faults}


def markdown(scores: Mapping[str, Resolved]) -> str:
    """The accuracies as a table."""
    lines = ["| kind | resolved right | of |", "| --- | --- | --- |"]
    lines += [f"| {kind} | {s.accuracy:.3f} | {s.wanted} |" for kind, s in scores.items()]
    return "\n".join(lines) + "\n"
