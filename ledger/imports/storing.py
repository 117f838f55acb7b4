"""A file that was read goes into the ledger, all of it or nothing.

What is slow, reading the ledger and deciding, happens before the lock is taken. It is done again
where another import of the person came between.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from ledger import audit, tables
from ledger.bulk import roomy
from ledger.crypto import new_id
from ledger.database import reading, writing
from ledger.imports.choices import Choices
from ledger.imports.planning import Plan, ReadFile, RowProblem
from ledger.scope import UserScope

_TRIES = 3
"""Plans made without the lock; after that one is made under it, so that an import always ends."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file's rows; the four counts add up to ``rows``.

    Attributes:
        accounts: The ids of the accounts that its rows belong to.
        problems: The held and rejected rows, the first thousand.
    """

    name: str
    kind: str
    import_id: str
    accounts: tuple[str, ...]
    added: int = 0
    matched: int = 0
    held: int = 0
    rejected: int = 0
    problems: tuple[RowProblem, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return self.added + self.matched + self.held + self.rejected


def _imports(connection: Connection, scope: UserScope) -> frozenset[str]:
    table = tables.imports
    found = connection.execute(select(table.c.id).where(table.c.person_id == scope.person_id))
    return frozenset(found.scalars())


def _one_at_a_time(connection: Connection, scope: UserScope) -> None:
    """Let nobody else import for this person; chats of theirs go on."""
    people = tables.people
    mine = select(people.c.id).where(people.c.id == scope.person_id)
    connection.execute(mine.with_for_update(key_share=True))


def store_file(
    engine: Engine,
    scope: UserScope,
    file: ReadFile,
    choices: Choices,
    *,
    at: datetime,
    upload_id: str | None = None,
) -> FileReport:
    """Store a file that was read, in one transaction that is as short as can be.

    Args:
        engine: The ledger's database.
        scope: Whose file it is; the person must exist.
        file: What was read.
        choices: What the person chose.
        at: When, aware.
        upload_id: The upload it came from, if it did.

    Raises:
        ImportQuestion: The account must be chosen; nothing was stored.
        ChoiceError: The chosen account is not there; nothing was stored.
    """
    import_id = new_id("import")
    for _ in range(_TRIES):
        with reading(engine) as connection:
            seen = _imports(connection, scope)
            plan = Plan(connection, scope, file, choices, import_id)
        with writing(engine) as connection:
            _one_at_a_time(connection, scope)
            if _imports(connection, scope) == seen:
                return _store(connection, plan, at, upload_id)
    with writing(engine) as connection:
        _one_at_a_time(connection, scope)
        return _store(connection, Plan(connection, scope, file, choices, import_id), at, upload_id)


def _store(connection: Connection, plan: Plan, at: datetime, upload_id: str | None) -> FileReport:
    file, counts, person_id = plan.file, plan.counts, plan.scope.person_id
    totals = {name: counts[name] for name in ("added", "matched", "held", "rejected")}
    plan.register.save(connection)
    connection.execute(
        insert(tables.imports).values(
            id=plan.import_id, person_id=person_id, upload_id=upload_id, name=file.name,
            sha256=file.sha256, kind=file.kind, layout=file.layout, imported_at=at, **totals,
        )
    )  # fmt: skip
    with roomy(connection):
        plan.transactions.store(connection)
        plan.outcomes.store(connection)
    audit.record(connection, at, person_id, "imported", plan.import_id)
    accounts = tuple(dict.fromkeys(plan.accounts.values()))
    return FileReport(
        file.name, file.kind, plan.import_id, accounts, **totals, problems=tuple(plan.problems)
    )
