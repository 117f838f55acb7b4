"""`florin notify`: what people are told unasked, looked at or sent now."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from florin.errors import FlorinError
from florin.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from actions.notify import Look
    from ledger.scope import UserScope

_HELD = {
    "off": "has turned all messages off",
    "quiet": "is in their quiet hours; it comes after them",
    "nowhere": "has no Telegram or web chat to write to",
    "first": "is looked at for the first time; this is noted as known and not sent",
}


def notify(
    user: Annotated[
        str | None, typer.Option(help="One person; everyone reachable unless given.")
    ] = None,
    now: Annotated[str | None, typer.Option(help="The time it is for them, ISO 8601.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it and send nothing.")] = False,
) -> None:
    """Look at people as the scheduler does: autosave acts, and what is to be told is queued."""
    from actions.notify import BusyError
    from ledger.database import migrate, open_engine

    settings = Settings()
    migrate(settings.database_url)
    engine = open_engine(settings.database_url)
    try:
        for scope in _scopes(engine, user):
            try:
                found = _look(engine, scope, settings.proactive_hour, _time(now), dry_run=dry_run)
            except BusyError:
                typer.echo(f"{scope.person_id} is being answered just now; try again in a moment.")
                continue
            _print(scope, found, dry_run=dry_run)
    finally:
        engine.dispose()


def _time(now: str | None) -> datetime | None:
    if now is None:
        return None
    try:
        when = datetime.fromisoformat(now)
    except ValueError as error:
        raise FlorinError(f"{now!r} is no time such as 2026-11-10T09:00.") from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _scopes(engine: "Engine", user: str | None) -> "list[UserScope]":
    from ledger import notices, people
    from ledger.database import reading
    from ledger.scope import UserScope

    with reading(engine) as connection:
        if user is None:
            return notices.reachable(connection)
        return [UserScope(people.get_person(connection, user).id)]


def _look(
    engine: "Engine", scope: "UserScope", hour: int, now: datetime | None, *, dry_run: bool
) -> "Look":
    from actions.notify import desk_at, look, tell
    from ledger import notices
    from ledger.database import reading

    at = datetime.now(UTC)
    if not dry_run:
        return tell(engine, scope, at, hour, now)
    with reading(engine) as connection:
        desk = desk_at(connection, scope, at, now)
        return look(desk, notices.settings(connection, scope), hour)


def _print(scope: "UserScope", found: "Look", *, dry_run: bool) -> None:
    if found.held:
        typer.echo(f"{scope.person_id} {_HELD[found.held]}.")
    elif not found.messages:
        typer.echo(f"{scope.person_id}: nothing to tell.")
    done = "would be told" if dry_run or found.held else "is told"
    for message in found.messages:
        typer.echo(f"{scope.person_id} {done}: {message.text}")
