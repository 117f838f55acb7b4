"""`florin export` writes a person's whole data, once, for its owner alone."""

import stat
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from florin.commands.export import ExportError, export
from ledger.database import migrate, open_engine, writing
from ledger.errors import UnknownPersonError
from ledger.people import create_person
from ledger.scope import UserScope
from ledger.store import add_transactions, save_accounts
from ledger.types import Account, Person, Transaction


@pytest.fixture
def ann(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    url = f"sqlite:///{tmp_path / 'florin.db'}"
    monkeypatch.setenv("FLORIN_DATABASE", url)
    migrate(url)
    engine, scope = open_engine(url), UserScope("ann")
    with writing(engine) as connection:
        person = Person("ann", "Ann", "GB", "GBP", "GB", "Europe/London")
        create_person(connection, person, datetime(2026, 1, 1, tzinfo=UTC))
        save_accounts(connection, scope, [Account("a", "Bank", "checking", "GBP", "Bank")])
        row = Transaction("1", "a", date(2026, 10, 3), "TESCO", -1234, "GBP", fingerprint="1")
        add_transactions(connection, scope, [row])
    engine.dispose()
    return tmp_path


def test_the_archive_is_whole_and_private(ann: Path) -> None:
    app = typer.Typer()
    app.command()(export)
    out = ann / "ann.zip"
    done = CliRunner().invoke(app, ["--user", "ann", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with zipfile.ZipFile(out) as packed:
        assert "-12.34" in packed.read("transactions.csv").decode()
        assert "TESCO" in packed.read("transactions.ofx").decode()


def test_a_file_that_is_there_and_a_stranger_are_refused(ann: Path) -> None:
    there = ann / "there.zip"
    there.write_text("mine")
    with pytest.raises(ExportError, match="already"):
        export(user="ann", out=there)
    assert there.read_text() == "mine"
    with pytest.raises(UnknownPersonError):
        export(user="nobody", out=ann / "nobody.zip")
    assert not (ann / "nobody.zip").exists()
