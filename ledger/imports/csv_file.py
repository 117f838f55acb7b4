"""CSV in any bank's layout."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Literal

from ledger.errors import MoneyError, UnreadableFileError
from ledger.imports import columns, headers, signs
from ledger.imports.amounts import SYMBOLS, decimal_mark, parse_amount, take_apart
from ledger.imports.choices import Choices
from ledger.imports.columns import Columns
from ledger.imports.dates import date_order, is_date, parse_date
from ledger.imports.delimited import Record, Table, find_table
from ledger.imports.rows import AccountHint, Item, Parsed, Problem, Row
from ledger.imports.words import join, tells
from ledger.money import exponent

_PROBE = 200
_WEIGHED = 2_000
"""Rows that are asked for signs and order: enough of a file that all of one bank wrote."""
_IN = frozenset({"cr", "c", "credit", "crdt", "in", "bij", "haben", "h", "+", "money in", "paid in",
                 "incoming", "crédit", "avere", "abono"})  # fmt: skip
_OUT = frozenset({"dr", "d", "debit", "dbit", "out", "af", "soll", "s", "-", "money out",
                  "paid out", "outgoing", "débit", "dare", "cargo"})  # fmt: skip
_NOT_BOOKED = frozenset({"pending", "declined", "reverted", "failed", "cancelled", "canceled",
                         "rejected", "authorised", "authorized", "voided", "expired",
                         "vorgemerkt"})  # fmt: skip
_NATIVE = frozenset({"transaction_id", "account_id", "date", "description", "amount"})


class RowError(Exception):
    """A row cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file's rows are to be read.

    Attributes:
        sign: 1 where a negative amount is money out, -1 where purchases are positive.
        direction: The column that tells credit from debit, if one does.
        unmarked: The sign of an amount without CR or DR, in a file where others have one.
        order: 1 for oldest first, -1 for newest first; 0 where balances do not add up.
        owed: -1 where a balance tells what is owed, which the ledger keeps as negative.
        native: A file of Florin's own columns, whose ids are the ledger's.
    """

    table: Table
    columns: Columns
    currency: str
    date_order: str
    mark: str
    sign: int = 1
    direction: int | None = None
    unmarked: int = 0
    order: int = 0
    owed: int = 1
    native: bool = False


def cell(record: Record, index: int | None) -> str:
    """A record's cell, empty where it has none."""
    if index is None or index >= len(record.cells):
        return ""
    text = record.cells[index].strip()
    # Some banks put an apostrophe before text, so that a spreadsheet leaves it alone.
    return text.strip("'").strip() if text.startswith("'") else text


def _told_currency(text: str, table: Table, found: Columns) -> str | None:
    for index in found.money:
        if found.names and (currency := headers.currency_in(found.names[index])):
            return currency
    for record in islice(table.records(), _PROBE):
        if (code := cell(record, found.currency).upper()) and _is_code(code):
            return code
        for index in found.money:
            amount = take_apart(cell(record, index))
            if amount and amount.currency and _is_code(amount.currency):
                return amount.currency
    # Only what stands before the rows: a row's text may name a foreign currency.
    above = "".join(text.splitlines(keepends=True)[: min(table.first_line - 1, 60)])
    symbols = {SYMBOLS[mark] for mark in SYMBOLS if mark in above}
    return symbols.pop() if len(symbols) == 1 else headers.currency_in(above)


def _is_code(code: str) -> bool:
    try:
        exponent(code)
    except MoneyError:
        return False
    return True


def _assume_currency(table: Table, found: Columns, order: str) -> str:
    """The likeliest currency of a file that tells none; the caller says that it was assumed."""
    records = islice(table.records(), _PROBE)
    dollars = any("$" in cell(record, index) for record in records for index in found.money)
    if dollars or order == "mdy":
        return "USD"
    return "EUR" if ";" in table.delimiter else "GBP"


def _direction(table: Table, found: Columns) -> int | None:
    """The column of which every value says in or out, if there is one."""
    for index in found.directions:
        values: set[str] = set()
        for record in table.records():
            values.add(cell(record, index).casefold())
            if len(values) > 4:
                break
        values.discard("")
        if values and values <= _IN | _OUT and (len(values) > 1 or index in found.directions[:1]):
            return index
    return None


def _texts(table: Table, indexes: tuple[int, ...]) -> Iterator[str]:
    for record in table.records():
        for index in indexes:
            if value := cell(record, index):
                yield value


