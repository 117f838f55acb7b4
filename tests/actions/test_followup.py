"""Conversations: each short turn edits the last question, small talk leaves it alone."""

from collections.abc import Sequence

import pytest

from actions.answer import Answer
from actions.desk import Desk
from ledger.database import reading
from ledger.queries import Row, Where
from ledger.scope import TurnScope

from .conftest import (
    JULY,
    OCTOBER,
    SEPTEMBER,
    Talk,
    amount,
    by,
    category,
    every,
    merchant,
    number,
    owned,
    period,
)

FEBRUARY = period("february", "2026-02-01", "2026-03-01")


def tesco_in_october(talk: Talk) -> Answer:
    return talk.parse("spending_total", "how much at tesco in october", merchant("tesco"), OCTOBER)


def body(answer: Answer) -> dict[str, object]:
    assert answer.query is not None
    return answer.query.to_json()


def test_another_period_keeps_the_merchant(maya: Talk) -> None:
    tesco_in_october(maya)
    answer = maya.parse("refine_query", "and in july?", JULY)
    assert answer.figures[0].minor == 975
    assert body(answer)["merchants"] == ["tesco"]
    assert body(answer)["measure"] == "spending_total"


def test_another_merchant_keeps_the_period(maya: Talk) -> None:
    tesco_in_october(maya)
    answer = maya.parse("refine_query", "what about aldi", merchant("aldi"))
    assert body(answer)["merchants"] == ["aldi"]
    assert body(answer)["period"] == {"start": "2026-10-01", "end": "2026-11-01"}


def test_a_merchant_takes_the_place_of_a_category(maya: Talk) -> None:
    maya.parse(
        "spending_total", "groceries in october", category("groceries", "groceries"), OCTOBER
    )
    answer = maya.parse("refine_query", "and greggs?", merchant("greggs"))
    assert body(answer)["categories"] == []
    assert answer.figures[0].minor == 490


def test_no_i_meant_takes_the_last_edit_back(maya: Talk) -> None:
    groceries = category("groceries", "groceries")
    maya.parse("spending_total", "groceries in october", groceries, OCTOBER)
    maya.parse("refine_query", "what about greggs", merchant("greggs"))
    answer = maya.parse("refine_query", "no, i meant only aldi", merchant("aldi"))
    assert body(answer)["categories"] == ["groceries"]
    assert body(answer)["merchants"] == ["aldi"]


def test_no_i_meant_keeps_what_it_does_not_speak_of(maya: Talk) -> None:
    tesco_in_october(maya)
    maya.parse("refine_query", "and aldi", merchant("aldi"))
    answer = maya.parse("refine_query", "no, i meant july", JULY)
    assert body(answer)["merchants"] == ["aldi"]


def test_the_month_before_is_before_the_last_question(maya: Talk) -> None:
    maya.parse("spending_total", "in september", SEPTEMBER)
    answer = maya.parse("refine_query", "and the month before?", OCTOBER)
    assert body(answer)["period"] == {"start": "2026-08-01", "end": "2026-09-01"}


def test_no_i_meant_right_after_a_full_question_edits_it(maya: Talk) -> None:
    tesco_in_october(maya)
    answer = maya.parse("refine_query", "no i meant february", FEBRUARY)
    assert body(answer)["merchants"] == ["tesco"]
    assert body(answer)["period"] == {"start": "2026-02-01", "end": "2026-03-01"}


def test_not_this_but_that(maya: Talk) -> None:
    tesco_in_october(maya)
    answer = maya.parse("refine_query", "not tesco, aldi", merchant("tesco"), merchant("aldi"))
    assert body(answer)["merchants"] == ["aldi"]
    assert body(answer)["exclude"] == {}


def test_without_something(maya: Talk) -> None:
    maya.parse("spending_total", "in october", OCTOBER)
    answer = maya.parse("refine_query", "without rent", category("rent", "housing.rent"))
    assert body(answer)["exclude"] == {"categories": ["housing.rent"]}
    assert answer.figures[0].minor == 128_504


