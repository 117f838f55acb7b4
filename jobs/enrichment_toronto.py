"""The scale and unseen-merchant benchmark on real purchase-card lines of the City of Toronto.

Usage: `FLORIN_SHARED=… python -m jobs.enrichment_toronto`. Trained on the years to 2018, tested on
those after; categories are the cards' merchant category codes, weak labels. Contains information
licensed under the Open Government Licence - Toronto; the data stays where it is.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from enrichment.clean import parse, words_of
from enrichment.text_model import Ints, hashes_many
from jobs.enrichment_text import Documents, fit_text

_FILE = Path("data/transactions/toronto_pcard/toronto_pcard_2011_2021.csv.gz")
_LAST_YEAR = 2018


def _rows(shared: Path) -> Iterator[tuple[int, str, str]]:
    with gzip.open(shared / _FILE, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["category"]:
                yield int(row["year"]), row["merchant"], row["category"]


def _features(names: list[str]) -> list[Ints]:
    return hashes_many([(name, ("s:out",)) for name in names])


def benchmark(shared: Path) -> dict[str, float]:
    """Leaf accuracy on all rows after 2018, and on rows of merchants never seen before.

    A merchant is the cleaned name: store numbers and references do not make another one.
    """
    votes: dict[str, Counter[str]] = {}
    later: Counter[tuple[str, str]] = Counter()
    keys: dict[str, str] = {}
    for year, merchant, category in _rows(shared):
        key = keys.setdefault(merchant, words_of(parse(merchant).name))
        if year <= _LAST_YEAR:
            votes.setdefault(key, Counter())[category] += 1
        else:
            later[key, category] += 1
    known = {key: tally.most_common(1)[0][0] for key, tally in votes.items()}
    names = list(known)
    model = fit_text(Documents(_features(names), [known[n] for n in names], [1.0] * len(names)))
    unseen = sorted({key for key, _ in later} - known.keys())
    scores = model.scores(_features(unseen))
    guessed = {n: model.classes[int(row.argmax())] for n, row in zip(unseen, scores, strict=True)}
    right = {True: 0, False: 0}
    total = {True: 0, False: 0}
    for (key, category), count in later.items():
        seen = key in known
        total[seen] += count
        right[seen] += count * ((known.get(key) or guessed[key]) == category)
    return {
        "rows": total[True] + total[False],
        "all": round((right[True] + right[False]) / (total[True] + total[False]), 4),
        "unseen_rows": total[False],
        "unseen": round(right[False] / total[False], 4),
    }


if __name__ == "__main__":
    folder = os.environ.get("FLORIN_SHARED")
    if not folder:
        sys.exit("Set FLORIN_SHARED to the folder that holds the shared benchmarks.")
    print(json.dumps(benchmark(Path(folder))))
