"""Who has chosen to be compared with others, and to be part of what others are compared with."""

from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, delete, insert, select

from ledger import tables
from ledger.scope import UserScope
from ledger.tables import UtcDateTime, metadata

peer_members = Table(
    "peer_members",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("joined_at", UtcDateTime, nullable=False),
)


def joined_at(connection: Connection, scope: UserScope) -> datetime | None:
    """When a person joined, None if they have not."""
    at: datetime | None = connection.execute(
        select(peer_members.c.joined_at).where(peer_members.c.person_id == scope.person_id)
    ).scalar()
    return at


def join(connection: Connection, scope: UserScope, at: datetime) -> None:
    """Let a person be compared; whoever has joined already keeps their day."""
    if joined_at(connection, scope) is None:
        connection.execute(insert(peer_members).values(person_id=scope.person_id, joined_at=at))


def leave(connection: Connection, scope: UserScope) -> bool:
    """Take a person out; tells whether they had joined."""
    done = connection.execute(
        delete(peer_members).where(peer_members.c.person_id == scope.person_id)
    )
    return done.rowcount == 1


def others(connection: Connection, scope: UserScope) -> list[UserScope]:
    """Who else of a person's country and currency has joined, by id; demo people are nobody.

    This is the one read that finds other people: what is read of them is theirs alone to give, and
    they gave it by joining.
    """
    people = tables.people
    own = select(people.c.country, people.c.currency).where(people.c.id == scope.person_id)
    country, currency = connection.execute(own).one()
    found = connection.execute(
        select(peer_members.c.person_id)
        .join(people, people.c.id == peer_members.c.person_id)
        .where(
            people.c.country == country,
            people.c.currency == currency,
            people.c.demo.is_(False),
            people.c.id != scope.person_id,
        )
        .order_by(peer_members.c.person_id)
    )
    return [UserScope(person_id) for person_id in found.scalars()]
