"""The extractor against the tables of tests/cases, written before the code ran on them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from knowledge.merchants import slug
from nlu.types import Entity
from tests.cases.rows import read_cases
from tests.nlu.extraction import (
    NOW,
    context_of,
    extractor,
    found,
    is_lenient,
    is_reading,
    overlapping,
    period_rows,
)


def test_periods_are_read_as_the_table_says() -> None:
    strict = lenient = total = 0
    for row, periods in period_rows():
        if "needs_context" in row["expected"]:
            continue
        total += 1
        today = datetime.fromisoformat(row["now"]).date()
        given = [e.resolved for e in overlapping(periods, *row["span"])]
        primary = [row["expected"], *row["same"]]
        strict += any(is_reading(g, r) for g in given for r in primary)
        lenient += any(is_lenient(g, r, today) for g in given for r in [*primary, *row["alts"]])
    assert lenient >= 0.95 * total
    assert strict >= 0.88 * total


def test_what_needs_the_ledger_is_flagged_and_never_guessed() -> None:
    flagged = invented = total = 0
    for row, periods in period_rows():
        wanted = row["expected"].get("needs_context")
        if wanted is None:
            continue
        total += 1
        given = [e.resolved or {} for e in overlapping(periods, *row["span"])]
        flagged += any(g.get("needs_context") == wanted for g in given)
        invented += any("start" in g for g in given)
    assert flagged >= 0.9 * total
    assert invented == 0


def test_amounts_have_value_currency_and_comparator() -> None:
    right = given = wanted = 0
    for row in read_cases("amounts.jsonl"):
        context = context_of(None)
        entities = found(row["text"], "amount", locale=row["locale"], context=context)
        given += len(entities)
        wanted += len(row["expected"])
        right += sum(any(_is_sum(e, x) for e in entities) for x in row["expected"])
    assert 2 * right / (given + wanted) >= 0.92


def _is_sum(entity: Entity, wanted: dict[str, Any]) -> bool:
    resolved = entity.resolved or {}
    same = all(resolved[part] == wanted[part] for part in ("minor", "minor2", "currency"))
    return same and resolved["op"] in (wanted["op"], wanted.get("also_op"))


def test_merchants_are_found_and_resolved() -> None:
    right = given = wanted = resolved = 0
    rows = read_cases("merchants.jsonl")
    for row in rows:
        context = context_of(row["user"])
        entities = found(row["text"], "merchant", locale=row["locale"], context=context)
        names = {_bare(e.value): e.resolved for e in entities}
        expected = {_bare(row["text"][slice(*x["span"])]): x for x in row["expected"]}
        given, wanted = given + len(names), wanted + len(expected)
        right += len(names.keys() & expected.keys())
        resolved += all(
            slug((names.get(name) or {}).get("counterparty", "")) == slug(x["counterparty"] or "")
            for name, x in expected.items()
        )
    assert 2 * right / (given + wanted) >= 0.85
    assert resolved >= 0.85 * len(rows)


def _bare(value: str) -> str:
    return value.casefold().removeprefix("my ").removeprefix("the ").removeprefix("a ")


def test_decoys_are_no_dates_sums_or_shops() -> None:
    rows = read_cases("decoys.jsonl")
    fooled = 0
    for row in rows:
        now = datetime.fromisoformat(row["now"])
        entities = extractor().extract(row["text"], now, row["locale"])
        fooled += any(
            overlapping([e for e in entities if e.entity == never["kind"]], *never["span"])
            for never in row["never"]
        )
    assert fooled <= 0.05 * len(rows)


def test_golden_spans_of_the_tuning_part() -> None:
    right = given = wanted = 0
    for row in golden("tune"):
        entities = extractor().orient(
            extractor().extract(row["text"], NOW, row["locale"]), row["intent"], NOW
        )
        ours = Counter((e.entity, normal(e.value)) for e in entities)
        theirs = Counter((e["entity"], normal(e["value"])) for e in row["entities"])
        right += sum((ours & theirs).values())
        given, wanted = given + sum(ours.values()), wanted + sum(theirs.values())
    assert 2 * right / (given + wanted) >= 0.88


def golden(part: str) -> list[dict[str, Any]]:
    import json
    from pathlib import Path

    folder = Path(__file__).parents[2] / "data" / "golden"
    lines = (line for file in sorted(folder.glob("*.jsonl")) for line in file.open())
    return [row for row in map(json.loads, lines) if row["part"] == part]


def normal(value: str) -> str:
    """The contract's normalisation of a span."""
    value = value.casefold()
    for lead in ("my ", "the ", "a ", "top ", "last "):
        value = value.removeprefix(lead)
    return value
