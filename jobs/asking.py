"""The cost curve of layer 4: what each threshold would ask, and how wrong those rows are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from enrichment.decide import decide
from enrichment.models import Models
from enrichment.pipeline import Enrichment
from enrichment.questions import ASK_BELOW, question_of
from jobs.enrichment_measure import same_category
from jobs.enrichment_people import Golden

_STEPS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def cost_curve(people: Sequence[tuple[Golden, Enrichment]], models: Models) -> list[dict[str, Any]]:
    """For each threshold: rows below it, distinct questions, and the share of these rows right.

    A question is worth its price where the answers that it replaces are mostly wrong; above the
    threshold in use they are mostly right. A row without a leaf is below every threshold.
    """
    rows: list[tuple[float, bool, object]] = []
    for person, found in people:
        accounts = {account.id: account for account in person.accounts}
        decisions = decide([(row, accounts[row.account_id]) for row in person.rows], models)
        for row, decision in zip(found.rows, decisions, strict=True):
            right = same_category(row.category or "", person.labels[row.transaction_id]["category"])
            leaf = models.taxonomy.is_leaf(row.category or "")
            sure = row.category_confidence if leaf else 0.0
            rows.append((sure, right, question_of(decision)))
    return [_step(rows, threshold) for threshold in _STEPS]


def _step(rows: Sequence[tuple[float, bool, object]], threshold: float) -> dict[str, Any]:
    below = [(right, question) for sure, right, question in rows if sure < threshold]
    asked = {question for _, question in below if question is not None}
    return {
        "threshold": threshold,
        "in_use": threshold == ASK_BELOW,
        "rows": round(len(below) / max(1, len(rows)), 4),
        "questions": len(asked),
        "right": round(sum(right for right, _ in below) / max(1, len(below)), 4),
    }


def markdown(curve: Sequence[dict[str, Any]]) -> list[str]:
    """The section of the report."""
    lines = [
        f"| {step['threshold']}{' (in use)' if step['in_use'] else ''} "
        f"| {100 * step['rows']:.1f} % | {step['questions']} | {100 * step['right']:.1f} % |"
        for step in curve
    ]
    return [
        "## Layer 4: what would be asked",
        "",
        "At a first import; a line that was asked once is not asked again, whoever's it is.",
        "",
        "| ask below | rows | questions | of these rows right without asking |",
        "| --- | --- | --- | --- |",
        *lines,
        "",
    ]
