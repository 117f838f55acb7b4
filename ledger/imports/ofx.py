"""OFX 1 (SGML) and OFX 2 (XML), also called QFX.

An own reader: files of real banks leave tags open and break the standard in single rows, which a
parser of whole documents answers by refusing all of them, and without a line number.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ledger.errors import HostileFileError, MoneyError, UnreadableFileError
from ledger.imports.amounts import parse_amount
from ledger.imports.choices import Choices
from ledger.imports.dates import parse_date
from ledger.imports.limits import MAX_ROWS
from ledger.imports.markup import check_markup
from ledger.imports.rows import AccountHint, Item, Parsed, Problem, Row
from ledger.imports.words import join, squash, tells
from ledger.money import exponent

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.]{0,40})\s*/?>([^<]*)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TYPES = {"CHECKING": "checking", "SAVINGS": "savings", "MONEYMRKT": "savings",
          "CREDITLINE": "credit", "CD": "savings"}  # fmt: skip
_SAYS = {"DIRECTDEBIT": "Direct Debit", "REPEATPMT": "Standing Order", "ATM": "ATM",
         "CHECK": "Check"}  # fmt: skip
"""Transaction types that a name alone does not tell."""


@dataclass(slots=True)
class _Statement:
    """One account's statement while it is read."""

    currency: str
    fields: dict[str, str] = field(default_factory=dict)
    balance: dict[str, str] = field(default_factory=dict)
    credit: bool = False

    @property
    def key(self) -> str:
        return f"{self.fields.get('BANKID', '')} {self.fields.get('ACCTID', '')}".strip()


def _day(text: str) -> date | None:
    return parse_date(text[:8], "ymd") if re.match(r"\d{8}", text) else None


def _minor(text: str, currency: str) -> int:
    # The standard knows no thousands separators: one mark is the decimal one.
    mark = "," if "," in text and "." not in text else "."
    return parse_amount(text, mark, currency)


def _name(found: dict[str, str]) -> str:
    """NAME and MEMO as one: MEMO often repeats a NAME that is cut off at 32 characters."""
    return join([found.get("NAME", ""), found.get("MEMO", "")])


def _row(line: int, found: dict[str, str], statement: _Statement) -> Row | Problem:
    booked = _day(found.get("DTPOSTED", ""))
    if booked is None:
        return Problem(line, "it has no date that can be read.")
    currency = found.get("CURSYM", statement.currency).upper()
    try:
        minor = _minor(found.get("TRNAMT", ""), currency)
    except MoneyError as error:
        return Problem(line, f"{str(error).rstrip('.')}.")
    core = _name(found)
    says = _SAYS.get(found.get("TRNTYPE", "").upper(), "")
    extra = says if says and squash(says) not in squash(core) else ""
    if not core:
        core, extra = extra or f"Check {found.get('CHECKNUM', '')}".strip(), ""
    sic = found.get("SIC", "")
    return Row(
        line, booked, minor, currency, join([core, extra]) if tells(extra) else core, core,
        statement.key, found.get("FITID", ""), _day(found.get("DTUSER", "")),
        sic if re.fullmatch(r"\d{4}", sic) else None, found,
    )  # fmt: skip


def _hint(statement: _Statement, institution: str) -> AccountHint:
    kind = statement.fields.get("ACCTTYPE", "").upper()
    minor, on = None, _day(statement.balance.get("DTASOF", ""))
    if on and "BALAMT" in statement.balance:
        try:
            minor = _minor(statement.balance["BALAMT"], statement.currency)
        except MoneyError:
            minor = None
    return AccountHint(
        statement.key, statement.currency, institution,
        "credit" if statement.credit else _TYPES.get(kind, "checking"),
        closing_minor=minor, closing_on=on if minor is not None else None,
    )  # fmt: skip


class _Reader:
    """Walks the tags once and gives rows and accounts as they end."""

    def __init__(self, text: str, fallback: str) -> None:
        self.text = text
        self.fallback = fallback
        self.statement = _Statement(fallback)
        self.institution = ""
        self.found: dict[str, str] | None = None
        self.inside = ""
        self.line, self.row_line, self.position = 1, 1, 0

    def items(self) -> Iterator[Item]:
        """Rows, problems and accounts in the file's order."""
        for match in _TAG.finditer(self.text):
            closing, tag = match[1], match[2].upper()
            value = html.unescape(match[3].strip()) if not closing else ""
            if closing:
                yield from self._end(tag)
            elif value:
                self._value(tag, value)
            else:
                yield from self._begin(tag, match.start())
        yield from self._end("STMTRS")

    def _begin(self, tag: str, position: int) -> Iterator[Item]:
        if tag == "STMTTRN":
            yield from self._end("STMTTRN")
            self.line += self.text.count("\n", self.position, position)
            self.position = position
            self.row_line, self.found = self.line, {}
        elif tag in ("STMTRS", "CCSTMTRS"):
            self.statement = _Statement(self.fallback, credit=tag == "CCSTMTRS")
        self.inside = tag

    def _value(self, tag: str, value: str) -> None:
        if self.found is not None:
            if tag == "CURSYM" and self.inside != "CURRENCY":
                tag = "ORIGSYM"
            if self.inside not in ("BANKACCTTO", "CCACCTTO"):
                self.found.setdefault(tag, value)
        elif tag in ("BALAMT", "DTASOF"):
            if self.inside == "LEDGERBAL":
                self.statement.balance.setdefault(tag, value)
        elif tag == "CURDEF":
            self.statement.currency = value.upper()
        elif tag == "ORG":
            self.institution = value
        elif tag in ("BANKID", "ACCTID", "ACCTTYPE"):
            self.statement.fields.setdefault(tag, value)

    def _end(self, tag: str) -> Iterator[Item]:
        if tag in ("STMTTRN", "BANKTRANLIST", "STMTRS", "CCSTMTRS") and self.found is not None:
            yield _row(self.row_line, self.found, self.statement)
            self.found = None
        if tag in ("STMTRS", "CCSTMTRS") and self.statement.fields:
            yield _hint(self.statement, self.institution)
            self.statement = _Statement(self.fallback)
        if tag == self.inside:
            self.inside = ""


def read_ofx(text: str, choices: Choices) -> Parsed:
    """Read an OFX or QFX file.

    Raises:
        HostileFileError: It holds what no bank writes.
        UnreadableFileError: It has no statement.
    """
    check_markup(text)
    if text.count("<STMTTRN>") > MAX_ROWS:
        raise HostileFileError("The file has too many rows; export a shorter period.")
    text = _CDATA.sub(lambda match: html.escape(match[1]), text)
    if not re.search(r"<(CC|INV)?STMT(TRN)?RS>", text, re.IGNORECASE):
        raise UnreadableFileError("The OFX file holds no statement; export transactions.")
    told = re.search(r"<CURDEF>\s*([A-Za-z]{3})", text, re.IGNORECASE)
    currency = (told[1].upper() if told else None) or choices.currency or choices.default_currency
    assumed = currency is None
    currency = currency or "USD"
    try:
        exponent(currency)
    except MoneyError as error:
        raise UnreadableFileError(f"The OFX file's currency is unknown: {error}") from error
    institution = re.search(r"<ORG>\s*([^<\r\n]{1,60})", text, re.IGNORECASE)
    layout = f"ofx:{squash(institution[1]) if institution else ''}"
    locale = "US" if currency == "USD" else "GB"
    return Parsed(
        "ofx", layout, currency, assumed, "US" if locale == "US" else "GB",
        _Reader(text, currency).items(),
    )  # fmt: skip
