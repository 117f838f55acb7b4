from datetime import date
from pathlib import Path

import pytest

from enrichment.counterparty import MerchantIndex, common_words
from jobs.enrichment_streams import PEOPLE
from jobs.enrichment_text import Silver, read_silver
from jobs.histories import Drawn, histories
from knowledge.merchants import load_merchants

_DATA = Path(__file__).parent.parent.parent / "data"
_FEW = 24


@pytest.fixture(scope="module")
def silver() -> list[Silver]:
    base = load_merchants()
    index = MerchantIndex(base, common_words(merchant.name for merchant in base))
    return read_silver(_DATA, index)


@pytest.fixture(scope="module")
def people(silver: list[Silver]) -> list[list[Drawn]]:
    return list(histories(silver, _FEW, seed=5))


def _streams(rows: list[Drawn]) -> dict[str, list[Drawn]]:
    found: dict[str, list[Drawn]] = {}
    for row in rows:
        if row.stream:
            found.setdefault(row.stream, []).append(row)
    return found


def test_the_fit_draws_enough_people() -> None:
    assert PEOPLE >= 200


def test_people_of_two_countries_live_a_year(people: list[list[Drawn]]) -> None:
    currencies = [{row.line.currency for row in rows} for rows in people]
    assert currencies.count({"GBP"}) == currencies.count({"USD"}) == _FEW // 2
    for rows in people:
        assert {row.on.month for row in rows} == set(range(1, 13))
        assert [row.on for row in rows] == sorted(row.on for row in rows)
        assert len({row.id for row in rows}) == len(rows)


def test_the_same_seed_draws_the_same_people(
    silver: list[Silver], people: list[list[Drawn]]
) -> None:
    again = list(histories(silver, 2, seed=5))
    assert again == people[:2]
    assert list(histories(silver, 1, seed=6)) != people[:1]


def test_monthly_pay_is_never_on_a_weekend_and_shifts_before_it(
    people: list[list[Drawn]],
) -> None:
    shifted = 0
    for rows in people:
        for stream in _streams(rows).values():
            days = [row.on for row in stream]
            pay = stream[0].line.category == "income.pay.salary"
            if pay and 10 <= len({day.month for day in days}) == len(days):
                assert all(day.weekday() < 5 for day in days)
                shifted += len({day.day for day in days}) > 1
    assert shifted


def test_bills_vary_prices_rise_streams_end_and_trials_begin(people: list[list[Drawn]]) -> None:
    varied = rises = ended = trials = 0
    for rows in people:
        for stream in _streams(rows).values():
            amounts = [abs(row.minor) for row in stream]
            varied += len(set(amounts)) > 3
            rises += len(set(amounts)) == 2 and amounts == sorted(amounts) and amounts[0] > 0
            trials += len(amounts) > 2 and amounts[0] == 0 and amounts[1] > 0
            ended += len(stream) > 2 and max(row.on for row in stream) < date(2025, 10, 1)
    assert min(varied, rises, ended, trials) > 0


def test_moves_have_two_legs_that_cancel_out(people: list[list[Drawn]]) -> None:
    legs = 0
    for rows in people:
        by_id = {row.id: row for row in rows}
        for row in rows:
            if row.twin:
                twin = by_id[row.twin]
                assert twin.twin == row.id
                assert (twin.minor, twin.account != row.account) == (-row.minor, True)
                assert abs((twin.on - row.on).days) <= 3
                legs += 1
    assert legs > 10 * _FEW


def test_refunds_and_double_charges_name_their_row(people: list[list[Drawn]]) -> None:
    refunds = doubles = 0
    for rows in people:
        by_id = {row.id: row for row in rows}
        for row in rows:
            if row.refund_of:
                bought = by_id[row.refund_of]
                assert (bought.minor, bought.line) == (-row.minor, row.line)
                assert bought.on < row.on
                refunds += 1
            if row.copy_of:
                first = by_id[row.copy_of]
                assert (first.minor, first.line) == (row.minor, row.line)
                doubles += 1
    assert min(refunds, doubles) > 0
