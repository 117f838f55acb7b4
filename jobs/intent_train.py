"""`florin train intents`: declared steps from the intent files to a published model."""

import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from encoder.encoder import FOLDER
from jobs.golden import read_golden
from jobs.intents import RELEASE, Recipe, calibrate, fit, teach, write_lines
from jobs.steps import Output, Step, Work, run_steps
from nlu.intents import MODEL, TEACHER
from registry import Registry

Progress = Callable[[str], None]
_ROOT = Path(__file__).parent.parent
_KIND = "intents"
_LINES = "lines.txt"
_MODEL = "model"
_DRAWING = ("drawn", "copies", "seed")
"""The parts of a recipe on which the lines depend; the others only change the fit."""
_SMALL = 400_000
"""Lines up to which a model is fitted for more epochs."""


def recipe_for(lines: int, seed: int) -> Recipe:
    """The recipe of a release, cut to a number of lines."""
    small = replace(RELEASE, epoch=8, copies=4, min_count=3) if lines <= _SMALL else RELEASE
    return replace(small, drawn=max(10_000, lines - 10_000 * small.copies // 4), seed=17 + seed)


def train_run(
    registry: Registry, data_dir: Path, runs: Path, *, lines: int, seed: int, tell: Progress
) -> str:
    """Draw, fit, calibrate and publish; steps whose inputs are unchanged are left.

    Args:
        registry: Where the model is published; it does not serve yet.
        data_dir: The repository's ``data``.
        runs: Where runs keep their steps and manifests.
        lines: About how many training lines.
        seed: Another seed draws other lines.
        tell: Is given one line per step.

    Returns:
        The content hash of the model.

    Raises:
        StepFailedError: A step failed; the finished ones are kept and the same call goes on.
    """
    recipe = recipe_for(lines, seed)
    run = run_steps(runs / _KIND, f"{lines}-{seed}", steps(data_dir, recipe), tell)
    return registry.publish(_KIND, run.path("calibrate", _MODEL))


def steps(data_dir: Path, recipe: Recipe) -> list[Step]:
    """The steps of a training run, each with what its outputs depend on."""
    code = {
        name: _ROOT / "jobs" / f"{name}.py" for name in ("intents", "lines", "noise", "templates")
    }
    data = {name: data_dir / name for name in ("intents", "messages")}
    parameters = asdict(recipe)
    noise = {"noise.yml": _ROOT / "jobs" / "data" / "noise.yml"}
    normal = {"normalise": _ROOT / "nlu" / "normalise.py", "texting": _ROOT / "nlu" / "texting.py"}
    drawn = {**{f"{name}.py": path for name, path in code.items()}, **data, **normal, **noise}
    model = Output("fit", MODEL)
    rules = {"vote.py": _ROOT / "regex_bootstrap" / "vote.py", **data, **normal}
    settled: dict[str, Path | Output] = {
        "model": model,
        "teacher": Output("teach", TEACHER),
        "golden": data_dir / "golden",
        "encoder": FOLDER,
    }
    drawing = {name: parameters[name] for name in _DRAWING}
    return [
        Step("draw", _draw, drawn, (_LINES,), drawing),
        Step("teach", _teach, rules, (TEACHER,)),
        Step("fit", _fit, {"lines": Output("draw", _LINES)}, (MODEL,), parameters),
        Step("calibrate", _calibrate, settled, (_MODEL,)),
    ]  # fmt: skip


def _draw(work: Work) -> None:
    data_dir = work.inputs["intents"].parent
    write_lines(work.outputs[_LINES], data_dir, Recipe(**work.parameters))


def _teach(work: Work) -> None:
    teach(work.inputs["intents"].parent).write(work.outputs[TEACHER])


def _fit(work: Work) -> None:
    model = fit(work.inputs["lines"], Recipe(**work.parameters))
    model.save_model(str(work.outputs[MODEL]))


def _calibrate(work: Work) -> None:
    golden = [row for row in read_golden(work.inputs["golden"]) if row.part == "tune"]
    folder = work.outputs[_MODEL]
    folder.mkdir()
    shutil.copyfile(work.inputs["model"], folder / MODEL)
    shutil.copyfile(work.inputs["teacher"], folder / TEACHER)
    calibrate(folder, golden)
