"""Autosave rules and their moves, alerts, and what people were told unasked."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id")
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "autosave_rules",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("minor", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("merchants", sa.JSON(), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("goal_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _of_person("autosave_rules"),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_autosave_rules")),
    )
    op.create_table(
        "autosave_moves",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("goal_id", sa.Text(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "rule_id"],
            ["autosave_rules.person_id", "autosave_rules.id"],
            name=op.f("fk_autosave_moves_person_id_rule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "rule_id", "trigger", name=op.f("pk_autosave_moves")),
    )
    op.create_table(
        "alerts",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("accounts", sa.JSON(), nullable=False),
        sa.Column("merchants", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("op", sa.Text(), nullable=True),
        sa.Column("minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _of_person("alerts"),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_alerts")),
    )
    op.create_table(
        "notices",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=True),
        _of_person("notices"),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_notices")),
    )
    op.create_table(
        "notice_settings",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.JSON(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("begun", sa.Boolean(), nullable=False),
        _of_person("notice_settings"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_settings")),
    )


def downgrade() -> None:
    for table in ("notice_settings", "notices", "alerts", "autosave_moves", "autosave_rules"):
        op.drop_table(table)
