"""One extractor for all tests, and how a table's rows are read against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from nlu.extract import Extractor
from nlu.types import Context, Entity, Named
from tests.cases.rows import read_cases, rows

NOW = datetime.fromisoformat("2026-11-10T09:00:00+00:00")


@cache
def extractor() -> Extractor:
    return Extractor.load(None)


def found(text: str, kind: str, **given: Any) -> list[Entity]:
    entities = extractor().extract(text, **{"now": NOW, **given})
    return [entity for entity in entities if entity.entity == kind]


def resolved(text: str, kind: str, **given: Any) -> list[dict[str, Any] | None]:
    return [entity.resolved for entity in found(text, kind, **given)]


@cache
def context_of(user: str | None) -> Context:
    """What the action server would tell of a demo person: their counterparties."""
    if user is None:
        return Context()
    names = sorted({row.counterparty for row in rows(user) if row.counterparty})
    return Context(merchants=tuple(Named(name.casefold(), name) for name in names))


def period_rows() -> Iterator[tuple[dict[str, Any], list[Entity]]]:
    """Each period case with the periods found for it, read in the light of its intent."""
    for row in read_cases("periods.jsonl"):
        now = datetime.fromisoformat(row["now"])
        entities = extractor().extract(row["text"], now, row["locale"])
        oriented = extractor().orient(entities, row["intent"], now)
        yield row, [e for e in oriented if e.entity == "period"]


def is_reading(given: dict[str, Any] | None, reading: dict[str, Any]) -> bool:
    return bool(given) and all(given.get(side, "") == reading[side] for side in ("start", "end"))


def is_lenient(given: dict[str, Any] | None, reading: dict[str, Any], today: date) -> bool:
    """The reading, or one whose open end is the end of today."""
    if given is None or is_reading(given, reading):
        return given is not None
    ends = {given.get("end"), reading["end"]}
    tomorrow = (today + timedelta(days=1)).isoformat()
    return given.get("start") == reading["start"] and ends == {None, tomorrow}


def overlapping(entities: list[Entity], start: int, end: int) -> list[Entity]:
    return [e for e in entities if e.start < end and start < e.end]
