"""Which column of a table is what: by its name, or by what stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from ledger.errors import UnreadableFileError
from ledger.imports import headers
from ledger.imports.amounts import take_apart
from ledger.imports.dates import is_date
from ledger.imports.delimited import Table

_PROBE = 200
_ACCOUNT_ROWS = 5_000
_MOST_ACCOUNTS = 20
"""Own accounts of one file; more values are other people's."""
_TEXTS = ("payee", "description", "memo")
_EXTRA = ("reference", "type")


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of a table's columns, from 0; none where it has no such column.

    Attributes:
        date: The booking date.
        purchased: The purchase date, where it is another.
        texts: What a row is about: payee, description, memo.
        extras: What adds to it: reference, type.
        directions: Columns that may tell credit from debit.
    """

    date: int
    texts: tuple[int, ...]
    purchased: int | None = None
    extras: tuple[int, ...] = ()
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    directions: tuple[int, ...] = ()
    balance: int | None = None
    currency: int | None = None
    account: int | None = None
    mcc: int | None = None
    id: int | None = None
    status: int | None = None
    fee: int | None = None
    names: tuple[str, ...] = field(default=())

    @property
    def money(self) -> tuple[int, ...]:
        """The columns that hold amounts."""
        found = (self.amount, self.debit, self.credit, self.balance, self.fee)
        return tuple(index for index in found if index is not None)


def _probe(table: Table) -> list[list[str]]:
    return [record.cells for record in islice(table.records(), _PROBE)]


def _filled(rows: Sequence[Sequence[str]], index: int) -> int:
    return sum(bool(row[index].strip()) for row in rows if index < len(row))


def _dates(table: Table, roles: dict[str, list[int]]) -> tuple[int, int | None]:
    rows = _probe(table)
    found = [index for index in roles.get("date", []) if _filled(rows, index)]
    if not found:
        found = roles.get("date", []) + roles.get("value_date", []) + roles.get("purchased", [])
        return found[0], None
    posted = [index for index in found if headers.is_posting(table.header[index])]
    booked = (posted or found)[0]
    others = roles.get("purchased", []) + [index for index in found if index != booked]
    return booked, others[0] if others else None


def _money(table: Table, roles: dict[str, list[int]]) -> tuple[int | None, int | None, int | None]:
    """Amount, debit and credit; a pair that tells every row's amount is clearer than one column."""
    rows = _probe(table)

    def first(role: str) -> int | None:
        named = roles.get(role, [])
        return next((index for index in named if _filled(rows, index)), named[0] if named else None)

    amount, debit, credit = first("amount"), first("debit"), first("credit")
    if debit is not None and credit is not None and _each(rows, debit, credit):
        return None, debit, credit
    if amount is not None and _filled(rows, amount):
        return amount, None, None
    return (
        (None, debit, credit) if debit is not None or credit is not None else (amount, None, None)
    )


def _each(rows: Sequence[Sequence[str]], debit: int, credit: int) -> bool:
    """Whether each row fills one of two columns."""
    filled = _filled(rows, debit) and _filled(rows, credit)
    width = max(debit, credit)
    return bool(filled) and all(
        bool(row[debit].strip()) != bool(row[credit].strip()) for row in rows if len(row) > width
    )


def _account(table: Table, named: Sequence[int]) -> int | None:
    """The column of the person's own account: of few values, a number before a name.

    A column called no more than IBAN is as often the other side's; it is taken if it never changes.
    """
    good = []
    for index in named:
        values = {record.cells[index] for record in islice(table.records(), _ACCOUNT_ROWS)
                  if index < len(record.cells)}  # fmt: skip
        most = 1 if headers.plain(table.header[index]) == "iban" else _MOST_ACCOUNTS
        if len(values) <= most:
            good.append(index)
    numbers = [index for index in good if headers.is_number(table.header[index])]
    return next(iter(numbers + good), None)


