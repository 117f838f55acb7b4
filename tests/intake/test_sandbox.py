"""A file is read in a process that cannot take more than its share."""

from pathlib import Path

import pytest

from intake import sandbox
from intake.errors import FileMissingError
from intake.sandbox import Limits
from ledger.errors import HostileFileError
from ledger.imports.choices import Choices, ImportQuestion
from ledger.imports.limits import MAX_BYTES
from ledger.imports.rows import Row


def read(path: Path, limits: Limits | None = None) -> sandbox.Reading:
    return sandbox.read(path, path.name, Choices(), limits or Limits())


def test_rows_come_back_as_they_were_read_and_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Date,Description,Amount\n13/01/2026,Café,-1.00\n")
    found = read(path)
    assert found.spool.kind == "csv"
    first, second = list(found.spool.items()), list(found.spool.items())
    assert first == second
    assert isinstance(first[0], Row)
    assert (first[0].description, first[0].minor) == ("Café", -100)


def test_a_question_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Date,Description,Amount\n03/04/2026,x,-1.00\n")
    with pytest.raises(ImportQuestion) as asked:
        read(path)
    assert asked.value.examples == ("03/04/2026",)
    assert [option.value for option in asked.value.options] == ["dmy", "mdy"]


def test_a_file_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Date,Description,Amount\n" + "13/01/2026,x,-1.00\n" * 50_000)
    with pytest.raises(HostileFileError):
        read(path, Limits(memory_mb=48))


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Date,Description,Amount\n" + "13/01/2026,x,-1.00\n" * 50_000)
    with pytest.raises(HostileFileError):
        read(path, Limits(wall_s=0))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as out:
        out.truncate(MAX_BYTES + 1)
    with pytest.raises(HostileFileError, match="MB"):
        read(path)


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_what_is_no_file_is_said_to_be_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileMissingError):
        read(tmp_path / name)
