"""Finds stored turns by what support knows of them."""

from sqlalchemy import Connection

from console.errors import AmbiguousError, NothingFoundError
from ledger.conversations import Stored, ids_named, stored_turns


def find_turns(connection: Connection, name: str) -> list[Stored]:
    """The turns of a conversation, in order, or one turn.

    Args:
        connection: The database.
        name: A conversation's id, the name that its person gave it, or a turn's id (``trace``).

    Raises:
        NothingFoundError: Nothing has this name.
        AmbiguousError: Conversations of several people or channels have it.
    """
    turns = stored_turns(connection, name)
    if turns:
        return turns
    ids = ids_named(connection, name)
    if len(ids) > 1:
        raise AmbiguousError(name, ids)
    if not ids:
        raise NothingFoundError(name)
    return stored_turns(connection, ids[0])
