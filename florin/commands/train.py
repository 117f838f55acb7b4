"""`florin train`: a new model in the registry."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from florin.commands.kinds import Kind
from florin.settings import Settings


def train(  # noqa: PLR0917 - one per option of the command
    kind: Annotated[Kind, typer.Argument(help="What is trained.")],
    lines: Annotated[int, typer.Option(help="Training lines for intents.", min=1_000)] = 2_000_000,
    seed: Annotated[int, typer.Option(help="Another seed, another draw of lines.")] = 0,
    labels: Annotated[
        list[Path] | None,
        typer.Option(help="Intents: learn from this output of `florin label`, too."),
    ] = None,
    oracle: Annotated[
        Path | None,
        typer.Option(help="Enrichment: only label this CSV of bank lines through the endpoint."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Silver CSV that the oracle writes.")] = None,
    lookup: Annotated[
        list[str] | None,
        typer.Option(help="Tells the oracle more: a CSV of name and fact, or module:function."),
    ] = None,
    silver: Annotated[
        list[Path] | None, typer.Option(help="Enrichment: learn from this silver CSV, too.")
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(help="Enrichment: only write what people corrected, redacted, to this CSV."),
    ] = None,
    *,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Only say what the oracle would cost.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before the oracle.")] = False,
) -> None:
    """Train a model, publish it under its content hash, print the hash; it does not serve yet."""
    settings = Settings()

    def progress(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    from registry import Registry

    registry = Registry(settings.registry_dir)
    if corrections is not None:
        _export(settings, corrections, progress)
        return
    if oracle is not None:
        _label(settings, oracle, out, lookup or [], progress, estimate=estimate, yes=yes)
        return
    if kind is Kind.extractor:
        from jobs import extractor

        recipe = replace(extractor.Recipe(), seed=extractor.Recipe().seed + seed)
        print(extractor.train(registry, settings.data_dir, recipe, progress))
        return
    if kind is Kind.enrichment:
        from jobs import enrichment
        from jobs.enrichment_release import judge

        name = enrichment.train(registry, settings.data_dir, progress, silver or ())
        verdict = judge(registry, settings.data_dir, name)
        progress(f"golden people: leaf {verdict.leaf:.3f}, top {verdict.top:.3f} right")
        for reason in verdict.reasons:
            progress(f"would not be released: {reason}")
        print(name)
        return
    from jobs.intent_train import train_run

    runs = settings.home / "runs"
    print(
        train_run(
            registry, settings.data_dir, runs,
            lines=lines, seed=seed, tell=progress, labels=labels or (),
        )
    )  # fmt: skip


def _label(
    settings: Settings,
    path: Path,
    out: Path | None,
    lookups: list[str],
    progress: Callable[[str], None],
    *,
    estimate: bool,
    yes: bool,
) -> None:
    """The oracle's stage: the estimate first, then the labels, then the silver CSV."""
    from enrichment.counterparty import MerchantIndex, common_words
    from florin.language import endpoint_of
    from jobs.enrichment_text import read_silver
    from jobs.oracle import Oracle, Prices
    from jobs.oracle_lines import read_lines, write_silver
    from jobs.oracle_lookups import card_code, likenesses, merchant_base, named
    from jobs.redaction import Redactor
    from knowledge.merchants import load_merchants

    base = load_merchants()
    index = MerchantIndex(base, common_words(merchant.name for merchant in base))
    lines = read_lines(path, index, Redactor().redact)
    known = [merchant_base(index), card_code, likenesses(read_silver(settings.data_dir, index))]
    runs = settings.home / "runs"
    told = [*known, *(named(spec) for spec in lookups)]
    oracle = Oracle(endpoint_of(settings), told, runs, progress)
    prices = Prices(settings.llm_price_in, settings.llm_price_out, settings.llm_currency)
    left = oracle.estimate(lines, prices)
    progress(str(left))
    if estimate:
        return
    if left.lines and not yes and not typer.confirm("Label them?", err=True):
        raise typer.Abort
    labels = oracle.label(lines, lambda: datetime.now(UTC))
    file = out or path.with_name(f"silver_{path.stem}.csv")
    progress(f"{write_silver(file, lines, labels, index):,} silver rows")
    print(file)


def _export(settings: Settings, out: Path, progress: Callable[[str], None]) -> None:
    """Corrections of the ledger's people as candidates for silver."""
    from jobs.candidates import candidates
    from jobs.messages import people_named
    from jobs.oracle_lines import write_rows
    from jobs.redaction import Redactor
    from ledger.database import open_engine

    engine = open_engine(settings.database_url)
    rows = candidates(engine, Redactor(people_named(engine)).redact)
    engine.dispose()
    write_rows(out, rows)
    progress(f"{len(rows):,} lines; look at them, then: florin train enrichment --silver {out}")
    print(out)
