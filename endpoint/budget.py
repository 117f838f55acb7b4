"""How many tokens a day may cost, kept in a file that all processes of a machine share."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from endpoint.errors import OverBudgetError

_WAIT_SECONDS = 10.0


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file under its write lock; all or nothing is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


class Budget:
    """Tokens of a day: set aside before a request, settled after it.

    What a request that broke off has cost is not known: its tokens stay set aside.

    Args:
        path: An SQLite file; made when it is first needed.
        daily_tokens: How many tokens a day may cost, prompts and replies together.
    """

    def __init__(self, path: Path, daily_tokens: int) -> None:
        self._path = path
        self._daily = daily_tokens

    def set_aside(self, day: date, tokens: int) -> None:
        """Set tokens of a day aside.

        Raises:
            OverBudgetError: The day has fewer left.
        """
        with opened(self._path) as file:
            if _spent(file, day) + tokens > self._daily:
                raise OverBudgetError(
                    f"The {self._daily:,} tokens of {day} for the language model are spent; "
                    "FLORIN_LLM_DAILY_TOKENS sets how many there are."
                )
            _add(file, day, tokens)

    def settle(self, day: date, aside: int, used: int) -> None:
        """Put what a request did cost in the place of what was set aside for it."""
        with opened(self._path) as file:
            _add(file, day, used - aside)

    def spent(self, day: date) -> int:
        """Tokens of a day that are spent or set aside."""
        with opened(self._path) as file:
            return _spent(file, day)


def _table(file: sqlite3.Connection) -> None:
    file.execute("CREATE TABLE IF NOT EXISTS spent (day TEXT PRIMARY KEY, tokens INTEGER NOT NULL)")


def _spent(file: sqlite3.Connection, day: date) -> int:
    _table(file)
    found = file.execute("SELECT tokens FROM spent WHERE day = ?", (day.isoformat(),)).fetchone()
    return int(found[0]) if found else 0


def _add(file: sqlite3.Connection, day: date, tokens: int) -> None:
    _table(file)
    file.execute(
        "INSERT INTO spent VALUES (?, ?) "
        "ON CONFLICT (day) DO UPDATE SET tokens = max(0, tokens + excluded.tokens)",
        (day.isoformat(), tokens),
    )
