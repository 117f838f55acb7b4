"""The demo people, and everyone's rows enriched by the model that serves."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select

from bot.identity import issue_link
from florin.language import asker_of
from florin.settings import Settings
from intake.enriching import Enricher
from intake.importing import Source, import_files
from ledger import people, tables
from ledger.database import open_engine, reading, writing
from ledger.imports.choices import Choices
from ledger.scope import UserScope
from ledger.types import Person
from registry import Registry

DEMO = (
    Person("maya", "Maya Desai", "GB", "GBP", "GB", "Europe/London", demo=True),
    Person("jordan", "Jordan Ellis", "US", "USD", "US", "America/New_York", demo=True),
)
"""Written for this project; their files and true labels lie in `data/people`."""


def _last_day(transactions: Path) -> date:
    with transactions.open(encoding="utf-8", newline="") as file:
        return max(date.fromisoformat(row["date"]) for row in csv.DictReader(file))


def _has_rows(engine: Engine, scope: UserScope) -> bool:
    """Whether a person's files were imported; a start that was interrupted left none."""
    rows = tables.transactions
    with reading(engine) as connection:
        found = connection.execute(select(rows.c.id).where(rows.c.person_id == scope.person_id))
        return found.first() is not None


def ensure_demo_people(settings: Settings) -> None:
    """Import the demo people's files, as anyone's, unless their rows are there."""
    engine = open_engine(settings.database_url)
    at = datetime.now(UTC)
    for person in DEMO:
        if _has_rows(engine, UserScope(person.id)):
            continue
        folder = settings.data_dir / "people" / person.id
        files = [Source(folder / name, name) for name in ("accounts.csv", "transactions.csv")]
        clock = _last_day(files[1].path) + timedelta(days=1)
        with writing(engine) as connection:
            people.create_person(connection, replace(person, clock=clock), at)
        import_files(engine, UserScope(person.id), files, Choices(), at=at)
    engine.dispose()


def _is_current(engine: Engine, scope: UserScope, model: str) -> bool:
    """Whether every row of a person was enriched by this model."""
    rows, enriched = tables.transactions, tables.enriched
    with reading(engine) as connection:
        stored = connection.execute(
            select(func.count()).select_from(rows).where(rows.c.person_id == scope.person_id)
        ).scalar_one()
        done = connection.execute(
            select(func.count())
            .select_from(enriched)
            .where(enriched.c.person_id == scope.person_id, enriched.c.model == model)
        ).scalar_one()
    return int(stored) == int(done)


def ensure_enriched(settings: Settings, registry: Registry) -> None:
    """Enrich whoever has rows that the serving model has not seen (new files, a new release)."""
    folder = registry.current("enrichment")
    if folder is None:
        return
    engine = open_engine(settings.database_url)
    enricher = Enricher(registry, asker_of(settings))
    with reading(engine) as connection:
        scopes = [UserScope(person.id) for person in people.list_people(connection)]
    for scope in scopes:
        if not _is_current(engine, scope, folder.name):
            enricher.enrich(engine, scope)
    engine.dispose()


def demo_links(settings: Settings, gateway_url: str) -> list[tuple[str, str]]:
    """A one-time link into the web chat for each demo person, by first name."""
    engine = open_engine(settings.database_url)
    at = datetime.now(UTC)
    links = [
        (person.name.split()[0], issue_link(engine, person.id, at, gateway_url)) for person in DEMO
    ]
    engine.dispose()
    return links
