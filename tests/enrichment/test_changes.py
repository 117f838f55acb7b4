from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.changes import price_rises, trial_ended_on
from enrichment.models import Models
from enrichment.pipeline import Enrichment, enrich
from enrichment.recurring import Chain, Item, best_chain, chains_of
from jobs.enrichment_people import Golden
from ledger.types import Account, PriceRise, Transaction

_ACCOUNT = Account("c", "Monzo", "checking", "GBP", "Current")


def _items(minors: list[int], day: int = 9) -> list[Item]:
    return [
        Item(f"t{n}", date(2025 + n // 12, n % 12 + 1, day), minor)
        for n, minor in enumerate(minors)
    ]


def _chain(minors: list[int]) -> Chain:
    chain = best_chain(_items(minors))
    assert chain is not None
    return chain


def test_a_price_rises_when_the_new_one_comes_again() -> None:
    [rise] = price_rises(_chain([-1299, -1299, -1299, -1499, -1499]))
    assert rise == PriceRise(date(2025, 4, 9), -1299, -1499)


def test_the_latest_price_counts_though_it_came_once() -> None:
    [rise] = price_rises(_chain([-6500, -6500, -6500, -7000]))
    assert (rise.before, rise.after) == (-6500, -7000)


@pytest.mark.parametrize(
    "minors",
    [
        [-1299, -1299, -1299, -1299],
        [-1499, -1499, -1299, -1299],
        [-1299, -1299, -1899, -1299, -1299],
        [-4100, -3900, -5200, -6100, -5900],
        [-451, -447, -452, -449],
    ],
)
def test_no_rise(minors: list[int]) -> None:
    assert price_rises(_chain(minors)) == ()


@given(st.lists(st.integers(-9000, -100), min_size=2, max_size=14))
def test_a_rise_is_always_away_from_zero_and_on_a_payment(minors: list[int]) -> None:
    for chain in chains_of(_items(minors)):
        for rise in price_rises(chain):
            assert rise.after < rise.before < 0
            assert rise.on in {item.on for item in chain.items}


def test_a_free_month_then_the_price_is_a_trial_that_turned_paid() -> None:
    items = _items([0, -899, -899, -899])
    chain = best_chain(items[1:])
    assert chain is not None
    assert trial_ended_on(chain, items) == date(2025, 2, 9)
    assert trial_ended_on(chain, items[1:]) is None


def test_golden_people_have_what_happened_to_them(
    people: dict[str, tuple[Golden, Enrichment]],
) -> None:
    streams = {s.id: s for s in people["maya"][1].streams}
    assert streams["netflix_monthly"].price_rises == (PriceRise(date(2026, 8, 17), -1299, -1499),)
    assert streams["audible_monthly"].trial_ended_on == date(2026, 8, 10)
    person, found = people["jordan"]
    [twice] = [row for row in found.rows if row.duplicate_of]
    rows = {row.id: row for row in person.rows}
    first, second = rows[twice.duplicate_of or ""], rows[twice.transaction_id]
    assert (first.minor, first.account_id) == (second.minor, second.account_id)


def _bought(id_: str, day: int, text: str, minor: int) -> Transaction:
    return Transaction(id_, "c", date(2026, 5, day), text, minor, "GBP")


@pytest.mark.parametrize(
    ("text", "minor", "second", "twice"),
    [
        ("HALFORDS 0412          LEEDS         GBR", -4599, 4, {"b"}),
        ("HALFORDS 0412          LEEDS         GBR", -4599, 9, set()),
        ("TFL TRAVEL CH          LONDON        GBR", -560, 4, set()),
        ("COSTA COFFEE 4301      LEEDS         GBR", -395, 4, set()),
        ("COSTA COFFEE 4301      LEEDS         GBR", -4210, 4, {"b"}),
        ("Ann Lee (Faster Payments) Reference: RENT", -20000, 4, set()),
    ],
)
def test_a_charge_made_twice(
    models: Models, text: str, minor: int, second: int, twice: set[str]
) -> None:
    rows = [_bought("a", 4, text, minor), _bought("b", second, text, minor)]
    found = enrich([_ACCOUNT], rows, models).rows
    assert {row.transaction_id for row in found if row.duplicate_of == "a"} == twice


def test_each_row_is_in_one_stream_and_no_stream_is_empty(
    people: dict[str, tuple[Golden, Enrichment]],
) -> None:
    for _, found in people.values():
        counts = {s.id: s.count for s in found.streams}
        for id_, count in counts.items():
            assert sum(row.stream_id == id_ for row in found.rows) == count
