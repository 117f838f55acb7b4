"""Measures the encoder with a linear head on what it was never trained on.

    uv run python -m jobs.encoder_measure [--folder encoder/data]

prints JSON: intents on both golden parts, categories from the text alone on the demo people and on
silver merchants held out, beside a linear SVM over TF-IDF; speed, memory and size.
"""

import argparse
import csv
import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.svm import LinearSVC

from encoder import FOLDER, Encoder, load
from encoder.encoder import Vectors
from enrichment.counterparty import MerchantIndex, common_words
from enrichment.reading import read
from jobs.encoder_data import Task, held_out, intents, known
from jobs.encoder_head import fit_head
from jobs.enrichment_text import read_silver
from jobs.golden import read_golden
from knowledge.merchants import load_merchants
from ledger.money import to_minor
from nlu.normalise import normalise

DATA = Path(__file__).parent.parent / "data"
_SEED = 23
"""Another than the encoder's own: its lines are drawn anew."""
Rows = Sequence[tuple[str, str]]


def measure(encoder: Encoder) -> dict[str, Any]:
    """All figures of one encoder; speed first, while nothing else is loaded."""
    speed = _speed(encoder)
    return {**speed, "intents": _intents(encoder), "categories": _categories(encoder)}


def _speed(encoder: Encoder) -> dict[str, float]:
    process = psutil.Process()
    before = process.memory_info().rss
    texts = [normalise(row.text) for row in read_golden(DATA / "golden") if row.part == "tune"]
    encoder.encode(texts[:1])
    loaded = process.memory_info().rss
    singles = []
    for text in texts[:200]:
        began = time.perf_counter()
        encoder.encode([text])
        singles.append(time.perf_counter() - began)
    lines = list(dict.fromkeys(row[0] for row in _silver()))[:2_000]
    return {
        "rss_added_mb": (loaded - before) / 1e6,
        "one_message_p50_ms": 1e3 * statistics.median(singles),
        "messages_per_s": _rate(encoder, texts),
        "descriptors_per_s": _rate(encoder, lines),
        "rss_after_batches_mb": (process.memory_info().rss - before) / 1e6,
    }


def _rate(encoder: Encoder, texts: Sequence[str]) -> float:
    began = time.perf_counter()
    encoder.encode(texts)
    return len(texts) / (time.perf_counter() - began)


def _intents(encoder: Encoder) -> dict[str, float]:
    task: Task = intents(DATA, None, 15_000, 2, _SEED)
    head = fit_head(
        encoder.encode([text for text, _ in task.rows]), [label for _, label in task.rows]
    )
    found = {}
    for part in ("tune", "report"):
        rows = [row for row in read_golden(DATA / "golden") if row.part == part]
        best = head.best(encoder.encode([normalise(row.text) for row in rows]))
        found[part] = _share(best, [row.intent for row in rows])
    return found


def _categories(encoder: Encoder) -> dict[str, Any]:
    silver = _silver()
    seen = [(text, label) for text, label, group in silver if not held_out(group)]
    unseen = [(text, label) for text, label, group in silver if held_out(group)]
    extra = list(dict.fromkeys(known()))
    # The people meet a head of all lines; merchants held out one that knows none of them.
    return {
        **_compared(encoder, [*seen, *extra], {"unseen": unseen}),
        **_compared(
            encoder,
            [*seen, *unseen, *extra],
            {"maya": _person("maya"), "jordan": _person("jordan")},
        ),
    }


def _compared(encoder: Encoder, fitted: Rows, tests: Mapping[str, Rows]) -> dict[str, Any]:
    texts, labels = zip(*fitted, strict=True)
    head = fit_head(_vectors(encoder, texts), labels)
    svm = _svm().fit(texts, labels)
    found = {}
    for name, rows in tests.items():
        asked = [text for text, _ in rows]
        found[name] = {
            "rows": len(rows),
            "encoder": _accuracy(head.best(_vectors(encoder, asked)), rows),
            "tfidf_svm": _accuracy(svm.predict(asked), rows),
        }
    return found


def _vectors(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Vectors of texts that may repeat; each distinct one is encoded once."""
    number = {text: n for n, text in enumerate(dict.fromkeys(texts))}
    return encoder.encode(list(number))[[number[text] for text in texts]]


def _svm() -> Pipeline:
    features = make_union(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), token_pattern=r"\S+"),  # noqa: S106
        TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(2, 5)),
    )
    return make_pipeline(features, LinearSVC())


def _accuracy(best: Sequence[str], rows: Rows) -> dict[str, float]:
    wanted = [label for _, label in rows]
    tops = [[each.split(".")[0] for each in side] for side in (best, wanted)]
    return {"leaf": _share(best, wanted), "top": _share(*tops)}


def _share(best: Sequence[str], wanted: Sequence[str]) -> float:
    right = sum(one == other for one, other in zip(best, wanted, strict=True))
    return round(100 * right / len(wanted), 2)


def _index() -> MerchantIndex:
    base = load_merchants()
    return MerchantIndex(base, common_words(merchant.name for merchant in base))


def _silver() -> list[tuple[str, str, str]]:
    rows = read_silver(DATA, _index())
    return [(row.reading.text, row.category, row.group) for row in rows]


def _person(name: str) -> list[tuple[str, str]]:
    return list(_lines_of(DATA / "people" / name))


def _lines_of(folder: Path) -> Iterator[tuple[str, str]]:
    labels = {row["transaction_id"]: row["category"] for row in _table(folder / "labels.csv")}
    types = {row["account_id"]: row["type"] for row in _table(folder / "accounts.csv")}
    index = _index()
    for row in _table(folder / "transactions.csv"):
        minor = to_minor(row["amount"], row["currency"])
        line = read(row["description"], row["currency"], types[row["account_id"]], minor, index)
        yield line.text, labels[row["transaction_id"]]


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folder = parser.parse_args().folder
    print(json.dumps(measure(load(folder)), indent=1))


if __name__ == "__main__":
    main()
