"""Merchants of silver in the formats of many banks: name and place are read off each of them."""

from pathlib import Path

import pytest

from enrichment.counterparty import MerchantIndex, common_words
from enrichment.reading import Reading
from jobs.bank_formats import FORMATS, augmented, is_purchase
from jobs.enrichment_fit import is_same
from jobs.enrichment_text import Silver, read_silver
from knowledge.merchants import load_merchants

_DATA = Path(__file__).parent.parent.parent / "data"
_LINES = 60
_SHORT = 14
"""Names up to here are cut off in no format."""
_SHOPS = ("groceries", "eating_out", "shopping", "transport", "health", "personal")


@pytest.fixture(scope="module")
def index() -> MerchantIndex:
    base = load_merchants()
    return MerchantIndex(base, common_words(merchant.name for merchant in base))


@pytest.fixture(scope="module")
def purchases(index: MerchantIndex) -> dict[str, list[Silver]]:
    found: dict[str, list[Silver]] = {currency: [] for currency in FORMATS}
    for row in read_silver(_DATA, index):
        if row.currency not in found:
            continue
        shop = row.category.startswith(_SHOPS) and len(row.reading.shown) <= _SHORT
        if shop and is_purchase(row) and len(found[row.currency]) < _LINES:
            found[row.currency].append(row)
    return found


def _name(reading: Reading) -> str:
    return reading.merchant.name if reading.merchant else reading.shown


@pytest.mark.parametrize(
    ("currency", "form"),
    [(currency, form) for currency, forms in FORMATS.items() for form in forms],
)
def test_name_and_place_are_read(
    purchases: dict[str, list[Silver]], index: MerchantIndex, currency: str, form: str
) -> None:
    pairs = list(augmented(purchases[currency], index, form))
    assert len(pairs) == _LINES
    names = sum(is_same(_name(drawn.reading), _name(row.reading), index) for row, drawn in pairs)
    places = 0
    for _, drawn in pairs:
        place = drawn.reading.located
        places += (place.city or "", place.region or "", place.country or "") == drawn.place
    assert names >= 0.95 * len(pairs)
    assert places >= 0.9 * len(pairs)