def test_only_over_an_amount_and_only_on_a_card(maya: Talk) -> None:
    maya.parse("spending_total", "in october", OCTOBER)
    over = maya.parse("refine_query", "only over 20 quid", amount("over 20 quid", "gt", 2000))
    assert body(over)["amount"] == {"op": "gt", "minor": 2000, "minor2": None, "currency": "GBP"}
    card = maya.parse("refine_query", "just on the amex", owned("the amex"))
    assert body(card)["accounts"] == ["maya-amex"]
    assert body(card)["amount"] is not None


def test_by_week_splits_the_same_answer(maya: Talk) -> None:
    maya.parse("spending_total", "groceries", category("groceries", "groceries"), OCTOBER)
    answer = maya.parse("show_more", "by week", by("week"))
    total, *groups = answer.figures
    assert body(answer)["group_by"] == "week"
    assert sum(group.minor for group in groups) == total.minor == 12_614


def test_compared_with(maya: Talk) -> None:
    maya.parse("spending_total", "in october", OCTOBER)
    answer = maya.parse("refine_query", "compared to september", SEPTEMBER)
    assert body(answer)["compare"] == {"period": {"start": "2026-09-01", "end": "2026-10-01"}}
    assert [figure.minor for figure in answer.figures[:2]] == [192_504, 142_420]


def test_small_talk_leaves_the_thread(maya: Talk) -> None:
    tesco_in_october(maya)
    before = maya.memory
    assert maya.parse("thanks", "ta").query is None
    assert maya.memory == before
    assert maya.parse("refine_query", "and july", JULY).figures[0].minor == 975


def test_why_lists_the_rows_and_more_goes_on(maya: Talk) -> None:
    answer = maya.parse("spending_total", "in october", OCTOBER)
    why = maya.tap(answer, "Why?")
    assert why.text.count("\n") >= 3
    assert set(why.transactions) == set(answer.transactions)
    assert why.figures[0] == answer.figures[0]
    shown = why.text.splitlines()[1:]
    more = maya.tap(why, "More").text.splitlines()[1:]
    assert more
    assert not set(shown) & set(more)


def test_more_reaches_the_last_row(maya: Talk) -> None:
    first = maya.parse("list_transactions", "my october payments", OCTOBER)
    seen = first.text.splitlines()[1:]
    for _ in range(40):
        answer = maya.parse("show_more", "more")
        if answer.text == "That was all of them.":
            break
        seen += answer.text.splitlines()[1:]
    assert len(seen) == len(first.transactions) == first.counts[0][1]


def test_a_tapped_question_is_asked_as_it_stands(maya: Talk) -> None:
    answer = maya.tap(tesco_in_october(maya), "September")
    assert body(answer)["period"] == {"start": "2026-09-01", "end": "2026-10-01"}
    assert body(answer)["merchants"] == ["tesco"]


def test_without_a_question_there_is_nothing_to_change(maya: Talk) -> None:
    for intent in ("refine_query", "show_more"):
        answer = maya.parse(intent, "and that?")
        assert answer.query is None
        assert maya.memory is None


def test_what_is_whole_in_itself_needs_no_question_before(maya: Talk) -> None:
    answer = maya.parse("refine_query", "tesco in july?", merchant("tesco"), JULY)
    assert answer.figures[0].minor == 975
    groceries = category("groceries", "groceries")
    full = maya.parse("refine_query", "how much did i spend on groceries", groceries, OCTOBER)
    assert body(full)["merchants"] == []


def test_an_empty_follow_up_is_asked_about_and_forgets_nothing(maya: Talk) -> None:
    tesco_in_october(maya)
    before = maya.memory
    answer = maya.parse("refine_query", "what about the other thing")
    assert answer.query is None
    assert maya.memory == before


def test_a_broken_memory_is_no_memory(maya: Talk) -> None:
    maya.memory = {"intent": "spending_total", "query": {"measure": 1}}
    assert maya.parse("refine_query", "and the other one").query is None


def test_a_balance_can_be_followed_up(maya: Talk) -> None:
    maya.parse("check_balance", "what's in my monzo", owned("my monzo"))
    answer = maya.parse("refine_query", "and the savings?", owned("the savings"))
    assert answer.figures[0].minor == 175_632


def test_one_payment_is_no_chart(maya: Talk) -> None:
    tesco_in_october(maya)
    answer = maya.parse("show_more", "as a graph")
    assert answer.text.startswith("There is too little in that for a chart")
    assert answer.chart is None
    assert answer.figures[0].minor == 1362


