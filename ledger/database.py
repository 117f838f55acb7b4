"""Opening the database: SQLite by default, PostgreSQL by URL, migrated by Alembic."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, OperationalError

from ledger.errors import DatabaseError

_BUSY_MS = 15_000
"""How long a SQLite writer waits for another; imports hold the lock for seconds."""
_POOL = 10
_VACUUM_BYTES = 256 * 1024 * 1024
"""A file of this size is written anew in seconds, less than a writer waits."""
_LOCK_KEY = 0x464C4F52
"""PostgreSQL's advisory lock while migrating: the letters FLOR."""
_MIGRATIONS = Path(__file__).parent / "migrations"


def _url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseError("The database URL is no URL such as sqlite:///florin.db.") from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseError("The database must be SQLite or PostgreSQL.")
    return parsed


def _make_private(path: Path) -> None:
    """Make the file, and its folder, that nobody else may read; its journals get its mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN is late and deferred; `_sqlite_begin` says it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        # What was deleted is overwritten: nothing of it stays in the file's free pages.
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # A writer takes the lock at once: upgrading a read lock can fail without waiting.
    write = connection.get_execution_options().get("florin_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def open_engine(url: str) -> Engine:
    """Open the database of a SQLAlchemy URL; one engine per process.

    Errors and logs of it tell statements without their values, which are people's own words.

    Args:
        url: ``sqlite:////path/florin.db`` (made with its folder, for its owner's eyes only) or
            ``postgresql://…``.

    Raises:
        DatabaseError: The URL is wrong or the folder cannot be made.
    """
    parsed = _url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=_POOL, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        try:
            _make_private(Path(parsed.database))
        except OSError as error:
            raise DatabaseError("The database's folder cannot be made; choose another.") from error
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database; nothing is kept."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is committed at the end, or rolled back if the block raises.

    On an engine of `rehearsing` it is always rolled back.
    """
    rehearsed = engine.get_execution_options().get("florin_rehearsal", False)
    opened = engine.execution_options(florin_write=True)
    with opened.connect() as connection, connection.begin() as transaction:
        yield connection
        if rehearsed:
            transaction.rollback()


def purge(engine: Engine) -> None:
    """Leave nothing of deleted rows in SQLite's files: copies in pages, older pages in the journal.

    A file past `_VACUUM_BYTES` is not written anew, which would keep all writers waiting: what was
    deleted is overwritten there, but ids may stand in a page's unused part until it fills.
    """
    if engine.dialect.name != "sqlite":
        return
    # The driver's own connection: SQLAlchemy would begin a transaction, in which no file is made.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        size = [cursor.execute(f"PRAGMA page_{of}").fetchone()[0] for of in ("count", "size")]
        if size[0] * size[1] <= _VACUUM_BYTES:
            cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def rehearsing(engine: Engine) -> Engine:
    """The same database, where whatever `writing` does is undone at its end."""
    return engine.execution_options(florin_rehearsal=True)


def _is_current(connection: Connection) -> bool:
    """Whether the newest migration, the last by file name, was run."""
    newest = max(path.name for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
    if not inspect(connection).has_table("alembic_version"):
        return False
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return found == [newest.partition("_")[0]]


def _upgrade(engine: Engine) -> None:
    with reading(engine) as connection:
        if _is_current(connection):
            return
    # Slow to import, and needed once in a database's life.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def migrate(url: str) -> None:
    """Bring the database up to date; safe when several processes start at once.

    Raises:
        DatabaseError: The database cannot be reached or its folder not be written.
    """
    engine = open_engine(url)
    try:
        if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
            with FileLock(f"{engine.url.database}.lock", timeout=60):
                _upgrade(engine)
        else:
            _upgrade(engine)
    except (OperationalError, OSError) as error:
        raise DatabaseError("The database cannot be opened; check its URL and folder.") from error
    finally:
        engine.dispose()


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that may say what happens ``on_conflict``, in the words of the database."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
