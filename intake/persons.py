"""What a new person's first files tell of them."""

from collections.abc import Sequence
from typing import Literal

from intake.sandbox import Reading
from ledger.types import Person

_COUNTRIES = {
    "GBP": "GB", "USD": "US", "CAD": "CA", "AUD": "AU", "NZD": "NZ", "CHF": "CH", "SEK": "SE",
    "NOK": "NO", "DKK": "DK", "PLN": "PL", "CZK": "CZ", "HUF": "HU", "INR": "IN", "JPY": "JP",
    "EUR": "IE",
}  # fmt: skip
"""Where a currency is at home; of the euro's countries the one that writes English."""
_TIMEZONES = {
    "GB": "Europe/London", "US": "America/New_York", "CA": "America/Toronto",
    "AU": "Australia/Sydney", "NZ": "Pacific/Auckland", "CH": "Europe/Zurich",
    "SE": "Europe/Stockholm", "NO": "Europe/Oslo", "DK": "Europe/Copenhagen",
    "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "HU": "Europe/Budapest", "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo", "IE": "Europe/Dublin",
}  # fmt: skip


def person_from(
    person_id: str,
    readings: Sequence[Reading],
    locale: Literal["GB", "US"] | None = None,
    currency: str | None = None,
) -> Person:
    """A new person as their files show them; what the caller gives comes first.

    Args:
        person_id: Their id, also their name until they tell another.
        readings: Their files; the first that has a currency of its own decides.
        locale: ``GB`` or ``US``.
        currency: ISO 4217 code.
    """
    told = [found.spool for found in readings if not found.spool.assumed]
    first = (told or [found.spool for found in readings])[0]
    own = currency or first.currency
    country = _COUNTRIES.get(own, "GB") if locale is None else locale
    written: Literal["GB", "US"] = locale or ("US" if first.locale == "US" else "GB")
    zone = _TIMEZONES.get(country, "UTC")
    return Person(person_id, person_id.capitalize(), country, own, written, zone)
