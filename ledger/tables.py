"""The tables, as SQLAlchemy Core. Ids are text, money is integer minor units, times are UTC."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from ledger.columns import PriceRises


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC; SQLite has no time zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC; a naive time is a defect of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a time zone cannot be stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read back as UTC."""
        if value is None:
            return None
        aware: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _person() -> Column[str]:
    return Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False)


def _conversation() -> Column[str]:
    owner = ForeignKey("conversations.id", ondelete="CASCADE")
    return Column("conversation_id", Text, owner, nullable=False)


people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("clock", Date),
)

channel_accounts = Table(
    "channel_accounts",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("external_id", Text, primary_key=True),
    _person(),
    Index(None, "person_id"),
)

link_codes = Table(
    "link_codes",
    metadata,
    Column("code_hash", Text, primary_key=True),
    _person(),
    Column("channel", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    _person(),
    Column("channel", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("address", Text),
    Index(None, "person_id", "channel", "created_at"),
    Index(None, "created_at"),
)

leases = Table(
    "leases",
    metadata,
    Column(
        "conversation_id",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("holder", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _conversation(),
    Column("channel", Text, nullable=False),
    Column("update_key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("now", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Index(None, "state", "id"),
    Index(None, "conversation_id", "id"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Text, primary_key=True),
    _conversation(),
    Column("seq", Integer, nullable=False),
    Column("inbox_id", BigInteger, ForeignKey("inbox.id", ondelete="CASCADE"), unique=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("answer", JSON(none_as_null=True)),
    Column("memory", JSON(none_as_null=True)),
    Column("trace", JSON(none_as_null=True)),
    UniqueConstraint("conversation_id", "seq"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _conversation(),
    Column("turn_id", Text, ForeignKey("turns.id", ondelete="CASCADE")),
    Column("seq", Integer, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Index(None, "state", "id"),
    UniqueConstraint("conversation_id", "seq"),
)

buttons = Table(
    "buttons",
    metadata,
    Column("token", Text, primary_key=True),
    _conversation(),
    Column("turn_id", Text, ForeignKey("turns.id", ondelete="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Index(None, "conversation_id"),
    Index(None, "turn_id"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Text, primary_key=True),
    _person(),
    Column(
        "conversation_id",
        Text,
        ForeignKey("conversations.id", ondelete="SET NULL"),
    ),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Index(None, "person_id"),
)

accounts = Table(
    "accounts",
    metadata,
    _person(),
    Column("id", Text, nullable=False),
    Column("institution", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("opening_minor", BigInteger),
    Column("opening_on", Date),
    PrimaryKeyConstraint("person_id", "id"),
)

account_keys = Table(
    "account_keys",
    metadata,
    _person(),
    Column("key_hash", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    PrimaryKeyConstraint("person_id", "key_hash"),
    ForeignKeyConstraint(
        ["person_id", "account_id"], ["accounts.person_id", "accounts.id"], ondelete="CASCADE"
    ),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Text, primary_key=True),
    _person(),
    Column("upload_id", Text, ForeignKey("uploads.id", ondelete="SET NULL")),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("added", Integer, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Index(None, "person_id"),
    Index(None, "imported_at"),
)

import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", Text, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("line", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("transaction_id", Text),
)

transactions = Table(
    "transactions",
    metadata,
    _person(),
    Column("id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("booked", Date, nullable=False),
    Column("purchased", Date),
    Column("description", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("mcc", Text),
    Column("fingerprint", Text, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("bank_id", Text),
    Column("import_id", Text, ForeignKey("imports.id")),
    Column("line", Integer),
    Column("raw", JSON, nullable=False),
    PrimaryKeyConstraint("person_id", "id"),
    UniqueConstraint("person_id", "account_id", "fingerprint", "occurrence"),
    ForeignKeyConstraint(
        ["person_id", "account_id"], ["accounts.person_id", "accounts.id"], ondelete="CASCADE"
    ),
    Index(None, "person_id", "booked"),
    Index(None, "person_id", "account_id", "booked", "minor"),
)

enriched = Table(
    "enriched",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("transaction_id", Text, nullable=False),
    Column("counterparty", Text),
    Column("counterparty_id", Text),
    Column("counterparty_confidence", Float, nullable=False),
    Column("counterparty_source", Text),
    Column("website", Text),
    Column("logo", Text),
    Column("category", Text),
    Column("category_confidence", Float, nullable=False),
    Column("category_source", Text),
    Column("essential", Boolean),
    Column("essential_confidence", Float, nullable=False),
    Column("essential_source", Text),
    Column("recurring", Boolean),
    Column("recurring_confidence", Float, nullable=False),
    Column("stream_id", Text),
    Column("city", Text),
    Column("region", Text),
    Column("country", Text),
    Column("location_confidence", Float, nullable=False),
    Column("refund_of", Text),
    Column("duplicate_of", Text),
    Column("model", Text),
    PrimaryKeyConstraint("person_id", "transaction_id"),
    ForeignKeyConstraint(
        ["person_id", "transaction_id"],
        ["transactions.person_id", "transactions.id"],
        ondelete="CASCADE",
    ),
    Index(None, "person_id", "counterparty_id", "category", "counterparty"),
    Index(None, "person_id", "category", "counterparty_id", "counterparty"),
)

streams = Table(
    "streams",
    metadata,
    _person(),
    Column("id", Text, nullable=False),
    Column("counterparty", Text),
    Column("counterparty_id", Text),
    Column("category", Text),
    Column("cadence", Text, nullable=False),
    Column("income", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("next_on", Date),
    Column("next_minor", BigInteger),
    Column("next_low", BigInteger),
    Column("next_high", BigInteger),
    Column("currency", Text, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("count", Integer, nullable=False),
    Column("price_rises", PriceRises, nullable=False, server_default="[]"),
    Column("trial_ended_on", Date),
    PrimaryKeyConstraint("person_id", "id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person_id", Text),
    Column("action", Text, nullable=False),
    Column("subject", Text),
)

budgets = Table(
    "budgets",
    metadata,
    _person(),
    Column("id", Text, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("merchants", JSON, nullable=False),
    Column("weekdays", JSON, nullable=False, server_default="[]"),
    Column("unit", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "id"),
)

goals = Table(
    "goals",
    metadata,
    _person(),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("due", Date),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "id"),
)

goal_moves = Table(
    "goal_moves",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("turn_id", Text, nullable=False),
    Column("goal_id", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("moved_on", Date, nullable=False),
    PrimaryKeyConstraint("person_id", "turn_id"),
    ForeignKeyConstraint(
        ["person_id", "goal_id"], ["goals.person_id", "goals.id"], ondelete="CASCADE"
    ),
)
