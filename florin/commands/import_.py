"""`florin import`: bank files into a person's ledger."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from florin.errors import FlorinError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from florin.settings import Settings
    from intake.files import Source
    from intake.importing import Imported
    from intake.sandbox import Reading
    from ledger.imports.choices import Choices, ImportQuestion

_SHOWN = 50
"""Held and rejected rows that are listed per file; more are counted."""


class ImportUsageError(FlorinError):
    """The command was called with something it does not take."""


def import_files(  # noqa: PLR0917 - one per option of the command
    files: Annotated[list[Path], typer.Argument(help="CSV, OFX, QFX, QIF or CAMT.053 files.")],
    user: Annotated[str, typer.Option(help="Whose files they are; made if new.")],
    account: Annotated[
        str | None, typer.Option(help="Account of rows that tell none: its id, or new.")
    ] = None,
    date_order: Annotated[str | None, typer.Option(help="dmy, mdy or ymd.")] = None,
    decimal: Annotated[str | None, typer.Option(help="The decimal mark: . or ,")] = None,
    sign: Annotated[
        str | None, typer.Option(help="negative_out, or positive_out: purchases are positive.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Of rows that tell none, e.g. GBP.")] = None,
    locale: Annotated[str | None, typer.Option(help="A new person's: GB or US.")] = None,
    held: Annotated[
        str | None, typer.Option(help="add: store rows that would be held as doubtful.")
    ] = None,
) -> None:
    """Import bank files; rows that are there already are matched, never doubled."""
    given = {"account": account, "date_order": date_order, "decimal": decimal, "sign": sign,
             "currency": currency and currency.upper(), "held": held}  # fmt: skip
    chosen = {name: value for name, value in given.items() if value is not None}
    _check(user, currency, locale)
    _run(user, files, chosen, "US" if locale == "US" else "GB" if locale else None)


def _check(user: str, currency: str | None, locale: str | None) -> None:
    from ledger.money import exponent

    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", user):
        raise ImportUsageError("--user is a short name of letters and digits, such as maya.")
    if locale not in (None, "GB", "US"):
        raise ImportUsageError("--locale is GB or US.")
    if currency:
        exponent(currency.upper())


def _run(
    user: str, files: list[Path], chosen: dict[str, str], locale: Literal["GB", "US"] | None
) -> None:
    from intake.files import Source, read_files
    from ledger.imports.choices import Choices, ImportQuestion

    choices = Choices.from_mapping(chosen)
    try:
        # Read before anything else is loaded: a refusal is quick.
        readings = read_files([Source(path, path.name) for path in files], choices)
        _store(user, readings, choices, locale)
    except ImportQuestion as question:
        raise ImportUsageError(_asked(question)) from None


def _store(
    user: str,
    readings: "list[tuple[Source, Reading]]",
    choices: "Choices",
    locale: Literal["GB", "US"] | None,
) -> None:
    from florin.settings import Settings
    from intake.importing import import_for
    from ledger.database import migrate, open_engine

    settings = Settings()
    migrate(settings.database_url)
    engine = open_engine(settings.database_url)
    done = import_for(engine, user, readings, choices, at=datetime.now(UTC), locale=locale)
    _tell(done)
    _enrich(engine, settings, done)


def _asked(question: "ImportQuestion") -> str:
    option = question.field.replace("_", "-")
    lines = [f"Nothing of this file was stored: {question.text}"]
    if question.examples:
        lines.append(f"  for example: {'; '.join(question.examples)}")
    lines += [f"  --{option} {found.value}   {found.label}" for found in question.options]
    return "\n".join(lines)


def _tell(done: "Imported") -> None:
    person = done.person
    if done.created:
        typer.echo(f"New person {person.id}: {person.country}, {person.currency}.")
    if done.assumed:
        typer.echo(
            f"A file names no currency; it was read as {person.currency} (--currency changes it)."
        )
    for report in done.reports:
        accounts = f" ({', '.join(report.accounts)})" if report.accounts else ""
        typer.echo(
            f"{report.name}: {report.rows} rows: {report.added} added, {report.matched} matched, "
            f"{report.held} held, {report.rejected} rejected{accounts}"
        )
        for problem in report.problems[:_SHOWN]:
            typer.echo(f"  line {problem.line} {problem.outcome}: {problem.reason}")
        if (more := report.held + report.rejected - _SHOWN) > 0:
            typer.echo(f"  and {more} more held or rejected rows")


def _enrich(engine: "Engine", settings: "Settings", done: "Imported") -> None:
    from florin.language import asker_of
    from intake.enriching import enrich_person
    from ledger.scope import UserScope
    from registry import Registry

    if not any(report.added for report in done.reports):
        return
    try:
        known = enrich_person(
            engine,
            Registry(settings.registry_dir),
            UserScope(done.person.id),
            asker_of(settings),
            datetime.now(UTC),
        )
    except Exception as error:
        # The import itself is done and stays done.
        typer.echo(
            f"The rows are stored, but their categories could not be found "
            f"({type(error).__name__}); florin up tries again."
        )
        return
    if known:
        typer.echo("Categories, merchants and recurring payments were found anew.")
    else:
        typer.echo(
            "The rows are stored; categories follow once an enrichment model is there (florin up)."
        )
