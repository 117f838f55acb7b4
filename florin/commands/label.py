"""`florin label`: the message history, redacted and labelled by the teacher."""

import os
from pathlib import Path
from typing import Annotated

import typer

from florin.settings import Settings


def label(
    out: Annotated[Path, typer.Option(help="Where the labels go, as JSON Lines.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="JSON Lines: conversation, turn, text.")
    ] = None,
    ledger: Annotated[bool, typer.Option("--ledger", help="Read what people typed, too.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
) -> None:
    """Redact and label messages; writes a report beside the labels (Markdown and JSON)."""
    from rich.console import Console
    from rich.progress import Progress

    from jobs.errors import LabelError
    from jobs.label import label_messages
    from jobs.label_report import write_report
    from jobs.lines import vocabulary
    from jobs.messages import LedgerMessages, MessageFile, Source, people_named
    from ledger.database import open_engine
    from regex_bootstrap.catalog import read_catalog

    settings = Settings()
    sources: list[Source] = [MessageFile(path) for path in files or ()]
    payees: list[str] = []
    if ledger:
        engine = open_engine(settings.database_url)
        payees = people_named(engine)
        sources.append(LedgerMessages(engine))
    if not sources:
        raise LabelError("Name the files to label, or --ledger for the conversations.")
    catalog = read_catalog(settings.data_dir / "intents")
    console = Console(stderr=True)
    size = None if ledger else sum(source.size for source in sources)
    # No thread of its own refreshes the bar: workers are forked beside it.
    with Progress(console=console, disable=not console.is_terminal, auto_refresh=False) as progress:
        task = progress.add_task("label", total=size)

        def advance(done: int) -> None:
            progress.update(task, advance=done, refresh=True)

        report = label_messages(
            sources,
            catalog,
            out,
            payees=payees,
            words=vocabulary(settings.data_dir / "intents"),
            workers=workers,
            advance=advance,
        )
    _, data = write_report(report, out)
    for bad in report.bad_lines:
        typer.echo(f"{bad.source}, line {bad.line}: {bad.reason}", err=True)
    typer.echo(
        f"{report.written:,} of {report.read:,} messages in {out}, {report.seconds:.1f} s: "
        f"coverage {report.coverage:.1%}, {report.conflicts:,} in conflict, {report.capped:,} over "
        f"one person's share, {sum(report.bad.values()):,} bad lines. Report: {data}"
    )