def _ways(table: Table, found: Columns) -> int:
    """The sign of unmarked amounts in a file where some are marked CR or DR."""
    if found.amount is None:
        return 0
    ways = {amount.way for text in _texts(table, (found.amount,)) if (amount := take_apart(text))}
    if "in" in ways and "out" not in ways:
        return -1
    return 1 if "out" in ways and "in" not in ways else 0


def _signed(layout: Layout, record: Record) -> int:
    """The amount of a record by its columns, before the file's sign is applied."""
    found = layout.columns
    if found.amount is not None:
        return _one_column(layout, record, cell(record, found.amount))
    out, into = cell(record, found.debit), cell(record, found.credit)
    debit = parse_amount(out, layout.mark, layout.currency) if out else 0
    credit = parse_amount(into, layout.mark, layout.currency) if into else 0
    if not out and not into:
        raise RowError("it has no amount")
    if debit and credit:
        raise RowError("it has both a debit and a credit")
    return abs(credit) - abs(debit)


def _one_column(layout: Layout, record: Record, text: str) -> int:
    if not text:
        raise RowError("it has no amount")
    minor = parse_amount(text, layout.mark, layout.currency)
    if layout.direction is not None:
        way = cell(record, layout.direction).casefold()
        if not way:
            raise RowError("it tells neither credit nor debit")
        return abs(minor) if way in _IN else -abs(minor)
    amount = take_apart(text) if text[-1].isalpha() or text[-1] == "." else None
    if amount and amount.way:
        return abs(minor) if amount.way == "in" else -abs(minor)
    return layout.unmarked * abs(minor) if layout.unmarked else minor


def _balance(layout: Layout, record: Record) -> int | None:
    text = cell(record, layout.columns.balance)
    if not text:
        return None
    try:
        minor = parse_amount(text, layout.mark, layout.currency)
    except MoneyError:
        return None
    amount = take_apart(text) if text[-1].isalpha() else None
    return -abs(minor) if amount and amount.way == "out" else minor


def _weighable(layout: Layout) -> Iterator[signs.Signed]:
    found = layout.columns
    for record in layout.table.records():
        if not is_date(cell(record, found.date)):
            continue
        try:
            minor = _signed(layout, record) - _fee(layout, record)
        except (RowError, MoneyError):
            continue
        words = " ".join(cell(record, index) for index in found.texts + found.extras)
        yield signs.Signed(cell(record, found.account), minor, _balance(layout, record), words)


def _fee(layout: Layout, record: Record) -> int:
    text = cell(record, layout.columns.fee)
    return abs(parse_amount(text, layout.mark, layout.currency)) if text else 0


def detect(text: str, choices: Choices) -> tuple[Layout, bool]:
    """How a file is to be read, and whether its currency had to be assumed.

    Raises:
        ImportQuestion: It can be read in several ways.
        ImportRefusedError: It cannot be read.
    """
    table = find_table(text)
    found = columns.by_name(table) if table.header else columns.by_content(table)
    order = date_order(_texts(table, (found.date,)), choices.date_order)
    told = choices.currency or _told_currency(text, table, found) or choices.default_currency
    currency = told or _assume_currency(table, found, order)
    mark = decimal_mark(_texts(table, found.money), currency, choices.decimal)
    native = frozenset(name.casefold() for name in table.header) >= _NATIVE
    layout = Layout(table, found, currency, order, mark, native=native)
    return _with_signs(layout, choices), told is None


def _with_signs(layout: Layout, choices: Choices) -> Layout:
    found, table = layout.columns, layout.table
    if found.amount is not None and not layout.native:
        layout = replace(layout, direction=_direction(table, found), unmarked=_ways(table, found))
        if layout.direction is not None and _contradicts(layout):
            layout = replace(layout, direction=None)
    evidence = signs.weigh(islice(_weighable(layout), _WEIGHED))
    told = layout.native or layout.direction is not None or layout.unmarked or found.amount is None
    sign = 1 if told else signs.sign_of(evidence, choices.sign)
    chain = evidence.chain()
    if not table.header and found.balance is not None and evidence.steps and not chain:
        raise UnreadableFileError(
            "The file has no header, and its second amount column is no balance; add a line of "
            "column names."
        )
    way, order = chain or (1, 0)
    if layout.direction is not None:
        columns_left = tuple(index for index in found.texts if index != layout.direction)
        extras = tuple(index for index in found.extras if index != layout.direction)
        found = replace(found, texts=columns_left or found.texts, extras=extras)
    return replace(layout, sign=sign, order=order, owed=sign * way, columns=found)


