"""`florin train intents`: declared steps from the intent files to a published model."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from encoder.encoder import FOLDER
from jobs.golden import read_golden
from jobs.intents import (
    FIRST,
    RELEASE,
    Recipe,
    calibrate,
    fit,
    sure,
    teach,
    write_lines,
    write_words,
)
from jobs.label import label_messages
from jobs.messages import MessageFile
from jobs.steps import Output, Step, Work, run_steps
from jobs.taught import by_hand, read_messages, read_taught, write_taught
from nlu.intents import MODEL, TEACHER, WORDS
from regex_bootstrap.catalog import read_catalog
from registry import Registry

Progress = Callable[[str], None]
_ROOT = Path(__file__).parent.parent
_KIND = "intents"
_LABELS, _SURE, _LINES = "labels.jsonl", "sure.jsonl", "lines.txt"
_MODEL = "model"
_DRAWING = ("drawn", "copies", "seed")
"""The parts of a recipe on which the lines depend; the others only change the fit."""
_SAID = 5_400
"""About how many messages of the history are learnt from, hand labels counted twice."""
_SMALL = 400_000
"""Lines up to which a model is fitted for more epochs."""


def recipe_for(lines: int, seed: int) -> Recipe:
    """The recipe of a release, cut to a number of lines."""
    small = replace(RELEASE, epoch=8, copies=2, min_count=3) if lines <= _SMALL else RELEASE
    drawn = max(10_000, lines - _SAID * small.copies)
    return replace(small, drawn=drawn, seed=17 + seed)


def train_run(
    registry: Registry,
    data_dir: Path,
    runs: Path,
    *,
    lines: int,
    seed: int,
    tell: Progress,
    labels: Sequence[Path] = (),
) -> str:
    """Label, draw, fit, calibrate and publish; steps whose inputs are unchanged are left.

    Args:
        registry: Where the model is published; it does not serve yet.
        data_dir: The repository's ``data``.
        runs: Where runs keep their steps and manifests.
        lines: About how many training lines.
        seed: Another seed draws other lines.
        tell: Is given one line per step.
        labels: Files that ``florin label`` wrote, learnt from beside the repository's messages.

    Returns:
        The content hash of the model.

    Raises:
        StepFailedError: A step failed; the finished ones are kept and the same call goes on.
    """
    recipe = recipe_for(lines, seed)
    run = run_steps(runs / _KIND, f"{lines}-{seed}", steps(data_dir, recipe, labels), tell)
    return registry.publish(_KIND, run.path("calibrate", _MODEL))


def steps(data_dir: Path, recipe: Recipe, labels: Sequence[Path] = ()) -> list[Step]:
    """The steps of a training run, each with what its outputs depend on.

    Args:
        data_dir: The repository's ``data``.
        recipe: How much is drawn, and how it is fitted.
        labels: Files that ``florin label`` wrote, learnt from beside the repository's messages.
    """
    data = {name: data_dir / name for name in ("intents", "messages")}
    normal = _code("nlu", "normalise", "texting", "spelling", "words")
    rules = {**_code("regex_bootstrap", "catalog", "patterns", "vote"), **data, **normal}
    noise = {"noise.yml": _ROOT / "jobs" / "data" / "noise.yml"}
    drawing = {**_code("jobs", "intents", "lines", "noise", "templates", "taught"), **noise}
    words: dict[str, Path | Output] = {"words": Output("words", WORDS)}
    more = {f"labels-{number}": file for number, file in enumerate(labels)}
    settled: dict[str, Path | Output] = {
        "model": Output("fit", MODEL),
        "teacher": Output("teach", TEACHER),
        "golden": data_dir / "golden",
        "encoder": FOLDER,
        **words,
    }
    hand = {name: data_dir / name for name in ("labelled", "golden") if (data_dir / name).is_dir()}
    rows: dict[str, Path | Output] = {"sure": Output("first", _SURE), **hand, **words}
    labelled = {"labels": Output("label", _LABELS), **more, **hand, **words}
    labelling = {**rules, **_code("jobs", "label", "redaction", "names")}
    return [
        Step("words", _words, {**drawing, **data, **normal}, (WORDS,)),
        Step("label", _label, {**labelling, **words}, (_LABELS,)),
        Step("teach", _teach, rules, (TEACHER,)),
        Step("first", _first, {**drawing, **data, **normal, **labelled}, (_SURE,), asdict(FIRST)),
        Step(
            "draw", _draw,
            {**drawing, **data, **normal, **rows}, (_LINES,),
            {name: getattr(recipe, name) for name in _DRAWING},
        ),
        Step("fit", _fit, {"lines": Output("draw", _LINES)}, (MODEL,), asdict(recipe)),
        Step("calibrate", _calibrate, settled, (_MODEL,)),
    ]  # fmt: skip


def _code(room: str, *names: str) -> dict[str, Path | Output]:
    return {f"{room}/{name}.py": _ROOT / room / f"{name}.py" for name in names}


def _label(work: Work) -> None:
    sources = [MessageFile(path) for path in sorted(work.inputs["messages"].glob("*.jsonl"))]
    words = json.loads(work.inputs["words"].read_text())
    label_messages(
        sources, read_catalog(work.inputs["intents"]), work.outputs[_LABELS], words=words
    )


def _teach(work: Work) -> None:
    teach(work.inputs["intents"].parent).write(work.outputs[TEACHER])


def _words(work: Work) -> None:
    write_words(work.outputs[WORDS], work.inputs["intents"].parent)


def _first(work: Work) -> None:
    files = [file for name, file in work.inputs.items() if name.startswith("labels")]
    data_dir = work.inputs["intents"].parent
    rows = sure(work.inputs["words"], read_messages(files, data_dir), data_dir)
    write_taught(rows, work.outputs[_SURE])


def _draw(work: Work) -> None:
    data_dir = work.inputs["intents"].parent
    taught = [*read_taught(work.inputs["sure"]), *by_hand(data_dir)]
    recipe = Recipe(**work.parameters)
    write_lines(work.outputs[_LINES], work.inputs["words"], taught, data_dir, recipe)


def _fit(work: Work) -> None:
    model = fit(work.inputs["lines"], Recipe(**work.parameters))
    model.save_model(str(work.outputs[MODEL]))


def _calibrate(work: Work) -> None:
    golden = [row for row in read_golden(work.inputs["golden"]) if row.part == "tune"]
    folder = work.outputs[_MODEL]
    folder.mkdir()
    for name, file in (("model", MODEL), ("teacher", TEACHER), ("words", WORDS)):
        shutil.copyfile(work.inputs[name], folder / file)
    calibrate(folder, golden)
