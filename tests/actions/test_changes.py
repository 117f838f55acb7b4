"""What changed about subscriptions: prices, trials, what seems unused; the whole list follows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.changes import Rise, notes, rise_of, trial_ended
from actions.desk import Desk
from actions.say import MAX_FURTHER, in_full
from ledger.database import reading, writing
from ledger.queries import Row
from ledger.scope import TurnScope, UserScope
from ledger.store import add_transactions, replace_enrichment
from ledger.types import Enriched, PriceRise, Stream, Transaction
from tests.actions.conftest import NOW, Talk

PRIME = Stream(
    "prime", "Amazon Prime", "amazon_prime", "subscriptions.video", "monthly", False, "mature",
    0.9, date(2026, 11, 20), -899, -899, -899, "GBP", date(2026, 8, 20), date(2026, 10, 20), 3,
)  # fmt: skip


def row(number: int, day: date, minor: int) -> Row:
    return Row(
        id=f"r{number}", account_id="a", booked=day, purchased=None, description="PRIME",
        minor=minor, currency="GBP", counterparty="Amazon Prime", counterparty_id="amazon_prime",
        counterparty_confidence=1.0, category="subscriptions.video", category_confidence=1.0,
        category_source="label", city=None, recurring=True, stream_id="prime", refund_of=None,
        bought_from=None, bought_as=None,
    )  # fmt: skip


def monthly(*sizes: int) -> list[Row]:
    """Payments, the newest first."""
    return [row(n, date(2026, 10 - n, 20), -size) for n, size in enumerate(sizes)]


def test_a_price_that_rose() -> None:
    assert rise_of(PRIME, monthly(899, 899, 699, 699)) == Rise(699, 899, date(2026, 9, 20))
    told = replace(PRIME, price_rises=(PriceRise(date(2026, 9, 20), -699, -899),))
    assert rise_of(told, []) == Rise(699, 899, date(2026, 9, 20))
    assert rise_of(PRIME, monthly(899, 899, 899)) is None


def test_a_trial_that_turned_paid() -> None:
    assert trial_ended(PRIME, monthly(899, 899, 0)) == date(2026, 9, 20)
    assert trial_ended(replace(PRIME, trial_ended_on=date(2026, 9, 1)), []) == date(2026, 9, 1)
    assert trial_ended(PRIME, monthly(899, 899)) is None


def shop(number: int, day: date) -> tuple[Transaction, Enriched]:
    made = Transaction(
        f"shop-{number}", "maya-current", day, "AMAZON.CO.UK", -1_999, "GBP",
        fingerprint=f"shop-{number}", line=number,
    )  # fmt: skip
    filed = Enriched(
        made.id, counterparty="Amazon", counterparty_id="amazon", counterparty_confidence=0.99,
        counterparty_source="label", category="shopping.marketplace", category_confidence=0.99,
        category_source="label", essential=False, recurring=False, recurring_confidence=0.9,
        stream_id=None,
    )  # fmt: skip
    return made, filed


def told_after(own: Any, last: date) -> list[str]:
    made, filed = shop(1, last)
    with reading(own) as connection:
        account = Desk(connection, TurnScope("maya", "c", "t", NOW["maya"])).accounts[0]
    with writing(own) as connection:
        scope = UserScope("maya")
        add_transactions(connection, scope, [replace(made, account_id=account.id)])
        replace_enrichment(connection, scope, [filed], [])
    with reading(own) as connection:
        desk = Desk(connection, TurnScope("maya", "c", "t", NOW["maya"]))
        return notes(desk, [PRIME], {PRIME.id: []})


def test_a_membership_of_a_shop_that_nothing_is_bought_at(own: Any) -> None:
    long_ago = date(2026, 11, 10) - timedelta(days=90)
    assert told_after(own, long_ago) == ["Amazon Prime: your last purchase there was on 12 August."]


def test_one_that_is_used_is_not_said(own: Any) -> None:
    assert told_after(own, date(2026, 11, 1)) == []


def test_the_whole_list_follows_the_answer(maya: Talk) -> None:
    maya.action["list_subscriptions"] = "action_commitments"
    answer = maya.parse("list_subscriptions", "my subscriptions")
    (whole,) = answer.further
    lines = [line for line in whole.splitlines() if line.startswith("•")]
    named = [figure for figure in answer.figures if figure.label]
    assert len(lines) == len(named)
    for line, figure in zip(lines, named, strict=True):
        assert str(figure.label) in line
        assert f"£{figure.minor // 100}.{figure.minor % 100:02d}" in line
    assert "can't show me" in whole


lines_ = st.lists(st.text(st.characters(exclude_categories=["Cc", "Zl", "Zp"]), max_size=200))


@given(lines_)
def test_no_line_of_a_list_is_lost(lines: list[str]) -> None:
    messages = in_full("All:", lines)
    assert "\n".join(messages).split("\n") == ["All:", *lines]
    assert all(len(message) <= MAX_FURTHER for message in messages)


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("spending_trend", "have any gone up?"),
        ("show_more", "which ones rose"),
        ("refine_query", "and the price hikes?"),
    ],
)
def test_which_of_them_went_up(maya: Talk, intent: str, text: str) -> None:
    maya.action["list_subscriptions"] = "action_commitments"
    maya.parse("list_subscriptions", "my subscriptions")
    answer = maya.parse(intent, text)
    assert "Netflix rose from £12.99 to £14.99" in answer.text
    assert answer.query is not None
    assert answer.query.measure == "list_subscriptions"


def test_elsewhere_it_is_another_question(maya: Talk) -> None:
    maya.parse("spending_total", "how much this month")
    assert "Netflix" not in maya.parse("spending_trend", "has it gone up?").text
