"""What people teach: corrections, words of their own, and when their month starts."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from ledger.tables import UtcDateTime, metadata

rules = Table(
    "rules",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "id"),
    UniqueConstraint("person_id", "seq"),
)

overruled = Table(
    "overruled",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("transaction_id", Text, nullable=False),
    Column("category", Text),
    Column("category_confidence", Float, nullable=False),
    Column("category_source", Text),
    Column("essential", Boolean),
    Column("essential_confidence", Float, nullable=False),
    Column("essential_source", Text),
    PrimaryKeyConstraint("person_id", "transaction_id"),
    ForeignKeyConstraint(
        ["person_id", "transaction_id"],
        ["transactions.person_id", "transactions.id"],
        ondelete="CASCADE",
    ),
)
