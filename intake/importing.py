"""Files into the ledger: all are read first, then each is stored in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Engine

from intake.files import Source, in_currency, read_files
from intake.persons import person_from
from intake.sandbox import Limits, Reading
from ledger import people
from ledger.database import reading, writing
from ledger.imports.choices import Choices
from ledger.imports.planning import ReadFile
from ledger.imports.storing import FileReport, store_file
from ledger.scope import UserScope
from ledger.types import Person

__all__ = ["Imported", "Source", "import_files", "import_for", "store_readings"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What `import_for` did.

    Attributes:
        created: The person is new.
        assumed: A file names no currency, and that of the person was taken for it.
    """

    person: Person
    created: bool
    assumed: bool
    reports: tuple[FileReport, ...]


def store_readings(
    engine: Engine,
    scope: UserScope,
    readings: Sequence[tuple[Source, Reading]],
    choices: Choices,
    *,
    at: datetime,
) -> list[FileReport]:
    """Store files that were read, each in one transaction.

    Raises:
        ImportQuestion: The account of a file must be chosen; that file is not stored.
        ChoiceError: The chosen account is not there.
    """
    reports = []
    for source, found in readings:
        spool = found.spool
        file = ReadFile(found.name, found.sha256, spool.kind, spool.layout, spool.items)
        reports.append(store_file(engine, scope, file, choices, at=at, upload_id=source.upload_id))
    return reports


def import_files(
    engine: Engine,
    scope: UserScope,
    files: Sequence[Source],
    choices: Choices,
    *,
    at: datetime,
    limits: Limits | None = None,
) -> list[FileReport]:
    """Import files for a person who is there already.

    Args:
        engine: The ledger's database.
        scope: Whose files they are.
        files: In any order and format.
        choices: What the person chose.
        at: When, aware.
        limits: What reading one file may take.

    Raises:
        UnknownPersonError: There is no such person.
        ImportQuestion: A file can be read in several ways, or its account must be chosen.
        ImportRefusedError: A file is no bank file.
        IntakeError: A file is not there, or its reader failed.
    """
    with reading(engine) as connection:
        person = people.get_person(connection, scope.person_id)
    chosen = replace(choices, default_currency=person.currency)
    return store_readings(engine, scope, read_files(files, chosen, limits), choices, at=at)


def import_for(
    engine: Engine,
    person_id: str,
    readings: Sequence[tuple[Source, Reading]],
    choices: Choices,
    *,
    at: datetime,
    locale: Literal["GB", "US"] | None = None,
) -> Imported:
    """Store files that were read for a person, who is made as their files show them if new.

    Args:
        engine: The ledger's database.
        person_id: Who.
        readings: What `intake.files.read_files` gave.
        choices: What the person chose.
        at: When, aware.
        locale: A new person's, instead of what the files show.

    Raises:
        ImportQuestion: A file's account must be chosen; that file is not stored.
        ChoiceError: The chosen account is not there.
    """
    assumed = any(found.spool.assumed for _, found in readings)
    with reading(engine) as connection:
        person = people.find_person(connection, person_id)
    created = person is None
    if person is None:
        person = person_from(person_id, [found for _, found in readings], locale, choices.currency)
        with writing(engine) as connection:
            people.create_person(connection, person, at)
    readings = in_currency(readings, choices, person.currency)
    reports = store_readings(engine, UserScope(person.id), readings, choices, at=at)
    return Imported(person, created, assumed, tuple(reports))
