"""`florin enrich`: what bank lines mean, without storing anything."""

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from florin.errors import FlorinError
from florin.settings import Settings
from ledger.errors import MoneyError
from ledger.money import to_minor
from ledger.types import Account, Transaction

_MAX_FIELD = 1_000_000
"""No field of a bank file is larger."""


class EnrichInputError(FlorinError):
    """An input file lacks a column or holds a value that cannot be read."""


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(_MAX_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise EnrichInputError(
                    f"{path} lacks the column {missing[0]!r}; it needs {', '.join(needed)}."
                )
            for row in reader:
                yield reader.line_num, {k: v or "" for k, v in row.items() if isinstance(k, str)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EnrichInputError(f"{path} cannot be read as a CSV file: {error}.") from error


def _accounts(path: Path) -> list[Account]:
    needed = ("account_id", "institution", "type", "currency", "name")
    return [
        Account(row["account_id"], row["institution"], row["type"], row["currency"], row["name"])
        for _, row in _rows(path, needed)
    ]


def _transactions(path: Path) -> list[Transaction]:
    needed = ("transaction_id", "account_id", "date", "description", "amount", "currency")
    found = []
    for line, row in _rows(path, needed):
        try:
            found.append(
                Transaction(
                    id=row["transaction_id"],
                    account_id=row["account_id"],
                    booked=date.fromisoformat(row["date"].strip()),
                    description=row["description"],
                    minor=to_minor(row["amount"], row["currency"].strip()),
                    currency=row["currency"].strip(),
                    mcc=row.get("mcc") or None,
                )
            )
        except (ValueError, MoneyError) as error:
            raise EnrichInputError(f"{path}, line {line}: {error}") from error
    return found


def enrich(
    accounts: Annotated[Path, typer.Option(help="CSV of the person's accounts.")],
    transactions: Annotated[Path, typer.Option(help="CSV of all their transactions.")],
) -> None:
    """Enrich one person's history without storing it; JSON Lines, one per transaction."""
    import orjson

    from enrichment.export import to_json
    from enrichment.pipeline import enrich as run
    from enrichment.pipeline import load
    from enrichment.questions import ASK_BELOW
    from florin.language import asker_of
    from jobs.enrichment import ensure_quick
    from registry import Registry

    held, rows = _accounts(accounts), _transactions(transactions)
    settings = Settings()
    registry = Registry(settings.registry_dir)
    name = ensure_quick(registry, settings.data_dir, lambda line: print(line, file=sys.stderr))
    models = load(registry.path("enrichment", name))
    result = run(held, rows, models)
    asker = asker_of(settings)
    if asker is not None and result.questions:
        people = [row for row in result.rows if row.category == "transfers.person"]
        names = {row.counterparty for row in people if row.category_confidence >= ASK_BELOW}
        answers = asker.ask(result.questions, datetime.now(UTC), [name for name in names if name])
        result = run(held, rows, models, answers=answers)
    streams = {stream.id: stream for stream in result.streams}
    for row in result.rows:
        sys.stdout.buffer.write(orjson.dumps(to_json(row, streams)) + b"\n")
    sys.stdout.buffer.flush()
