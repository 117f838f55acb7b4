"""Money: integer minor units with an ISO 4217 currency, exact from the first digit."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, is_currency

from ledger.errors import MoneyError

LocaleName = Literal["GB", "US"]

MAX_MINOR = 10**15
"""No amount of a person's money is larger, and its sums still fit a 64-bit integer."""

_PLAIN = re.compile(r"([+-]?)(\d{1,18})(?:\.(\d{1,12}))?", re.ASCII)
_BABEL: dict[str, str] = {"GB": "en_GB", "US": "en_US"}


@lru_cache(maxsize=256)
def exponent(currency: str) -> int:
    """How many decimals a currency's minor unit has (GBP 2, JPY 0, KWD 3).

    Raises:
        MoneyError: The code is no ISO 4217 currency.
    """
    if not is_currency(currency):
        raise MoneyError(f"{currency[:20]!r} is no ISO 4217 currency code such as GBP.")
    return get_currency_precision(currency)


def to_minor(text: str, currency: str) -> int:
    """Read a plain decimal such as ``-12.30`` exactly, as minor units.

    Args:
        text: An optional sign, digits, and an optional ``.`` with decimals; no exponent, no
            thousands separators.
        currency: ISO 4217 code, which says how many decimals there are.

    Raises:
        MoneyError: No such number, more decimals than the currency has, or too large.
    """
    match = _PLAIN.fullmatch(text.strip())
    if match is None:
        raise MoneyError(f"{text[:30]!r} is no amount such as -12.30.")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    places = exponent(currency)
    if fraction[places:].strip("0"):
        raise MoneyError(f"{text[:30]!r} has more decimals than {currency} has.")
    minor = int(whole + fraction[:places].ljust(places, "0"))
    if minor > MAX_MINOR:
        raise MoneyError(f"{text[:30]!r} is too large for an amount of money.")
    return -minor if sign == "-" else minor


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as an exact decimal of major units."""
    return Decimal(minor).scaleb(-exponent(currency))


def to_text(minor: int, currency: str) -> str:
    """Minor units as plain text that `to_minor` reads back (``-12.30``)."""
    return f"{to_decimal(minor, currency):f}"


@lru_cache(maxsize=8)
def _babel(locale: str) -> Locale:
    return Locale.parse(_BABEL[locale])


def format_money(minor: int, currency: str, locale: LocaleName = "GB") -> str:
    """Write an amount as people of this locale do (``-£1,234.50``, ``US$3.00`` in GB)."""
    return format_currency(to_decimal(minor, currency), currency, locale=_babel(locale))
