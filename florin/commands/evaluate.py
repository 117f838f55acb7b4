"""`florin evaluate`: the report on a model."""

import sys
from typing import Annotated

import typer

from florin.commands.kinds import Kind, NotMeasuredError
from florin.settings import Settings


def evaluate(kind: Annotated[Kind, typer.Argument(help="What is measured.")]) -> None:
    """Measure the model that serves on golden data; write Markdown, JSON and pictures."""
    from registry import Registry

    settings = Settings()
    registry = Registry(settings.registry_dir)
    out = settings.home / "reports" / kind.value

    def progress(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    if kind is Kind.enrichment:
        from jobs import enrichment

        print(enrichment.evaluate(registry, settings.data_dir, out, progress))
        return
    if kind is Kind.extractor:
        raise NotMeasuredError("The extractor is measured by its case tables: pytest tests/cases.")
    from jobs.intent_evaluate import evaluate as measure
    from jobs.intent_evaluate import patterns_table
    from jobs.intents import ensure_quick

    ensure_quick(registry, settings.data_dir, progress)
    file = measure(registry, settings.data_dir, out)
    (out / "patterns.md").write_text(patterns_table(settings.data_dir))
    print(file)
