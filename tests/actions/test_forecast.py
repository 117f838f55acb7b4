"""Forecasts are kept as they were made and graded against what came."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select

from actions import track
from actions.desk import Desk
from actions.track import MONTHS, Grade, by_month, record
from ledger.database import reading, writing
from ledger.forecasts import Forecast, come_due, forecasts_table, keep
from ledger.scope import TurnScope, UserScope
from tests.actions.conftest import NOW, Talk, period

JORDAN = UserScope("jordan")
MONTH = period("the end of november", "2026-11-01", "2026-12-01")


@pytest.fixture(autouse=True)
def nothing_foretold(own: Engine) -> None:
    """Other tests ask for forecasts, too, and what is copied from has kept them."""
    with writing(own) as connection:
        connection.execute(delete(forecasts_table))


@pytest.fixture
def talk(own: Engine) -> Talk:
    return Talk(own, "jordan", NOW["jordan"], action={"forecast_balance": "action_outlook"})


def desk_of(connection: object, now: datetime = NOW["jordan"]) -> Desk:
    return Desk(connection, TurnScope("jordan", "c", "t", now))  # type: ignore[arg-type]


def spending_accounts(engine: Engine) -> tuple[str, ...]:
    with reading(engine) as connection:
        accounts = desk_of(connection).accounts
    return tuple(sorted(one.id for one in accounts if one.type == "checking"))


def balance(engine: Engine, accounts: tuple[str, ...], day: date) -> int:
    with reading(engine) as connection:
        found = desk_of(connection).balances(day)
    return sum(one.minor or 0 for one in found if one.account.id in accounts)


def test_each_forecast_is_kept_once(talk: Talk, own: Engine) -> None:
    answer = talk.parse("forecast_balance", "balance at the end of november", MONTH)
    talk.turns -= 1  # the same turn, delivered again
    talk.parse("forecast_balance", "balance at the end of november", MONTH)
    with reading(own) as connection:
        kept = come_due(connection, JORDAN, date(2026, 11, 1), date(2027, 1, 1))
    figures = {figure.name: figure.minor for figure in answer.figures}
    assert kept == [
        Forecast(
            spending_accounts(own),
            date(2026, 11, 13),
            date(2026, 11, 30),
            figures["forecast"],
            figures["low"],
            figures["high"],
            "USD",
        )
    ]


def test_another_persons_forecasts_are_not_seen(talk: Talk, own: Engine) -> None:
    talk.parse("forecast_balance", "balance at the end of november", MONTH)
    with reading(own) as connection:
        assert not come_due(connection, UserScope("maya"), date(2026, 1, 1), date(2027, 1, 1))


def month_ends(last: int) -> list[date]:
    """The last day of each of the months from May to ``last``."""
    return [date(2026, month + 1, 1) - timedelta(days=1) for month in range(5, last + 1)]


def keep_with_errors(engine: Engine, errors: list[int]) -> None:
    accounts = spending_accounts(engine)
    days = month_ends(10)[-len(errors) :]
    for number, (day, error) in enumerate(zip(days, errors, strict=True)):
        came = balance(engine, accounts, day)
        made = Forecast(accounts, day - timedelta(days=20), day, came + error, 0, 0, "USD")
        with writing(engine) as connection:
            keep(connection, JORDAN, f"earlier-{number}", made)


def test_six_graded_months_make_a_track_record(talk: Talk, own: Engine) -> None:
    keep_with_errors(own, [500, -2_900, 1_000, 90_000, -100, 0])
    answer = talk.parse("forecast_balance", "balance at the end of november", MONTH)
    assert "I was within $30.00 in 5 of your last 6 months." in answer.text
    assert ("hits", 5) in answer.counts
    assert {figure.name: figure.minor for figure in answer.figures}["within"] == 3_000


def test_five_make_none(talk: Talk, own: Engine) -> None:
    keep_with_errors(own, [0] * 5)
    answer = talk.parse("forecast_balance", "balance at the end of november", MONTH)
    assert "within" not in answer.text
    assert not answer.counts


def test_forecasts_of_other_accounts_and_of_tomorrow_are_not_graded(own: Engine) -> None:
    accounts, day = spending_accounts(own), date(2026, 10, 31)
    other = Forecast(("elsewhere",), day - timedelta(days=20), day, 0, 0, 0, "USD")
    late = Forecast(accounts, day - timedelta(days=2), day, 0, 0, 0, "USD")
    coming = Forecast(accounts, date(2026, 11, 1), date(2026, 11, 30), 0, 0, 0, "USD")
    with writing(own) as connection:
        for number, one in enumerate([other, late, coming]):
            keep(connection, JORDAN, f"turn-{number}", one)
    with reading(own) as connection:
        assert track.grades(desk_of(connection), accounts, "USD") == []
        assert connection.execute(select(func.count()).select_from(forecasts_table)).scalar() == 3


errors = st.lists(st.integers(min_value=0, max_value=10**8), min_size=MONTHS, max_size=MONTHS)


@given(errors, st.sampled_from(["GBP", "JPY", "KWD"]))
def test_a_record_counts_what_it_says(sizes: list[int], currency: str) -> None:
    found = [Grade(date(2026, number + 1, 28), error) for number, error in enumerate(sizes)]
    told = record(found, currency)
    assert told is not None
    assert told.hits == sum(error <= told.minor for error in sizes) >= MONTHS - 1
    assert told.minor > 0
    assert record(found[1:], currency) is None


made = st.builds(
    lambda day, ahead: Forecast(("a",), day - timedelta(days=ahead), day, 0, 0, 0, "GBP"),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.integers(min_value=0, max_value=92),
)


@given(st.lists(made, max_size=40))
def test_each_month_has_its_furthest_forecast(forecasts: list[Forecast]) -> None:
    chosen = by_month(forecasts)
    months = [(one.for_on.year, one.for_on.month) for one in chosen]
    assert months == sorted(set(months), reverse=True)
    for one in forecasts:
        ahead = one.for_on - one.made_on
        if ahead >= track.AHEAD:
            best = chosen[months.index((one.for_on.year, one.for_on.month))]
            assert best.for_on - best.made_on >= ahead
