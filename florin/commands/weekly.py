"""`florin weekly`: what a schedule runs, `jobs/data/weekly.cron`."""

import os
import sys
from typing import Annotated

import typer

from florin.settings import Settings


def weekly(
    lines: Annotated[int, typer.Option(help="Training lines.", min=1_000)] = 2_000_000,
    seeds: Annotated[int, typer.Option(help="Models that the gate compares.", min=1)] = 3,
    workers: Annotated[int, typer.Option(help="Processes.", min=1)] = os.cpu_count() or 1,
) -> None:
    """Label what people wrote, train intents on it, measure, release if the gate lets it."""
    from jobs.weekly import run_week
    from ledger.database import migrate, open_engine
    from registry import Registry

    settings = Settings()
    migrate(settings.database_url)
    week = run_week(
        Registry(settings.registry_dir),
        open_engine(settings.database_url),
        settings.data_dir,
        settings.home,
        lines=lines,
        seeds=seeds,
        workers=workers,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )
    print(week.report)
    if week.refused:
        print(week.refused, file=sys.stderr)
        raise typer.Exit(1)
    print(f"{week.name} serves.")
