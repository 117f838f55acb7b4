"""Merchants of silver in the formats of many banks: name and place are read off each of them."""

from pathlib import Path

import pytest

from enrichment.counterparty import MerchantIndex, common_words
from enrichment.reading import Reading, read
from jobs.bank_formats import FORMATS, augmented, is_purchase
from jobs.enrichment_names import is_same
from jobs.enrichment_text import Silver, read_silver
from knowledge.merchants import load_merchants

_DATA = Path(__file__).parent.parent.parent / "data"
_LINES = 60
_SHORT = 14
"""Names up to here are cut off in no format."""
_BILLS = (
    ("direct_debit", "DIRECT DEBIT {N}"),
    ("direct_debit", "Direct Debit: {n}"),
    ("direct_debit", "DIRECT DEBIT PAYMENT TO {N} REF 00112233, MANDATE NO 0012"),
    ("direct_debit", "{n} (Direct Debit) Reference: 00112233"),
    ("direct_debit", "{N} DDR"),
    ("direct_debit", "SEPA DD {N}"),
    ("direct_debit", "{N} , 00112233"),
    ("standing_order", "{N} , BILLS , STANDING ORDER"),
    ("standing_order", "STANDING ORDER VIA FASTER PAYMENT TO {N} REFERENCE RENT , MANDATE NO 3"),
    ("faster_payment", "BILL PAYMENT TO {N} REFERENCE 00112233"),
    ("faster_payment", "Sent to {n}"),
    ("faster_payment", "FPS CREDIT {N}"),
    ("ach", "{N} DES:BILL PMT ID:XXXXX1234 INDN:JOHN DOE CO ID:XXXXX4321 PPD"),
    ("ach", "ELECTRONIC PMT-WEB {N}"),
    ("ach", "PREAUTHORIZED WD {N}"),
    ("ach", "ACH Electronic Debit - {N}"),
    ("ach", "Recurring ACH {N}"),
    ("ach", "WEB AUTHORIZED PMT {N}"),
    ("ach", "WITHDRAWAL ACH {N} TYPE: BILLPAY CO: {N}"),
)
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


@pytest.mark.parametrize(("rail", "form"), _BILLS)
@pytest.mark.parametrize("name", ["Octopus Energy", "Con Edison", "Netflix", "State Farm"])
def test_whom_a_bill_is_paid_to_is_read(
    index: MerchantIndex, rail: str, form: str, name: str
) -> None:
    line = form.format(N=name.upper(), n=name)
    reading = read(line, "USD" if rail == "ach" else "GBP", "checking", -3_000, index)
    assert (reading.line.rail, _name(reading)) == (rail, name)
