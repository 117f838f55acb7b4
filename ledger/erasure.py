"""Erasing a person: what they asked for last is answered first, then nothing of them is left."""

from sqlalchemy import JSON, Column, ForeignKey, Table, Text

from ledger.tables import UtcDateTime, metadata

erasures = Table(
    "erasures",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("conversations", JSON, nullable=False),
    Column("uploads", JSON, nullable=False),
)
