"""Transactions as OFX 2.1.1: one statement for each account. Written as it is read, row by row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

from ledger.money import to_text
from ledger.portable import Record

HEADER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)
_NAME = 32
"""The longest NAME that the standard allows; all of it stands in MEMO."""
_LONGEST_ID = 22
_LONGEST_MEMO = 255
_TYPES = {"checking": "CHECKING", "savings": "SAVINGS", "loan": "CREDITLINE"}
_STATUS = "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"
_BANK = ("BANKMSGSRSV1", "STMTTRNRS", "STMTRS")
_CARD = ("CREDITCARDMSGSRSV1", "CCSTMTTRNRS", "CCSTMTRS")

Rows = Callable[[str], Iterable[Record]]


def ofx(accounts: Sequence[Record], rows: Rows, now: datetime) -> Iterator[str]:
    """The document, in pieces.

    Args:
        accounts: As `ledger.portable.account_records` reads them.
        rows: The rows of an account, by its id, as `ledger.portable.transaction_records` does.
        now: When it is made.
    """
    signed_on = f"<DTSERVER>{now:%Y%m%d%H%M%S}</DTSERVER><LANGUAGE>ENG</LANGUAGE>"
    yield f"{HEADER}<OFX><SIGNONMSGSRSV1><SONRS>{_STATUS}{signed_on}</SONRS></SIGNONMSGSRSV1>\n"
    cards = [account for account in accounts if account["type"] == "credit"]
    others = [account for account in accounts if account["type"] != "credit"]
    for (outer, response, statement), some in ((_BANK, others), (_CARD, cards)):
        if not some:
            continue
        yield f"<{outer}>\n"
        for account in some:
            yield f"<{response}><TRNUID>0</TRNUID>{_STATUS}<{statement}>"
            yield from _statement(account, rows(str(account["id"])), now)
            yield f"</{statement}></{response}>\n"
        yield f"</{outer}>\n"
    yield "</OFX>\n"


def _statement(account: Record, rows: Iterable[Record], now: datetime) -> Iterator[str]:
    yield f"<CURDEF>{_text(account['currency'])}</CURDEF>{_account(account)}<BANKTRANLIST>"
    begun = False
    for row in rows:
        if not begun:
            yield f"<DTSTART>{_day(row['booked'])}</DTSTART><DTEND>{now:%Y%m%d}</DTEND>\n"
        begun = True
        yield _row(row)
    if not begun:
        yield f"<DTSTART>{now:%Y%m%d}</DTSTART><DTEND>{now:%Y%m%d}</DTEND>"
    yield "</BANKTRANLIST>"


def _account(account: Record) -> str:
    number = _text(str(account["id"])[:_LONGEST_ID])
    if account["type"] == "credit":
        return f"<CCACCTFROM><ACCTID>{number}</ACCTID></CCACCTFROM>"
    bank = _text(str(account["institution"])[:9] or "BANK")
    kind = _TYPES.get(account["type"], "CHECKING")
    return (
        f"<BANKACCTFROM><BANKID>{bank}</BANKID><ACCTID>{number}</ACCTID>"
        f"<ACCTTYPE>{kind}</ACCTTYPE></BANKACCTFROM>"
    )


def _row(row: Record) -> str:
    kind = "CREDIT" if row["minor"] > 0 else "DEBIT"
    user = f"<DTUSER>{_day(row['purchased'])}</DTUSER>" if row["purchased"] else ""
    text = " ".join(str(row["description"]).split())
    return (
        f"<STMTTRN><TRNTYPE>{kind}</TRNTYPE><DTPOSTED>{_day(row['booked'])}</DTPOSTED>{user}"
        f"<TRNAMT>{to_text(row['minor'], row['currency'])}</TRNAMT>"
        f"<FITID>{_text(str(row['id'])[:255])}</FITID><NAME>{_text(text[:_NAME])}</NAME>"
        f"<MEMO>{_text(text[:_LONGEST_MEMO])}</MEMO></STMTTRN>\n"
    )


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _text(text: str) -> str:
    """A text as XML holds it, without the control characters that it cannot."""
    return escape(text if text.isprintable() else "".join(filter(str.isprintable, text)))
