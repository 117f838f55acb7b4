"""Builds the compact logo table of `knowledge/` from the npm package `simple-icons`.

Usage: `python -m jobs.logos simple-icons.json`, the file in the package's `data` folder. An icon is
a merchant's where its name is one of the merchant's spellings and its source, guidelines or slug
name the merchant's web host: names alone are shared by too many.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.merchants import LOGOS_TABLE, Merchant, load_merchants, slug


def icons_by_name(icons: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The icons by the slug of each of their names; the first of a name wins."""
    found: dict[str, Mapping[str, Any]] = {}
    for icon in icons:
        for name in (icon["title"], *icon.get("aliases", {}).get("aka", ())):
            found.setdefault(slug(name), icon)
    return found


def icon_of(merchant: Merchant, icons: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The slug of a merchant's icon, None where it has none."""
    site = (merchant.website or "").split(".")[0]
    if not site:
        return None
    for name in (merchant.name, *merchant.aliases):
        icon = icons.get(slug(name))
        if icon is None:
            continue
        told = f"{icon['source']} {icon.get('guidelines', '')}".casefold()
        if site in told or site == icon["slug"]:
            return str(icon["slug"])
    return None


def compact(merchants: Sequence[Merchant], icons: Iterable[Mapping[str, Any]]) -> str:
    """The table as CSV: the id of each merchant that has an icon, and the icon's slug."""
    by_name = icons_by_name(icons)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("id", "icon"))
    for merchant in sorted(merchants, key=lambda merchant: merchant.id):
        icon = icon_of(merchant, by_name)
        if icon is not None:
            writer.writerow((merchant.id, icon))
    return text.getvalue()


def main(source: Path) -> None:
    """Writes the table; the same input gives the same bytes."""
    icons = json.loads(source.read_text(encoding="utf-8"))
    LOGOS_TABLE.write_text(compact(load_merchants(), icons), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
