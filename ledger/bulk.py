"""Many rows of one table, made ready before the lock is taken and stored in one go.

On SQLite one writer keeps all others waiting. So values are brought into the driver's form
beforehand, and the pages of a table's indexes are kept in memory while its rows are stored.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert

_BATCH = 5_000
_CACHE_KB = 64 * 1024
"""Holds the indexes of 100,000 rows, which are written all over."""


@contextmanager
def roomy(connection: Connection) -> Iterator[None]:
    """Give a SQLite connection the memory that many rows need, and take it back."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={before}")


class Bulk:
    """Rows that wait to be stored.

    Args:
        table: Where they go.
        dialect: Of the database.
    """

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self._table = table
        self._columns = [column.name for column in table.columns]
        self._sqlite = dialect.name == "sqlite"
        self._processors: list[Callable[[Any], Any] | None] = [
            column.type.dialect_impl(dialect).bind_processor(dialect) if self._sqlite else None
            for column in table.columns
        ]
        self._rows: list[Any] = []

    def add(self, values: Mapping[str, Any]) -> None:
        """Make a row ready; it has a value for each column."""
        if not self._sqlite:
            self._rows.append(dict(values))
            return
        self._rows.append(
            tuple(
                process(values[name]) if process else values[name]
                for name, process in zip(self._columns, self._processors, strict=True)
            )
        )

    def store(self, connection: Connection) -> None:
        """Insert all rows, within the caller's transaction."""
        if not self._rows:
            return
        if not self._sqlite:
            for first in range(0, len(self._rows), _BATCH):
                connection.execute(insert(self._table), self._rows[first : first + _BATCH])
            return
        marks = ", ".join(repeat("?", len(self._columns)))
        into = f"{self._table.name} ({', '.join(self._columns)})"
        connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({marks})", self._rows)  # noqa: S608
