"""The oracle's input, a CSV of bank lines, and its output, a silver CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from enrichment.counterparty import MerchantIndex
from enrichment.reading import read
from jobs.errors import OracleError
from jobs.oracle import OracleLabel, key_of
from jobs.oracle_lookups import Line
from jobs.pseudonyms import stand_ins
from knowledge.merchants import host
from ledger.errors import MoneyError
from ledger.money import to_minor

_NEEDED = ("description", "amount", "currency")
COLUMNS = (
    "description", "amount", "currency", "account_type", "counterparty", "website", "category",
    "essential", "recurring_likely", "city", "region", "country", "confidence", "reason",
)  # fmt: skip


def read_lines(path: Path, index: MerchantIndex, redact: Callable[[str], str]) -> list[Line]:
    """Reads and redacts the lines of a CSV: description, amount, currency, account_type?, mcc?.

    Raises:
        OracleError: It cannot be read, lacks a column, or a row has no amount.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OracleError(f"{path} cannot be read ({type(error).__name__}).") from error
    lines = []
    for number, row in enumerate(rows, 2):
        missing = [name for name in _NEEDED if not row.get(name)]
        if missing:
            raise OracleError(f"{path}, line {number}: there is no {missing[0]}.")
        try:
            lines.append(_line(row, index, redact))
        except MoneyError as error:
            raise OracleError(f"{path}, line {number}: {error}") from error
    return lines


def _line(row: Mapping[str, str], index: MerchantIndex, redact: Callable[[str], str]) -> Line:
    said = redact(row["description"])
    account_type, currency = row.get("account_type") or "checking", row["currency"]
    minor = to_minor(row["amount"], currency)
    reading = read(said, currency, account_type, minor, index)
    return Line(said, row["amount"], currency, account_type, row.get("mcc") or "", reading)


def silver_row(line: Line, label: OracleLabel, index: MerchantIndex) -> dict[str, str]:
    """A line with its labels as a row of silver.

    A website is the merchant base's, a place only what the line prints: a model's memory of
    either is not believed.
    """
    known = index.exact(label.counterparty) if label.counterparty else None
    printed = line.description.casefold()
    city = label.city if label.city and label.city.casefold() in printed else ""
    nobody = label.counterparty.startswith("<")
    return {
        "description": stand_ins(line.description),
        "amount": line.amount,
        "currency": line.currency,
        "account_type": line.account_type,
        "counterparty": "" if nobody else known.name if known else label.counterparty,
        "website": (host(known.website) or "") if known and known.website else "",
        "category": label.category,
        "essential": "yes" if label.essential else "no",
        "recurring_likely": "yes" if label.recurring_likely else "no",
        "city": city,
        "region": label.region if city else "",
        "country": label.country.upper() if city else "",
        "confidence": label.confidence,
        "reason": label.reason,
    }


def write_silver(
    path: Path, lines: Sequence[Line], labels: Mapping[str, OracleLabel], index: MerchantIndex
) -> int:
    """Writes a silver CSV, each distinct line once; a line without labels is left out.

    Returns:
        The number of rows.
    """
    done: dict[str, dict[str, str]] = {}
    for line in lines:
        key = key_of(line)
        if key in labels and key not in done:
            done[key] = silver_row(line, labels[key], index)
    write_rows(path, done.values())
    return len(done)


def write_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Writes silver rows; the file is replaced only once all are written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
    draft.replace(path)
