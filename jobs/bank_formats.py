"""Silver widened: its merchants as other banks print them, in other towns.

The n-gram model gains nothing from such lines (68.4 % of lines of unseen merchants right without,
68.6 % with them, 67.5 and 67.4 % in other formats): cleaning takes format and town off before the
model sees a line. So they do not train it; they show where cleaning fails.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from enrichment.counterparty import MerchantIndex
from enrichment.location import DISTRICTS
from enrichment.reading import read
from jobs.enrichment_text import Silver
from knowledge.merchants import slug
from knowledge.places import Place, load_places

_LARGE = 40_000
_CARDS = frozenset({"", "card"})
# What banks and processors print around a merchant: {n} its name, {N} in capitals, {t} and {T} a
# town, {s} its state, {d} four digits.
FORMATS = {
    "GBP": (
        "{N:<22.22} {T:<13.13} GBR",
        "{N} {T} GB",
        "CARD PAYMENT TO {N} {T} ON 12 MAR",
        "{N} {d} {T}",
        "CONTACTLESS PAYMENT {N} {T}",
        "SumUp  *{n:<14.14} {t:<13.13} GBR",
        "ZETTLE_*{N:<14.14} {T:<13.13} GBR",
        "SQ *{N:<18.18} {t:<13.13} GBR",
        "VIS {N} {T}",
        "{n}, {t}",
        "{N} ON 12 MAR BCC",
        "{N} ON 12 MAR CPM",
        "{N} {T} CD 4417",
        "CD 4417 {N} {T}",
        "Contactless Payment {N} {T} GB",
        "CARD PAYMENT TO {N},12.00 GBP, RATE 1.00/GBP ON 12-03-2026",
        "))) {N} {T}",
        "{N:<22.22} {T:<13.13} GB",
        "4417 12MAR26 , {N} , {T} GB",
        "4417 12MAR26 C , {N} , {T} GB",
        "{N} , {T} GB 4417 12MAR26 C",
        "CARD PURCHASE {N} {T} GB",
        "POS {N} {T} GB",
        "Visa purchase {n} {t} GB",
        "{N} {T} GB APPLE PAY",
        "Apple Pay {n} {t}",
    ),
    "USD": (
        "{N} {T} {s}",
        "{N} #{d} {T} {s}",
        "Card Purchase 05/10 {n} {d} {t} {s} Card 0000",
        "CHECKCARD 0512 {N} {T} {s} 24431060000000000000000",
        "CHECKCARD 0512 {N} {T} {s} 24431060000000000000000 RECURRING CKCD 5812 XXXXXXXXXXXX4417",
        "POS DEBIT {N} {T} {s}",
        "DEBIT CARD PURCHASE XXXXX0000 {N} {T} {s}",
        "TST* {N:<20.20} {T} {s}",
        "SQ *{N:<20.20} {t} {s}",
        "PURCHASE AUTHORIZED ON 03/11 {N} {T} {s} S300000000000000 CARD 0000",
        "{N:<22.22} {T:<13.13} {s}",
        "Debit Card Purchase 03/11 02:14p #4417 {N} {T} {s} 26071",
        "POS DEBIT 4417 {N} {T} {s}",
        "DEBIT PURCHASE -VISA {N} {T} {s}",
        "4417 DEBIT CARD PURCHASE {N} {T} {s}",
        "VISA DDA PUR AP 123456 {N} {T} * {s}",
        "4417 DBT PURCHASE - 123456 {N} {T} {s}",
        "DEBIT CARD PURCHASE {N} 03-11 {T} {s} 4417",
        "Purchase {N} {T} {s}",
        "Debit Card: {N} {T} {s}",
        "POS Withdrawal {N} {T} {s} Date 03/11/26 24431060000000000000000 5411 Card 00004417",
        "Withdrawal Debit Card {N} Date 03/11/26",
        "APPLE PAY {N} {T} {s}",
        "AplPay {N} {T} {s}",
        "GglPay {N} {T} {s}",
        "{N} {T} {s} 00031907",
        "{N} {T} {s} USA",
        "{N} {T} {s} US",
        "{N}  {T}  {s}  USA",
        "POINT OF SALE DEBIT L340 TIME 02:14 PM DATE 03/11 {N} {T} {s}",
        "SIGNATURE PURCHASE {N} {T} {s}",
        "DBT CRD 0214 03/11/26 00000000 {N} {T} {s}",
        "RECUR PURCH {N} {T} {s}",
    ),
}


def augmented(
    rows: Iterable[Silver], index: MerchantIndex, form: str, seed: int = 7
) -> Iterator[tuple[Silver, Silver]]:
    """Each card purchase from a named merchant with its like in another format and another town.

    Args:
        rows: Silver lines; of those in another currency than the format's none comes back.
        index: The merchants that are known.
        form: One of `FORMATS`.
        seed: The same seed draws the same lines.
    """
    rng = random.Random(seed)  # noqa: S311 - training lines are drawn, no secret is
    currency = next(currency for currency, forms in FORMATS.items() if form in forms)
    towns = _towns(currency[:2])
    for row in rows:
        if row.currency != currency or not is_purchase(row):
            continue
        town = rng.choice(towns)
        name = row.reading.shown
        text = form.format(
            n=name, N=name.upper(), t=town.name, T=town.name.upper(), s=town.region,
            d=rng.randint(1000, 9999),
        )  # fmt: skip
        reading = read(text, row.currency, row.account_type, row.minor, index)
        # Silver names no region at home in the United Kingdom; a format may print no town.
        region = town.region if currency == "USD" else ""
        printed = "{t" in form or "{T" in form
        place = (town.name, region, town.country) if printed else ("", "", "")
        yield row, replace(row, description=text, reading=reading, place=place)


def is_purchase(row: Silver) -> bool:
    """Whether a line is of a card purchase from somebody who is named."""
    line = row.reading.line
    named = bool(row.counterparty and row.reading.shown)
    return named and row.minor < 0 and line.rail in _CARDS and not line.memo


@cache
def _towns(country: str) -> tuple[Place, ...]:
    places: Iterable[Place] = (p for same in load_places().values() for p in same)
    return tuple(
        sorted(
            (
                p
                for p in places
                if p.country == country and p.population >= _LARGE and slug(p.name) not in DISTRICTS
            ),
            key=lambda p: (p.name, p.region),
        )
    )
