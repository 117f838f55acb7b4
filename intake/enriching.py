"""A person's whole history is enriched anew after each import."""

import threading
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, select

from ledger import filing, people, rules, store, tables
from ledger.database import reading, writing
from ledger.scope import UserScope
from ledger.types import Account, Transaction
from registry import Registry

if TYPE_CHECKING:
    from enrichment.models import Models
    from enrichment.pipeline import Enrichment
    from enrichment.questions import Question
    from intake.asking import Asker

_KIND = "enrichment"
_PERSON, _SURE = "transfers.person", 0.5
"""Payments between people, and from which confidence on one is likelier that than not."""
_TRIES = 5
"""Imports that may arrive while one person's history is enriched."""


class Enricher:
    """The enrichment model that serves, loaded once and again when another is published.

    Args:
        registry: Where models are published.
        asker: Layer 4, where an endpoint is set up.
    """

    def __init__(self, registry: Registry, asker: "Asker | None" = None) -> None:
        self._registry = registry
        self._asker = asker
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

    def enrich(self, engine: Engine, scope: UserScope) -> "Enrichment | None":
        """Enrich a person's rows and replace what was known; none where no model is published.

        The ledger is not locked meanwhile, only while the findings are stored: rows that another
        import adds, and what the person corrects, are read again. Nothing is asked of a language
        model here, only what it answered before is used.
        """
        if self._registry.current(_KIND) is None:
            return None
        models = self.models()
        if models is None:
            return None
        for last in range(_TRIES - 1, -1, -1):
            with reading(engine) as connection:
                seen = _state(connection, scope)
                accounts = store.accounts(connection, scope)
                rows = store.transactions(connection, scope)
                taught = rules.list_rules(connection, scope)
                names = _names(connection, scope)
            found = self._found(accounts, rows, models, taught, names)
            findings = store.Findings(engine.dialect, scope, found.rows, found.streams)
            with writing(engine) as connection:
                if last and _state(connection, scope) != seen:
                    continue
                findings.replace(connection)
                filing.keep_guesses(connection, scope, found.overruled)
                return found
        return None

    def _found(
        self,
        accounts: Sequence[Account],
        rows: Sequence[Transaction],
        models: "Models",
        taught: Sequence[rules.Rule],
        names: Collection[str],
    ) -> "Enrichment":
        from enrichment.corrections import from_json  # noqa: PLC0415
        from enrichment.pipeline import enrich  # noqa: PLC0415

        said = from_json(rule.value for rule in taught if rule.kind == rules.CATEGORY)
        found = enrich(accounts, rows, models, said)
        asker = self._asker if found.questions else None
        known = asker.known(found.questions, names) if asker else {}
        return enrich(accounts, rows, models, said, known) if known else found

    def ask(
        self, engine: Engine, scope: UserScope, questions: "Collection[Question]", at: datetime
    ) -> bool:
        """Ask a language model what is unsure, and enrich again if it answers anything.

        May take minutes; without an endpoint it does nothing.

        Args:
            engine: The ledger.
            scope: Whose rows raised the questions.
            questions: Those of the last enrichment.
            at: Now; its day pays.

        Returns:
            Whether there were answers.
        """
        if self._asker is None:
            return False
        with reading(engine) as connection:
            names = _names(connection, scope)
        if not self._asker.ask(questions, at, names):
            return False
        return self.enrich(engine, scope) is not None


def _names(connection: Connection, scope: UserScope) -> list[str]:
    """Whose rows they are and the people whom these surely pay or are paid by."""
    known = tables.enriched.c
    payees = (
        select(known.counterparty)
        .distinct()
        .where(
            known.person_id == scope.person_id,
            known.category == _PERSON,
            known.category_confidence >= _SURE,
            known.counterparty.is_not(None),
        )
    )
    own = people.get_person(connection, scope.person_id).name
    return [own, *connection.execute(payees).scalars()]


def _state(connection: Connection, scope: UserScope) -> tuple[int, list[str]]:
    """How many imports there are and which rules: what a history is enriched from."""
    table = tables.imports
    count = connection.execute(
        select(func.count()).select_from(table).where(table.c.person_id == scope.person_id)
    ).scalar_one()
    return int(count), [rule.id for rule in rules.list_rules(connection, scope)]


def enrich_person(
    engine: Engine,
    registry: Registry,
    scope: UserScope,
    asker: "Asker | None" = None,
    at: datetime | None = None,
) -> bool:
    """Enrich one person's rows once; false where no model is published yet.

    Args:
        engine: The ledger.
        registry: The published models.
        scope: Whose rows.
        asker: Asks a language model about what is unsure, where one is set up.
        at: Now, if there is an asker; its day pays.
    """
    enricher = Enricher(registry, asker)
    found = enricher.enrich(engine, scope)
    if found is not None and at is not None:
        enricher.ask(engine, scope, found.questions, at)
    return found is not None
