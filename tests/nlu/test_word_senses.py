"""Words that are a shop, a meal or a span of time in one sentence and none in another."""

from __future__ import annotations

import pytest

from nlu.types import Locale
from tests.nlu.extraction import found, resolved

CASH = [{"ids": ["transfers.cash.withdrawal"]}]
TAKEAWAY = [{"ids": ["eating_out.delivery", "eating_out.fast_food"]}]
FUEL = [{"ids": ["transport.driving.fuel"]}]
GAS = [{"ids": ["utilities.energy.gas"]}]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("how much did i earn in march", []),
        ("what will we earn in 2027", []),
        ("an advance from earnin", ["earnin"]),
        ("Earn In advance last month", ["Earn In"]),
        ("how much have i zelled mum since may", ["mum"]),
        ("did i venmo my brother in may", ["my brother"]),
        ("zelle payments in may", ["zelle"]),
        ("how much did i zelle last month", ["zelle"]),
    ],
)
def test_a_verb_is_no_merchant(text: str, names: list[str]) -> None:
    assert [e.value for e in found(text, "merchant")] == names


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("how much cash did we take out in may", CASH),
        ("how much money have i taken out this week", CASH),
        ("i took out £40 on friday", CASH),
        ("how much did i withdraw in cash", CASH),
        ("take out spending in may", TAKEAWAY),
        ("what do i spend on take out", TAKEAWAY),
        ("takeaways this week", TAKEAWAY),
        ("dining out and takeaways in may", [{"ids": ["eating_out"]}]),
        ("can i take £40 out of my holiday pot", []),
    ],
)
def test_taking_out_is_cash_or_a_meal(text: str, categories: list[dict[str, list[str]]]) -> None:
    assert resolved(text, "category") == categories


@pytest.mark.parametrize(
    ("text", "locale", "categories"),
    [
        ("gas in may", "US", FUEL),
        ("gas bill in may", "US", GAS),
        ("how much heat and gas did i pay", "US", GAS),
        ("gas in may", "GB", [{"ids": ["transport.driving.fuel", "utilities.energy.gas"]}]),
    ],
)
def test_american_gas_is_fuel_unless_it_heats(
    text: str, locale: Locale, categories: list[dict[str, list[str]]]
) -> None:
    assert categories[0] in resolved(text, "category", locale=locale)


@pytest.mark.parametrize("rate", ["a month", "per month", "a week"])
@pytest.mark.parametrize("words", ["from may to october", "may thru october"])
def test_a_rate_before_a_range_is_no_part_of_it(rate: str, words: str) -> None:
    text = f"coffee {rate} {words}"
    assert [e.value for e in found(text, "recurrence")] == [rate]
    (period,) = resolved(text, "period")
    assert period is not None
    assert (period["start"], period["end"]) == ("2026-05-01", "2026-11-01")


def test_a_length_before_a_day_still_counts_from_it() -> None:
    (period,) = resolved("two weeks from 1 may", "period")
    assert period is not None
    assert period["start"] == "2026-05-15"
