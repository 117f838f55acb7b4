"""Cases for a person of support: what somebody handed over of a conversation, and who is on duty."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, Text

from ledger.tables import UtcDateTime, metadata

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column(
        "conversation_id",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("state", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("transcript", JSON, nullable=False),
    Index(None, "person_id"),
    Index(None, "conversation_id"),
)

duty = Table(
    "duty",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
)