def test_more_of_a_ranking_shows_the_next_ones(maya: Talk) -> None:
    first = maya.parse("biggest_purchases", "top 3 purchases in october", number(3), OCTOBER)
    more = maya.parse("show_more", "next ones")
    assert len(more.transactions) == 3
    assert not set(first.transactions) & set(more.transactions)
    assert more.figures[0].minor <= first.figures[-1].minor
    two = maya.parse("show_more", "2 more", number(2))
    assert len(two.transactions) == 2


def test_why_after_a_ranking_shows_its_rows_and_goes_on_with_them(maya: Talk) -> None:
    first = maya.parse("top_merchants", "where does most money go")
    why = maya.tap(first, "Why?")
    assert set(why.transactions) == set(first.transactions)
    assert maya.tap(why, "More").text.startswith("Rows 6 and on")


def test_more_goes_on_past_the_number_that_was_asked_for(maya: Talk) -> None:
    first = maya.parse("list_transactions", "my last 3 transactions", number(3))
    more = maya.parse("show_more", "more")
    assert len(first.transactions) == 3
    assert len(more.transactions) == 5
    assert not set(first.transactions) & set(more.transactions)


def test_them_is_who_the_last_question_was_about(maya: Talk) -> None:
    maya.parse("spending_total", "how much at asos", merchant("asos"))
    answer = maya.parse("refunds", "did I get any money back from them")
    assert answer.figures[0].minor == 4600


def test_show_me_the_payments_means_those_of_the_last_answer(maya: Talk) -> None:
    asked = tesco_in_october(maya)
    shown = maya.parse("list_transactions", "show me the payments")
    assert list(shown.transactions) == list(asked.transactions)
    assert len(maya.parse("list_transactions", "show my latest payments").transactions) > 1


def test_a_split_after_a_comparison_is_of_its_first_side(maya: Talk) -> None:
    maya.parse("spending_total", "in october", OCTOBER)
    maya.parse("refine_query", "compared to september", SEPTEMBER)
    answer = maya.parse("show_more", "by category", by("category"))
    assert answer.figures[0].minor == 192_504
    assert sum(figure.minor for figure in answer.figures[1:]) == 192_504


# --- ways to say it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["drop groceries", "skip groceries", "without groceries", "take out the groceries"]
)
def test_something_is_left_out_of_an_answer(maya: Talk, text: str) -> None:
    maya.parse("spending_total", "how much in october", OCTOBER)
    answer = maya.parse("refine_query", text, category("groceries", "groceries"))
    assert answer.query is not None
    assert answer.query.exclude.categories == ("groceries",)


@pytest.mark.parametrize("text", ["without refunds", "don't count refunds", "ignoring any refunds"])
def test_refunds_are_left_out(maya: Talk, text: str) -> None:
    first = maya.parse("spending_total", "how much in october", OCTOBER)
    sums = {figure.name: figure.minor for figure in first.figures}
    answer = maya.parse("refine_query", text)
    assert answer.figures[0].minor == sums["total"] + sums["refunds"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [("weekly please", "week"), ("per month", "month"), ("ok daily", "day"), ("by week", "week")],
)
def test_the_same_answer_in_parts_of_time(maya: Talk, text: str, unit: str) -> None:
    maya.parse("spending_total", "how much in october", OCTOBER)
    answer = maya.parse("show_more", text)
    assert answer.query is not None
    assert answer.query.group_by == unit


@pytest.mark.parametrize(
    "text",
    ["versus september", "compared to september", "how does that compare with september"],
)
def test_the_last_answer_is_held_against_another_time(maya: Talk, text: str) -> None:
    groceries = category("groceries", "groceries")
    maya.parse("spending_total", "groceries in october", groceries, OCTOBER)
    answer = maya.parse("spending_compare", text, SEPTEMBER)
    assert answer.query is not None
    assert answer.query.categories == ("groceries",)
    assert answer.query.period is not None
    assert answer.query.period.to_json() == OCTOBER["resolved"]
    assert answer.query.compare is not None
    assert answer.query.compare.period is not None
    assert answer.query.compare.period.to_json() == SEPTEMBER["resolved"]


