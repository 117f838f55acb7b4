"""Money is exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MoneyError
from ledger.money import MAX_MINOR, exponent, format_money, to_minor, to_text


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(["GBP", "JPY", "KWD"]))
def test_text_and_minor_units_are_one_another(minor: int, currency: str) -> None:
    assert to_minor(to_text(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.3", "GBP", 1230), ("-0.05", "GBP", -5), ("+7", "USD", 700), ("12.300", "GBP", 1230),
     ("5", "JPY", 5), ("1.234", "KWD", 1234)],
)  # fmt: skip
def test_amounts(text: str, currency: str, minor: int) -> None:
    assert to_minor(text, currency) == minor


@pytest.mark.parametrize(
    "text", ["", "x", "1e5", "NaN", "1.234", "1,000", "--1", "10000000000000.01", "9" * 400, "١"]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(MoneyError):
        to_minor(text, "GBP")


def test_what_is_no_currency() -> None:
    with pytest.raises(MoneyError):
        exponent("XXQ")


def test_people_read_amounts_in_their_locale() -> None:
    assert format_money(-123_450, "GBP", "GB") == "-£1,234.50"
    assert format_money(300, "USD", "US") == "$3.00"
    assert format_money(300, "USD", "GB") == "US$3.00"
    assert format_money(500, "JPY", "GB") == "JP¥500"
