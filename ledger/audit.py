"""Who did what to whose data: a list that is only ever added to, without message text."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert

from ledger import tables

Action = Literal[
    "person_created",
    "code_issued",
    "account_linked",
    "account_unlinked",
    "imported",
    "exported",
    "person_erased",
]


def record(
    connection: Connection, at: datetime, person_id: str | None, action: Action, subject: str | None
) -> None:
    """Note an action; it is kept if the caller's transaction is.

    Args:
        connection: An open write transaction.
        at: When, aware.
        person_id: Whose data it touched; none for somebody who is no longer there.
        action: What was done.
        subject: The id of what it was done to; never text, names or amounts.
    """
    connection.execute(
        insert(tables.audit).values(at=at, person_id=person_id, action=action, subject=subject)
    )
