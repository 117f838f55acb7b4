"""The extractor's tables are sound: offsets lie on words, readings are whole and differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from tests.cases.rows import read_cases

SIZES = {"periods": 400, "amounts": 150, "merchants": 200, "decoys": 120}


def spans(row: dict[str, Any]) -> Iterator[list[int]]:
    if "span" in row:
        yield row["span"]
    expected = row.get("expected", [])
    for entity in (expected if isinstance(expected, list) else []) + row.get("never", []):
        yield entity["span"]


@pytest.mark.parametrize("name", SIZES)
def test_enough_rows_with_their_own_ids_and_texts(name: str) -> None:
    rows = read_cases(f"{name}.jsonl")
    assert len(rows) >= SIZES[name]
    assert len({row["id"] for row in rows}) == len(rows)


@pytest.mark.parametrize("name", SIZES)
def test_spans_are_trimmed_and_within_the_text(name: str) -> None:
    for row in read_cases(f"{name}.jsonl"):
        for start, end in spans(row):
            words = row["text"][start:end]
            assert 0 <= start < end <= len(row["text"]), row["id"]
            assert words == words.strip(), row["id"]


def test_readings_of_a_period_are_ordered_and_differ() -> None:
    for row in read_cases("periods.jsonl"):
        datetime.fromisoformat(row["now"])
        if "needs_context" in row["expected"]:
            continue
        readings = [row["expected"], *row["same"], *row["alts"]]
        bounds = [(reading["start"], reading["end"]) for reading in readings]
        assert len(set(bounds)) == len(bounds), row["id"]
        for start, end in bounds:
            if start and end:
                assert date.fromisoformat(start) < date.fromisoformat(end), row["id"]


def test_at_least_forty_periods_need_the_ledger() -> None:
    flagged = [r for r in read_cases("periods.jsonl") if "needs_context" in r["expected"]]
    assert len(flagged) >= 40