def test_a_whole_comparison_is_a_new_question(maya: Talk) -> None:
    maya.parse(
        "spending_total", "groceries in october", category("groceries", "groceries"), OCTOBER
    )
    text = "did I spend more in october than in september"
    answer = maya.parse("spending_compare", text, OCTOBER, SEPTEMBER)
    assert answer.query is not None
    assert not answer.query.categories


@pytest.mark.parametrize("text", ["what drove that?", "what's behind it", "why?"])
def test_what_a_difference_is_made_of(maya: Talk, text: str) -> None:
    whole = maya.parse("spending_compare", "october against september", OCTOBER, SEPTEMBER)
    change = next(one for one in whole.figures if one.name == "difference")
    answer = maya.parse("show_more", text)
    mine, other, first, *moved = answer.figures
    assert mine.minor - other.minor == change.minor
    assert first == change
    assert sum(one.minor for one in moved) == change.minor
    assert [abs(one.minor) for one in moved] == sorted((abs(m.minor) for m in moved), reverse=True)


def test_in_total_is_about_no_account(maya: Talk) -> None:
    maya.parse("spending_compare", "october against september", OCTOBER, SEPTEMBER)
    answer = maya.parse("refine_query", "in total?", owned("total", "maya-amex"))
    assert answer.query is not None
    assert not answer.query.accounts
    assert answer.query.compare is None


@pytest.mark.parametrize("text", ["how much was that", "and how much is it?", "what did that cost"])
def test_what_a_number_of_payments_came_to(maya: Talk, text: str) -> None:
    first = maya.parse("transaction_count", "how often at tesco", merchant("tesco"), OCTOBER)
    answer = maya.parse("refine_query", text)
    assert answer.figures[0].minor == first.figures[0].minor
    assert answer.text.startswith("You spent")


def test_a_trend_by_category_is_a_breakdown(maya: Talk) -> None:
    maya.parse("spending_trend", "how is my spending going")
    answer = maya.parse("show_more", "by category", by("category"))
    assert answer.query is not None
    assert (answer.query.measure, answer.query.group_by) == ("spending_breakdown", "category")


def test_an_average_is_drawn_as_what_it_is_of(maya: Talk) -> None:
    maya.parse("spending_average", "usual groceries a month", category("groceries", "groceries"))
    answer = maya.parse("show_more", "as a chart")
    assert answer.chart is not None
    assert answer.query is not None
    assert answer.query.measure == "spending_trend"


def test_a_side_of_a_comparison_is_taken_back(maya: Talk) -> None:
    both = [merchant("uber", "uber"), merchant("bolt", "bolt")]
    maya.parse("spending_compare", "compare uber and bolt", *both, JULY)
    text = "no not bolt, tesco"
    answer = maya.parse("refine_query", text, merchant("bolt", "bolt"), merchant("tesco"))
    assert answer.query is not None
    assert answer.query.merchants == ("uber",)
    assert answer.query.compare is not None
    assert answer.query.compare.merchants == ("tesco",)
    assert not answer.query.exclude.merchants


YEAR = period("this year", "2026-01-01", "2027-01-01")


def test_days_are_left_out_of_a_time(maya: Talk) -> None:
    whole = maya.parse("spending_total", "this year", YEAR)
    answer = maya.parse("refine_query", "excluding october", OCTOBER)
    rest = answer.figures[0].minor
    october = maya.parse("spending_total", "in october", OCTOBER)
    assert rest + october.figures[0].minor == whole.figures[0].minor
    assert "without 1–31 October" in answer.text


def test_days_are_left_out_of_a_first_question(maya: Talk) -> None:
    whole = maya.parse("spending_total", "this year", YEAR)
    answer = maya.parse("spending_total", "this year without july", YEAR, JULY)
    july = maya.parse("spending_total", "in july", JULY)
    assert answer.figures[0].minor + july.figures[0].minor == whole.figures[0].minor


def test_a_time_that_is_corrected_is_not_left_out(maya: Talk) -> None:
    maya.parse("spending_total", "in july", JULY)
    answer = maya.parse("refine_query", "not october, september", OCTOBER, SEPTEMBER)
    assert body(answer).get("gaps") is None


