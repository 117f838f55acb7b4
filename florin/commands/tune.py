"""`florin tune`: the search for better hyper-parameters."""

import sys
from typing import Annotated

import typer

from florin.commands.kinds import Kind, NothingToTrainError
from florin.settings import Settings


def tune(  # noqa: PLR0917 - one per option of the command
    kind: Annotated[Kind, typer.Argument(help="What is tuned.")],
    trials: Annotated[int, typer.Option(help="Models to fit, in all.", min=1)] = 20,
    minutes: Annotated[int, typer.Option(help="Wall time.", min=1)] = 30,
    workers: Annotated[int, typer.Option(help="Processes on this machine.", min=1)] = 2,
    lines: Annotated[int, typer.Option(help="Training lines of a trial.", min=10_000)] = 100_000,
    megabytes: Annotated[float, typer.Option(help="The largest model.")] = 20.0,
    lr: Annotated[tuple[float, float], typer.Option(help="Learning rate.")] = (0.1, 1.0),
    epochs: Annotated[tuple[int, int], typer.Option(help="Epochs.")] = (2, 12),
    dimensions: Annotated[tuple[int, int], typer.Option(help="Width of a vector.")] = (30, 100),
    study: Annotated[
        str | None, typer.Option(help="SQLAlchemy URL; several machines may share PostgreSQL's.")
    ] = None,
) -> None:
    """Search hyper-parameters inside limits; write the best recipe and plots of the search."""
    if kind is not Kind.intents:
        raise NothingToTrainError("Only intents are tuned by a search: florin tune intents.")
    from jobs.intent_tune import Limits
    from jobs.intent_tune import tune as search

    settings = Settings()
    out = settings.home / "reports" / "tune"
    out.mkdir(parents=True, exist_ok=True)
    limits = Limits(trials, minutes * 60, workers, lines, megabytes, lr, epochs, dimensions)
    storage = study or f"sqlite:///{out / 'study.db'}"

    def progress(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    print(search(settings.data_dir, out, storage, limits, progress))
