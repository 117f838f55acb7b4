"""Indexes that hold what an answer reads: balances and counterparties without the tables."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WIDER = (
    ("transactions", ("person_id", "account_id", "booked"), ("minor",)),
    ("enriched", ("person_id", "counterparty_id"), ("category", "counterparty")),
    ("enriched", ("person_id", "category"), ("counterparty_id", "counterparty")),
)
"""Table, the columns of the index so far, and those that are added to it."""


def _name(table: str, columns: tuple[str, ...]) -> str:
    return op.f(f"ix_{table}_{'_'.join(columns)}")


def upgrade() -> None:
    for table, before, added in _WIDER:
        op.drop_index(_name(table, before), table_name=table)
        columns = (*before, *added)
        op.create_index(_name(table, columns), table, list(columns))


def downgrade() -> None:
    for table, before, added in _WIDER:
        op.drop_index(_name(table, (*before, *added)), table_name=table)
        op.create_index(_name(table, before), table, list(before))
