"""Column types of values that streams have."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Dialect, TypeDecorator

from ledger.types import PriceRise


class PriceRises(TypeDecorator[tuple[PriceRise, ...]]):
    """Rises of a price, kept as a JSON list of day, signed amount before and after."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Store days as ISO 8601."""
        return [[rise.on.isoformat(), rise.before, rise.after] for rise in value or ()]

    def process_result_value(
        self,
        value: Any | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> tuple[PriceRise, ...]:
        """Read back; rows of before this column have none."""
        return tuple(
            PriceRise(date.fromisoformat(on), before, after) for on, before, after in value or ()
        )
