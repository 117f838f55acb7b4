"""`florin cases`: what people handed over to support, and who is on duty."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from florin.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Cases that people opened for a person of support.",
)

Case = Annotated[str, typer.Argument(help="The case's id.")]


@contextmanager
def _ledger() -> Iterator["Engine"]:
    from ledger.database import migrate, open_engine

    settings = Settings()
    migrate(settings.database_url)
    engine = open_engine(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@app.command("list")
def list_cases(
    every: Annotated[bool, typer.Option("--all", help="Withdrawn and closed ones, too.")] = False,
) -> None:
    """Print the open cases, the oldest first."""
    from ledger.database import reading
    from ledger.support import listed_cases

    with _ledger() as engine, reading(engine) as connection:
        found = listed_cases(connection, every=every)
    for case in found:
        print(f"{case.id}  {case.state}  {case.person_id}  {case.opened_at:%Y-%m-%d %H:%M} UTC")
    if not found:
        print("No case is open.")


@app.command()
def show(case: Case) -> None:
    """Print a case with the chat that was handed over."""
    from console.cases import lines, read_case
    from ledger.database import reading

    with _ledger() as engine, reading(engine) as connection:
        for line in lines(read_case(connection, case)):
            print(line)


@app.command()
def close(
    case: Case,
    say: Annotated[str | None, typer.Option(help="An answer into the person's chat.")] = None,
) -> None:
    """Close a case, with an answer that the person gets in their chat."""
    from console.cases import close as close_case
    from ledger.database import writing

    with _ledger() as engine, writing(engine) as connection:
        closed = close_case(connection, case, say, datetime.now(UTC))
    print(f"Case {closed.id} is closed.")
    if say and closed.conversation_id.startswith("terminal:"):
        print("Their chat is a terminal, which shows nothing unasked; reach them another way.")


@app.command()
def duty(
    hours: Annotated[float, typer.Option(min=0, help="For how long from now; 0 for nobody.")],
) -> None:
    """Note that somebody is on duty, which people are told when they open a case."""
    from ledger.cases import set_duty
    from ledger.database import writing

    until = datetime.now(UTC) + timedelta(hours=hours) if hours else None
    with _ledger() as engine, writing(engine) as connection:
        set_duty(connection, until)
    print(f"Somebody is on duty until {until:%H:%M} UTC." if until else "Nobody is on duty.")
