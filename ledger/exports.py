"""Files that are made for a person when they fetch them: who may, and until when."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Table, Text

from ledger.tables import UtcDateTime, metadata

exports = Table(
    "exports",
    metadata,
    Column("token", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column(
        "conversation_id",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("name", Text, nullable=False),
    Column("query", JSON(none_as_null=True)),
    Column("now", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "person_id"),
)
