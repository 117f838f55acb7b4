"""What is new since a moment is found by an index: imports and chats."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_imports_imported_at", "imports", ["imported_at"])
    op.create_index("ix_conversations_created_at", "conversations", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_conversations_created_at", "conversations")
    op.drop_index("ix_imports_imported_at", "imports")
