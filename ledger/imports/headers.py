"""Column names of banks in several languages, and what each column is."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml
from babel.numbers import is_currency

_NAMES = Path(__file__).with_name("column_names.yml")


@lru_cache(maxsize=1)
def _roles() -> dict[str, str]:
    """The role of each known name."""
    known: dict[str, list[str]] = yaml.load(_NAMES.read_bytes(), yaml.CSafeLoader)
    return {name: role for role, names in known.items() for name in names}


_PARENTHESES = re.compile(r"[(\[].*?[)\]]")
_SYMBOLS = re.compile(r"[£$€¥₹]")
_EUROS = frozenset({"euro", "euros", "pounds", "dollars"})
_CONTAINS: tuple[tuple[str, str], ...] = (
    (r"\bmcc\b", "mcc"),
    (r"\bbalance\b|\bsaldo\b|\bsolde\b", "balance"),
    (r"\b(paid|money|amount) out\b|\bdebit (amount|amt)\b|\bwithdrawals?\b", "debit"),
    (r"\b(paid|money|amount) in\b|\bcredit (amount|amt)\b|\bdeposits?\b", "credit"),
    (r"\b(post|posting|posted|booking|completed) date\b", "date"),
    (r"\bdescription\b|\bnarrative\b|\blibelle\b|\bconcepto\b", "description"),
)
_POSTED = frozenset({"posting date", "post date", "posted date", "date posted", "booking date",
                     "booked date", "completed date", "date completed", "settled date",
                     "process date", "processed date", "transaction completed date", "book date",
                     "buchungstag", "buchungsdatum", "date comptable", "date de comptabilisation",
                     "fecha contable", "data contabile", "bokforingsdag", "finished on",
                     "dato bokfort", "data ksiegowania", "boekdatum"})  # fmt: skip


_LETTERS = str.maketrans("øØæłŁđ", "ooalld")


def plain(name: str) -> str:
    """A column name in lower case without accents, currencies and punctuation."""
    name = name.translate(_LETTERS)
    folded = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(mark for mark in folded if not unicodedata.combining(mark))
    text = _SYMBOLS.sub(" ", _PARENTHESES.sub(" ", text))
    words = re.findall(r"[^\W_]+", text)
    kept = [word for word in words if not (is_currency(word.upper()) or word in _EUROS)]
    return " ".join(kept or words)


@lru_cache(maxsize=4_000)
def role_of(name: str) -> str | None:
    """What a column of this name is, or none where it is unknown."""
    text = plain(name)
    if len(text) > 60:
        return None
    if known := _roles().get(text):
        return known
    return next((role for pattern, role in _CONTAINS if re.search(pattern, text)), None)


def is_posting(name: str) -> bool:
    """Whether a date column says outright that it is the booking date."""
    return plain(name) in _POSTED


def is_number(name: str) -> bool:
    """Whether an account column holds numbers rather than names."""
    return bool(re.search(r"\b(number|no|id|iban|numero|nummer|kontonummer)\b", plain(name)))


def currency_in(name: str) -> str | None:
    """The currency a column name tells (``Amount (GBP)``, ``Paid out £``), or none."""
    if "£" in name:
        return "GBP"
    if "€" in name:
        return "EUR"
    words: list[str] = re.findall(r"\b[A-Z]{3}\b", name)
    return next((word for word in words if is_currency(word) and word in _COMMON), None)


_COMMON = frozenset({
    "GBP", "USD", "EUR", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "CAD", "AUD", "NZD",
    "JPY", "INR", "SGD", "HKD", "ZAR", "BRL", "MXN", "TRY", "RON", "BGN", "ISK", "ILS", "AED",
    "KWD",
})  # fmt: skip
"""Codes looked for inside column names, where ALL and TOP would be currencies too."""
