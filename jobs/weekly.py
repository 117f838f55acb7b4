"""The week's run on intents: label what people wrote, train on it, measure, release it.

Every step stands on its own command too; this is their order. What serves goes on serving until the
gate lets the new model through.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from jobs.errors import GateError
from jobs.intent_evaluate import evaluate
from jobs.intent_release import release
from jobs.intent_train import train_run
from jobs.label import label_messages
from jobs.label_report import write_report
from jobs.lines import vocabulary
from jobs.messages import LedgerMessages, people_named
from regex_bootstrap.catalog import read_catalog
from registry import Registry

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Week:
    """What a week's run came to.

    Attributes:
        name: The content hash of the new model.
        report: Its report.
        refused: Why it does not serve, in a sentence; None where it does.
    """

    name: str
    report: Path
    refused: str | None


def run_week(
    registry: Registry,
    engine: Engine,
    data_dir: Path,
    home: Path,
    *,
    lines: int,
    seeds: int,
    workers: int,
    tell: Progress,
) -> Week:
    """Label, train, evaluate, release.

    Args:
        registry: Where models are published.
        engine: The ledger; what people typed is learnt from, redacted.
        data_dir: The repository's ``data``.
        home: Holds labels, runs and reports.
        lines: About how many training lines.
        seeds: Models of the same recipe that the gate compares; the first is the candidate.
        workers: Processes that label.
        tell: Is given one line per step.

    Raises:
        LabelError: The labels cannot be written.
        StepFailedError: A step failed; the same call goes on after what is finished.
    """
    labels = home / "labels" / "intents.jsonl"
    done = label_messages(
        [LedgerMessages(engine)],
        read_catalog(data_dir / "intents"),
        labels,
        payees=people_named(engine),
        words=vocabulary(data_dir / "intents"),
        workers=workers,
    )
    write_report(done, labels)
    tell(f"labelled {done.labelled} of {done.read} messages of the ledger")
    names = [
        train_run(
            registry, data_dir, home / "runs", lines=lines, seed=seed, tell=tell, labels=[labels]
        )
        for seed in range(seeds)
    ]
    report = evaluate(registry, data_dir, home / "reports" / "intents", model=names[0])
    return Week(names[0], report, _refusal(registry, data_dir, names))


def _refusal(registry: Registry, data_dir: Path, names: Sequence[str]) -> str | None:
    try:
        release(registry, data_dir, names)
    except GateError as error:
        return str(error)
    return None
