"""`florin train`: a new model in the registry."""

import sys
from typing import Annotated

import typer

from florin.commands.kinds import Kind
from florin.settings import Settings


def train(
    kind: Annotated[Kind, typer.Argument(help="What is trained.")],
    lines: Annotated[int, typer.Option(help="Training lines for intents.", min=1_000)] = 2_000_000,
    seed: Annotated[int, typer.Option(help="Another seed, another draw of lines.")] = 0,
) -> None:
    """Train a model, publish it under its content hash and print the hash; it does not serve yet."""
    settings = Settings()

    def progress(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    from registry import Registry

    registry = Registry(settings.registry_dir)
    if kind is Kind.extractor:
        from florin.commands.kinds import NothingToTrainError

        raise NothingToTrainError("The extractor is grammar and tables; there is nothing to train.")
    if kind is Kind.enrichment:
        from jobs import enrichment

        print(enrichment.ensure_quick(registry, settings.data_dir, progress))
        return
    from jobs.intent_train import train_run

    print(train_run(registry, settings.data_dir, settings.home / "runs", lines, seed, progress))
