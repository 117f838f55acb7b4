"""What the small language model is asked in the golden histories, and what its word is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from enrichment.decide import Decision, decide
from enrichment.models import Models
from jobs.enrichment_measure import same_category
from jobs.enrichment_people import Golden
from ledger.types import Account

MOST = 0.15
"""Share of distinct texts that may be asked about."""


def asked_of_three(people: Sequence[Golden], models: Models) -> dict[str, Any]:
    """Distinct texts, those asked about, and the leaf accuracy of their rows with and without.

    Args:
        people: Labelled histories.
        models: With layer 3.
    """
    alone = replace(models, third=None)
    texts: set[str] = set()
    asked: set[str] = set()
    before = after = rows = 0
    for person in people:
        for (id_, second), (_, third) in zip(
            _decisions(person, alone), _decisions(person, models), strict=True
        ):
            text = third.evidence.reading.text
            texts.add(text)
            if third.choice.source != "slm":
                continue
            asked.add(text)
            want = person.labels[id_]["category"]
            rows += 1
            before += same_category(second.choice.category, want)
            after += same_category(third.choice.category, want)
    return {
        "texts": len(texts),
        "asked": len(asked),
        "share": round(len(asked) / max(1, len(texts)), 4),
        "rows": rows,
        "before": round(before / max(1, rows), 4),
        "after": round(after / max(1, rows), 4),
        "fitted": dict(models.third.facts) if models.third else {},
    }


def _decisions(person: Golden, models: Models) -> list[tuple[str, Decision]]:
    homes: dict[str, Account] = {account.id: account for account in person.accounts}
    rows = [(row, homes[row.account_id]) for row in person.rows]
    return [
        (row.id, decision) for (row, _), decision in zip(rows, decide(rows, models), strict=True)
    ]


def markdown(found: Mapping[str, Any]) -> list[str]:
    """The part of the report about layer 3."""
    fitted = found["fitted"]
    lines = [
        "## Layer 3, the small language model",
        "",
        f"Asked about {found['asked']} of {found['texts']} distinct texts "
        f"({100 * found['share']:.1f} %, at most {100 * MOST:.0f} %). The leaf of their "
        f"{found['rows']} rows was right {100 * found['before']:.1f} % of the time by layers 1 "
        f"and 2 alone and is {100 * found['after']:.1f} % with it.",
        "",
    ]
    if not fitted:
        return lines
    curve = [step for step in fitted["cost_curve"] if step[0] == fitted["weight"]]
    return [
        *lines,
        f"On {fitted['lines']} silver lines of merchants that the encoder never saw it lifts the "
        f"leaf from {100 * fitted['before']:.1f} % to {100 * fitted['after']:.1f} %. The cost "
        f"curve there (asked below {fitted['ask_below']}):",
        "",
        "| ask below | distinct texts asked | leaf right |",
        "| --- | --- | --- |",
        *(f"| {below} | {100 * share:.1f} % | {100 * right:.1f} % |"
          for _, below, share, right in curve),
        "",
    ]  # fmt: skip
