"""What people are told unasked: what was told already, when it may be, and how it is queued."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    exists,
    func,
    insert,
    select,
)

from ledger import conversations, inbox, outbox, tables
from ledger.conversations import Button
from ledger.crypto import new_id
from ledger.database import insert_into
from ledger.scope import UserScope
from ledger.tables import metadata

CHANNELS = ("telegram", "web")
"""Where a person can be reached without asking first."""
_LEASE = timedelta(seconds=30)
_TOKEN_BYTES = 9
"""As the gateway's own buttons have."""

notices = Table(
    "notices",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("noted_on", Date, nullable=False),
    Column("turn_id", Text),
    PrimaryKeyConstraint("person_id", "key"),
)

notice_settings = Table(
    "notice_settings",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("off", Boolean, nullable=False),
    Column("stopped", JSON, nullable=False),
    Column("hour", Integer),
    Column("quiet_from", Integer, nullable=False),
    Column("quiet_until", Integer, nullable=False),
    Column("timezone", Text),
    Column("begun", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """What a person is told unasked, and when.

    Attributes:
        off: Nothing at all is sent.
        stopped: Kinds that are not sent (``recap``, ``bills``, ``unusual``, ``goal``).
        hour: The local hour from which the day's messages are sent; None for the installation's.
        quiet_from: The local hour from which nothing is sent, until ``quiet_until``.
        timezone: An IANA name where it is not the person's own.
        begun: Whether what was there at the first look was noted, so that none of it is sent.
    """

    off: bool = False
    stopped: tuple[str, ...] = ()
    hour: int | None = None
    quiet_from: int = 21
    quiet_until: int = 8
    timezone: str | None = None
    begun: bool = False

    def is_quiet(self, hour: int) -> bool:
        """Whether a local hour lies in the quiet ones, which may span midnight."""
        first, end = self.quiet_from, self.quiet_until
        return first <= hour < end if first <= end else hour >= first or hour < end


def settings(connection: Connection, scope: UserScope) -> NoticeSettings:
    """A person's settings; the defaults where they said nothing."""
    names = [field.name for field in fields(NoticeSettings)]
    row = connection.execute(
        select(*(notice_settings.c[name] for name in names)).where(
            notice_settings.c.person_id == scope.person_id
        )
    ).first()
    if row is None:
        return NoticeSettings()
    values = dict(row._mapping)
    return NoticeSettings(**values | {"stopped": tuple(values["stopped"])})


def save_settings(connection: Connection, scope: UserScope, chosen: NoticeSettings) -> None:
    """Store a person's settings in place of those before."""
    values = {field.name: getattr(chosen, field.name) for field in fields(NoticeSettings)}
    values["stopped"] = list(chosen.stopped)
    statement = insert_into(connection, notice_settings).values(person_id=scope.person_id, **values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"], set_={name: statement.excluded[name] for name in values}
        )
    )


def known(connection: Connection, scope: UserScope, keys: Collection[str]) -> frozenset[str]:
    """Those of the keys that a person was told of, or that were noted without telling."""
    rows = connection.execute(
        select(notices.c.key).where(
            notices.c.person_id == scope.person_id, notices.c.key.in_(list(keys))
        )
    )
    return frozenset(rows.scalars())


def note(
    connection: Connection,
    scope: UserScope,
    keys: Collection[str],
    on: date,
    turn_id: str | None = None,
) -> frozenset[str]:
    """Note keys as told; returns those that nobody had noted before.

    A key is noted in the transaction that queues its message, so that of several processes one
    tells it, once.
    """
    new = set()
    for key in sorted(keys):
        statement = insert_into(connection, notices).values(
            person_id=scope.person_id, key=key, noted_on=on, turn_id=turn_id
        )
        done = connection.execute(statement.on_conflict_do_nothing().returning(notices.c.key))
        new |= set(done.scalars())
    return frozenset(new)


def _is_linked() -> ColumnElement[bool]:
    """Whether a conversation's account is still its person's; after a log-out it is not.

    A conversation's id is that of its channel, person and account.
    """
    table, links = tables.conversations, tables.channel_accounts
    named = links.c.channel + ":" + links.c.person_id + ":" + links.c.external_id
    theirs = links.c.person_id == table.c.person_id
    return exists().where(theirs, links.c.channel.in_(CHANNELS), named == table.c.id)


def reachable(connection: Connection, since: datetime | None = None) -> list[UserScope]:
    """Everyone who has a conversation on a channel that takes messages unasked, by id.

    Args:
        connection: A transaction.
        since: Only conversations that were opened from then on; None for all.
    """
    table = tables.conversations
    wanted = select(table.c.person_id).where(table.c.channel.in_(CHANNELS), _is_linked())
    if since is not None:
        wanted = wanted.where(table.c.created_at >= since)
    rows = connection.execute(wanted.distinct().order_by(table.c.person_id))
    return [UserScope(person_id) for person_id in rows.scalars()]


@dataclass(frozen=True, slots=True)
class Waking:
    """When a person is told what is due.

    Attributes:
        timezone: An IANA name.
        hour: The local hour that they chose for the day's messages; None for the installation's.
        quiet_until: The local hour until which nothing is sent.
    """

    timezone: str
    hour: int | None
    quiet_until: int


def waking(connection: Connection) -> dict[str, Waking]:
    """When each person is told what is due, by person id: for the scheduler alone."""
    who, chosen = tables.people, notice_settings
    rows = connection.execute(
        select(
            who.c.id,
            func.coalesce(chosen.c.timezone, who.c.timezone).label("timezone"),
            chosen.c.hour,
            func.coalesce(chosen.c.quiet_until, NoticeSettings().quiet_until).label("until"),
        ).outerjoin_from(who, chosen, chosen.c.person_id == who.c.id)
    )
    return {row.id: Waking(row.timezone, row.hour, row.until) for row in rows}


def thread(connection: Connection, scope: UserScope) -> str | None:
    """The conversation on such a channel in which a person spoke last and is linked, or none."""
    table, said = tables.conversations, tables.inbox
    latest = func.coalesce(func.max(said.c.received_at), table.c.created_at)
    return connection.execute(
        select(table.c.id)
        .outerjoin(said, said.c.conversation_id == table.c.id)
        .where(table.c.person_id == scope.person_id, table.c.channel.in_(CHANNELS), _is_linked())
        .group_by(table.c.id, table.c.created_at)
        .order_by(latest.desc(), table.c.id)
        .limit(1)
    ).scalar()


def newest_imports(connection: Connection, since: datetime | None = None) -> dict[str, datetime]:
    """When each person's newest import was, by person id.

    Args:
        connection: A transaction.
        since: Only imports from then on; None for all.
    """
    table = tables.imports
    wanted = select(table.c.person_id, func.max(table.c.imported_at).label("newest"))
    if since is not None:
        wanted = wanted.where(table.c.imported_at >= since)
    rows = connection.execute(wanted.group_by(table.c.person_id))
    return {row.person_id: row.newest for row in rows}


def is_enriched(connection: Connection, scope: UserScope) -> bool:
    """Whether enrichment has looked at every row of a person."""
    rows, found = tables.transactions, tables.enriched
    counts = (
        select(func.count()).select_from(table).where(table.c.person_id == scope.person_id)
        for table in (rows, found)
    )
    stored, done = (int(connection.execute(count).scalar_one()) for count in counts)
    return stored == done


def send(
    connection: Connection,
    conversation_id: str,
    text: str,
    choices: Sequence[tuple[str, Mapping[str, Any]]],
    at: datetime,
) -> str | None:
    """Queue a message that nobody asked for, as a turn of its own; returns the turn's id.

    Args:
        connection: A write transaction.
        conversation_id: Where it is said.
        text: The message.
        choices: Title and payload of each button.
        at: The real time.

    Returns:
        None where a turn is in flight in the conversation: try again in a moment.
    """
    holder = new_id("notice")
    if not inbox.lease(connection, conversation_id, holder, at, at + _LEASE):
        return None
    turn_id = _add_turn(connection, conversation_id, text, at)
    buttons = [
        Button(secrets.token_urlsafe(_TOKEN_BYTES), title, dict(payload))
        for title, payload in choices
    ]
    sent = {
        "reply": text,
        "buttons": [{"title": one.title, "token": one.token} for one in buttons],
        "question": None,
    }
    outbox.add(connection, conversation_id, turn_id, sent, at)
    conversations.add_buttons(connection, conversation_id, turn_id, buttons)
    inbox.release(connection, conversation_id, holder)
    return turn_id


def _add_turn(connection: Connection, conversation_id: str, text: str, at: datetime) -> str:
    """Store a turn that answers nothing; its memory is none, so that the thread goes on."""
    turn_id = new_id("turn")
    connection.execute(
        insert(tables.turns).values(
            id=turn_id,
            conversation_id=conversation_id,
            seq=outbox.next_seq(tables.turns, conversation_id),
            inbox_id=None,
            started_at=at,
            done_at=at,
            answer={"id": turn_id, "text": "", "reply": text},
        )
    )
    return turn_id
