"""Merchant category codes (ISO 18245) to taxonomy ids, as data with a typed reader."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "taxonomy_map_mcc.csv"


@cache
def load_mcc() -> Mapping[str, str]:
    """Taxonomy id by four-digit code; a range such as `3000-3299` stands under each code."""
    found: dict[str, str] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first, _, last = row["mcc"].partition("-")
            for code in range(int(first), int(last or first) + 1):
                found[f"{code:04d}"] = row["category_id"]
    return found


def category_of_mcc(mcc: str) -> str:
    """The taxonomy id of a code, empty for one that says nothing."""
    return load_mcc().get(mcc.strip().zfill(4), "")
