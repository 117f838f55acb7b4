"""Lines whose bank sets their fields apart by commas between blanks: NatWest, RBS, Ulster Bank.

`NAME , MEMO , VIA MOBILE - PYMT , FP 03/02/26 10 , 1234…`, `NAME , REFERENCE` (a debit or credit),
`4417 12MAR26 C , SHOP , TOWN GB` (a card, whose number and day may stand behind as well) and
`CASH 4417 12MAR26 , MACHINE , TOWN GB`. The first field is who, the second what for.
"""

from __future__ import annotations

import re

from enrichment.rails import METHODS
from knowledge.places import ALPHA3

_APART = " , "
_CARD = re.compile(
    r"^(?P<cash>(?:cash|atm)\s+)?\d{4}\s+\d{1,2}[a-z]{3}\d{2}(?:\s+[a-z]{1,3})?$", re.IGNORECASE
)
_CARD_BEHIND = re.compile(r"\s+\d{4}\s+\d{1,2}[a-z]{3}\d{2}(?:\s+[a-z]{1,2})?$", re.IGNORECASE)
_CASHED = re.compile(r"\s+c/l$", re.IGNORECASE)
_FASTER = re.compile(
    r"^(?:via (?:mobile|online)\b.*|(?:mobile|online) (?:pymt|xfer)\b.*|fp \d\d/\d\d/\d\d\b.*)$",
    re.IGNORECASE,
)
_ORDER = re.compile(r"^(?:standing order|s/o|sto)$", re.IGNORECASE)
_CHANNEL = "online transaction"
_PRINTED_TIME = re.compile(r"\s+fp \d\d/\d\d/\d\d\b.*$", re.IGNORECASE)
_COUNTRIES = frozenset(ALPHA3.values())


_COMMA = re.compile(r",\s+")
_NOBODY = frozenset({"fee", "thank you"})


def by_commas(text: str) -> tuple[str, str, str] | None:
    """Rail, name and memo of a line whose first or last field is how the money moved.

    So read the exports of Monzo (`Card payment, SHOP`) and Starling (`A LEE, RENT, FASTER PAYMENT`)
    whose fields were put into one.
    """
    fields = _COMMA.split(text) if ", " in text and _APART not in text else []
    if len(fields) < 2:
        return None
    for rail, rest in (
        (METHODS.get(fields[0].casefold()), fields[1:]),
        (METHODS.get(fields[-1].strip().casefold()), fields[:-1]),
    ):
        if rail is None or rest[0].casefold() in _NOBODY:
            continue
        if rail in {"card", "cash"}:
            return rail, ", ".join(rest), ""
        return rail, rest[0], " ".join(rest[1:])
    return None


def split_fields(text: str) -> tuple[str, str, str] | None:
    """The rail, the name (a card's in two columns with its town) and the memo.

    Args:
        text: A tidy line.

    Returns:
        None for a line that is not written so.
    """
    if _APART not in text:
        return None
    fields = [field.strip() for field in text.lstrip("'").split(_APART)]
    fields = [field for field in fields if field]
    if len(fields) < 2:
        return None
    head = _CARD.match(fields[0])
    if head:
        cash = head["cash"] or _CASHED.search(fields[-1])
        rest = [*fields[1:-1], _CASHED.sub("", fields[-1])]
        return ("cash" if cash else "card"), "  ".join(rest), ""
    fields[-1] = _CARD_BEHIND.sub("", fields[-1])
    if len(fields) == 2 and fields[1][-2:] in _COUNTRIES and fields[1][-3:-2] == " ":
        return "card", "  ".join(fields), ""
    if "*" in fields[0]:
        return "card", fields[0], " ".join(fields[1:])
    return _moved(fields)


def _moved(fields: list[str]) -> tuple[str, str, str]:
    """A payment that is no card's: a direct debit where nothing says how else it went."""
    rail = "direct_debit"
    if fields[0].casefold() == _CHANNEL:
        fields = fields[1:]
    said = []
    for field in fields[1:]:
        if _ORDER.match(field):
            rail = "standing_order"
        elif _FASTER.match(field):
            rail = "faster_payment"
            break  # what stands behind is the bank's own number
        else:
            said.append(_PRINTED_TIME.sub("", field))
    return rail, _PRINTED_TIME.sub("", fields[0]), " ".join(said)
