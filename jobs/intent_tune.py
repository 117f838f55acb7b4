"""`florin tune intents`: Bayesian search of the student's hyper-parameters.

Every worker is a process that joins the same study (Akiba et al. 2019), on one machine or, with a
PostgreSQL study, on several. A trial is `fit` on lines drawn once; what is maximised is accuracy on
the golden part for tuning, models over the size limit are pruned.
"""

import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import matplotlib as mpl
import optuna
from optuna.study import MaxTrialsCallback
from optuna.trial import TrialState
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from jobs.calibration import fit_settings
from jobs.errors import StudyError
from jobs.golden import read_golden
from jobs.intent_scores import by_reader, score
from jobs.intents import QUICK, Recipe, fit, write_lines, write_words
from jobs.taught import by_hand, by_teacher, history
from nlu.intents import MODEL, SETTINGS, WORDS, IntentModel, Settings

Progress = Callable[[str], None]
_MEGABYTE = 1_000_000
_STUDIES = "studies"
"""A table that every database of a study has."""
_LARGEST = 20.0
"""Megabytes of a model that may serve."""


@dataclass(frozen=True)
class Limits:
    """How far a search may go.

    Attributes:
        trials: How many models are fitted in all, by all workers.
        seconds: Wall time of each worker; the trial under way is finished.
        workers: Processes on this machine.
        lines: Training lines of each trial.
        megabytes: The largest model.
        learning_rate: Least and largest.
        epochs: Least and largest.
        dimensions: Least and largest.
    """

    trials: int = 20
    seconds: int = 1_800
    workers: int = 2
    lines: int = 100_000
    megabytes: float = _LARGEST
    learning_rate: tuple[float, float] = (0.1, 1.0)
    epochs: tuple[int, int] = (2, 12)
    dimensions: tuple[int, int] = (30, 100)


def tune(data_dir: Path, out: Path, storage: str, limits: Limits, tell: Progress) -> Path:
    """Search, and write the best recipe and the plots of the search.

    Args:
        data_dir: The repository's ``data``.
        out: Folder for ``best.json``, ``trials.json`` and the pictures.
        storage: SQLAlchemy URL of the study.
        limits: How far to go.
        tell: Is given one line at the end of each worker.

    Returns:
        ``best.json``.

    Raises:
        StudyError: The database cannot be reached or is not the study's own.
    """
    _check(storage)
    out.mkdir(parents=True, exist_ok=True)
    recipe = replace(QUICK, drawn=limits.lines, workers=1)
    name = f"intents-{limits.lines}"
    optuna.create_study(study_name=name, storage=storage, direction="maximize", load_if_exists=True)
    with tempfile.TemporaryDirectory() as scratch:
        file, words = Path(scratch) / "lines.txt", Path(scratch) / WORDS
        write_words(words, data_dir)
        taught = [*by_teacher(history(data_dir)), *by_hand(data_dir)]
        write_lines(file, words, taught, data_dir, recipe)
        work = partial(_search, name, storage, limits, recipe, file, data_dir)
        with ProcessPoolExecutor(limits.workers) as pool:
            for done in pool.map(work, range(limits.workers)):
                tell(f"worker {done} has finished")
    return _report(optuna.load_study(study_name=name, storage=storage), recipe, out)


def _check(storage: str) -> None:
    """See to it that a study does not mix its tables, and their version, with others."""
    try:
        engine = create_engine(storage)
        tables = set(inspect(engine).get_table_names())
        engine.dispose()
    except SQLAlchemyError as error:
        raise StudyError(
            "The study's database cannot be reached; check the URL given to --study."
        ) from error
    if tables and _STUDIES not in tables:
        raise StudyError(
            "The study's database holds other tables; give --study a database of its own."
        )


def _search(  # noqa: PLR0917 - bound in part, then mapped over the workers
    name: str,
    storage: str,
    limits: Limits,
    recipe: Recipe,
    file: Path,
    data_dir: Path,
    worker: int,
) -> int:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=recipe.seed + worker, constant_liar=True)
    study = optuna.load_study(study_name=name, storage=storage, sampler=sampler)
    enough = MaxTrialsCallback(limits.trials, states=(TrialState.COMPLETE, TrialState.PRUNED))
    study.optimize(
        lambda trial: _trial(trial, limits, recipe, file, data_dir),
        timeout=limits.seconds,
        callbacks=[enough],
    )
    return worker


def _trial(
    trial: optuna.Trial, limits: Limits, recipe: Recipe, file: Path, data_dir: Path
) -> float:
    tried = replace(
        recipe,
        lr=trial.suggest_float("lr", *limits.learning_rate, log=True),
        epoch=trial.suggest_int("epoch", *limits.epochs),
        dim=trial.suggest_int("dim", *limits.dimensions, step=10),
        bucket=trial.suggest_int("bucket", 20_000, 200_000, step=20_000),
        word_ngrams=trial.suggest_int("word_ngrams", 1, 4),
        minn=trial.suggest_int("minn", 2, 4),
        maxn=trial.suggest_int("maxn", 4, 6),
        min_count=trial.suggest_int("min_count", 1, 10),
    )
    golden = [row for row in read_golden(data_dir / "golden") if row.part == "tune"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        fit(file, tried).save_model(str(folder / MODEL))
        size = (folder / MODEL).stat().st_size / _MEGABYTE
        trial.set_user_attr("megabytes", size)
        if size > limits.megabytes:
            raise optuna.TrialPruned
        (folder / SETTINGS).write_text(json.dumps(asdict(Settings())))
        model = IntentModel.load(folder)
        settled = model.with_settings(fit_settings(model, golden))
        return score(by_reader(settled.understand, golden)).accuracy


def _report(study: optuna.Study, recipe: Recipe, out: Path) -> Path:
    mpl.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415
    from optuna.visualization import matplotlib as plots  # noqa: PLC0415 - the backend comes first

    rows = [
        {"number": trial.number, "accuracy": trial.value, **trial.params, **trial.user_attrs}
        for trial in study.trials
    ]
    (out / "trials.json").write_text(json.dumps(rows, indent=1))
    for name, plot in (
        ("history", plots.plot_optimization_history),
        ("slices", plots.plot_slice),
    ):
        plot(study)
        pyplot.gcf().savefig(out / f"{name}.png", dpi=110)
        pyplot.close("all")
    best = {"accuracy": study.best_value, "recipe": {**asdict(recipe), **study.best_params}}
    file = out / "best.json"
    file.write_text(json.dumps(best, indent=1))
    return file
