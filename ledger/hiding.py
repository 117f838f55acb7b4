"""Accounts that a person has hidden: their rows stay, no answer looks at them."""

from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table, Text

from ledger.tables import UtcDateTime, metadata

hidden_accounts = Table(
    "hidden_accounts",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("hidden_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "account_id"),
    ForeignKeyConstraint(
        ["person_id", "account_id"], ["accounts.person_id", "accounts.id"], ondelete="CASCADE"
    ),
)
