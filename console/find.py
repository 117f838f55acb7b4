"""Finds stored turns by what support knows of them."""

from sqlalchemy import Connection

from console.errors import AmbiguousError, NothingFoundError
from ledger.conversations import Stored, stored_turns
from ledger.support import conversations_named, owner_of_turn


def find_turns(connection: Connection, name: str) -> list[Stored]:
    """The turns of a conversation, in order, or one turn.

    Args:
        connection: The database.
        name: A conversation's id, the name that its person gave it, or a turn's id (``trace``).

    Raises:
        NothingFoundError: Nothing has this name.
        AmbiguousError: Conversations of several people or channels have it.
    """
    owner = owner_of_turn(connection, name)
    if owner is not None:
        return stored_turns(connection, owner, name)
    found = conversations_named(connection, name)
    if len(found) > 1:
        raise AmbiguousError(name, [one.id for one in found])
    if not found:
        raise NothingFoundError(name)
    return stored_turns(connection, found[0].scope, found[0].id)