def _contradicts(layout: Layout) -> bool:
    """Whether amounts are signed and disagree with the column that says credit or debit."""
    both = disagree = 0
    for record in layout.table.records():
        amount = take_apart(cell(record, layout.columns.amount))
        way = cell(record, layout.direction).casefold()
        if amount is None or not way:
            continue
        both += amount.negative
        disagree += amount.negative and way in _IN
    return bool(both) and bool(disagree)


def read_csv(text: str, choices: Choices) -> Parsed:
    """Read a bank's CSV.

    Raises:
        ImportQuestion: It can be read in several ways.
        ImportRefusedError: It cannot be read, or is past a limit.
    """
    layout, assumed = detect(text, choices)
    american = layout.date_order == "mdy" or layout.currency == "USD"
    locale: Literal["GB", "US"] = "US" if american else "GB"
    names = "|".join(layout.table.header).casefold()
    seen = f"{layout.table.delimiter}{names}{layout.columns}"
    signature = hashlib.sha256(seen.encode()).hexdigest()[:16]
    kind: Literal["florin", "csv"] = "florin" if layout.native else "csv"
    return Parsed(kind, f"csv:{signature}", layout.currency, assumed, locale, _items(layout))


def _items(layout: Layout) -> Iterator[Item]:
    closings: dict[str, AccountHint] = {}
    read = _reader(layout)
    if layout.sign == -1:
        yield AccountHint("", layout.currency, type="credit")
    for record in layout.table.records():
        try:
            row = read(record)
        except RowError as error:
            yield Problem(record.line, f"{error}.")
            continue
        except MoneyError as error:
            yield Problem(record.line, f"{str(error).rstrip('.')}.")
            continue
        _close(layout, record, row, closings)
        yield row
    yield from closings.values()


def _close(layout: Layout, record: Record, row: Row, closings: dict[str, AccountHint]) -> None:
    """Remember the balance after the newest row of each account, where balances add up."""
    before = closings.get(row.account)
    last = before.closing_on if before else None
    if not layout.order or (last and row.booked < last):
        return
    if last == row.booked and layout.order == -1:
        return
    balance = _balance(layout, record)
    if balance is not None:
        closings[row.account] = AccountHint(
            row.account, row.currency, closing_minor=layout.owed * balance, closing_on=row.booked
        )


def _reader(layout: Layout) -> Callable[[Record], Row]:
    found = layout.columns
    names = [name or f"column {index + 1}" for index, name in enumerate(found.names)]

    def raw(record: Record) -> dict[str, str]:
        extra = [f"column {index + 1}" for index in range(len(names), len(record.cells))]
        pairs = zip(names + extra, record.cells, strict=False)
        return {name: value for name, value in pairs if value}

    def read(record: Record) -> Row:
        _check(layout, record)
        booked = _day(layout, record, found.date)
        if booked is None:
            raise RowError("it has no date that can be read")
        row_layout = _in_currency(layout, record)
        minor = layout.sign * _signed(row_layout, record) - _fee(row_layout, record)
        core = join([cell(record, index) for index in found.texts])
        extras = [cell(record, index) for index in found.extras]
        if not core:
            core, extras = join(extras), []
        return Row(
            record.line, booked, minor, row_layout.currency,
            join([core, *(extra for extra in extras if tells(extra))]) or "(no description)",
            core, cell(record, found.account), cell(record, found.id),
            _day(layout, record, found.purchased), _mcc(cell(record, found.mcc)), raw(record),
        )  # fmt: skip

    return read


def _day(layout: Layout, record: Record, index: int | None) -> date | None:
    text = cell(record, index)
    return parse_date(text, layout.date_order) if text else None


def _mcc(text: str) -> str | None:
    return text if re.fullmatch(r"\d{4}", text) else None


def _in_currency(layout: Layout, record: Record) -> Layout:
    code = cell(record, layout.columns.currency).upper()
    if not code or code == layout.currency:
        return layout
    if not _is_code(code):
        if code in SYMBOLS:
            return replace(layout, currency=SYMBOLS[code])
        raise RowError(f"{code[:10]!r} is no currency")
    return replace(layout, currency=code)


def _check(layout: Layout, record: Record) -> None:
    status = cell(record, layout.columns.status).casefold()
    if status in _NOT_BOOKED:
        raise RowError(f"its status is {status!r}, so it is not booked")
    width = len(layout.columns.names)
    if width and any(value.strip() for value in record.cells[width:]):
        raise RowError(f"it has {len(record.cells)} columns, the header {width}")
