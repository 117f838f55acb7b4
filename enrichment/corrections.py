"""A person's corrections as rules of theirs: visible, exportable, and stronger than any layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from knowledge.taxonomy import load_taxonomy


class BadRuleError(ValueError):
    """A correction that names no row, or a category that there is not."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a person said of a counterparty ("always") or of one row ("just this once").

    Attributes:
        category: What it is, an id of the taxonomy.
        counterparty_id: Every row with this counterparty; None for one row.
        transaction_id: Only this row; None for every row of the counterparty.
        inflow: Money in or money out only; None for both.
    """

    category: str
    counterparty_id: str | None = None
    transaction_id: str | None = None
    inflow: bool | None = None

    def __post_init__(self) -> None:
        """Refuses a rule that would match nothing or everything.

        Raises:
            BadRuleError: It names neither or both of counterparty and row, or no category.
        """
        if (self.counterparty_id is None) == (self.transaction_id is None):
            raise BadRuleError("A correction names a counterparty (always) or a row (just once).")
        if self.category not in load_taxonomy():
            raise BadRuleError(f"The category {self.category!r} is not in the taxonomy.")

    def matches(self, transaction_id: str, counterparty_id: str | None, minor: int) -> bool:
        """Whether the rule speaks of a row."""
        if self.inflow is not None and self.inflow != (minor > 0):
            return False
        if self.transaction_id is not None:
            return self.transaction_id == transaction_id
        return counterparty_id is not None and self.counterparty_id == counterparty_id


def rule_for(
    rules: Sequence[Rule], transaction_id: str, counterparty_id: str | None, minor: int
) -> Rule | None:
    """The rule that decides a row: one of this row alone first, then the latest said."""
    found = [r for r in rules if r.matches(transaction_id, counterparty_id, minor)]
    once = [r for r in found if r.transaction_id is not None]
    decisive = once or found
    return decisive[-1] if decisive else None


def to_json(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """The rules as people may export them."""
    return [{k: v for k, v in asdict(rule).items() if v is not None} for rule in rules]


def from_json(rows: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """Reads what `to_json` wrote.

    Raises:
        BadRuleError: A row is no rule.
    """
    try:
        return [Rule(**row) for row in rows]
    except TypeError as error:
        raise BadRuleError(f"A correction cannot be read: {error}.") from error
