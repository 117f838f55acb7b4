"""Amounts as banks write them, and which mark is the decimal one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ledger.errors import HostileFileError, MoneyError
from ledger.imports.choices import ImportQuestion, Option
from ledger.money import exponent, to_minor

SYMBOLS: dict[str, str] = {"£": "GBP", "€": "EUR", "US$": "USD", "zł": "PLN", "₹": "INR"}
"""Symbols that name one currency; ``$``, ``¥`` and ``kr`` name several."""

_HOSTILE = re.compile(r"\s*[+-]?(?:s?nan\d*|inf(?:inity)?|[\d.,]+e[+-]?\d+)\s*", re.IGNORECASE)
_AMOUNT = re.compile(
    r"""(?P<open>\()?\s*
        (?P<before>[A-Za-z]{3}\b|[A-Za-z]{0,3}[$£€¥₹]|zł|kr\.?)?\s*
        (?P<sign>[+\-])?\s*
        (?P<symbol>[A-Za-z]{3}\b|[A-Za-z]{0,3}[$£€¥₹])?\s*
        (?P<body>\d[\d.,'\ ]*|[.,]\d+)\s*
        (?P<after>[A-Za-z]{0,3}[$£€¥₹]|zł|kr\.?|(?!CR|DR)[A-Z]{3})?\s*
        (?P<close>\))?\s*(?P<trail>[+\-])?\s*
        (?P<way>(?i:cr|dr|c|d)\b\.?)?""",
    re.VERBOSE,
)
_MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " ",
                        "\u2009": " ", "’": "'", "`": "'"})  # fmt: skip
_GROUPED = {
    ",": re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}", re.ASCII),
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+", re.ASCII),
}
_PLAIN = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,2})?", re.ASCII)
"""What nearly all amounts look like: read without taking them apart."""
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount, taken apart.

    Attributes:
        negative: A minus before or behind it, or parentheses around it.
        body: Digits, ``.`` and ``,`` alone.
        way: ``in`` for CR, ``out`` for DR, empty where it says neither.
        currency: What a symbol or code beside it names, or none.
    """

    negative: bool
    body: str
    way: str
    currency: str | None


def _currency(*marks: str | None) -> str | None:
    for mark in marks:
        if mark and len(mark) == 3 and mark.isalpha():
            return mark.upper()
        if mark in SYMBOLS:
            return SYMBOLS[mark]
    return None


def take_apart(text: str) -> Amount | None:
    """An amount's parts, or none where this is no amount.

    Raises:
        HostileFileError: Not a number, infinite, or with an exponent: no bank writes these.
    """
    if _PLAIN.fullmatch(text):
        return Amount(text[0] == "-", text.lstrip("+-"), "", None)
    return _take_apart(text)


@lru_cache(maxsize=20_000)
def _take_apart(text: str) -> Amount | None:
    text = text.strip().lstrip("=").strip("\"'").strip()
    if not text or len(text) > _LONGEST:
        return None
    if _HOSTILE.fullmatch(text):
        raise HostileFileError("An amount is no plain number (NaN, infinite or with an exponent).")
    match = _AMOUNT.fullmatch(text.translate(_MINUS))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    body = re.sub(r"[' ]", "", match["body"]).rstrip(".,")
    minus = (match["sign"] == "-") + (match["trail"] == "-") + bool(match["open"])
    if minus > 1 or not body:
        return None
    way = {"c": "in", "d": "out"}.get((match["way"] or " ")[0].lower(), "")
    return Amount(
        minus == 1, body, way, _currency(match["before"], match["symbol"], match["after"])
    )


def _marks(body: str) -> str:
    """The decimal mark of a body: ``.``, ``,``, empty for none, or ``?`` where it may be either."""
    dots, commas = body.count("."), body.count(",")
    if dots and commas:
        return max(".,", key=body.rfind)
    mark = "." if dots else ","
    count = dots or commas
    if count == 0:
        return ""
    if count > 1:
        return "," if mark == "." else "."
    whole, rest = body.split(mark)
    if len(rest) != 3 or len(whole) > 3 or whole in ("", "0"):
        return mark
    return "?"


def decimal_mark(texts: Iterable[str], currency: str, chosen: str | None) -> str:
    """Which mark is the decimal one in a file's amounts.

    Raises:
        ImportQuestion: An amount such as ``1.234`` can be read either way and no other tells.
        HostileFileError: As `take_apart`.
    """
    counts = {".": 0, ",": 0}
    unclear: dict[str, None] = {}
    for text in texts:
        if _PLAIN.fullmatch(text):
            counts["."] += "." in text
            continue
        amount = take_apart(text)
        mark = _marks(amount.body) if amount else ""
        if mark == "?":
            if len(unclear) < 5:
                unclear[text.strip()] = None
        elif mark:
            counts[mark] += 1
    if chosen or (not any(counts.values()) and not unclear):
        return chosen or "."
    if bool(counts["."]) != bool(counts[","]):
        return "." if counts["."] else ","
    if not unclear:
        return max(counts, key=lambda mark: counts[mark])
    if exponent(currency) == 0:
        return "," if "." in next(iter(unclear)) else "."
    options = (Option(".", "a point, as in 1,234.56"), Option(",", "a comma, as in 1.234,56"))
    text = "Which is the decimal mark in these amounts?"
    raise ImportQuestion("decimal", text, options, tuple(unclear))


def parse_amount(text: str, mark: str, currency: str) -> int:
    """An amount in signed minor units.

    Args:
        text: As the bank writes it.
        mark: The file's decimal mark.
        currency: ISO 4217 code.

    Raises:
        MoneyError: It is no amount, or not one in this currency.
        HostileFileError: As `take_apart`.
    """
    if mark == "." and _PLAIN.fullmatch(text):
        return to_minor(text, currency)
    amount = take_apart(text)
    if amount is None:
        raise MoneyError(f"{text[:30]!r} is no amount")
    return _minor(amount, text, mark, currency)


def _minor(amount: Amount, text: str, mark: str, currency: str) -> int:
    group = "," if mark == "." else "."
    # A mark that cannot be the other one keeps its meaning, e.g. 12,34 among 12.34.
    own = _marks(amount.body)
    if own == group and amount.body.count(mark) == 0:
        raise MoneyError(f"{text[:30]!r} has another decimal mark than the rest of the file")
    whole, _, fraction = amount.body.partition(mark)
    if group in fraction or (group in whole and not _GROUPED[group].fullmatch(whole)):
        raise MoneyError(f"{text[:30]!r} is no amount")
    if mark in fraction:
        raise MoneyError(f"{text[:30]!r} is no amount")
    plain = f"{whole.replace(group, '') or '0'}" + (f".{fraction}" if fraction else "")
    minor = to_minor(plain, currency)
    return -minor if amount.negative else minor
