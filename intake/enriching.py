"""A person's whole history is enriched anew after each import."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, select

from ledger import filing, rules, store, tables
from ledger.database import reading, writing
from ledger.scope import UserScope
from registry import Registry

if TYPE_CHECKING:
    from enrichment.models import Models

_KIND = "enrichment"
_TRIES = 5
"""Imports that may arrive while one person's history is enriched."""


class Enricher:
    """The enrichment model that serves, loaded once and again when another is published."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._models: Models | None = None

    def models(self) -> "Models | None":
        """The models that serve, or none where none is published."""
        from enrichment.models import load  # noqa: PLC0415 - slow; refused files never need it

        with self._lock:
            folder = self._registry.current(_KIND)
            if folder != self._folder:
                self._models = load(folder) if folder else None
                self._folder = folder
            return self._models

    def enrich(self, engine: Engine, scope: UserScope) -> bool:
        """Enrich a person's rows and replace what was known; false where no model is published.

        The ledger is not locked meanwhile, only while the findings are stored: rows that another
        import adds, and what the person corrects, are read again.
        """
        if self._registry.current(_KIND) is None:
            return False
        from enrichment.corrections import from_json  # noqa: PLC0415
        from enrichment.pipeline import enrich  # noqa: PLC0415

        models = self.models()
        if models is None:
            return False
        for last in range(_TRIES - 1, -1, -1):
            with reading(engine) as connection:
                seen = _state(connection, scope)
                accounts = store.accounts(connection, scope)
                rows = store.transactions(connection, scope)
                taught = rules.list_rules(connection, scope)
            said = from_json(rule.value for rule in taught if rule.kind == rules.CATEGORY)
            found = enrich(accounts, rows, models, said)
            findings = store.Findings(engine.dialect, scope, found.rows, found.streams)
            with writing(engine) as connection:
                if last and _state(connection, scope) != seen:
                    continue
                findings.replace(connection)
                filing.keep_guesses(connection, scope, found.overruled)
                return True
        return False


def _state(connection: Connection, scope: UserScope) -> tuple[int, list[str]]:
    """How many imports there are and which rules: what a history is enriched from."""
    table = tables.imports
    count = connection.execute(
        select(func.count()).select_from(table).where(table.c.person_id == scope.person_id)
    ).scalar_one()
    return int(count), [rule.id for rule in rules.list_rules(connection, scope)]


def enrich_person(engine: Engine, registry: Registry, scope: UserScope) -> bool:
    """Enrich one person's rows once; false where no model is published yet."""
    return Enricher(registry).enrich(engine, scope)
