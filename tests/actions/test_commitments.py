"""Recurring payments, refunds, fees and single rows over the demo people."""

from datetime import date

import pytest

from actions.due import last_working, next_working

from .conftest import Talk, amount, category, merchant, period

NOVEMBER = period("this month", "2026-11-01", "2026-12-01")


def test_subscriptions_are_the_branch_and_memberships(maya: Talk, jordan: Talk) -> None:
    answer = maya.parse("list_subscriptions", "my subscriptions")
    assert answer.counts == [("count", 7), ("with_memberships", 8)]
    named = {figure.name: figure.minor for figure in answer.figures[3:]}
    assert named["netflix"] == 1499
    gym = named.pop("puregym")
    assert answer.figures[2].minor == answer.figures[0].minor + gym
    assert "Netflix rose from £12.99 to £14.99 on 17 August" in answer.text
    assert answer.figures[1].minor == sum(12 * minor for minor in named.values())
    yearly = jordan.parse("list_subscriptions", "my subscriptions")
    assert "Costco $65.00 a year" in yearly.text


def test_an_exchange_rate_is_no_price_rise(maya: Talk) -> None:
    answer = maya.parse("list_subscriptions", "patreon", merchant("patreon"))
    assert answer.counts[0] == ("count", 1)
    assert "rose" not in answer.text


def test_a_trial_that_turned_paid_is_said(maya: Talk) -> None:
    answer = maya.parse("list_subscriptions", "audible", merchant("audible"))
    assert "Audible's free trial turned paid on 10 August" in answer.text


def test_recurring_payments_are_all_streams(maya: Talk) -> None:
    answer = maya.parse("list_subscriptions", "all my recurring payments")
    assert answer.counts[0][1] > 8
    assert any(figure.label == "D J Brennan" for figure in answer.figures)
    assert not any(figure.label == "Maya Desai" for figure in answer.figures)


def test_bills_before_the_next_payday(maya: Talk) -> None:
    answer = maya.parse("upcoming_bills", "what bills are coming up")
    days = [day for _, day in answer.dates]
    assert days == sorted(days)
    assert all(date(2026, 11, 10) <= day < date(2026, 11, 27) for day in days)
    assert answer.figures[0].minor == sum(figure.minor for figure in answer.figures[1:])
    assert ("due", date(2026, 11, 16)) in answer.dates  # council tax, the 15th is a Sunday


def test_bills_of_a_named_month_start_today(maya: Talk) -> None:
    answer = maya.parse("upcoming_bills", "bills left this month", NOVEMBER)
    assert all(day >= date(2026, 11, 10) for _, day in answer.dates)
    assert "10–30 November" in answer.text


def test_one_bill_its_date_and_price(maya: Talk) -> None:
    answer = maya.parse(
        "bill_details",
        "how much is my council tax",
        category("council tax", "housing.property_tax"),
    )
    assert answer.figures[0].minor == 15_100
    assert answer.dates[:2] == [("due", date(2026, 11, 16)), ("last", date(2026, 10, 15))]


def test_a_bill_that_varies_has_a_range(maya: Talk) -> None:
    answer = maya.parse("bill_details", "when is octopus", merchant("octopus"))
    assert {figure.name for figure in answer.figures} == {"amount", "low", "high"}
    assert "(£52.90–£88.74)" in answer.text


def test_whether_it_has_gone_out(maya: Talk) -> None:
    rent = category("rent", "housing.rent")
    assert maya.parse("bill_details", "has rent gone out yet", rent).text.startswith("Yes")
    netflix = maya.parse("bill_details", "has netflix gone out yet", merchant("netflix"))
    assert netflix.text.startswith("Not yet")


def test_a_follow_up_asks_about_another_bill(maya: Talk) -> None:
    maya.parse("bill_details", "when does rent go out", category("rent", "housing.rent"))
    answer = maya.parse(
        "refine_query", "and the water?", category("water", "utilities.water_waste")
    )
    assert answer.figures[0].minor == 2875
    why = maya.tap(answer, "Why?")
    assert set(why.transactions) == set(answer.transactions)


def test_what_ended_or_never_was_is_said(maya: Talk) -> None:
    ended = maya.parse("bill_details", "when is klarna due", merchant("klarna"))
    assert "seems to have ended" in ended.text
    never = maya.parse("bill_details", "when is tesco due", merchant("tesco"))
    assert "no regular payment for Tesco" in never.text
    assert not never.figures


