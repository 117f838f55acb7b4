"""`florin import`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledger import people, store
from ledger.accounts import balances
from ledger.database import open_engine, reading
from ledger.scope import UserScope

CODE = "from florin.cli import main; main()"


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"FLORIN_HOME": str(home)}
    environment.pop("FLORIN_DATABASE", None)
    return subprocess.run(
        [sys.executable, "-c", CODE, "import", *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_demo_persons_files_in_any_order(home: Path, data_folder: Path) -> None:
    files = [str(data_folder / "people" / "maya" / name)
             for name in ("transactions.csv", "accounts.csv")]  # fmt: skip
    done = run(home, "--user", "maya", *files)
    assert done.returncode == 0, done.stderr
    assert "308 rows: 308 added, 0 matched, 0 held, 0 rejected" in done.stdout
    again = run(home, "--user", "maya", *files)
    assert "308 rows: 0 added, 308 matched, 0 held, 0 rejected" in again.stdout
    engine = open_engine(f"sqlite:///{home / 'florin.db'}")
    with reading(engine) as connection:
        person = people.get_person(connection, "maya")
        rows = store.transactions(connection, UserScope("maya"))
        found = balances(connection, UserScope("maya"), rows[-1].booked)
    assert (person.country, person.currency, person.locale) == ("GB", "GBP", "GB")
    assert rows[0].id == "maya-0001"
    assert all(balance.minor is not None for balance in found)


def test_a_question_names_the_option_that_answers_it(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("Date,Description,Amount\n03/04/2026,x,-1.00\n")
    asked = run(home, "--user", "u", str(path))
    assert asked.returncode == 1
    assert "--date-order dmy" in asked.stderr
    assert "03/04/2026" in asked.stderr
    assert asked.stdout == ""
    done = run(home, "--user", "u", "--date-order", "mdy", str(path))
    assert done.returncode == 0
    assert "1 added" in done.stdout
    assert "New person u: US, USD." in done.stdout


def test_a_refused_file_stores_nothing_not_even_the_person(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_bytes(b"Date,Description,Amount\n13/01/2026,x,1E+1000000\n")
    done = run(home, "--user", "u", str(path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert not (home / "florin.db").exists()


def test_rejected_rows_are_listed_with_line_and_reason(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("Date,Description,Amount\n13/01/2026,x,-1.00\nTotal,,-1.00\n")
    done = run(home, "--user", "u", str(path))
    assert done.returncode == 0
    assert "2 rows: 1 added, 0 matched, 0 held, 1 rejected" in done.stdout
    assert "line 3 rejected: " in done.stdout


@pytest.mark.parametrize("arguments", [["--user", "a/b"], ["--user", "u", "--currency", "ABC"],
                                       ["--user", "u", "--locale", "FR"]])  # fmt: skip
def test_wrong_options_are_one_sentence(home: Path, arguments: list[str]) -> None:
    done = run(home, *arguments, "missing.csv")
    assert done.returncode == 1
    assert done.stderr.strip().endswith(".")
