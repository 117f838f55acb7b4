"""QIF: one letter a line says what it is, a caret ends a record."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.errors import MoneyError
from ledger.imports.amounts import decimal_mark, parse_amount
from ledger.imports.choices import Choices
from ledger.imports.dates import date_order, parse_date
from ledger.imports.delimited import check_lines
from ledger.imports.rows import AccountHint, Item, Parsed, Problem, Row
from ledger.imports.words import join, squash, tells

_MONEY_TYPES = frozenset({"bank", "ccard", "cash", "oth a", "oth l"})
_ACCOUNT_TYPES = {"bank": "checking", "ccard": "credit", "cash": "other", "oth l": "loan"}


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: its first line, its list's type, its account, its fields by letter."""

    line: int
    kind: str
    account: str
    fields: dict[str, str]


def _records(text: str) -> Iterator[_Record]:
    kind, account, first = "bank", "", 0
    found: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("!"):
            word = line[1:].strip().lower()
            if word.startswith("type:"):
                kind = word.removeprefix("type:").strip()
            elif word == "account":
                kind = "account"
        elif line == "^":
            if kind == "account":
                account = found.get("N", "")
            elif found and kind in _MONEY_TYPES:
                yield _Record(first, kind, account, found)
            found = {}
        elif line:
            if not found:
                first = number
            # Splits repeat their letters; the first of each belongs to the record itself.
            found.setdefault(line[0].upper(), line[1:].strip())
    if found and kind in _MONEY_TYPES:
        yield _Record(first, kind, account, found)


def _amount(record: _Record) -> str:
    return record.fields.get("T") or record.fields.get("U", "")


def _item(record: _Record, order: str, mark: str, currency: str) -> Row | Problem:
    booked = parse_date(record.fields.get("D", ""), order)
    if booked is None:
        return Problem(record.line, "it has no date that can be read.")
    try:
        minor = parse_amount(_amount(record), mark, currency)
    except MoneyError as error:
        return Problem(record.line, f"{str(error).rstrip('.')}.")
    core = join([record.fields.get("P", ""), record.fields.get("M", "")])
    number = record.fields.get("N", "")
    extra = number if number and not number.isdigit() and tells(number) else ""
    return Row(
        record.line, booked, minor, currency, join([core, extra]) or "(no description)", core,
        record.account, raw=record.fields,
    )  # fmt: skip


def _items(text: str, order: str, mark: str, currency: str) -> Iterator[Item]:
    seen: set[str] = set()
    for record in _records(text):
        if record.account not in seen:
            seen.add(record.account)
            kind = _ACCOUNT_TYPES.get(record.kind, "other")
            yield AccountHint(record.account, currency, type=kind, name=record.account)
        item = _item(record, order, mark, currency)
        if isinstance(item, Row) and squash(record.fields.get("P", "")) == "openingbalance":
            yield AccountHint(item.account, currency, opening_minor=item.minor)
            item = Problem(record.line, "it is the opening balance, which the account now has.")
        yield item


def read_qif(text: str, choices: Choices) -> Parsed:
    """Read a QIF file; it never tells its currency.

    Raises:
        HostileFileError: It holds what no bank writes.
        ImportQuestion: Dates or amounts can be read in several ways.
    """
    check_lines(text)
    order = date_order((r.fields.get("D", "") for r in _records(text)), choices.date_order)
    told = choices.currency or choices.default_currency
    currency = told or ("USD" if order == "mdy" else "GBP")
    mark = decimal_mark((_amount(record) for record in _records(text)), currency, choices.decimal)
    return Parsed(
        "qif", "qif", currency, told is None,
        "US" if order == "mdy" or currency == "USD" else "GB",
        _items(text, order, mark, currency),
    )  # fmt: skip