def test_days_are_not_left_out_of_a_trend_silently(maya: Talk) -> None:
    maya.parse("spending_trend", "trend this year", YEAR)
    answer = maya.parse("refine_query", "excluding october", OCTOBER)
    assert answer.query is None
    assert "from and to" in answer.text


def test_a_shop_and_a_kind_side_by_side_are_added(maya: Talk) -> None:
    trains = category("trains", "transport.public.rail")
    since = period("since may", "2026-05-01", "2026-11-11")
    uber = merchant("ubers", "uber")
    sums = [
        maya.parse("spending_total", text, *named, since).figures[0].minor
        for text, named in (("trains since may", [trains]), ("ubers since may", [uber]))
    ]
    both = maya.parse("spending_total", "on trains and ubers since may", trains, uber, since)
    assert both.figures[0].minor == sum(sums)
    inside = maya.parse("spending_total", "trains at ubers since may", trains, uber, since)
    assert inside.figures[0].minor < sum(sums)


def test_weekends_only(maya: Talk) -> None:
    whole = maya.parse("spending_total", "in october", OCTOBER)
    weekend = maya.parse("refine_query", "weekends only")
    week = maya.parse("refine_query", "and on weekdays")
    assert "at weekends" in weekend.text
    assert weekend.figures[0].minor + week.figures[0].minor == whole.figures[0].minor


def test_more_accounts_in_a_forecast(jordan: Talk) -> None:
    jordan.action["forecast_balance"] = "action_outlook"
    first = jordan.parse("forecast_balance", "my balance at month end")
    assert first.buttons[1].title == "Chase Total Checking"
    answer = jordan.parse("refine_query", "include savings", owned("savings", "jordan-ally"))
    assert answer.query is not None
    assert answer.query.accounts == ("jordan-chase", "jordan-ally")


def test_one_time_without_a_word_of_comparison_is_a_sum(maya: Talk) -> None:
    answer = maya.parse("spending_compare", "spend at tesco in july", merchant("tesco"), JULY)
    alone = maya.parse("spending_total", "spend at tesco in july", merchant("tesco"), JULY)
    assert answer.text == alone.text
    assert answer.query == alone.query


def test_three_times_are_held_against_each_other(maya: Talk) -> None:
    alone = {}
    for name, when in (("october", OCTOBER), ("september", SEPTEMBER), ("july", JULY)):
        alone[name] = maya.parse("spending_total", f"in {name}", when).figures[0].minor
    answer = maya.parse(
        "spending_compare", "october vs september vs july", OCTOBER, SEPTEMBER, JULY
    )
    assert [f.minor for f in answer.figures] == list(alone.values())
    assert answer.text.startswith("Most was spent 1–31 October")
    assert answer.chart is not None
    rows = maya.parse("show_more", "why")
    assert set(rows.transactions) == set(answer.transactions)


def test_three_shops_are_three_sides(maya: Talk) -> None:
    shops = [merchant(name, name) for name in ("tesco", "lidl", "aldi")]
    answer = maya.parse("spending_compare", "tesco vs lidl vs aldi in october", *shops, OCTOBER)
    assert [f.name for f in answer.figures] == ["total", "compared", "compared_3"]
    more = maya.parse("refine_query", "and greggs", merchant("greggs", "greggs"))
    assert [f.minor for f in more.figures[:3]] == [f.minor for f in answer.figures]
    assert more.figures[3].minor == 490


def test_weekdays_against_weekends(maya: Talk) -> None:
    whole = maya.parse("spending_total", "in october", OCTOBER)
    answer = maya.parse("spending_compare", "weekdays vs weekends in october", OCTOBER)
    first, second = (figure.minor for figure in answer.figures[:2])
    assert first + second == whole.figures[0].minor
    assert "on weekdays" in answer.text
    assert "at weekends" in answer.text


def test_the_week_after_follows_the_one_before(maya: Talk) -> None:
    week = period("next week", "2026-11-16", "2026-11-23")
    maya.action["upcoming_bills"] = "action_commitments"
    maya.parse("upcoming_bills", "bills next week", week)
    answer = maya.parse("refine_query", "and the week after")
    assert body(answer)["period"] == {"start": "2026-11-23", "end": "2026-11-30"}


