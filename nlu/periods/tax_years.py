"""Tax years by their numbers: "tax year 2024/25", "ty24", "fiscal 2025"."""

from __future__ import annotations

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Found
from nlu.periods.dates import full_year


def tax_year_number(c: Cursor, i: int) -> Found | None:
    """As in "tax year 2024/25", "2024-25 tax year", "ty24", "fy25", "2024/25"."""
    j = i + 1 if c.low(i) == "the" else i
    if c.low(j) in ("ty", "fy") and c.is_number(j + 1):
        pair = _year_pair(c, j + 1)
        if pair:
            return nodes.tax_year(pair[0]), pair[1]
        if len(c.low(j + 1)) in (2, 4):
            number = full_year(c.low(j + 1))
            return nodes.tax_year(
                number - (1 if c.low(j) == "fy" and c.country == "GB" else 0)
            ), j + 2
    if c.low(j) in ("tax", "financial", "fiscal") and c.atom(j + 1).unit == "year":
        pair = _year_pair(c, j + 2)
        if pair:
            return nodes.tax_year(pair[0]), pair[1]
        if c.is_number(j + 2) and len(c.low(j + 2)) == 4:
            return nodes.tax_year(int(c.low(j + 2))), j + 3
    if c.low(j) in ("financial", "fiscal", "tax") and c.is_number(j + 1):
        pair = _year_pair(c, j + 1)
        if pair:
            return nodes.tax_year(pair[0]), pair[1]
        if len(c.low(j + 1)) == 4 and 1990 <= int(c.low(j + 1)) <= 2100:
            return nodes.tax_year(int(c.low(j + 1))), j + 2
    pair = _year_pair(c, j)
    if pair is None:
        if (
            c.is_number(j)
            and len(c.low(j)) == 4
            and c.low(j + 1) in ("tax", "financial", "fiscal")
            and c.atom(j + 2).unit == "year"
        ):
            return nodes.tax_year(int(c.low(j))), j + 3
        return None
    first, j = pair
    if c.low(j) in ("tax", "financial", "fiscal") and c.atom(j + 1).unit == "year":
        return nodes.tax_year(first), j + 2
    plain = c.low(i + 1) == "/" or int(c.low(i + 2)[-2:]) > 12
    if len(c.low(i)) == 4 and len(c.low(i + 2)) == 2 and plain:
        return nodes.tax_year(first), j
    return None


def _year_pair(c: Cursor, i: int) -> tuple[int, int] | None:
    """As in "2024/25" or "24/25" as the first year."""
    if not (c.is_number(i) and c.low(i + 1) in ("/", "-", "–") and c.is_number(i + 2)):
        return None
    if len(c.low(i)) not in (2, 4) or len(c.low(i + 2)) not in (2, 4):
        return None
    first, second = full_year(c.low(i)), full_year(c.low(i + 2))
    return (first, i + 3) if second == first + 1 and 1990 <= first < 2100 else None
