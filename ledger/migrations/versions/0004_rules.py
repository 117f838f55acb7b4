"""What people teach, what was thought of rows before, and files that are made for them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_rules_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_rules")),
        sa.UniqueConstraint("person_id", "seq", name=op.f("uq_rules_person_id_seq")),
    )
    op.create_table(
        "overruled",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("transaction_id", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("category_confidence", sa.Float(), nullable=False),
        sa.Column("category_source", sa.Text(), nullable=True),
        sa.Column("essential", sa.Boolean(), nullable=True),
        sa.Column("essential_confidence", sa.Float(), nullable=False),
        sa.Column("essential_source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id", "transaction_id"],
            ["transactions.person_id", "transactions.id"],
            name=op.f("fk_overruled_person_id_transaction_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "transaction_id", name=op.f("pk_overruled")),
    )
    op.create_table(
        "exports",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.JSON(), nullable=True),
        sa.Column("now", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_exports_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_exports_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_exports")),
    )
    op.create_index(op.f("ix_exports_person_id"), "exports", ["person_id"])


def downgrade() -> None:
    op.drop_table("exports")
    op.drop_table("overruled")
    op.drop_table("rules")
