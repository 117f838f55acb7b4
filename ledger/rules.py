"""What people teach: corrections, words of their own, and when their month starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
)

from ledger.database import insert_into
from ledger.scope import UserScope
from ledger.tables import UtcDateTime, metadata

CATEGORY = "category"
"""What a row, or every row of a counterparty, is: ``{"category", "counterparty_id" or
"transaction_id", "inflow"?}``, as `enrichment.corrections.from_json` reads it."""
COUNTERPARTY = "counterparty"
"""Whom a row was with is right: ``{"transaction_id"}``."""
WORDS = "words"
"""Words of their own: ``{"merchants" or "categories", "weekdays"}`` (0 is Monday)."""
ACCOUNT = "account"
"""What they call an account: ``{"account_id"}``."""
MONTH = "month"
"""The day on which their month starts: ``{"day"}``."""

rules = Table(
    "rules",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("person_id", "id"),
    UniqueConstraint("person_id", "seq"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a person taught.

    Attributes:
        id: That of the turn that taught it, so that it is taught once.
        kind: `CATEGORY`, `COUNTERPARTY`, `WORDS`, `ACCOUNT` or `MONTH`.
        name: What it is about, as people are shown it; of words the phrase itself.
        value: What it says, see the kinds.
        seq: Counts from 1 within the person; of two that speak of the same the later one holds.
    """

    id: str
    kind: str
    name: str
    value: Mapping[str, Any]
    created_at: datetime
    seq: int = 0


def list_rules(connection: Connection, scope: UserScope) -> list[Rule]:
    """Everything that a person taught, in order."""
    rows = connection.execute(
        select(rules).where(rules.c.person_id == scope.person_id).order_by(rules.c.seq)
    )
    return [Rule(row.id, row.kind, row.name, row.value, row.created_at, row.seq) for row in rows]


def add_rule(connection: Connection, scope: UserScope, rule: Rule) -> None:
    """Store a rule as the latest; one of the same id is stored already and stays."""
    last = connection.execute(
        select(func.max(rules.c.seq)).where(rules.c.person_id == scope.person_id)
    ).scalar()
    statement = insert_into(connection, rules).values(
        person_id=scope.person_id,
        id=rule.id,
        seq=(last or 0) + 1,
        kind=rule.kind,
        name=rule.name,
        value=dict(rule.value),
        created_at=rule.created_at,
    )
    connection.execute(statement.on_conflict_do_nothing(index_elements=["person_id", "id"]))


def remove_rules(connection: Connection, scope: UserScope, ids: Sequence[str]) -> None:
    """Remove rules; an unknown id removes nothing."""
    connection.execute(
        delete(rules).where(rules.c.person_id == scope.person_id, rules.c.id.in_(ids))
    )