def test_a_list_is_narrowed_to_one_direction(maya: Talk) -> None:
    maya.parse("list_transactions", "what happened in october", OCTOBER)
    answer = maya.parse("refine_query", "only money out")
    assert body(answer)["direction"] == "out"


def test_net_worth_of_one_account_is_its_balance(maya: Talk) -> None:
    maya.parse("net_worth", "what am i worth")
    answer = maya.parse("refine_query", "savings only", owned("savings"))
    assert body(answer)["measure"] == "check_balance"
    assert "Starling" in answer.text


def test_a_ranking_by_category_is_a_split(maya: Talk) -> None:
    top = maya.parse("top_merchants", "where do i spend most in october", OCTOBER)
    split = maya.parse("show_more", "by category", by("category"))
    assert top.query is not None
    assert body(split)["measure"] == "spending_breakdown"
    assert split.figures[0].minor == sum(f.minor for f in split.figures[1:])


def test_the_smallest_payment(maya: Talk) -> None:
    listed = maya.parse("list_transactions", "tesco since may", merchant("tesco", "tesco"))
    smallest = maya.parse("out_of_scope", "the cheapest one")
    assert smallest.figures[0].minor == min(
        -row.minor for row in rows_of_ids(maya, listed.transactions)
    )


def rows_of_ids(talk: Talk, ids: Sequence[str]) -> list[Row]:
    with reading(talk.engine) as connection:
        desk = Desk(connection, TurnScope(talk.person, "c", "t", talk.now))
        return desk.rows(Where(desk.tomorrow, ids=ids))


def test_kinds_of_spending_narrow_no_income(maya: Talk) -> None:
    driving = category("driving", "transport.driving")
    payer = merchant("bloom and rye", "bloom_and_rye")
    plain = maya.parse("income_total", "what did bloom and rye pay me", payer)
    answer = maya.parse("income_total", "what did i make driving for bloom and rye", driving, payer)
    assert answer.figures[0].minor == plain.figures[0].minor
    rent = category("rent", "housing.rent")
    paid = maya.parse("income_total", "how much rent have i paid in total", rent)
    assert body(paid)["measure"] == "spending_total"
    assert body(paid)["period"] == {"start": None, "end": None}
    assert body(paid)["accounts"] == []


def test_the_same_time_last_month_is_as_far_as_this_one_has_come(maya: Talk) -> None:
    this = period("this month", "2026-11-01", "2026-12-01")
    then = period("same time last month", "2026-10-10", "2026-10-11")
    answer = maya.parse("spending_compare", "this month vs the same time last month", this, then)
    assert body(answer)["compare"] == {"period": {"start": "2026-10-01", "end": "2026-10-11"}}


def test_being_paid_is_money_in(maya: Talk) -> None:
    text = "did i get paid more in october or september"
    answer = maya.parse("spending_compare", text, OCTOBER, SEPTEMBER)
    october = maya.parse("income_total", "what came in in october", OCTOBER)
    assert answer.figures[0].minor == october.figures[0].minor


def test_a_name_that_is_a_word_too_is_a_shop_when_it_stands_alone(maya: Talk) -> None:
    maya.parse("spending_total", "tesco in october", merchant("tesco", "tesco"), OCTOBER)
    answer = maya.parse("refine_query", "lidl then")
    assert body(answer)["merchants"] == ["lidl"]


def test_a_bound_on_payments_is_no_comparison(maya: Talk) -> None:
    over = amount("more than 100 quid", "gt", 10_000)
    august = period("august", "2026-08-01", "2026-09-01")
    text = "what did i spend more than 100 quid on in august"
    answer = maya.parse("spending_compare", text, over, august)
    assert body(answer)["compare"] is None


def test_what_was_left_out_is_counted_again(maya: Talk) -> None:
    eating = category("eating out", "eating_out")
    pubs = category("pubs", "eating_out.bar")
    whole = maya.parse("spending_total", "eating out in october", eating, OCTOBER)
    maya.parse("refine_query", "not including pubs", pubs)
    answer = maya.parse("refine_query", "and with pubs?", pubs)
    assert answer.figures[0].minor == whole.figures[0].minor


