"""What a bank file says, one value per row, whichever format it came in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["csv", "florin", "accounts", "ofx", "qif", "camt"]


@dataclass(frozen=True, slots=True)
class Row:
    """A transaction as the file has it.

    Attributes:
        line: Where it begins in the file, from 1.
        minor: Signed minor units, negative is money out.
        description: All that the file says of it.
        core: The part of it that every layout has; fingerprints are made of this.
        account: The account's key in the file (a number, an IBAN), empty where it tells none.
        bank_id: The bank's own id, empty where it tells none.
        raw: The fields as they stood there.
    """

    line: int
    booked: date
    minor: int
    currency: str
    description: str
    core: str
    account: str = ""
    bank_id: str = ""
    purchased: date | None = None
    mcc: str | None = None
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be read, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class AccountHint:
    """What a file tells of an account.

    Attributes:
        key: As in `Row.account`.
        opening_minor: The balance before the first row, where the file tells it outright.
        closing_minor: The balance at the end of ``closing_on``.
        line: The line that declares it, where declaring accounts is what the file is for.
    """

    key: str
    currency: str
    institution: str = ""
    type: str = ""
    name: str = ""
    opening_minor: int | None = None
    closing_minor: int | None = None
    closing_on: date | None = None
    line: int | None = None


Item = Row | Problem | AccountHint


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that can be read.

    Attributes:
        layout: Names the bank's layout: files of one bank have the same.
        currency: Of the rows that tell none.
        assumed: The currency stands neither in the file nor in the choices.
        locale: ``US`` where dates or currency are American, else ``GB``.
        items: Rows, problems and accounts in the file's order; read once.
    """

    kind: Kind
    layout: str
    currency: str
    assumed: bool
    locale: Literal["GB", "US"]
    items: Iterator[Item]
