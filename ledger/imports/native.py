"""`accounts.csv`: account_id, institution, type, currency, opening_balance, name."""

import re
from collections.abc import Iterator

from ledger.errors import MoneyError
from ledger.imports.amounts import parse_amount
from ledger.imports.delimited import records
from ledger.imports.rows import AccountHint, Item, Parsed, Problem
from ledger.money import exponent

_NEEDED = frozenset({"account_id", "institution", "type", "currency"})


def _header(text: str) -> list[str]:
    first = re.split(r"[\r\n]", text.lstrip("\ufeff"), maxsplit=1)[0]
    return [name.strip().strip('"').casefold() for name in first[:1000].split(",")]


def is_accounts(text: str) -> bool:
    """Whether a text is such a list of accounts and not of transactions."""
    names = set(_header(text))
    return names >= _NEEDED and "amount" not in names


def _hint(line: int, found: dict[str, str]) -> AccountHint | Problem:
    currency = found.get("currency", "").upper()
    opening = found.get("opening_balance", "")
    try:
        exponent(currency)
        minor = parse_amount(opening, ".", currency) if opening else None
    except MoneyError as error:
        return Problem(line, f"{str(error).rstrip('.')}.")
    if not found.get("account_id"):
        return Problem(line, "it has no account_id.")
    key = found["account_id"]
    return AccountHint(
        key, currency, found.get("institution", ""), found.get("type", "").lower() or "other",
        found.get("name", "") or key, minor, line=line,
    )  # fmt: skip


def _items(text: str) -> Iterator[Item]:
    names = _header(text)
    for record in records(text.encode(), ","):
        if record.line > 1:
            cells = [cell.strip() for cell in record.cells]
            yield _hint(record.line, dict(zip(names, cells, strict=False)))


def read_accounts(text: str) -> Parsed:
    """Read a list of accounts.

    Raises:
        HostileFileError: Past a limit.
    """
    hints = list(_items(text))
    currency = next((hint.currency for hint in hints if isinstance(hint, AccountHint)), "GBP")
    return Parsed(
        "accounts", "accounts", currency, False, "US" if currency == "USD" else "GB", iter(hints)
    )
