"""Answers that were paid for once, found again by the hash of what was asked."""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from endpoint.budget import opened


class Cache:
    """Answers by question; of a question only the hash is kept.

    Args:
        path: An SQLite file; made when it is first needed.
        kind: What the answers depend on besides the question: the model and the prompt's version.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self._path = path
        self._kind = kind

    def _key(self, question: str) -> str:
        return hashlib.sha256(f"{self._kind}\n{question}".encode()).hexdigest()

    def get(self, questions: Iterable[str]) -> dict[str, str]:
        """The answers that are known, by question."""
        found: dict[str, str] = {}
        if not self._path.is_file():
            return found
        with opened(self._path) as file:
            _table(file)
            for question in questions:
                row = file.execute(
                    "SELECT answer FROM answers WHERE key = ?", (self._key(question),)
                ).fetchone()
                if row:
                    found[question] = str(row[0])
        return found

    def put(self, answers: Mapping[str, str]) -> None:
        """Keep answers, by question; a new answer replaces the old one."""
        with opened(self._path) as file:
            _table(file)
            file.executemany(
                "INSERT OR REPLACE INTO answers VALUES (?, ?)",
                [(self._key(question), answer) for question, answer in answers.items()],
            )


def _table(file: sqlite3.Connection) -> None:
    file.execute("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)")