def test_nothing_is_cancelled_and_it_says_so(maya: Talk) -> None:
    answer = maya.parse("cancel_subscription", "cancel netflix", merchant("netflix"))
    assert "can't cancel it for you" in answer.text
    assert answer.figures[0].minor == 12 * 1499
    asked = maya.parse("cancel_subscription", "cancel a subscription")
    assert maya.tap(asked, "Adobe").figures[0].minor == 12 * 2198


def test_next_payday_names_a_close_runner_up(maya: Talk, jordan: Talk) -> None:
    answer = maya.parse("next_payday", "when do I get paid")
    assert answer.dates == [("next_payday", date(2026, 11, 27))]
    assert answer.figures[0].minor == 174_266
    other = jordan.parse("next_payday", "when do I get paid")
    assert other.dates == [("next_payday", date(2026, 11, 20))]
    assert "DoorDash" in other.text


def test_refunds_have_come_or_not(maya: Talk, jordan: Talk) -> None:
    asos = maya.parse("refunds", "has asos refunded me", merchant("asos"))
    assert (asos.figures[0].minor, asos.dates) == (4600, [("refund", date(2026, 7, 6))])
    none = maya.parse("refunds", "has tesco refunded me", merchant("tesco"))
    assert none.text.startswith("No refund has come from Tesco")
    assert maya.parse("refunds", "my tax rebate").figures[0].minor == 8640
    assert jordan.parse("refunds", "what was refunded").figures[0].minor == 41_800


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("bank fees", 3700),
        ("overdraft fees", 3400),
        ("interest", 11_416),
        ("what the bank took", 15_116),
    ],
)
def test_fees_as_the_words_narrow_them(text: str, minor: int, jordan: Talk) -> None:
    assert jordan.parse("bank_fees", text).figures[0].minor == minor


def test_a_row_is_explained(maya: Talk) -> None:
    answer = maya.parse(
        "explain_transaction",
        "what's the 12.99 from spotify",
        amount("12.99", "eq", 1299),
        merchant("spotify"),
    )
    assert "Spotify" in answer.text
    assert "99% sure" in answer.text
    assert "Seen 6 times before" in answer.text
    assert len(answer.transactions) == 1
    several = maya.parse("explain_transaction", "what is the £9", amount("£9", "eq", 900))
    assert several.text.startswith("Which of these?")
    assert maya.parse("explain_transaction", "what is this").query is None


def test_a_trend_is_over_whole_months_and_adds_up(maya: Talk) -> None:
    answer = maya.parse("spending_trend", "how is my spending going")
    total, *months = answer.figures
    assert [figure.name for figure in months] == [f"2026-{n:02}-01" for n in range(5, 11)]
    assert sum(figure.minor for figure in months) == total.minor
    assert answer.text.startswith("Going up (+14%)")


def test_working_days() -> None:
    assert next_working(date(2026, 12, 25), "GB") == date(2026, 12, 29)
    assert last_working(date(2026, 11, 28), "GB") == date(2026, 11, 27)
    assert next_working(date(2026, 11, 26), "US") == date(2026, 11, 27)


def test_subscriptions_of_a_month_are_what_was_paid(maya: Talk) -> None:
    october = period("in october", "2026-10-01", "2026-11-01")
    answer = maya.parse("list_subscriptions", "subscriptions in october", october)
    assert answer.figures[0].minor == 7636
    assert len(answer.transactions) == 7


def test_a_bill_that_only_the_words_name(maya: Talk) -> None:
    assert maya.parse("bill_details", "when does rent go out").figures[0].minor == 64_000
    assert "Octopus" in maya.parse("bill_details", "when is octopus next taken").text
    assert maya.parse("bill_details", "when is it due").query is None


@pytest.mark.parametrize("text", ["has the rent gone out", "did rent go thru this month"])
def test_what_was_paid_comes_first_where_that_is_asked(maya: Talk, text: str) -> None:
    answer = maya.parse("bill_details", text, category("rent", "housing.rent"))
    assert answer.figures[0].name == "paid"
    assert "gone out" in answer.text or "Not yet" in answer.text


@pytest.mark.parametrize("text", ["when does rent go out", "has rent gone up"])
def test_what_is_due_comes_first_elsewhere(maya: Talk, text: str) -> None:
    answer = maya.parse("bill_details", text, category("rent", "housing.rent"))
    assert answer.figures[0].name == "amount"
