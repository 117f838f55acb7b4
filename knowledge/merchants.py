"""The merchant base: who takes and pays people's money, as data with a typed reader."""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
OWN_TABLE = _DATA / "merchants_own.csv"
BRANDS_TABLE = _DATA / "merchants_brands.csv.gz"
LOGOS_TABLE = _DATA / "logos.csv"
_ICONS = "https://cdn.simpleicons.org/"


@dataclass(frozen=True, slots=True)
class Merchant:
    """A counterparty that is known by name.

    Attributes:
        id: Stable slug of the name (`con_edison`); what questions filter by.
        name: What people are shown.
        aliases: Further spellings, as people and bank lines write them.
        category: What a payment there usually is, an id of the taxonomy; empty when it
            says nothing about the purpose (a bank, say).
        website: Host name such as `coned.com`, None when unknown.
        logo: Address of a logo image, None when unknown. Logos are trade marks of their owners.
        countries: ISO 3166 codes in lower case; empty means anywhere.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    category: str
    website: str | None
    logo: str | None
    countries: tuple[str, ...]


_SILENT = re.compile(r"['’`.]")
_BETWEEN = re.compile(r"[^a-z0-9]+")


def plain_lower(text: str) -> str:
    """Lower case without accents, punctuation kept; plain ASCII takes the short way."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def slug(name: str) -> str:
    """The stable id of a name: ASCII letters and digits, runs of the rest as one `_`.

    Args:
        name: Any name, accents and punctuation included.

    Returns:
        `Sainsbury's` → `sainsburys`, `Marks & Spencer` → `marks_spencer`; empty if nothing is left.
    """
    plain = _SILENT.sub("", plain_lower(name))
    return _BETWEEN.sub("_", plain).strip("_")


def host(address: str) -> str | None:
    """The bare host of a web address: `https://www.tesco.com/x` → `tesco.com`."""
    bare = re.sub(r"^(https?://)?(www\.)?", "", address.strip().casefold())
    return bare.split("/")[0] or None


def _read(path: Path) -> list[Merchant]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = csv.DictReader(raw.decode("utf-8").splitlines())
    return [
        Merchant(
            id=slug(row["name"]),
            name=row["name"],
            aliases=tuple(a.strip() for a in row["aliases"].split("|") if a.strip()),
            category=row["category"],
            website=host(row["website"]),
            logo=row.get("logo") or None,
            countries=tuple(row["countries"].split()),
        )
        for row in rows
    ]


def merge(own: Iterable[Merchant], brands: Iterable[Merchant]) -> list[Merchant]:
    """Joins two tables; the first one's facts win, the second one fills what is missing.

    A brand whose name is a name or an alias in the first table is the same merchant
    (`Tesco Extra` under `Tesco`).
    """
    merged: dict[str, Merchant] = {}
    owner: dict[str, str] = {}
    for merchant in own:
        merged.setdefault(merchant.id, merchant)
        for spelling in (merchant.name, *merchant.aliases):
            owner.setdefault(slug(spelling), merchant.id)
    for brand in brands:
        known = owner.get(brand.id)
        if known is None:
            merged.setdefault(brand.id, brand)
            continue
        mine = merged[known]
        aliases = dict.fromkeys((*mine.aliases, *brand.aliases))
        merged[known] = replace(
            mine,
            aliases=tuple(a for a in aliases if owner.get(slug(a), known) == known),
            website=mine.website or brand.website,
            logo=mine.logo or brand.logo,
        )
    return list(merged.values())


def with_logos(merchants: Iterable[Merchant], icons: Mapping[str, str]) -> list[Merchant]:
    """The merchants, those without a logo with the address of their icon if there is one."""
    return [
        replace(merchant, logo=f"{_ICONS}{icons[merchant.id]}")
        if merchant.logo is None and merchant.id in icons
        else merchant
        for merchant in merchants
    ]


def _icons() -> dict[str, str]:
    """The name of each merchant's icon, by id."""
    with LOGOS_TABLE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["icon"] for row in csv.DictReader(file)}


@cache
def load_merchants() -> Sequence[Merchant]:
    """Every known merchant, read once per process; ids are unique."""
    return tuple(with_logos(merge(_read(OWN_TABLE), _read(BRANDS_TABLE)), _icons()))
