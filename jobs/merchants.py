"""Builds the compact brand table of `knowledge/` from name-suggestion-index joined with Wikidata.

Usage: `python -m jobs.merchants nsi_brands.csv.gz`. The input has the columns tree, path, name,
aliases, wikidata, countries, website, logo, category_id. Kept are the brands that consumers in
the United Kingdom and the United States meet.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
from pathlib import Path

from knowledge.merchants import BRANDS_TABLE, host, slug

_ISLES = {"gb", "ie", "im", "je", "gg"}
# Shop kinds that say nothing of who was paid, or that no person pays by card.
_SKIPPED_PATHS = {
    "amenity/atm",
    "amenity/vending_machine",
    "office/employment_agency",
    "landuse/residential",
    "amenity/post_box",
    "amenity/parcel_locker",
    "amenity/telephone",
    "man_made/surveillance",
    "shop/car",
    "shop/mall",
}
# A brand may stand under several kinds of place; the first of these is what it mostly is.
_PREFERRED = (
    "shop/supermarket",
    "shop/department_store",
    "shop/wholesale",
    "shop/variety_store",
    "amenity/fast_food",
    "amenity/cafe",
    "amenity/restaurant",
    "amenity/pharmacy",
    "shop/doityourself",
    "amenity/fuel",
    "shop/convenience",
)
_OPERATOR_PATHS = {
    "amenity/hospital": "health.doctor",
    "amenity/university": "family.education.tuition",
    "amenity/college": "family.education.tuition",
    "amenity/parking": "transport.driving.parking",
    "amenity/charging_station": "transport.driving.charging",
    "amenity/car_sharing": "transport.shared",
    "leisure/sports_centre": "personal.fitness",
}


def wanted(countries: str) -> set[str]:
    """The countries of a row that matter here; `001` (the world) counts."""
    codes = {c.removesuffix(".geojson").split("-")[0] for c in countries.split("|") if c}
    return codes & ({"us", "001"} | _ISLES)


def _rank(path: str) -> int:
    return _PREFERRED.index(path) if path in _PREFERRED else len(_PREFERRED)


def _category(row: dict[str, str]) -> str | None:
    if row["tree"] == "brands":
        if row["path"] in _SKIPPED_PATHS:
            return None
        # A bank's name on a line says nothing of the purpose.
        return "" if row["path"] == "amenity/bank" else row["category_id"] or None
    return _OPERATOR_PATHS.get(row["path"])


def compact(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """One row per brand with its most telling kind of place, sorted by id."""
    best: dict[str, tuple[int, dict[str, str]]] = {}
    for row in rows:
        category = _category(row)
        countries = wanted(row["countries"])
        name = re.sub(r"\s*\([^)]*\)$", "", row["name"])
        key = slug(name)
        if category is None or not countries or not key or (not name.isascii() and len(key) < 3):
            continue
        aliases = [
            a for a in dict.fromkeys(row["aliases"].split("|")) if slug(a) and slug(a) != key
        ]
        entry = {
            "name": name,
            "aliases": "|".join(aliases),
            "category": category,
            "website": host(row["website"]) or "",
            "logo": row["logo"].replace(" ", "_"),
            "countries": " ".join(sorted(countries)) if "001" not in countries else "",
        }
        rank = _rank(row["path"])
        if key not in best or rank < best[key][0]:
            best[key] = (rank, entry)
    return [best[key][1] for key in sorted(best)]


def main(source: Path) -> None:
    """Writes the table; the same input gives the same bytes."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        rows = compact(list(csv.DictReader(file)))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    BRANDS_TABLE.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
