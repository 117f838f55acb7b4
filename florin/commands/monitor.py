"""`florin monitor`: the week's report on enrichment."""

import sys
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from florin.commands.kinds import Kind, NothingToTrainError
from florin.errors import FlorinError
from florin.settings import Settings


class BadWeekError(FlorinError):
    """A week that is not of the form 2026-W48."""


def _monday(week: str | None, today: date) -> date:
    from jobs.monitor import monday_of

    if week is None:
        return monday_of(today)
    try:
        return date.fromisoformat(f"{week}-1")
    except ValueError as error:
        raise BadWeekError(f"{week} is no week; weeks are written like 2026-W48.") from error


def monitor(
    kind: Annotated[Kind, typer.Argument(help="What is watched; enrichment.")],
    week: Annotated[str | None, typer.Option(help="ISO week such as 2026-W48; this one.")] = None,
    judge: Annotated[
        int, typer.Option(help="Show so many lines, redacted, to the language model.", min=0)
    ] = 0,
) -> None:
    """Report on a week's imports: drift, layers, doubts, new merchants, a judge on a sample."""
    if kind is not Kind.enrichment:
        raise NothingToTrainError("Only enrichment is watched: florin monitor enrichment.")
    from enrichment.models import load
    from florin.language import endpoint_of
    from jobs.enrichment import ensure_quick
    from jobs.enrichment_text import read_silver
    from jobs.messages import people_named
    from jobs.monitor import monitor as watch
    from jobs.monitor import training_of
    from jobs.monitor_report import write
    from jobs.redaction import Redactor
    from ledger.database import open_engine
    from registry import Registry

    def progress(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    settings, now = Settings(), datetime.now(UTC)
    monday = _monday(week, now.date())
    registry = Registry(settings.registry_dir)
    name = ensure_quick(registry, settings.data_dir, progress)
    models = load(registry.path("enrichment", name))
    engine = open_engine(settings.database_url)
    report = watch(
        engine,
        models,
        training_of(read_silver(settings.data_dir, models.index)),
        monday,
        endpoint=endpoint_of(settings) if judge else None,
        judged=judge,
        redact=Redactor(people_named(engine)).redact,
        at=now,
        tell=progress,
    )
    engine.dispose()
    year, number, _ = monday.isocalendar()
    print(write(report, settings.home / "reports" / "monitor" / f"{year}-W{number:02d}"))
    for alarm in report.alarms:
        progress(f"to look at: {alarm}")
