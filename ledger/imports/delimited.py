"""Records of a delimited text: which delimiter, which row is the header."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ledger.errors import HostileFileError, UnreadableFileError
from ledger.imports import headers
from ledger.imports.amounts import take_apart
from ledger.imports.dates import is_date
from ledger.imports.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS

_DELIMITERS = ",;\t|"
_HEADER_WITHIN = 60
"""Records before the header: banks put an address and a summary there."""

_SPARE_LINES = 10_000
"""Lines that are no rows: a preamble, values with line ends in them."""

csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True, slots=True)
class Record:
    """One record and the line it begins on, from 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited text whose header was found.

    Attributes:
        data: The whole text as UTF-8.
        delimiter: Between cells.
        header: Its cells; empty where the text has none.
        first_line: The line the first data record begins on.
    """

    data: bytes
    delimiter: str
    header: tuple[str, ...]
    first_line: int

    def records(self) -> Iterator[Record]:
        """The data records; lines that are empty are left out."""
        for record in records(self.data, self.delimiter):
            if record.line >= self.first_line:
                yield record


def records(data: bytes, delimiter: str) -> Iterator[Record]:
    """Read a UTF-8 text as records.

    Raises:
        HostileFileError: Past a limit on cells, columns or rows.
    """
    # csv must see each line with its own end: a value may hold others.
    lines = io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    line, count = 1, 0
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise HostileFileError(
                    f"Line {line} has more than {MAX_COLUMNS} columns, so it is no bank file."
                )
            if "".join(cells).strip():
                count += 1
                if count > MAX_ROWS:
                    raise HostileFileError(
                        f"The file has more than {MAX_ROWS:,} rows; export a shorter period."
                    )
                yield Record(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise HostileFileError(
            f"Line {line} holds a value longer than {MAX_CELL:,} characters."
        ) from error


def check_lines(text: str) -> None:
    """Refuse a text with a line that no bank writes, before any of it is parsed.

    Raises:
        HostileFileError: Such a line.
    """
    longest = MAX_CELL * 4
    if len(text) > longest and (found := re.search(rf"(?:\A|[\r\n])[^\r\n]{{{longest}}}", text)):
        line = text.count("\n", 0, found.end()) + 1
        raise HostileFileError(f"Line {line} is longer than any bank's; the file is refused.")


def _is_header(cells: list[str]) -> bool:
    roles = {headers.role_of(cell) for cell in cells if cell.strip()}
    dated = roles & {"date", "purchased", "value_date"}
    money = roles & {"amount", "debit", "credit"}
    return bool(dated and money) and not any(is_date(cell) for cell in cells)


def _is_data(cells: list[str]) -> bool:
    dated = any(is_date(cell) for cell in cells)
    return dated and any(take_apart(cell) and not is_date(cell) for cell in cells)


def _score(data: bytes, delimiter: str) -> tuple[int, int, Table | None]:
    """How well a delimiter fits: with a header best, then by rows that look like data."""
    try:
        probe = list(islice(records(data, delimiter), _HEADER_WITHIN))
    except HostileFileError:
        return 0, 0, None
    for index, record in enumerate(probe):
        if len(record.cells) > 1 and _is_header(record.cells):
            known = sum(headers.role_of(cell) is not None for cell in record.cells)
            following = probe[index + 1].line if index + 1 < len(probe) else record.line + 1
            header = tuple(cell.strip() for cell in record.cells)
            return 2, known, Table(data, delimiter, header, following)
    rows = [record for record in probe if _is_data(record.cells)]
    if rows:
        cells = sum(len(record.cells) for record in rows)
        return 1, cells, Table(data, delimiter, (), rows[0].line)
    return 0, 0, None


def find_table(text: str) -> Table:
    """Find delimiter and header of a text.

    Raises:
        HostileFileError: Past a limit.
        UnreadableFileError: No delimiter gives rows with a date and an amount.
    """
    if text.count("\n") > MAX_ROWS + _SPARE_LINES:
        raise HostileFileError(
            f"The file has more than {MAX_ROWS:,} rows; export a shorter period."
        )
    check_lines(text)
    named = re.match(r"\ufeff?sep=([,;\t|])\r?\n", text)
    data = text.encode()
    scored = [_score(data, mark) for mark in (named[1] if named else _DELIMITERS)]
    best = max(scored, key=lambda score: score[:2])
    if best[2] is None:
        # A text that breaks a limit under every delimiter says so rather than "unreadable".
        for _ in islice(records(data, _DELIMITERS[0]), _HEADER_WITHIN):
            pass
        raise UnreadableFileError(
            "The file has no rows with a date and an amount; export CSV, OFX, QIF or CAMT.053."
        )
    return best[2]
