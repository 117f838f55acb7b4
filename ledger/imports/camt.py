"""CAMT.053, the ISO 20022 bank statement (and 052, 054), read by a hardened SAX parser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import ContentHandler, SAXParseException
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from ledger.errors import HostileFileError, MoneyError, UnreadableFileError
from ledger.imports.amounts import parse_amount
from ledger.imports.choices import Choices
from ledger.imports.dates import parse_date
from ledger.imports.limits import MAX_DEPTH
from ledger.imports.markup import check_markup
from ledger.imports.rows import AccountHint, Item, Parsed, Problem, Row
from ledger.imports.words import join

_CHUNK = 1 << 16
_STATEMENTS = frozenset({"Stmt", "Rpt", "Ntfctn"})
_KEPT = frozenset({"Acct", "Bal", "Ntry"})
_CURRENCY = re.compile(r"Ccy=[\"']([A-Z]{3})[\"']")


@dataclass(slots=True)
class Node:
    """An element without its namespace."""

    name: str
    line: int
    currency: str = ""
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, path: str) -> list["Node"]:
        """The elements at a path such as ``NtryDtls/TxDtls``."""
        found = [self]
        for name in path.split("/"):
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def first(self, *paths: str) -> str:
        """The text of the first element at any of these paths, empty where there is none."""
        for path in paths:
            for node in self.all(path):
                if node.text.strip():
                    return node.text.strip()
        return ""


def _minor(node: Node, amounts: str) -> tuple[int, str]:
    for amount in node.all(amounts):
        minor = parse_amount(amount.text.strip(), ".", amount.currency)
        return (-minor if node.first("CdtDbtInd") == "DBIT" else minor), amount.currency
    raise MoneyError("it has no amount")


def _words(detail: Node, entry: Node, outgoing: bool) -> str:
    side = "Cdtr" if outgoing else "Dbtr"
    name = detail.first(f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")
    told = [node.text for node in detail.all("RmtInf/Ustrd")]
    told += [node.text for node in detail.all("RmtInf/Strd/AddtlRmtInf")]
    words = join([name, " ".join(told)])
    return words or join([detail.first("AddtlTxInf"), entry.first("AddtlNtryInf")])


def _details(entry: Node, minor: int) -> list[tuple[Node, int]]:
    """A batch's transactions with their amounts, or the entry whole where they do not add up."""
    details = entry.all("NtryDtls/TxDtls")
    if len(details) < 2:
        return [(details[0] if details else entry, minor)]
    sums: list[tuple[Node, int]] = []
    for detail in details:
        try:
            found, _ = _minor(detail, "Amt" if detail.all("Amt") else "AmtDtls/TxAmt/Amt")
        except MoneyError:
            return [(details[0], minor)]
        own = detail.first("CdtDbtInd")
        sums.append((detail, found if own else (-abs(found) if minor < 0 else abs(found))))
    return sums if sum(amount for _, amount in sums) == minor else [(details[0], minor)]


