"""Many rows of one table, made ready before the lock is taken and stored in one go.

On SQLite one writer keeps all others waiting. So values are brought into the driver's form
beforehand, and the pages of a table's indexes are kept in memory while its rows are stored. Rows
wait in a nameless file, so that their number costs no memory.
"""

import pickle
import tempfile
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
        self._batches = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the rows

    def add(self, values: Mapping[str, Any]) -> None:
        """Make a row ready; it has a value for each column."""
        self._rows.append(self._ready(values))
        if len(self._rows) >= _BATCH:
            self._put_away()

    def _ready(self, values: Mapping[str, Any]) -> Any:
        if not self._sqlite:
            return dict(values)
        return tuple(
            process(values[name]) if process else values[name]
            for name, process in zip(self._columns, self._processors, strict=True)
        )

    def _put_away(self) -> None:
        pickle.dump(self._rows, self._file, pickle.HIGHEST_PROTOCOL)
        self._batches += 1
        self._rows = []

    def _waiting(self) -> Iterator[list[Any]]:
        self._file.seek(0)
        for _ in range(self._batches):
            yield pickle.load(self._file)  # noqa: S301 - written above, in a file without a name
        if self._rows:
            yield self._rows

    def store(self, connection: Connection) -> None:
        """Insert all rows, within the caller's transaction."""
        marks = ", ".join(repeat("?", len(self._columns)))
        into = f"{self._table.name} ({', '.join(self._columns)})"
        for rows in self._waiting():
            if self._sqlite:
                connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608
            else:
                connection.execute(insert(self._table), rows)
