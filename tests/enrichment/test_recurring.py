from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from enrichment.recurring import (
    BY_NAME,
    Item,
    best_chain,
    chains_of,
    next_amounts,
    next_due,
    on_working_day,
    step,
)


def _items(days: list[date], minors: list[int]) -> list[Item]:
    return [Item(f"t{n}", d, m) for n, (d, m) in enumerate(zip(days, minors, strict=True))]


def _months(day: int, count: int) -> list[date]:
    return [on_working_day(date(2026, 1 + n, day), income=False) for n in range(count)]


def test_a_monthly_bill_shifted_by_weekends_is_monthly() -> None:
    chain = best_chain(_items(_months(1, 6), [-64000] * 6))
    assert chain is not None
    assert chain.period.name == "monthly"
    assert len(chain.items) == 6
    assert next_due(chain, income=False) == date(2026, 7, 1)
    assert next_amounts(chain) == (-64000, -64000, -64000)


def test_pay_every_second_friday_is_fortnightly() -> None:
    days = [date(2026, 1, 2) + timedelta(days=14 * n) for n in range(8)]
    chain = best_chain(_items(days, [148200 + 10 * n for n in range(8)]))
    assert chain is not None
    assert chain.period.name == "fortnightly"


def test_a_price_rise_stays_in_the_stream() -> None:
    chain = best_chain(_items(_months(17, 8), [-1299] * 4 + [-1499] * 4))
    assert chain is not None
    assert len(chain.items) == 8
    assert next_amounts(chain)[0] == -1499


def test_two_prices_at_one_shop_are_two_streams() -> None:
    items = _items(_months(4, 6) + _months(20, 6), [-299] * 6 + [-999] * 6)
    found = chains_of(items)
    assert sorted(len(c.items) for c in found) == [6, 6]


def test_a_bill_that_varies_has_a_range() -> None:
    chain = best_chain(_items(_months(12, 6), [-7841, -6127, -5290, -5511, -6902, -8874]))
    assert chain is not None
    amount, low, high = next_amounts(chain)
    assert low <= amount <= high
    assert (low, high) == (-8874, -5290)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_months_keep_their_day_where_they_have_it(start: date, count: int) -> None:
    due = step(start, BY_NAME["monthly"], count)
    assert due.day == start.day or (due + timedelta(days=1)).day == 1


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(-9999, -1)), max_size=60))
def test_chains_share_no_row(rows: list[tuple[int, int]]) -> None:
    items = [
        Item(f"t{n}", date(2024, 1, 1) + timedelta(days=d), m) for n, (d, m) in enumerate(rows)
    ]
    ids = [item.id for chain in chains_of(items) for item in chain.items]
    assert len(ids) == len(set(ids))


def test_a_payment_that_weekends_never_moved_keeps_its_day() -> None:
    days = [date(2026, month, 15) for month in range(5, 11)]  # 15 August is a Saturday
    chain = best_chain(_items(days, [-1199] * 6))
    assert chain is not None
    assert next_due(chain, income=False) == date(2026, 11, 15)  # a Sunday
    moved = best_chain(_items(_months(15, 10), [-1199] * 10))
    assert moved is not None
    assert next_due(moved, income=False) == date(2026, 11, 16)
