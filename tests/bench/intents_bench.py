"""What the student costs and how right it is, by the number of lines that it learnt from.

`FLORIN_BENCH_LINES` names the sizes; by default 50,000, 200,000, 2,000,000 and 5,000,000.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from florin.settings import ROOT
from jobs.golden import read_golden
from jobs.intent_scores import by_reader, score
from jobs.intent_train import recipe_for
from jobs.intents import Recipe, calibrate, fit, sure, write_lines, write_words
from jobs.label import label_messages
from jobs.lines import block, vocabulary
from jobs.messages import MessageFile
from jobs.taught import by_hand, history
from nlu.intents import MODEL, WORDS, IntentModel
from regex_bootstrap.catalog import read_catalog
from tests.bench.figures import Figure, at_least, at_most, quantile

_DATA = ROOT / "data"
_SIZES = "50000 200000 2000000 5000000"
_RELEASE = 2_000_000
_LABELLED = 1_000_000


@dataclass(frozen=True)
class Fitted:
    """One size measured in a process of its own.

    Attributes:
        lines: How many there were.
        words: The same.
        drawing: Seconds for drawing them.
        fitting: Seconds for the fit.
        memory: The process's peak, bytes.
        model: The model file's bytes.
        accuracy: Of the student alone on the golden part for the report.
        median: Seconds for one message at the median.
    """

    lines: int
    words: int
    drawing: float
    fitting: float
    memory: int
    model: int
    accuracy: float
    median: float


def measure() -> Iterator[Figure]:
    """Fit a student of each size; then label a million messages."""
    for size in map(int, os.environ.get("FLORIN_BENCH_LINES", _SIZES).split()):
        context = multiprocessing.get_context("spawn")
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "figures.json"
            process = context.Process(target=_fit, args=(size, file))
            process.start()
            process.join()
            yield from _figures(size, Fitted(**json.loads(file.read_text())))
    yield from _labelling()


def _figures(size: int, found: Fitted) -> Iterator[Figure]:
    seconds = found.drawing + found.fitting
    if size == _RELEASE:
        yield at_most(f"{size:,} lines: drawn and fitted", seconds / 60, 5, "minutes")
        yield at_most(f"{size:,} lines: peak memory", found.memory / 1e9, 4, "GB")
        yield at_most(f"{size:,} lines: model", found.model / 1e6, 20, "MB")
        yield at_most(f"{size:,} lines: one message, median", 1e3 * found.median, 0.2, "ms")
        yield at_least(f"{size:,} lines: student alone", 100 * found.accuracy, 88, "%")
    else:
        told = f"{seconds:.0f} s, {found.memory / 1e9:.2f} GB, {found.model / 1e6:.1f} MB"
        yield Figure(f"{size:,} lines", f"{told}, {found.accuracy:.1%} right")
    yield Figure(
        f"{size:,} lines: words a second",
        f"{found.words / found.fitting:,.0f}, over all epochs",
    )


def _fit(size: int, out: Path) -> None:
    recipe = recipe_for(size, 0)
    with tempfile.TemporaryDirectory() as scratch:
        folder, file = Path(scratch) / "model", Path(scratch) / "lines.txt"
        folder.mkdir()
        began = time.perf_counter()
        lines = _write(file, folder / WORDS, recipe)
        drawn = time.perf_counter()
        fit(file, recipe).save_model(str(folder / MODEL))
        fitted = time.perf_counter()
        with file.open("rb") as stream:
            words = recipe.epoch * sum(len(line.split()) - 1 for line in stream)
        peak = 1024 * max(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        golden = read_golden(_DATA / "golden")
        calibrate(folder, [row for row in golden if row.part == "tune"])
        student = IntentModel.load(folder)
        report = [row for row in golden if row.part == "report"]
        accuracy = score(by_reader(student.understand, report)).accuracy
        found = Fitted(
            lines, words, drawn - began, fitted - drawn, peak,
            (folder / MODEL).stat().st_size, accuracy,
            _median(student, [row.text for row in report]),
        )  # fmt: skip
        out.write_text(json.dumps(asdict(found)))


def _write(file: Path, words: Path, recipe: Recipe) -> int:
    write_words(words, _DATA)
    taught = [*sure(words, history(_DATA), _DATA), *by_hand(_DATA)]
    return write_lines(file, words, taught, _DATA, recipe)


def _median(student: IntentModel, texts: list[str]) -> float:
    taken = []
    for text in texts:
        began = time.perf_counter()
        student.understand(text, None)
        taken.append(time.perf_counter() - began)
    return quantile(taken, 0.5)


def _labelling() -> Iterator[Figure]:
    """A million messages, each as unlike the others as training lines are."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "messages.jsonl"
        with source.open("w", encoding="utf-8") as stream:
            for number in range(_LABELLED // 10_000):
                for at, line in enumerate(block(_DATA / "intents", 700_000 + number)):
                    text = line.rstrip("\n").split(" ", 2)[2]
                    row = {"conversation": f"c{(number * 7 + at) % 20_000}", "turn": 1}
                    stream.write(json.dumps({**row, "text": text}) + "\n")
        catalog = read_catalog(_DATA / "intents")
        out = Path(scratch) / "labels.jsonl"
        words = vocabulary(_DATA / "intents")
        report = label_messages([MessageFile(source)], catalog, out, words=words, workers=2)
        yield at_most(f"label {report.read:,} distinct messages", report.seconds, 30, "s")