def _currencies(table: Table, roles: dict[str, list[int]]) -> list[int]:
    """The currency columns; in some languages their name is that of the value date."""
    rows = _probe(table)
    found = list(roles.get("currency", []))
    for index in roles.get("value_date", []):
        cells = [row[index].strip() for row in rows if index < len(row) and row[index].strip()]
        if cells and all(len(text) == 3 and text.isalpha() for text in cells):
            found.append(index)
    return found


def by_name(table: Table) -> Columns:
    """The columns of a table that has a header."""
    roles: dict[str, list[int]] = {}
    for index, name in enumerate(table.header):
        if role := headers.role_of(name):
            roles.setdefault(role, []).append(index)
    booked, purchased = _dates(table, roles)
    amount, debit, credit = _money(table, roles)
    texts = tuple(index for role in _TEXTS for index in roles.get(role, []))
    extras = tuple(index for role in _EXTRA for index in roles.get(role, []))
    if not texts:
        texts, extras = extras, ()
    one = {role: found[0] for role, found in roles.items()}
    currency = next(iter(_currencies(table, roles)), None)
    account = _account(table, roles.get("account", []))
    return Columns(
        booked, texts, purchased, extras, amount, debit, credit,
        tuple(roles.get("direction", []) + roles.get("type", []) + roles.get("description", [])),
        one.get("balance"), currency, account, one.get("mcc"),
        one.get("id"), one.get("status"), one.get("fee"), table.header,
    )  # fmt: skip


def _share(rows: Sequence[Sequence[str]], index: int, kind: str) -> float:
    cells = [row[index].strip() for row in rows if index < len(row) and row[index].strip()]
    if not cells:
        return 0.0
    if kind == "date":
        return sum(is_date(cell) for cell in cells) / len(cells)
    if kind == "amount":
        return sum(take_apart(cell) is not None for cell in cells) / len(cells)
    return sum(any(mark.isalpha() for mark in cell) for cell in cells) / len(cells)


def _pair(rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> tuple[int, int] | None:
    """Two number columns of which each row fills one: a debit and a credit column."""
    for index, left in enumerate(numbers):
        for right in numbers[index + 1 :]:
            both = sum(bool(row[left].strip()) and bool(row[right].strip()) for row in rows)
            some = sum(bool(row[left].strip()) or bool(row[right].strip()) for row in rows)
            if not both and some == len(rows) and _filled(rows, left) and _filled(rows, right):
                return left, right
    return None


def by_content(table: Table) -> Columns:
    """The columns of a table without a header.

    Raises:
        UnreadableFileError: They cannot be told.
    """
    rows = _probe(table)
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    dates = [index for index in range(width) if _share(rows, index, "date") > 0.8]
    numbers = [
        index
        for index in range(width)
        if index not in dates and _share(rows, index, "amount") > 0.8
    ]
    texts = [index for index in range(width) if _share(rows, index, "text") > 0.5
             and index not in dates and index not in numbers]  # fmt: skip
    if not dates or not numbers or not texts:
        raise UnreadableFileError(
            "The file has no header, and its columns cannot be told; add a line of column names."
        )
    widest = max(texts, key=lambda index: sum(len(row[index]) for row in rows))
    others = tuple(index for index in texts if index != widest)
    pair = _pair(rows, numbers)
    if pair:
        raise UnreadableFileError(
            "The file has no header and two amount columns; add a line of column names, such as "
            "Date,Description,Paid out,Paid in."
        )
    money = [index for index in numbers if _decimals(rows, index)] or numbers
    if len(money) > 2:
        raise UnreadableFileError(
            "The file's amount columns cannot be told apart; add a line of column names, such as "
            "Date,Description,Amount,Balance."
        )
    balance = money[1] if len(money) > 1 else None
    return Columns(dates[0], (widest,), None, (), money[0], balance=balance, directions=others)


def _decimals(rows: Sequence[Sequence[str]], index: int) -> bool:
    return any("." in row[index] or "," in row[index] for row in rows)
