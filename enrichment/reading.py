"""A line read once: its parts, its place, the merchant it may be with and the model's features."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from enrichment.clean import Line, parse, words_of
from enrichment.counterparty import Found, MerchantIndex, complete
from enrichment.everyday import tells_kind
from enrichment.location import HOME, Located, locate
from enrichment.names import ended, readable
from knowledge.merchants import Merchant

# Between people, or to a landlord, tutor or friend: the reference says what for.
PERSONAL_RAILS = frozenset({"person", "faster_payment", "standing_order"})
_CARDS = frozenset({"", "card", "cash"})
# Platforms that are the counterparty themselves; what follows says what it was for.
_PLATFORMS = {
    "klarna": "Klarna",
    "clearpay": "Clearpay",
    "affirm": "Affirm",
    "instacart": "Instacart",
    "doordash": "DoorDash",
    "ticketmaster": "Ticketmaster",
    "axs": "AXS",
    "sezzle": "Sezzle",
    "afterpay": "Afterpay",
    "eventbrite": "Eventbrite",
}
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss|dr|prof)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_COMPANY_WORDS = (
    "ltd limited llc inc plc llp co company services studio agency council club school church "
    "trust lettings properties estates group association clinic garage academy nursery "
    "university bank"
)
_COMPANY = frozenset(_COMPANY_WORDS.split())


_COUNTRIES = {currency: home[0].lower() for currency, home in HOME.items()}


class Reading(NamedTuple):
    """What one description says to the later steps.

    Attributes:
        line: Its parts.
        located: Its place, and the name without it.
        name: The name that the counterparty is looked up by.
        found: The merchant that the name begins with, if any.
        purpose: Whether the text is only what somebody wrote that it is for.
        text: The words for the text model.
        tokens: Side features for the text model.
        currency: Of the account.
    """

    line: Line
    located: Located
    name: str
    found: Found | None
    purpose: bool
    text: str
    tokens: tuple[str, ...]
    currency: str

    @property
    def shown(self) -> str:
        """A readable form of the name; made when asked, as a known merchant has its own."""
        on_card = self.line.rail in _CARDS and self.found is None
        return readable(ended(self.name) if on_card else self.name)

    @property
    def lookup(self) -> str:
        """The name that merchants of the training lines are looked up by."""
        return self.name if self.line.processor in _PLATFORMS else self.located.name

    @property
    def merchant(self) -> Merchant | None:
        """The merchant, if one was found."""
        return self.found.merchant if self.found else None


def amount_bucket(minor: int) -> int:
    """Powers of two of the major unit, 0 to 20."""
    return min(20, int(math.log2(abs(minor) / 100 + 1)))


@lru_cache(maxsize=1 << 10)
def side_tokens(rail: str, processor: str, account_type: str, *, inflow: bool) -> tuple[str, ...]:
    """Rail, sign, account type and processor as features."""
    sign = "in" if inflow else "out"
    found = [f"s:{sign}", f"r:{rail} {sign}", f"a:{account_type} {sign}"]
    if processor:
        found.append(f"p:{processor}")
    return tuple(found)


_NAMES = 2
"""Words of a name up to which the last is a surname even where it tells a trade: Ann Cook."""


def looks_personal(name: str) -> bool:
    """Whether a name reads as a person's: few words, no company's word, no trade at the end."""
    words = name.split()
    if not 1 <= len(words) <= 4 or any(map(str.isdigit, name)):
        return False
    said = _WORD.findall(name.casefold())
    if not _COMPANY.isdisjoint(said) or (len(words) > _NAMES and tells_kind(said[-1:])):
        return False
    return len(words) > 1 or bool(_TITLES.match(name)) or name.istitle()


# A processor's field holds about 22 characters, the company's name of an ACH entry 16.
_CUT_FIELD = 20
_ACH_NAME = 16
_LAST_HOST = re.compile(r"\s+[\w-]+\.(?:com|net|io|co|org|co\.uk)\S*$", re.IGNORECASE)


def _own_host(name: str) -> str:
    """A name without the processor's own web address behind it."""
    return _LAST_HOST.sub("", name) or name


def _whole_words(name: str) -> str:
    """A name without a last word of which one or two letters were left."""
    head, _, last = name.rpartition(" ")
    return head if len(head) > 6 and len(last) <= 2 else name


def _without(subject: str, city: str | None) -> str:
    """A name without the town that the line prints a second time."""
    if not city or not subject.casefold().endswith(f" {city.casefold()}"):
        return subject
    return subject[: -len(city)].rstrip() or subject


def _behind_star(line: Line, whole: str) -> str:
    """The merchant of a line whose first part is a platform that no table knows.

    `PLATFORM*HARBOR BAKERY` is with the bakery if what follows the star reads as a name of two
    words or more, with the first part otherwise.
    """
    rest = whole[len(line.name) :].strip() if whole.startswith(line.name) else ""
    words = [w for w in rest.split() if w.isalpha() and len(w) > 2]
    return rest if len(words) > 1 else line.name


def _is_other(product: Found, platform: Found) -> bool:
    """Whether what stands behind a star is a service of its own: `GOOGLE *GOOGLE ONE`."""
    apart = product.merchant.website != platform.merchant.website
    return apart and product.words > platform.words


def read(
    description: str, currency: str, account_type: str, minor: int, index: MerchantIndex
) -> Reading:
    """Reads a line.

    Args:
        description: As the bank wrote it.
        currency: Of the account.
        account_type: `checking`, `savings`, `credit` and so on.
        minor: Signed minor units; only sign and size matter.
        index: The merchants that are known.
    """
    line = parse(description)
    located = locate(line.fields, currency) if line.rail in _CARDS else Located(line.name)
    if line.rail == "person" and currency == "USD":
        printed = locate(line.fields, currency)
        located = printed if printed.how == "state" else located
    name = line.name if line.suffix else located.name
    subject = located.name
    if line.processor in _PLATFORMS:
        name = _PLATFORMS[line.processor]
    elif line.processor:
        name = _own_host(name)
        if line.lead + len(name) >= _CUT_FIELD:
            name = complete(name)
        subject = name
    elif line.rail == "ach" and len(name) == _ACH_NAME:
        name = _whole_words(name)
    country = _COUNTRIES.get(currency, "")
    found = index.find(name, country) if line.rail != "cash" else None
    product = index.find(located.name, country) if line.suffix and found else None
    if product and found and _is_other(product, found):
        name, found = located.name, product
    if line.suffix and (found is None or found.covered < 1):
        name = subject = _behind_star(line, located.name)
        found = index.find(name, country)
    personal = line.rail in PERSONAL_RAILS and (found is None or found.covered < 1)
    memo = words_of(line.memo)
    purpose = bool(personal and memo and looks_personal(line.name))
    subject = _without(subject, located.city)
    said = " ".join(filter(None, (subject, line.entry, line.memo)))
    text = memo if purpose else words_of(said)
    tokens = side_tokens(line.rail, line.processor, account_type, inflow=minor > 0)
    return Reading(line, located, name, found, purpose, text, tokens, currency)
