"""`florin train`: a new model in the registry."""

import sys
from dataclasses import replace
from typing import Annotated

import typer

from florin.commands.kinds import Kind
from florin.settings import Settings


def train(
    kind: Annotated[Kind, typer.Argument(help="What is trained.")],
    lines: Annotated[int, typer.Option(help="Training lines for intents.", min=1_000)] = 2_000_000,
    seed: Annotated[int, typer.Option(help="Another seed, another draw of lines.")] = 0,
) -> None:
    """Train a model, publish it under its content hash, print the hash; it does not serve yet."""
    settings = Settings()

    def progress(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    from registry import Registry

    registry = Registry(settings.registry_dir)
    if kind is Kind.extractor:
        from jobs import extractor

        recipe = replace(extractor.Recipe(), seed=extractor.Recipe().seed + seed)
        print(extractor.train(registry, settings.data_dir, recipe, progress))
        return
    if kind is Kind.enrichment:
        from jobs import enrichment

        print(enrichment.train(registry, settings.data_dir, progress))
        return
    from jobs.intent_train import train_run

    runs = settings.home / "runs"
    print(train_run(registry, settings.data_dir, runs, lines=lines, seed=seed, tell=progress))