def test_a_split_between_accounts(maya: Talk) -> None:
    both = (owned("monzo"), owned("amex"))
    answer = maya.parse("spending_breakdown", "split between monzo and amex", *both, OCTOBER)
    assert body(answer)["group_by"] == "account"


def test_bills_of_a_size(maya: Talk) -> None:
    maya.action["upcoming_bills"] = "action_commitments"
    month = period("this month", "2026-11-01", "2026-12-01")
    everything = maya.parse("upcoming_bills", "what is due this month", month)
    large = maya.parse("refine_query", "anything over 100?", amount("over 100", "gt", 10_000))
    wanted = [f.minor for f in everything.figures[1:] if f.minor > 10_000]
    assert [f.minor for f in large.figures[1:]] == wanted
    assert "each over £100.00" in large.text


def test_just_in_a_shops_name_narrows_nothing(maya: Talk) -> None:
    maya.parse(
        "spending_average", "average spend on coffee", category("coffee", "eating_out.coffee")
    )
    shop = {**merchant("just eat", "just_eat"), "start": 8, "end": 16}
    answer = maya.parse("refine_query", "and for just eat", shop)
    assert answer.query is not None
    assert answer.query.merchants == ("just_eat",)
    assert not answer.query.categories


def test_per_week_after_an_average_changes_the_question(maya: Talk) -> None:
    maya.parse("spending_average", "average spend on food", category("food", "groceries"))
    answer = maya.parse("show_more", "per week", every("per week", "week"))
    assert answer.intent == "refine_query"
    assert answer.query is not None
    assert answer.query.unit == "week"


def test_a_trip_that_nothing_dates_gives_way_to_a_date(maya: Talk) -> None:
    trip = {"entity": "period", "value": "since the trip", "resolved": {"needs_context": "trip"}}
    text = "groceries since the trip, say from 1 october"
    answer = maya.parse("spending_total", text, category("groceries", "groceries"), trip, OCTOBER)
    assert answer.query is not None
    assert answer.query.period is not None
    assert answer.query.period.to_json() == OCTOBER["resolved"]


def test_rows_of_somebody_over_the_time_of_the_last_question(maya: Talk) -> None:
    maya.parse(
        "spending_total", "groceries in october", category("groceries", "groceries"), OCTOBER
    )
    answer = maya.parse("show_more", "list every tesco one", merchant("tesco"))
    assert answer.intent == "list_transactions"
    assert body(answer)["merchants"] == ["tesco"]
    assert body(answer)["period"] == OCTOBER["resolved"]


def test_what_was_left_out_is_put_back_in(maya: Talk) -> None:
    maya.parse("spending_total", "all of october", OCTOBER)
    maya.parse("refine_query", "leave out rent", {**category("rent", "housing.rent"), "start": 10})
    rent = {**category("rent", "housing.rent"), "start": 12, "end": 16}
    back = maya.parse("refine_query", "can you put rent back in", rent)
    assert body(back)["exclude"] == {}


@pytest.mark.parametrize("text", ["leave rent out", "leave the rent out of it please"])
def test_what_stands_between_leave_and_out_is_left_out(text: str, maya: Talk) -> None:
    maya.parse("spending_total", "all of october", OCTOBER)
    start = text.index("rent")
    rent = {**category("rent", "housing.rent"), "start": start, "end": start + 4}
    answer = maya.parse("refine_query", text, rent)
    assert body(answer)["exclude"] == {"categories": ["housing.rent"]}


def test_fees_are_narrowed_by_a_word(jordan: Talk) -> None:
    jordan.parse("bank_fees", "what did the bank take")
    answer = jordan.parse("refine_query", "just the overdraft")
    assert body(answer)["categories"] == ["taxes_fees.bank.penalty"]


def test_on_the_card_is_the_one_that_there_is(maya: Talk) -> None:
    maya.parse("spending_total", "all of october", OCTOBER)
    answer = maya.parse("refine_query", "just on the card")
    assert body(answer)["accounts"] == ["maya-amex"]


def test_a_word_of_a_name_alone_changes_the_question(maya: Talk) -> None:
    tesco_in_october(maya)
    answer = maya.parse("out_of_scope", "the sainsbury's one?")
    assert answer.intent == "refine_query"
    assert body(answer)["period"] == OCTOBER["resolved"]
