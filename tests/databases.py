"""Databases that exist as long as they are needed."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from ledger.database import migrate


@contextmanager
def fresh_postgres(server: str) -> Iterator[str]:
    """A migrated database of its own on a server; it is dropped at the end."""
    with empty_postgres(server) as url:
        migrate(url)
        yield url


@contextmanager
def empty_postgres(server: str) -> Iterator[str]:
    """A database of its own on a server; it is dropped at the end."""
    name = f"florin_test_{secrets.token_hex(6)}"
    base = make_url(server).set(drivername="postgresql+psycopg")
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = base.set(database=name).render_as_string(hide_password=False)
    try:
        yield url
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def fresh_databases() -> Iterator[tuple[str, str]]:
    """A migrated database of each kind: SQLite, and PostgreSQL where its URL is set."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'florin.db'}"
        migrate(url)
        yield "SQLite", url
    server = os.environ.get("FLORIN_TEST_POSTGRES_URL")
    if server:
        with fresh_postgres(server) as url:
            yield "PostgreSQL", url
