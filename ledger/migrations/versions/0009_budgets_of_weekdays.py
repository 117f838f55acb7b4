"""A budget may count some days of the week alone, as taught words do."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("budgets") as table:
        table.add_column(sa.Column("weekdays", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("budgets") as table:
        table.drop_column("weekdays")
