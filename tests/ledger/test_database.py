"""The database is opened and migrated, whichever it is and whoever else starts."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import SQLAlchemyError

from ledger.database import migrate, open_engine, reading, writing
from ledger.errors import DatabaseError
from ledger.schema import metadata
from ledger.tables import people


def test_the_migrations_make_the_tables_of_the_code(engine: Engine) -> None:
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'florin.db'}"
    code = f"from ledger.database import migrate; migrate({url!r})"
    started = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
    assert [process.wait() for process in started] == [0, 0, 0, 0]
    with reading(open_engine(url)) as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_the_file_and_its_journals_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    url = f"sqlite:///{folder / 'florin.db'}"
    migrate(url)
    with writing(open_engine(url)) as connection:
        connection.execute(text("CREATE TABLE any_table (id INTEGER)"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.glob("*.db*")}
    modes.pop("florin.db.lock")
    assert modes == {"florin.db": 0o600, "florin.db-wal": 0o600, "florin.db-shm": 0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_sqlite_is_set_up_for_several_processes(tmp_path: Path) -> None:
    with reading(open_engine(f"sqlite:///{tmp_path / 'a.db'}")) as connection:
        settings = [connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "foreign_keys", "busy_timeout")]  # fmt: skip
    assert settings == ["wal", 1, 15_000]


def test_an_error_tells_no_values(engine: Engine) -> None:
    with pytest.raises(SQLAlchemyError) as failed, writing(engine) as connection:
        connection.execute(insert(people).values(id="p", name="My secret line"))
    assert "secret" not in str(failed.value) or engine.dialect.name == "postgresql"
    assert "parameters hidden" in str(failed.value)


@pytest.mark.parametrize("url", ["", "no url", "mysql://x/y"])
def test_a_wrong_url_is_one_sentence(url: str) -> None:
    with pytest.raises(DatabaseError) as wrong:
        open_engine(url)
    assert str(wrong.value).endswith(".")


def test_an_unwritable_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError):
        migrate(f"sqlite:///{tmp_path / 'file' / 'florin.db'}")
