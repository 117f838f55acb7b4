"""The same transactions as different banks export them: writers for the tests."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape


@dataclass(frozen=True)
class Entry:
    """A transaction: day, description, signed minor units."""

    day: date
    text: str
    minor: int


def money(minor: int, mark: str = ".", group: str = "") -> str:
    whole, rest = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{f'{whole:,}'.replace(',', group)}{mark}{rest:02d}"


@dataclass(frozen=True)
class Layout:
    """A way to write a CSV.

    Attributes:
        money: ``signed``, ``pair``, ``parentheses``, ``trailing``, ``marked`` (CR behind money in)
            or ``direction`` (a column of CR and DR).
        balance: Whether there is a balance column.
        newest_first: The order of rows.
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    date_format: str = "%d/%m/%Y"
    money: str = "signed"
    mark: str = "."
    group: str = ""
    names: tuple[str, ...] = ("Date", "Description", "Amount")
    preamble: tuple[str, ...] = ()
    balance: bool = False
    newest_first: bool = False
    line_end: str = "\r\n"


def _cells(entry: Entry, layout: Layout) -> list[str]:
    def plain(minor: int) -> str:
        return money(minor, layout.mark, layout.group)

    if layout.money == "pair":
        return [plain(-entry.minor), ""] if entry.minor < 0 else ["", plain(entry.minor)]
    if layout.money == "parentheses":
        return [f"({plain(-entry.minor)})" if entry.minor < 0 else plain(entry.minor)]
    if layout.money == "trailing":
        return [plain(abs(entry.minor)) + ("-" if entry.minor < 0 else "")]
    if layout.money == "marked":
        return [plain(abs(entry.minor)) + (" CR" if entry.minor > 0 else " DR")]
    if layout.money == "direction":
        return [plain(abs(entry.minor)), "CR" if entry.minor > 0 else "DR"]
    return [plain(entry.minor)]


def _header(layout: Layout) -> list[str]:
    day, text, *amounts = layout.names
    if layout.money == "pair" and len(amounts) < 2:
        amounts = ["Paid out", "Paid in"]
    if layout.money == "direction" and len(amounts) < 2:
        amounts = [amounts[0], "CR/DR"]
    return [day, text, *amounts, *(["Balance"] if layout.balance else [])]


def write_csv(entries: Sequence[Entry], layout: Layout) -> bytes:
    out = io.StringIO()
    for line in layout.preamble:
        out.write(line + layout.line_end)
    writer = csv.writer(out, delimiter=layout.delimiter, lineterminator=layout.line_end)
    writer.writerow(_header(layout))
    balance, rows = 100_000, []
    for entry in entries:
        balance += entry.minor
        row = [entry.day.strftime(layout.date_format), entry.text, *_cells(entry, layout)]
        rows.append([*row, money(balance, layout.mark, layout.group)] if layout.balance else row)
    writer.writerows(reversed(rows) if layout.newest_first else rows)
    return out.getvalue().encode(layout.encoding)


def write_ofx(entries: Sequence[Entry], *, xml: bool = False, currency: str = "GBP") -> bytes:
    def tag(name: str, value: str) -> str:
        return f"<{name}>{escape(value, quote=False)}" + (f"</{name}>" if xml else "\r\n")

    head = (
        '<?xml version="1.0"?><?OFX OFXHEADER="200" VERSION="211"?>'
        if xml
        else ("OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nCHARSET:1252\r\n\r\n")
    )
    body = "".join(
        "<STMTTRN>" + tag("TRNTYPE", "DEBIT" if e.minor < 0 else "CREDIT")
        + tag("DTPOSTED", f"{e.day:%Y%m%d}120000[0:GMT]") + tag("TRNAMT", money(e.minor))
        + tag("FITID", f"F{number}") + tag("NAME", e.text[:32])
        + (tag("MEMO", e.text) if len(e.text) > 32 else "") + "</STMTTRN>\r\n"
        for number, e in enumerate(entries)
    )  # fmt: skip
    total = 100_000 + sum(e.minor for e in entries)
    last = max((e.day for e in entries), default=date(2026, 1, 1))
    return (
        head + "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>" + tag("CURDEF", currency)
        + "<BANKACCTFROM>" + tag("BANKID", "200000") + tag("ACCTID", "12345678")
        + tag("ACCTTYPE", "CHECKING") + "</BANKACCTFROM><BANKTRANLIST>" + body
        + "</BANKTRANLIST><LEDGERBAL>" + tag("BALAMT", money(total))
        + tag("DTASOF", f"{last:%Y%m%d}") + "</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode("utf-8" if xml else "cp1252")  # fmt: skip


def write_qif(entries: Sequence[Entry], date_format: str = "%d/%m'%y") -> bytes:
    rows = (f"D{e.day.strftime(date_format)}\nT{money(e.minor, group=',')}\nP{e.text}\n^\n"
            for e in entries)  # fmt: skip
    return ("!Type:Bank\n" + "".join(rows)).encode()


def write_camt(entries: Sequence[Entry], prefix: str = "") -> bytes:
    p = f"{prefix}:" if prefix else ""
    space = f"xmlns{':' + prefix if prefix else ''}"

    def side(minor: int) -> str:
        return f"<{p}CdtDbtInd>{'DBIT' if minor < 0 else 'CRDT'}</{p}CdtDbtInd>"

    body = "".join(
        f'<{p}Ntry><{p}Amt Ccy="GBP">{money(abs(e.minor))}</{p}Amt>{side(e.minor)}'
        f"<{p}Sts>BOOK</{p}Sts><{p}BookgDt><{p}Dt>{e.day}</{p}Dt></{p}BookgDt>"
        f"<{p}AcctSvcrRef>R{number}</{p}AcctSvcrRef><{p}NtryDtls><{p}TxDtls><{p}RmtInf><{p}Ustrd>"
        f"{escape(e.text)}</{p}Ustrd></{p}RmtInf></{p}TxDtls></{p}NtryDtls></{p}Ntry>\n"
        for number, e in enumerate(entries)
    )
    total = 100_000 + sum(e.minor for e in entries)
    last = max((e.day for e in entries), default=date(2026, 1, 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}Document {space}="urn:iso:std:iso:20022:tech:'
        f'xsd:camt.053.001.02"><{p}BkToCstmrStmt><{p}Stmt><{p}Acct><{p}Id><{p}IBAN>'
        f"GB33BUKB20201555555555</{p}IBAN></{p}Id><{p}Ccy>GBP</{p}Ccy></{p}Acct><{p}Bal><{p}Tp>"
        f'<{p}CdOrPrtry><{p}Cd>CLBD</{p}Cd></{p}CdOrPrtry></{p}Tp><{p}Amt Ccy="GBP">'
        f"{money(abs(total))}</{p}Amt>{side(total)}<{p}Dt><{p}Dt>{last}</{p}Dt></{p}Dt></{p}Bal>"
        f"{body}</{p}Stmt></{p}BkToCstmrStmt></{p}Document>"
    ).encode()
