"""Builds the compact table of places of `knowledge/` from GeoNames' city dumps (CC BY 4.0).

Usage: `python -m jobs.places cities1000.json`, a JSON object of cities with the fields name,
countrycode, admin1code and population, as GeoNames-based packages ship it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

from knowledge.merchants import slug
from knowledge.places import PLACES_TABLE

# Smaller places stand on bank lines at home; abroad people mostly reach large ones.
_SMALLEST = {"GB": 2_500, "IE": 2_500, "US": 5_000, "CA": 15_000}
_SMALLEST_ABROAD = 100_000


def compact(cities: list[dict[str, Any]]) -> list[tuple[str, str, str, int]]:
    """Name, country, state (United States and Canada only) and population, largest first."""
    kept: dict[tuple[str, str, str], int] = {}
    for city in cities:
        country, population = city["countrycode"], int(city["population"])
        if population < _SMALLEST.get(country, _SMALLEST_ABROAD):
            continue
        region = city["admin1code"] if country == "US" else ""
        key = (city["name"], country, region)
        if slug(city["name"]):
            kept[key] = max(kept.get(key, 0), population)
    return sorted(((*key, size) for key, size in kept.items()), key=lambda row: (-row[3], row))


def main(source: Path) -> None:
    """Writes the table; the same input gives the same bytes."""
    cities = json.loads(source.read_bytes())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "country", "region", "population"])
    writer.writerows(compact(list(cities.values())))
    PLACES_TABLE.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
