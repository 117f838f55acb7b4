"""Price rises and trials of streams; rows that are charged a second time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enriched") as table:
        table.add_column(sa.Column("duplicate_of", sa.Text(), nullable=True))
    with op.batch_alter_table("streams") as table:
        table.add_column(sa.Column("price_rises", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("trial_ended_on", sa.Date(), nullable=True))
    op.execute("UPDATE streams SET status = 'mature' WHERE status = 'active' AND count > 2")
    op.execute("UPDATE streams SET status = 'early' WHERE status = 'active'")


def downgrade() -> None:
    op.execute("UPDATE streams SET status = 'active' WHERE status <> 'ended'")
    with op.batch_alter_table("streams") as table:
        table.drop_column("trial_ended_on")
        table.drop_column("price_rises")
    with op.batch_alter_table("enriched") as table:
        table.drop_column("duplicate_of")
