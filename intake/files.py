"""Files that are to be imported, all read before any is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from intake import sandbox
from intake.sandbox import Limits, Reading
from ledger.imports.choices import Choices

_FIRST = {"accounts": 0, "florin": 1}
"""Files that declare accounts come before those that use them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to import: where it lies, what it is called, and the upload it came as."""

    path: Path
    name: str
    upload_id: str | None = None


def read_files(
    files: Sequence[Source], choices: Choices, limits: Limits | None = None
) -> list[tuple[Source, Reading]]:
    """Read files, accounts first; nothing is stored.

    Raises:
        ImportQuestion: One of them can be read in several ways.
        ImportRefusedError: One of them is no bank file.
        IntakeError: One of them is not there, or its reader failed.
    """
    limits = limits or Limits()
    found = [(file, sandbox.read(file.path, file.name, choices, limits)) for file in files]
    return sorted(found, key=lambda pair: _FIRST.get(pair[1].spool.kind, 2))


def in_currency(
    readings: Sequence[tuple[Source, Reading]], choices: Choices, currency: str
) -> list[tuple[Source, Reading]]:
    """Read those files again that tell no currency and were read in another than the person's.

    Raises:
        ImportQuestion: In this currency one of them can be read in several ways.
        ImportRefusedError: In this currency one of them cannot be read.
    """
    chosen = replace(choices, default_currency=currency)
    return [
        (source, found)
        if not found.spool.assumed or found.spool.currency == currency
        else read_files([source], chosen)[0]
        for source, found in readings
    ]
