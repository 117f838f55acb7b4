"""What may be spent, what is affordable, and the balance ahead, over the demo people."""

from datetime import date

import pytest
from sqlalchemy import Engine

from actions.desk import Desk
from actions.due import rows_of
from actions.outlook import _owed_in_full
from ledger.database import reading
from ledger.scope import TurnScope

from .conftest import NOW, Talk, amount, owned, period


def test_safe_is_what_is_left_after_what_falls_due(maya: Talk) -> None:
    answer = maya.parse("safe_to_spend", "what can I spend until payday")
    figures = {figure.name: figure.minor for figure in answer.figures}
    bills = maya.parse("upcoming_bills", "bills before payday")
    on_monzo = [f for f in bills.figures[1:] if f.label != "Dropbox"]  # Dropbox is on the card
    assert figures["balance"] == 190_914
    assert figures["due"] == sum(figure.minor for figure in on_monzo)
    assert figures["safe"] == figures["balance"] - figures["due"]
    assert figures["per_day"] == figures["safe"] // 17
    assert answer.dates == [("next_payday", date(2026, 11, 27))]


def test_a_card_paid_in_full_is_due_with_what_is_owed(ledger: Engine) -> None:
    for person, owed in (("maya", 70_130), ("jordan", None)):
        with reading(ledger) as connection:
            desk = Desk(connection, TurnScope(person, "c", "t", NOW[person]))
            streams = [s for s in desk.streams if s.id in {"amex_payment", "discover_payment"}]
            (rows,) = rows_of(desk, streams).values()
            assert _owed_in_full(desk, rows) == owed


def test_until_a_day_beyond_the_cards_due_date(maya: Talk) -> None:
    month = period("this month", "2026-11-01", "2026-12-01")
    answer = maya.parse("safe_to_spend", "what can I spend this month", month)
    figures = {figure.name: figure.minor for figure in answer.figures}
    earlier = maya.parse("safe_to_spend", "until payday")
    before = {figure.name: figure.minor for figure in earlier.figures}
    assert figures["due"] - before["due"] >= 70_130


@pytest.mark.parametrize(("price", "starts"), [(30_000, "Yes"), (300_000, "Not before")])
def test_affordable_or_not(price: int, starts: str, maya: Talk) -> None:
    answer = maya.parse("can_afford", "can I afford it", amount("it", "eq", price))
    figures = {figure.name: figure.minor for figure in answer.figures}
    assert answer.text.startswith(starts)
    assert answer.figures[0].minor == abs(figures["safe"] - price)


def test_without_a_price_or_in_another_currency_it_is_asked(maya: Talk) -> None:
    assert maya.parse("can_afford", "can I afford it").query is None
    dollars = amount("$300", "eq", 30_000, "USD")
    assert "GBP" in maya.parse("can_afford", "can I afford $300", dollars).text


def test_a_forecast_has_a_range_and_a_lowest_day(maya: Talk) -> None:
    answer = maya.parse("forecast_balance", "what will my balance be at the end of the month")
    figures = {figure.name: figure.minor for figure in answer.figures}
    assert figures["low"] < figures["forecast"] < figures["high"]
    assert figures["lowest"] <= figures["forecast"]
    assert answer.dates[0][0] == "lowest"
    savings = maya.parse("forecast_balance", "my savings then", owned("my savings"))
    assert savings.figures[0].minor == 175_632 + 20_000 + 571


def test_too_far_ahead_is_not_told(maya: Talk) -> None:
    far = period("in 2028", "2028-01-01", "2029-01-01")
    assert not maya.parse("forecast_balance", "in 2028", far).figures
