"""Who has chosen to be compared with others, and to be part of what others are compared with."""

from sqlalchemy import Column, ForeignKey, Table, Text

from ledger.tables import UtcDateTime, metadata

peer_members = Table(
    "peer_members",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("joined_at", UtcDateTime, nullable=False),
)
