"""People, their accounts on channels, one-time link codes and conversations."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, select, update

from ledger import audit, tables
from ledger.crypto import hash_code, new_code, new_id
from ledger.database import insert_into
from ledger.errors import LinkError, UnknownConversationError, UnknownPersonError
from ledger.scope import UserScope
from ledger.types import Conversation, Person

CODE_LIFE = timedelta(minutes=30)
"""How long a one-time link code works."""


def _person(row: Row[tuple[object, ...]]) -> Person:
    return Person(**row._mapping)


def create_person(connection: Connection, person: Person, at: datetime) -> bool:
    """Store a person unless one of this id is there; tells whether it was new."""
    values = {column.name: getattr(person, column.name) for column in tables.people.columns}
    statement = insert_into(connection, tables.people).values(values).on_conflict_do_nothing()
    # PostgreSQL's driver counts no rows of an insert.
    created = connection.execute(statement.returning(tables.people.c.id)).first() is not None
    if created:
        audit.record(connection, at, person.id, "person_created", person.id)
    return created


def find_person(connection: Connection, person_id: str) -> Person | None:
    """The person of this id, or none."""
    row = connection.execute(select(tables.people).where(tables.people.c.id == person_id)).first()
    return _person(row) if row else None


def get_person(connection: Connection, person_id: str) -> Person:
    """The person of this id.

    Raises:
        UnknownPersonError: There is none.
    """
    person = find_person(connection, person_id)
    if person is None:
        raise UnknownPersonError(person_id)
    return person


def list_people(connection: Connection) -> list[Person]:
    """Everyone, by id: for the operator's own command line, never for a channel."""
    rows = connection.execute(select(tables.people).order_by(tables.people.c.id))
    return [_person(row) for row in rows]


def person_of(connection: Connection, channel: str, external_id: str) -> Person | None:
    """Whom an account on a channel belongs to, or none."""
    links = tables.channel_accounts
    row = connection.execute(
        select(tables.people)
        .join(links, links.c.person_id == tables.people.c.id)
        .where(links.c.channel == channel, links.c.external_id == external_id)
    ).first()
    return _person(row) if row else None


def link_account(
    connection: Connection, scope: UserScope, channel: str, external_id: str, at: datetime
) -> None:
    """Tie an account on a channel to a person; one that was another's now is theirs."""
    statement = insert_into(connection, tables.channel_accounts).values(
        channel=channel, external_id=external_id, person_id=scope.person_id
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["channel", "external_id"], set_={"person_id": scope.person_id}
        )
    )
    audit.record(connection, at, scope.person_id, "account_linked", channel)


def unlink_account(
    connection: Connection, scope: UserScope, channel: str, external_id: str, at: datetime
) -> bool:
    """Untie an account on a channel; tells whether it was theirs."""
    links = tables.channel_accounts
    done = connection.execute(
        delete(links).where(
            links.c.person_id == scope.person_id,
            links.c.channel == channel,
            links.c.external_id == external_id,
        )
    )
    if done.rowcount:
        audit.record(connection, at, scope.person_id, "account_unlinked", channel)
    return done.rowcount > 0


def channel_accounts(connection: Connection, scope: UserScope) -> list[tuple[str, str]]:
    """A person's accounts on channels, as channel and external id."""
    links = tables.channel_accounts.c
    found = connection.execute(
        select(links.channel, links.external_id)
        .where(links.person_id == scope.person_id)
        .order_by(links.channel, links.external_id)
    )
    return [(channel, external_id) for channel, external_id in found]


def issue_code(
    connection: Connection,
    scope: UserScope,
    channel: str,
    at: datetime,
    life: timedelta = CODE_LIFE,
) -> str:
    """Make a one-time code that ties an account on ``channel``; only its hash is kept.

    Raises:
        UnknownPersonError: There is no such person.
    """
    get_person(connection, scope.person_id)
    code = new_code()
    connection.execute(
        insert(tables.link_codes).values(
            code_hash=hash_code(code),
            person_id=scope.person_id,
            channel=channel,
            expires_at=at + life,
        )
    )
    audit.record(connection, at, scope.person_id, "code_issued", channel)
    return code


def person_behind(connection: Connection, channel: str, code: str, at: datetime) -> Person:
    """Whom a one-time code is for; looking does not use it.

    Raises:
        LinkError: The code is wrong, was used, is for another channel, or is too old.
    """
    codes = tables.link_codes
    row = connection.execute(
        select(codes.c.person_id).where(
            codes.c.code_hash == hash_code(code),
            codes.c.channel == channel,
            codes.c.used_at.is_(None),
            codes.c.expires_at > at,
        )
    ).first()
    if row is None:
        raise LinkError
    return get_person(connection, row.person_id)


def redeem_code(
    connection: Connection, channel: str, code: str, external_id: str, at: datetime
) -> Person:
    """Use a one-time code: the account on the channel belongs to its person from now on.

    Raises:
        LinkError: The code is wrong, was used, is for another channel, or is too old.
    """
    codes = tables.link_codes
    # One statement marks it used, so that of two who try at once one wins.
    row = connection.execute(
        update(codes)
        .where(
            codes.c.code_hash == hash_code(code),
            codes.c.channel == channel,
            codes.c.used_at.is_(None),
            codes.c.expires_at > at,
        )
        .values(used_at=at)
        .returning(codes.c.person_id)
    ).first()
    if row is None:
        raise LinkError
    link_account(connection, UserScope(row.person_id), channel, external_id, at)
    return get_person(connection, row.person_id)


def open_conversation(
    connection: Connection,
    scope: UserScope,
    channel: str,
    at: datetime,
    conversation_id: str | None = None,
    *,
    address: str | None = None,
) -> Conversation:
    """Begin a conversation; with an id, find that one of this person or begin it.

    Raises:
        UnknownPersonError: There is no such person.
        UnknownConversationError: The id is another person's conversation.
    """
    get_person(connection, scope.person_id)
    if conversation_id is not None:
        found = find_conversation(connection, conversation_id)
        if found is not None:
            if found.person_id != scope.person_id:
                raise UnknownConversationError(conversation_id)
            return found
    conversation = Conversation(
        conversation_id or new_id("conv"), scope.person_id, channel, at, address
    )
    connection.execute(insert(tables.conversations).values(asdict(conversation)))
    return conversation


def _conversation(row: Row[tuple[object, ...]]) -> Conversation:
    return Conversation(**row._mapping)


def find_conversation(connection: Connection, conversation_id: str) -> Conversation | None:
    """The conversation of this id, whoever's it is, or none: for the gateway's own routing."""
    table = tables.conversations
    row = connection.execute(select(table).where(table.c.id == conversation_id)).first()
    return _conversation(row) if row else None


def latest_conversation(
    connection: Connection, scope: UserScope, channel: str
) -> Conversation | None:
    """The person's newest conversation on a channel, or none."""
    table = tables.conversations
    row = connection.execute(
        select(table)
        .where(table.c.person_id == scope.person_id, table.c.channel == channel)
        .order_by(table.c.created_at.desc(), table.c.id)
        .limit(1)
    ).first()
    return _conversation(row) if row else None
