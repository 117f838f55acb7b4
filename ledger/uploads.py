"""Files that people sent: noted here, stored unparsed in the uploads folder under their id."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from ledger import tables
from ledger.errors import UnknownUploadError
from ledger.scope import UserScope

_UPLOADS = tables.uploads


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent, stored unparsed under its id.

    Attributes:
        state: ``stored``, ``late`` (still being read after its answer), ``done``, ``refused``.
    """

    id: str
    person_id: str
    conversation_id: str | None
    name: str
    sha256: str
    size: int
    state: str
    received_at: datetime


def add(connection: Connection, upload: Upload) -> None:
    """Note a file that lies in the uploads folder under its id."""
    values = {column.name: getattr(upload, column.name) for column in _UPLOADS.columns}
    connection.execute(insert(_UPLOADS).values(values))


def get(connection: Connection, scope: UserScope, upload_id: str) -> Upload:
    """A person's upload.

    Raises:
        UnknownUploadError: They have none of this id.
    """
    row = connection.execute(
        select(_UPLOADS).where(_UPLOADS.c.id == upload_id, _UPLOADS.c.person_id == scope.person_id)
    ).first()
    if row is None:
        raise UnknownUploadError(upload_id)
    return Upload(**row._mapping)


def set_state(connection: Connection, scope: UserScope, upload_id: str, state: str) -> None:
    """Note how far a person's upload has come."""
    theirs = (_UPLOADS.c.id == upload_id, _UPLOADS.c.person_id == scope.person_id)
    connection.execute(update(_UPLOADS).where(*theirs).values(state=state))


def settle(connection: Connection, scope: UserScope, upload_id: str, state: str) -> None:
    """Note what became of a person's upload; a late one waits until its sender was told."""
    connection.execute(
        update(_UPLOADS)
        .where(
            _UPLOADS.c.id == upload_id,
            _UPLOADS.c.person_id == scope.person_id,
            _UPLOADS.c.state == "stored",
        )
        .values(state=state)
    )


def abandoned(connection: Connection, before: datetime) -> list[Upload]:
    """Mark uploads done that are late since before a time; nobody reads them any more."""
    rows = connection.execute(
        update(_UPLOADS)
        .where(_UPLOADS.c.state == "late", _UPLOADS.c.received_at < before)
        .values(state="done")
        .returning(_UPLOADS)
    )
    return [Upload(**row._mapping) for row in rows]
