"""One door for every format: bytes in, rows and problems out."""

import re

from ledger.errors import UnreadableFileError
from ledger.imports.choices import Choices
from ledger.imports.csv_file import read_csv
from ledger.imports.native import is_accounts, read_accounts
from ledger.imports.ofx import read_ofx
from ledger.imports.qif import read_qif
from ledger.imports.rows import Parsed
from ledger.imports.text import decode

_HEAD = 4096


def read_file(data: bytes, choices: Choices) -> Parsed:
    """Read a bank file of any format; its name is not looked at, it may lie.

    Args:
        data: The whole file.
        choices: What the person chose where the file does not tell.

    Raises:
        ImportQuestion: It can be read in several ways; nothing of it is used.
        ImportRefusedError: It is no bank file, or made to hurt.
    """
    text = decode(data)
    head = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if re.match(r"OFXHEADER|<\?OFX|<OFX>", head, re.IGNORECASE) or "<OFX>" in head.upper():
        return read_ofx(text, choices)
    if head.startswith("<"):
        if re.match(r"<(!doctype )?html", head, re.IGNORECASE):
            raise UnreadableFileError("The file is a web page; export CSV, OFX, QIF or CAMT.053.")
        from ledger.imports.camt import read_camt  # noqa: PLC0415 - its parser is slow to import

        return read_camt(data, text, choices)
    if re.match(r"!(type|account|option|clear)\b", head, re.IGNORECASE):
        return read_qif(text, choices)
    if head.startswith(("{", "[{")):
        raise UnreadableFileError("The file is JSON; export CSV, OFX, QIF or CAMT.053.")
    if is_accounts(text):
        return read_accounts(text)
    return read_csv(text, choices)
