"""Figures over the demo people, recomputed from the labels without the ledger."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from ledger import tables
from ledger.database import writing
from ledger.money import to_minor

from .conftest import (
    JULY,
    OCTOBER,
    SEPTEMBER,
    Talk,
    amount,
    by,
    category,
    context,
    merchant,
    owned,
    period,
    read,
)

NEUTRAL = ("transfers", "savings", "debt.credit_card")
REFUND = "income.money_back.refund"


@pytest.fixture(scope="session")
def labelled(people_folder: Path) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for person in ("maya", "jordan"):
        labels = {one["transaction_id"]: one for one in read(people_folder / person, "labels.csv")}
        found[person] = [
            {
                **row,
                **labels[row["transaction_id"]],
                "minor": to_minor(row["amount"], row["currency"]),
            }
            for row in read(people_folder / person, "transactions.csv")
        ]
    return found


def spent(rows: list[dict[str, Any]], month: str) -> int:
    total = 0
    for row in rows:
        if not row["date"].startswith(month):
            continue
        if row["minor"] < 0 and not row["category"].startswith(NEUTRAL):
            total -= row["minor"]
        if row["minor"] > 0 and row["category"] == REFUND:
            total -= row["minor"]
    return total


def month(number: int) -> dict[str, Any]:
    return period(f"month {number}", f"2026-{number:02}-01", f"2026-{number + 1:02}-01")


@pytest.mark.parametrize("number", range(5, 11))
def test_each_month_of_both_people(
    number: int, maya: Talk, jordan: Talk, labelled: dict[str, list[dict[str, Any]]]
) -> None:
    for talk in (maya, jordan):
        answer = talk.parse("spending_total", "how much did I spend", month(number))
        expected = spent(labelled[talk.person], f"2026-{number:02}")
        assert answer.figures[0].minor == expected
        mine = {row["transaction_id"]: row for row in labelled[talk.person]}
        assert sum(-mine[id_]["minor"] for id_ in answer.transactions) == expected


@pytest.mark.parametrize("number", range(5, 11))
@pytest.mark.parametrize("counterparty", ["Tesco", "Aldi", "Sainsbury's"])
def test_three_merchants_month_by_month(
    number: int, counterparty: str, maya: Talk, labelled: dict[str, list[dict[str, Any]]]
) -> None:
    answer = maya.parse("spending_total", "how much", merchant(counterparty), month(number))
    expected = sum(
        -row["minor"]
        for row in labelled["maya"]
        if row["counterparty"] == counterparty and row["date"].startswith(f"2026-{number:02}")
    )
    assert answer.figures[0].minor == expected


@pytest.mark.parametrize("number", range(5, 11))
@pytest.mark.parametrize("node", ["groceries", "eating_out", "utilities"])
def test_three_categories_month_by_month(
    number: int, node: str, maya: Talk, labelled: dict[str, list[dict[str, Any]]]
) -> None:
    answer = maya.parse("spending_total", "how much", category(node, node), month(number))
    expected = sum(
        -row["minor"]
        for row in labelled["maya"]
        if row["category"].startswith(node) and row["date"].startswith(f"2026-{number:02}")
    )
    assert answer.figures[0].minor == expected


def test_a_reply_names_what_it_covered(maya: Talk) -> None:
    answer = maya.parse("spending_total", "how much at tesco", merchant("tesco"), OCTOBER)
    assert answer.text.startswith("You spent £13.62 at Tesco, 1–31 October, all accounts")
    assert "as of 10 Nov 2026" in answer.text
    titles = [button.title for button in answer.buttons]
    assert titles[:4] == ["Tesco", "October", "All accounts", "Why?"]


def test_jordans_format_is_american(jordan: Talk) -> None:
    answer = jordan.parse("spending_total", "how much at kroger", merchant("kroger"), OCTOBER)
    assert answer.text.startswith("You spent $185.20 at Kroger, October 1–31, all accounts")


def test_a_refund_lowers_total_and_its_merchant_on_its_own_day(maya: Talk) -> None:
    july = maya.parse("spending_total", "asos in july", merchant("asos"), JULY)
    assert july.figures[0].minor == -4600
    june = maya.parse("spending_total", "asos", merchant("asos"), month(6))
    assert june.figures[0].minor == 7800
    clothes = maya.parse(
        "spending_total", "clothes", category("clothes", "shopping.clothing"), JULY
    )
    assert clothes.figures[0].minor == -4600


def test_no_period_is_this_month_so_far_and_said(maya: Talk) -> None:
    answer = maya.parse("spending_total", "how much have I spent")
    assert answer.query is not None
    assert answer.query.to_json()["period"] == {"start": "2026-11-01", "end": "2026-12-01"}
    assert "1–10 November so far" in answer.text


def test_a_merchant_nobody_paid_is_a_plain_zero(maya: Talk) -> None:
    answer = maya.parse("spending_total", "at waitrose", merchant("waitrose", "waitrose"), OCTOBER)
    assert answer.figures[0].minor == 0
    assert "no transactions with Waitrose" in answer.text


def test_a_period_outside_the_data_is_said(maya: Talk) -> None:
    answer = maya.parse("spending_total", "in march", period("march", "2026-03-01", "2026-04-01"))
    assert not answer.figures
    assert "1 May 2026 to 9 November 2026" in answer.text


def test_rows_after_now_are_not_there_yet(ledger: Any) -> None:
    from datetime import UTC, datetime

    then = Talk(ledger, "maya", datetime(2026, 7, 10, 9, tzinfo=UTC))
    answer = then.parse("spending_total", "this month", JULY)
    assert "1–10 July so far" in answer.text
    assert "as of" not in answer.text
    assert all(id_ <= "maya-0114" for id_ in answer.transactions)


def test_a_breakdown_adds_up(maya: Talk) -> None:
    answer = maya.parse("spending_breakdown", "where did my money go in october", OCTOBER)
    total, *groups = answer.figures
    assert sum(group.minor for group in groups) == total.minor
    assert {"housing", "travel", REFUND} <= {group.name for group in groups}


@pytest.mark.parametrize("grouping", ["merchant", "account", "day", "week", "month", "category"])
def test_every_grouping_adds_up(grouping: str, maya: Talk) -> None:
    answer = maya.parse("spending_breakdown", f"split by {grouping}", by(grouping), JULY)
    total, *groups = answer.figures
    assert sum(group.minor for group in groups) == total.minor == 124_644


def test_a_share_is_a_percentage(maya: Talk) -> None:
    rent = category("rent", "housing.rent")
    answer = maya.parse("spending_breakdown", "what percentage of spending is rent", rent, OCTOBER)
    assert answer.counts == [("percent", 33)]
    assert [figure.minor for figure in answer.figures] == [64_000, 192_504]


def test_two_months_side_by_side(maya: Talk) -> None:
    answer = maya.parse("spending_compare", "compare september and october", SEPTEMBER, OCTOBER)
    one, two, change = (figure.minor for figure in answer.figures[:3])
    assert (one, two, change) == (142_420, 192_504, -50_084)
    assert answer.figures[3].label == "Travel & Holidays"


def test_more_than_last_month_is_this_month_against_it(maya: Talk) -> None:
    last = period("last month", "2026-10-01", "2026-11-01")
    food = category("food", "groceries", "eating_out")
    answer = maya.parse("spending_compare", "did I spend more on food than last month", food, last)
    assert answer.query is not None
    body = answer.query.to_json()
    assert body["period"] == {"start": "2026-11-01", "end": "2026-12-01"}
    assert body["compare"] == {"period": {"start": "2026-10-01", "end": "2026-11-01"}}
    assert "By the same day it was £69.12." in answer.text


def test_two_merchants_side_by_side(maya: Talk) -> None:
    answer = maya.parse(
        "spending_compare", "tesco vs aldi in october", merchant("tesco"), merchant("aldi"), OCTOBER
    )
    one, two, change = (figure.minor for figure in answer.figures[:3])
    assert one == 1362
    assert change == one - two
    assert answer.query is not None
    assert answer.query.compare is not None
    assert answer.query.compare.merchants == ("aldi",)


def test_counts_and_dates(maya: Talk) -> None:
    eaten = maya.parse(
        "transaction_count", "how often did I eat out", category("eat out", "eating_out"), OCTOBER
    )
    assert eaten.counts[0] == ("count", 6)
    last = maya.parse("last_transaction", "when did I last go to greggs", merchant("greggs"))
    assert last.dates == [("last", date(2026, 10, 27))]


def test_income_is_without_money_back(maya: Talk) -> None:
    assert maya.parse("income_total", "october", OCTOBER).figures[0].minor == 192_837
    hannah = maya.parse("income_total", "from hannah", merchant("hannah"), OCTOBER)
    assert hannah.figures[0].minor == 15_775
    assert "not part of your income" in hannah.text


def test_a_neutral_thing_named_outright_is_counted(maya: Talk) -> None:
    cash = category("cash", "transfers.cash.withdrawal")
    assert maya.parse("spending_total", "cash taken out", cash).figures[0].minor == 7452
    saved = maya.parse("spending_total", "put in savings", category("savings", "savings.pot"))
    assert saved.figures[0].minor == 115_000


def test_on_the_card_its_interest_is_left_out(jordan: Talk, labelled: dict[str, Any]) -> None:
    answer = jordan.parse("spending_total", "on my discover", owned("my discover"), OCTOBER)
    expected = sum(
        -row["minor"]
        for row in labelled["jordan"]
        if row["account_id"] == "jordan-discover"
        and row["date"].startswith("2026-10")
        and row["minor"] < 0
        and row["category"] != "debt.interest"
    )
    assert answer.figures[0].minor == expected


def test_since_payday_comes_from_the_income_stream(maya: Talk) -> None:
    answer = maya.parse("spending_total", "since payday", context("since payday", "payday"))
    assert answer.query is not None
    assert answer.query.to_json()["period"] == {"start": "2026-10-28", "end": "2026-11-11"}


def test_what_the_ledger_does_not_tell_is_asked(maya: Talk) -> None:
    answer = maya.parse("spending_total", "on my trip", context("my trip", "trip"))
    assert answer.query is None
    assert "?" in answer.text


def test_left_out_by_words(maya: Talk) -> None:
    rent = category("rent", "housing.rent")
    answer = maya.parse("spending_total", "in october without rent", OCTOBER, rent)
    assert answer.figures[0].minor == 192_504 - 64_000
    assert "without Rent" in answer.text


def test_an_amount_bounds_single_payments(maya: Talk) -> None:
    answer = maya.parse(
        "list_transactions", "payments over £100", amount("over £100", "gt", 10_000), OCTOBER
    )
    assert answer.counts[0][1] == len(answer.transactions) > 0
    assert answer.text.count("\n") <= 5


def test_an_unknown_category_or_account_is_asked_about(maya: Talk) -> None:
    assert maya.parse("spending_total", "on zorbing", category("zorbing")).query is None
    answer = maya.parse("check_balance", "in my barclays", owned("barclays"))
    assert answer.query is None
    assert "Monzo" in answer.text


def test_landlord_is_who_gets_the_rent(maya: Talk) -> None:
    answer = maya.parse("spending_total", "my landlord", merchant("my landlord"), OCTOBER)
    assert answer.figures[0].minor == 64_000


def test_a_trip_is_the_days_that_print_the_place(maya: Talk) -> None:
    answer = maya.parse(
        "spending_total", "on my trip to porto", context("my trip to porto", "trip")
    )
    assert answer.query is not None
    assert answer.query.to_json()["period"] == {"start": "2026-07-16", "end": "2026-07-19"}


def test_since_i_last_went_somewhere(maya: Talk) -> None:
    answer = maya.parse(
        "spending_total", "what have I spent since I last went to greggs", merchant("greggs")
    )
    assert answer.query is not None
    assert answer.query.to_json()["period"] == {"start": "2026-10-27", "end": "2026-11-11"}
    assert answer.query.merchants == ()


def test_somebody_named_in_passing_is_not_overlooked(maya: Talk) -> None:
    answer = maya.parse("last_transaction", "when did hannah last pay me")
    assert answer.figures[0].minor == 15_775


def test_put_into_savings_is_what_went_there(maya: Talk) -> None:
    since = period("since august", "2026-08-01", "2026-11-11")
    answer = maya.parse(
        "spending_total", "how much did I put into savings since august", owned("savings"), since
    )
    assert answer.figures[0].minor == 60_000
    assert answer.text.startswith("£600.00 went out")


def test_electricity_of_a_combined_bill(maya: Talk) -> None:
    electric = category("electricity", "utilities.energy.electricity")
    assert maya.parse("spending_total", "electricity", electric, OCTOBER).figures[0].minor == 8874


def test_unsure_money_is_said_and_its_rows_offered(
    tmp_path_factory: pytest.TempPathFactory, people_folder: Path
) -> None:
    from ledger.database import migrate, open_engine

    from .conftest import NOW, load

    url = f"sqlite:///{tmp_path_factory.mktemp('unsure') / 'florin.db'}"
    migrate(url)
    engine = open_engine(url)
    load(engine, people_folder / "maya", "maya", confidence=0.3)
    talk = Talk(engine, "maya", NOW["maya"])
    answer = talk.parse("spending_total", "groceries", category("g", "groceries"), OCTOBER)
    assert "I'm unsure how to file £126.14 of it." in answer.text
    shown = talk.tap(answer, "Show the unsure ones")
    assert set(shown.transactions) == set(answer.transactions)
    engine.dispose()


def test_an_own_bank_is_an_account_unless_it_was_paid(jordan: Talk) -> None:
    text = "biggest charges on discover in september"
    answer = jordan.parse("biggest_purchases", text, SEPTEMBER)
    assert answer.query is not None
    assert answer.query.accounts == ("jordan-discover",)
    shop = jordan.parse("list_transactions", "discover purchases", merchant("discover"), SEPTEMBER)
    assert shop.query is not None
    assert shop.query.accounts == ("jordan-discover",)
    paid = jordan.parse("spending_total", "how much did I pay discover", merchant("discover"))
    assert paid.query is not None
    assert paid.query.merchants == ("discover",)


def test_neighbouring_periods_are_one_and_distant_ones_are_asked_about(maya: Talk) -> None:
    both = maya.parse("spending_total", "in september and october", SEPTEMBER, OCTOBER)
    assert both.figures[0].minor == 142_420 + 192_504
    apart = maya.parse("spending_total", "in july and october", JULY, OCTOBER)
    assert apart.query is None


def test_moves_that_only_the_words_name_are_not_all_spending(maya: Talk) -> None:
    assert maya.parse("spending_total", "how much cash did I withdraw").figures[0].minor == 7452
    paid = maya.parse("spending_total", "what did I pay off my card", owned("my card"), OCTOBER)
    assert paid.figures[0].minor == 26_757
    june = period("june", "2026-06-01", "2026-07-01")
    subscriptions = maya.parse("spending_total", "what did my subscriptions cost in june", june)
    listed = maya.parse("list_subscriptions", "my subscriptions in june", june)
    assert subscriptions.figures[0].minor == listed.figures[0].minor == 6540
    refunds = maya.parse("list_transactions", "show me all refunds")
    assert refunds.counts[0] == ("count", 11)
    assert maya.parse("last_transaction", "when was i last paid").query is not None
    assert maya.parse("last_transaction", "when did i get paid", period("x")).figures


def test_two_named_categories_are_split_into_the_two(maya: Talk) -> None:
    answer = maya.parse(
        "spending_breakdown",
        "groceries and eating out",
        category("groceries", "groceries"),
        category("eating out", "eating_out"),
        OCTOBER,
    )
    assert [figure.name for figure in answer.figures[1:]] == ["groceries", "eating_out"]


def test_days_of_the_week_narrow_a_first_question(maya: Talk) -> None:
    whole = maya.parse("spending_total", "what did i spend in october", OCTOBER)
    parts = [
        maya.parse("spending_total", f"what did i spend {words} in october", OCTOBER)
        for words in ("on weekdays", "at the weekends")
    ]
    assert sum(part.figures[0].minor for part in parts) == whole.figures[0].minor
    assert "at weekends" in parts[1].text
    mondays = maya.parse("transaction_count", "how often on mondays in october", OCTOBER)
    assert 0 < dict(mondays.counts)["count"] < len(whole.transactions)


def test_a_second_charge_is_told(jordan: Talk) -> None:
    person, row = tables.enriched.c.person_id, tables.enriched.c.transaction_id
    newest = jordan.parse("list_transactions", "my payments").transactions[:2]
    assert "taken twice" in jordan.parse("transaction_count", "was i charged twice").text
    mark = update(tables.enriched).where(person == "jordan", row == newest[0])
    with writing(jordan.engine) as connection:
        connection.execute(mark.values(duplicate_of=newest[1]))
    try:
        answer = jordan.parse("transaction_count", "was i charged twice for anything")
        assert answer.text.startswith("It looks like it")
        assert set(answer.transactions) == set(newest)
    finally:
        with writing(jordan.engine) as connection:
            connection.execute(mark.values(duplicate_of=None))


def test_interest_that_was_earned_is_no_other_income(maya: Talk) -> None:
    answer = maya.parse("income_total", "how much interest have i earned since june")
    assert answer.query is not None
    assert answer.query.categories == ("income.returns.interest",)
    answer = maya.parse("income_total", "what came in since june apart from interest")
    assert answer.query is not None
    assert answer.query.categories == ()


def test_what_left_an_account_includes_moves_to_another(
    maya: Talk, labelled: dict[str, list[dict[str, Any]]]
) -> None:
    monzo = owned("monzo", "maya-monzo")
    answer = maya.parse("list_transactions", "everything that left my monzo", monzo, OCTOBER)
    left = {
        row["transaction_id"]
        for row in labelled["maya"]
        if row["account_id"] == "maya-monzo"
        and row["date"].startswith("2026-10")
        and row["minor"] < 0
    }
    assert set(answer.transactions) == left
    bought = maya.parse("list_transactions", "what i bought with my monzo", monzo, OCTOBER)
    assert set(bought.transactions) < left
