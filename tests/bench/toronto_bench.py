"""Real purchase-card lines of ten years: accuracy at scale and on merchants never met."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, at_least


def measure() -> Iterator[Figure]:
    """Trained to 2018, tested after; the peer is fitted and tested in the same run."""
    shared = os.environ.get("FLORIN_SHARED")
    if not shared:
        yield Figure("Toronto", "skipped: FLORIN_SHARED names no folder")
        return
    from jobs.enrichment_toronto import benchmark

    found = benchmark(Path(shared))
    yield at_least("Toronto, all rows, leaf", 100 * found["all"], 90, "%")
    yield at_least("Toronto, merchants never met, leaf", 100 * found["unseen"], 48, "%")
    yield Figure("Toronto, merchants met before", f"{100 * found['seen']:.1f} %")
    all_, new = found["dictionary_and_ngrams_all"], found["dictionary_and_ngrams_unseen"]
    yield Figure(
        "Toronto, dictionary and linear n-grams", f"{100 * all_:.1f} % / {100 * new:.1f} %"
    )
