"""The student's recipe on public intent data sets, read where `FLORIN_SHARED` names their folder.

CLINC150 (Larson et al. 2019) and BANKING77 (Casanueva et al. 2020) on gold labels; then teacher and
student on CLINC150's banking and card intents against everything else: patterns of this project's
own label the training messages, the student learns from those labels alone.
"""

from __future__ import annotations

import csv
import json
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from jobs.intents import QUICK, fit
from jobs.noise import vary
from nlu.normalise import normalise
from regex_bootstrap.catalog import Catalog, Intent
from regex_bootstrap.vote import Teacher
from tests.bench.figures import Figure, at_least
from tests.bench.public_patterns import PATTERNS

_LABEL = "__label__"
_COPIES = 3
_OTHER = "other"
_RECIPE = replace(QUICK, epoch=25, lr=1.0, min_count=1, threads=2)
"""The student's recipe; lr and epochs are those for a few thousand lines without templates."""
Rows = Sequence[tuple[str, str]]


def measure() -> Iterator[Figure]:
    """Both data sets; nothing where their folder is not known."""
    shared = os.environ.get("FLORIN_SHARED")
    folder = Path(shared) / "bench" / "intents" if shared else None
    if folder is None or not folder.is_dir():
        yield Figure("public intents", "FLORIN_SHARED names no folder with bench/intents")
        return
    clinc = _read(folder / "clinc150" / "data_full.json")
    yield from _gold_clinc(clinc)
    yield from _gold_banking(folder / "banking77")
    domains = _read(folder / "clinc150" / "domains.json")
    yield from _taught(clinc, {*domains["banking"], *domains["credit_cards"]})


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


class _Student:
    """fastText with the student's recipe, on labelled rows and varied copies of them."""

    def __init__(self, rows: Rows) -> None:
        rng = random.Random(7)
        lines = []
        for text, label in rows:
            for number in range(_COPIES):
                said = vary(text.lower(), rng) if number else text
                lines.append(f"{_LABEL}{label} {normalise(said)}\n")
        rng.shuffle(lines)
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "lines.txt"
            file.write_text("".join(lines), encoding="utf-8")
            self._model = fit(file, _RECIPE)
        self._names = [name.removeprefix(_LABEL) for name in self._model.get_labels()]
        self._weights = self._model.get_output_matrix()

    def read(self, texts: Sequence[str]) -> tuple[list[str], list[float]]:
        """The label of each text, and the share of the winner."""
        labels, tops = [], []
        for text in texts:
            scores = self._weights @ self._model.get_sentence_vector(normalise(text) + " </s>")
            odds = np.exp(scores - scores.max())
            labels.append(self._names[int(odds.argmax())])
            tops.append(float(odds.max() / odds.sum()))
        return labels, tops


def _accuracy(said: Sequence[str], truth: Sequence[str]) -> float:
    return 100 * sum(a == b for a, b in zip(said, truth, strict=True)) / len(truth)


def _gold_clinc(data: Any) -> Iterator[Figure]:
    student = _Student([(text, label) for text, label in data["train"]])
    said, tops = student.read([text for text, _ in data["test"]])
    yield at_least(
        "CLINC150, in scope (fastText published: 88.6)",
        _accuracy(said, [label for _, label in data["test"]]), 88.6, "%",
    )  # fmt: skip
    _, outside = student.read([text for text, _ in data["oos_test"]])
    marks = [0] * len(tops) + [1] * len(outside)
    area = roc_auc_score(marks, [-top for top in (*tops, *outside)])
    yield Figure("CLINC150, out of scope by the winner's share: area", f"{area:.3f}")


def _gold_banking(folder: Path) -> Iterator[Figure]:
    parts = {}
    for part in ("train", "test"):
        with (folder / f"{part}.csv").open(encoding="utf-8", newline="") as stream:
            parts[part] = [(row["text"], row["category"]) for row in csv.DictReader(stream)]
    said, _ = _Student(parts["train"]).read([text for text, _ in parts["test"]])
    yield Figure(
        "BANKING77 (BERT published: 93.7)",
        f"{_accuracy(said, [label for _, label in parts['test']]):.1f} %",
    )


def _taught(data: Any, finance: set[str]) -> Iterator[Figure]:
    """Teacher and student on banking and cards; the rest of CLINC150 is one class."""
    intents = {
        name: Intent(name, name, (), patterns, (), (), ()) for name, patterns in PATTERNS.items()
    }
    train = [normalise(text) for text, _ in data["train"]]
    teacher = Teacher.of(Catalog(intents, {})).learn(train)
    labelled = [(text, teacher.label(text).intent) for text in train]
    matched = [(text, label) for text, label in labelled if label]
    rest = [text for text, label in labelled if not label]
    clean = _clean([text for text, _ in matched], rest)
    student = _Student([*matched, *((text, _OTHER) for text in clean)])
    naive = _Student([*matched, *((text, _OTHER) for text in rest)])
    asked = [(text, label) for text, label in data["test"] if label in finance]
    others = [text for text, label in data["test"] if label not in finance]
    truth = [label for _, label in asked]
    texts = [normalise(text) for text, _ in asked]
    patterns = sum(map(len, PATTERNS.values()))
    said = [teacher.label(text).intent or _OTHER for text in texts]
    yield Figure(
        f"CLINC150 finance: teacher, {patterns} patterns", f"{_accuracy(said, truth):.1f} %"
    )
    said, _ = naive.read(texts)
    yield Figure(
        "CLINC150 finance: student, all unmatched are others", f"{_accuracy(said, truth):.1f} %"
    )
    said, _ = student.read(texts)
    yield Figure("CLINC150 finance: student, clean others", f"{_accuracy(said, truth):.1f} %")
    said, _ = student.read(others)
    yield Figure(
        "CLINC150: others that it leaves alone", f"{_accuracy(said, [_OTHER] * len(others)):.1f} %"
    )


def _clean(matched: Sequence[str], rest: Sequence[str]) -> list[str]:
    """Unmatched messages whose words do not lean towards the matched ones (clipped log odds)."""
    seen: dict[str, list[int]] = {}
    for side, texts in enumerate((matched, rest)):
        for text in texts:
            for word in set(text.split()):
                seen.setdefault(word, [0, 0])[side] += 1
    odds = {
        word: float(
            np.clip(np.log((a + 0.5) / (len(matched) + 1) * (len(rest) + 1) / (b + 0.5)), -3, 3)
        )
        for word, (a, b) in seen.items()
    }
    return [text for text in rest if sum(odds[word] for word in set(text.split())) < 0]
