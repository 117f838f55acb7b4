"""The scale and unseen-merchant benchmark on real purchase-card lines of the City of Toronto.

Usage: `FLORIN_SHARED=… python -m jobs.enrichment_toronto`. Trained on the years to 2018, tested on
those after; categories are those of the cards' merchant category codes, weak labels, but for
Amazon, whose code there is that of a data service: its rows are the marketplace's. Contains
information licensed under the Open Government Licence - Toronto; the data stays where it is.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

import encoder
from enrichment.clean import parse, words_of
from enrichment.neighbours import of, together
from enrichment.text_model import Ints, hashes_many
from jobs.enrichment_text import Documents, fit_text

_FILE = Path("data/transactions/toronto_pcard/toronto_pcard_2011_2021.csv.gz")
_LAST_YEAR = 2018
_AMAZON = re.compile(r"\b(?:AMAZON|AMZN|AMZ)\b")
_MARKETPLACE = "shopping.marketplace"
_HALF_LIFE = 1.0
"""Years after which a label counts half: a shop's code changes now and then."""
_NEIGHBOURS = 2.0
"""What the encoder's neighbours count beside the text model; tuned on 2017 and 2018."""

Votes = dict[str, dict[str, float]]


@dataclass
class _Years:
    """The rows to 2018 as votes, those after as counts.

    Attributes:
        lines: Votes of each descriptor, recent ones counting more.
        names: Of each cleaned name.
        plain: Of each cleaned name, every row alike.
        later: Rows after by descriptor, cleaned name and category.
    """

    lines: Votes = field(default_factory=dict)
    names: Votes = field(default_factory=dict)
    plain: Votes = field(default_factory=dict)
    later: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def _rows(shared: Path) -> Iterator[tuple[int, str, str]]:
    with gzip.open(shared / _FILE, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["category"]:
                amazon = _AMAZON.search(row["merchant"])
                category = _MARKETPLACE if amazon else row["category"]
                yield int(row["year"]), row["merchant"], category


def _name(descriptor: str) -> str:
    """The merchant: store numbers and references do not make another one."""
    return "amazon" if _AMAZON.search(descriptor) else words_of(parse(descriptor).name)


def _read(shared: Path) -> _Years:
    found, names = _Years(), dict[str, str]()
    for year, line, category in _rows(shared):
        if line not in names:
            names[line] = _name(line)
        name = names[line]
        if year > _LAST_YEAR:
            found.later[line, name, category] += 1
            continue
        weight = 0.5 ** ((_LAST_YEAR - year) / _HALF_LIFE)
        for votes, key, count in (
            (found.lines, line, weight), (found.names, name, weight), (found.plain, name, 1.0),
        ):  # fmt: skip
            tally = votes.setdefault(key, {})
            tally[category] = tally.get(category, 0.0) + count
    return found


def _best(votes: Votes) -> dict[str, str]:
    return {key: max(tally, key=tally.__getitem__) for key, tally in votes.items()}


def _features(names: Sequence[str]) -> list[Ints]:
    return hashes_many([(name, ("s:out",)) for name in names])


def _baseline(known: Mapping[str, str], asked: Sequence[str]) -> dict[str, str]:
    """TF-IDF of character n-grams with a linear support vector machine."""
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    model = LinearSVC(C=0.5).fit(vectors.fit_transform(list(known)), list(known.values()))
    return dict(zip(asked, map(str, model.predict(vectors.transform(asked))), strict=True))


def _layers(votes: Votes, known: Mapping[str, str], asked: Sequence[str]) -> dict[str, str]:
    """The text model of layer 2 and the encoder's neighbours of layer 3 on names never met."""
    names = list(known)
    weights = [1 + float(np.log1p(sum(votes[name].values()))) for name in names]
    model = fit_text(Documents(_features(names), [known[n] for n in names], weights))
    text = model.probabilities(_features(asked))
    sentences = encoder.load()
    near = of(sentences.encode(names), [known[n] for n in names], model.classes)
    both = together(text, near.probabilities(sentences.encode(asked)), _NEIGHBOURS)
    return {name: model.classes[int(n)] for name, n in zip(asked, both.argmax(axis=1), strict=True)}


def _share(years: _Years, guess: Mapping[str, str], lines: Mapping[str, str]) -> tuple[int, int]:
    """Right rows among those of known names, and among the others."""
    right = [0, 0]
    for (line, name, category), count in years.later.items():
        said = lines.get(line) or guess[name]
        right[name not in years.names] += count * (said == category)
    return right[0], right[1]


def benchmark(shared: Path) -> dict[str, float]:
    """Leaf accuracy on all rows after 2018, and on rows of merchants never seen before.

    Beside it, in the same run, a dictionary of names with linear n-grams behind it.
    """
    years = _read(shared)
    unseen = sorted({name for _, name, _ in years.later} - years.names.keys())
    known, plain = _best(years.names), _best(years.plain)
    total = sum(years.later.values())
    new = sum(count for (_, name, _), count in years.later.items() if name not in known)
    layers = known | _layers(years.plain, known, unseen)
    ours = _share(years, layers, _best(years.lines))
    theirs = _share(years, plain | _baseline(plain, unseen), {})
    return {
        "rows": total,
        "unseen_rows": new,
        "all": round(sum(ours) / total, 4),
        "seen": round(ours[0] / (total - new), 4),
        "unseen": round(ours[1] / new, 4),
        "dictionary_and_ngrams_all": round(sum(theirs) / total, 4),
        "dictionary_and_ngrams_unseen": round(theirs[1] / new, 4),
    }


if __name__ == "__main__":
    folder = os.environ.get("FLORIN_SHARED")
    if not folder:
        sys.exit("Set FLORIN_SHARED to the folder that holds the shared benchmarks.")
    print(json.dumps(benchmark(Path(folder))))
