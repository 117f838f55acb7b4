"""What became of an upload that was imported before."""

from sqlalchemy import Connection, select

from ledger import tables
from ledger.imports.planning import SHOWN, RowProblem
from ledger.imports.storing import FileReport
from ledger.scope import UserScope


def report_of(connection: Connection, scope: UserScope, upload_id: str) -> FileReport | None:
    """The report of a person's upload as it was given, or none where nothing of it was stored."""
    table = tables.imports
    found = connection.execute(
        select(table)
        .where(table.c.person_id == scope.person_id, table.c.upload_id == upload_id)
        .order_by(table.c.imported_at.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    return FileReport(
        found.name, found.kind, found.id, _accounts(connection, scope, found.id), found.added,
        found.matched, found.held, found.rejected, _problems(connection, found.id),
    )  # fmt: skip


def _accounts(connection: Connection, scope: UserScope, import_id: str) -> tuple[str, ...]:
    rows, table = tables.import_rows, tables.transactions
    found = connection.execute(
        select(table.c.account_id)
        .join(rows, rows.c.transaction_id == table.c.id)
        .where(table.c.person_id == scope.person_id, rows.c.import_id == import_id)
        .distinct()
        .order_by(table.c.account_id)
    )
    return tuple(found.scalars())


def _problems(connection: Connection, import_id: str) -> tuple[RowProblem, ...]:
    rows = tables.import_rows
    found = connection.execute(
        select(rows.c.line, rows.c.outcome, rows.c.reason)
        .where(rows.c.import_id == import_id, rows.c.outcome.in_(("held", "rejected")))
        .order_by(rows.c.seq)
        .limit(SHOWN)
    )
    return tuple(RowProblem(row.line, row.outcome, row.reason or "") for row in found)