def _rows(entry: Node, account: str) -> Iterator[Row | Problem]:
    status = entry.first("Sts/Cd", "Sts")
    if status not in ("", "BOOK"):
        yield Problem(entry.line, f"its status is {status[:10]!r}, so it is not booked.")
        return
    dated = entry.first("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    booked = parse_date(dated[:10], "ymd")
    if booked is None:
        yield Problem(entry.line, "it has no date that can be read.")
        return
    try:
        minor, currency = _minor(entry, "Amt")
    except MoneyError as error:
        yield Problem(entry.line, f"{str(error).rstrip('.')}.")
        return
    reference = entry.first("AcctSvcrRef")
    parts = _details(entry, minor)
    for number, (detail, amount) in enumerate(parts):
        core = _words(detail, entry, amount < 0)
        own = detail.first("Refs/AcctSvcrRef") if len(parts) > 1 else ""
        bank_id = own or (f"{reference}#{number}" if reference and len(parts) > 1 else reference)
        end = detail.first("Refs/EndToEndId")
        raw = {"Ntry": dated, "AcctSvcrRef": bank_id, "EndToEndId": end, "Text": core,
               "MndtId": detail.first("Refs/MndtId")}  # fmt: skip
        yield Row(
            entry.line if len(parts) == 1 else detail.line, booked, amount, currency,
            core or "(no description)", core, account, bank_id,
            raw={name: value for name, value in raw.items() if value},
        )  # fmt: skip


def _balance(node: Node, account: str) -> AccountHint | None:
    kind = node.first("Tp/CdOrPrtry/Cd")
    on = parse_date(node.first("Dt/Dt", "Dt/DtTm")[:10], "ymd")
    if kind not in ("CLBD", "OPBD", "PRCD") or on is None:
        return None
    try:
        minor, currency = _minor(node, "Amt")
    except MoneyError:
        return None
    if kind == "CLBD":
        return AccountHint(account, currency, closing_minor=minor, closing_on=on)
    return None


class _Handler(ContentHandler):
    """Keeps accounts, balances and entries; the rest of the document is passed over."""

    def __init__(self, locator: Locator) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.stack: list[Node] = []
        self.depth = 0
        self.account = ""
        self.statements = 0
        self.locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's name
        """Begin an element, kept if it is one of ours."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise HostileFileError("The file's elements are nested deeper than any bank's.")
        local = name.rpartition(":")[2]
        if local in _STATEMENTS:
            self.account = ""
            self.statements += 1
        if self.stack or local in _KEPT:
            node = Node(local, self.locator.getLineNumber() or 1, attrs.get("Ccy", ""))
            if self.stack:
                self.stack[-1].children.append(node)
            self.stack.append(node)

    def characters(self, content: str) -> None:
        """Add to the text of the element that is open."""
        if self.stack:
            self.stack[-1].text += content

    def endElement(self, _name: str) -> None:  # noqa: N802 - SAX's name
        """End an element; a whole entry, account or balance gives items."""
        self.depth -= 1
        if not self.stack:
            return
        node = self.stack.pop()
        if self.stack:
            return
        if node.name == "Acct" and not self.account:
            self._account(node)
        elif node.name == "Bal" and (hint := _balance(node, self.account)):
            self.items.append(hint)
        elif node.name == "Ntry":
            self.items.extend(_rows(node, self.account))

    def _account(self, node: Node) -> None:
        self.account = node.first("Id/IBAN", "Id/Othr/Id")
        bank = node.first("Svcr/FinInstnId/Nm")
        currency = node.first("Ccy")
        if currency:
            name = node.first("Nm")
            self.items.append(AccountHint(self.account, currency, bank, "checking", name))


def _items(data: bytes) -> Iterator[Item]:
    parser = create_parser(forbid_dtd=True)
    handler = _Handler(parser)
    parser.setContentHandler(handler)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            yield from handler.items
            handler.items.clear()
        parser.close()
    except SAXParseException as error:
        raise UnreadableFileError(
            f"Line {error.getLineNumber()} is no well-formed XML; export the file again."
        ) from error
    except DefusedXmlException as error:
        raise HostileFileError("The file declares XML entities; bank files have none.") from error
    yield from handler.items
    if not handler.statements:
        raise UnreadableFileError("The XML file holds no CAMT.053 statement.")


def read_camt(data: bytes, text: str, choices: Choices) -> Parsed:
    """Read a CAMT.053 file.

    Args:
        data: The file, whose own declaration names its encoding.
        text: The same as text, for the checks that come before parsing.
        choices: Not needed by this format but for a currency it always tells.

    Raises:
        ImportRefusedError: It holds what no bank writes, or no statement.
    """
    check_markup(text)
    told = _CURRENCY.search(text)
    currency = told[1] if told else choices.currency or choices.default_currency
    return Parsed(
        "camt", "camt", currency or "EUR", currency is None,
        "US" if currency == "USD" else "GB", _items(data),
    )  # fmt: skip
