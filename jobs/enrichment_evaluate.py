"""The figures of enrichment on the golden people, with peers on the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from enrichment.models import load
from enrichment.pipeline import enrich
from jobs.asking import cost_curve
from jobs.enrichment_measure import Known, measure
from jobs.enrichment_peers import compare
from jobs.enrichment_people import read_people
from jobs.enrichment_text import Silver, read_silver
from jobs.layer_three import asked_of_three

Progress = Callable[[str], None]


def evaluated(model: Path, data_dir: Path, progress: Progress) -> dict[str, Any]:
    """All figures as plain data.

    Args:
        model: A published model's folder.
        data_dir: Holds `silver/` and `people/`.
        progress: Called with what is being done.
    """
    models = load(model)
    people = read_people(data_dir / "people")
    progress("enriching the golden people")
    results = [(p, enrich(p.accounts, p.rows, models)) for p in people]
    silver = read_silver(data_dir, models.index)
    known = Known(_commonest(silver), lambda name: models.index.exact(name) is not None)
    progress("peers")
    asked = [(r.description, r.minor > 0) for p in people for r in p.rows]
    wanted = [p.labels[r.id]["category"] for p in people for r in p.rows]
    return {
        "model": models.name,
        **measure(results, known),
        "asking": cost_curve(results, models),
        "third": asked_of_three(people, models),
        "peers": compare(silver, asked, wanted),
    }


def _commonest(silver: list[Silver]) -> dict[str, str]:
    votes: dict[str, Counter[str]] = {}
    for row in silver:
        if row.counterparty:
            votes.setdefault(row.counterparty.casefold(), Counter())[row.category] += 1
    return {name: tally.most_common(1)[0][0] for name, tally in votes.items()}
