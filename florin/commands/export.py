"""`florin export`: everything that is kept of a person, as one archive."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from florin.errors import FlorinError


class ExportError(FlorinError):
    """The archive could not be written."""


def export(
    user: Annotated[str, typer.Option(help="Whose data, a person's id.")],
    out: Annotated[Path, typer.Option(help="The ZIP archive to write; it must not be there yet.")],
) -> None:
    """Write a person's data as a ZIP archive with CSV, JSON and OFX, for its owner's eyes only."""
    from actions.archive import archive
    from florin.settings import Settings
    from ledger import audit, people
    from ledger.clock import now_for
    from ledger.database import migrate, open_engine, reading, writing
    from ledger.scope import TurnScope

    settings = Settings()
    migrate(settings.database_url)
    engine = open_engine(settings.database_url)
    try:
        with reading(engine) as connection:
            person = people.get_person(connection, user)
        turn = TurnScope(person.id, "export", "export", now_for(person, datetime.now(UTC)))
        size = 0
        try:
            out.touch(mode=0o600, exist_ok=False)
            with out.open("wb") as file:
                for piece in archive(engine, turn, None):
                    size += file.write(piece)
        except FileExistsError:
            raise ExportError(f"{out} is there already; choose another name.") from None
        except OSError as error:
            raise ExportError(f"{out} cannot be written; choose another folder.") from error
        with writing(engine) as connection:
            audit.record(connection, datetime.now(UTC), person.id, "exported", "florin export")
    finally:
        engine.dispose()
    typer.echo(f"{out}: {size:,} bytes, everything that is kept of {person.id}.")
