"""Rows that a person does not recognise: marked until they take it back. The rows stay as they are."""

from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table, Text

from ledger.tables import UtcDateTime, metadata

disputed = Table(
    "disputed",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("transaction_id", Text, nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "transaction_id"),
    ForeignKeyConstraint(
        ["person_id", "transaction_id"],
        ["transactions.person_id", "transactions.id"],
        ondelete="CASCADE",
    ),
)
