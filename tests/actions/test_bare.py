"""A few words that mean nothing without the answer before, whatever NLU took them for."""

import pytest

from actions.answer import Answer

from .conftest import JULY, NEXT_PAY, OCTOBER, SEPTEMBER, Talk, amount, by, category, merchant

TESCO, LIDL = merchant("tesco", "tesco"), merchant("lidl", "lidl")
EATING_OUT = category("eating out", "eating_out")


def asked(answer: Answer) -> dict[str, object]:
    assert answer.query is not None
    return answer.query.to_json()


def test_both_together(maya: Talk) -> None:
    first = maya.parse("spending_total", "tesco in october", TESCO, OCTOBER)
    second = maya.parse("refine_query", "and lidl", LIDL)
    both = maya.parse("out_of_scope", "both together")
    assert both.figures[0].minor == first.figures[0].minor + second.figures[0].minor
    assert both.intent == "refine_query"


@pytest.mark.parametrize(
    "words", ["compare the two", "diff?", "what's the difference between them"]
)
def test_two_questions_are_held_against_each_other(maya: Talk, words: str) -> None:
    september = maya.parse("spending_total", "eating out in september", EATING_OUT, SEPTEMBER)
    october = maya.parse("spending_total", "eating out in october", EATING_OUT, OCTOBER)
    answer = maya.parse("out_of_scope", words)
    sums = [figure.minor for figure in answer.figures[:2]]
    assert sums == [october.figures[0].minor, september.figures[0].minor]


@pytest.mark.parametrize(
    ("words", "measure"),
    [
        ("how many of those?", "transaction_count"),
        ("the biggest one?", "biggest_purchases"),
        ("when was the last one", "last_transaction"),
        ("how much in total", "spending_total"),
        ("is that a lot for me", "spending_average"),
    ],
)
def test_another_measure_keeps_what_it_is_about(maya: Talk, words: str, measure: str) -> None:
    over = amount("over £5", "gt", 500)
    maya.parse("list_transactions", "eating out over £5 in july", EATING_OUT, over, JULY)
    query = asked(maya.parse("bot_challenge", words))
    assert query["measure"] == measure
    assert query["categories"] == ["eating_out"]
    assert query["amount"] is not None


@pytest.mark.parametrize(
    ("words", "group"),
    [("who from?", "merchant"), ("which account", "account"), ("and in which month", "month")],
)
def test_income_is_split(maya: Talk, words: str, group: str) -> None:
    maya.parse("income_total", "how much came in in october", OCTOBER)
    answer = maya.parse("bot_challenge", words)
    assert asked(answer)["group_by"] == group
    assert asked(answer)["measure"] == "income_total"
    assert sum(f.minor for f in answer.figures[1:]) == answer.figures[0].minor


def test_how_much_after_a_last_payment_is_that_payment(maya: Talk) -> None:
    last = maya.parse("last_transaction", "when did i last go to tesco", TESCO)
    again = maya.parse("check_balance", "how much?")
    assert again.figures[0].minor == last.figures[0].minor


def test_the_pay_after_the_next(maya: Talk) -> None:
    maya.action["next_payday"] = "action_income"
    maya.parse("next_payday", "when am i paid")
    answer = maya.parse("refine_query", "and after that?")
    assert answer.dates[0][1] > NEXT_PAY["maya"]


def test_it_is_who_the_last_question_was_about(maya: Talk) -> None:
    maya.parse("spending_total", "tesco in july", TESCO, JULY)
    answer = maya.parse("spending_average", "what does it normally cost me")
    assert asked(answer)["merchants"] == ["tesco"]


def test_a_whole_question_of_few_words_is_its_own(maya: Talk) -> None:
    maya.parse("spending_total", "tesco in july", TESCO, JULY)
    answer = maya.parse("biggest_purchases", "what was my biggest purchase in october", OCTOBER)
    assert asked(answer)["merchants"] == []


def test_without_a_question_before_nothing_is_read_into_them(maya: Talk) -> None:
    assert "outside" in maya.parse("out_of_scope", "diff?").text


def test_ranks_by_how_often(maya: Talk) -> None:
    maya.parse("top_merchants", "where did my money go", by("merchant"))
    answer = maya.parse("transaction_count", "by number of visits")
    assert answer.counts[0][1] == max(number for _, number in answer.counts)


def test_which_of_several_shops_is_most(maya: Talk) -> None:
    shops = [merchant(name, name) for name in ("tesco", "lidl", "aldi")]
    maya.parse("spending_total", "tesco, lidl and aldi in october", *shops, OCTOBER)
    answer = maya.parse("top_merchants", "which is most")
    assert asked(answer)["group_by"] == "merchant"
    assert asked(answer)["period"] == {"start": "2026-10-01", "end": "2026-11-01"}


def test_the_time_before_that(maya: Talk) -> None:
    last = maya.parse("last_transaction", "when did i last go to tesco", TESCO)
    before = maya.parse("refine_query", "and the time before that?")
    assert before.dates[0][1] < last.dates[0][1]
    again = maya.parse("out_of_scope", "the one before that")
    assert again.dates[0][1] < before.dates[0][1]


def test_where_the_difference_is(maya: Talk) -> None:
    pair = (OCTOBER, SEPTEMBER)
    maya.parse("spending_compare", "october vs september", *pair)
    answer = maya.parse("out_of_scope", "so where's the difference")
    mine, other, difference, *moved = (figure.minor for figure in answer.figures)
    assert mine - other == difference == sum(moved)


def test_how_often_says_not_of_what(maya: Talk) -> None:
    maya.parse("last_transaction", "when did i last go to tesco", TESCO)
    answer = maya.parse("transaction_count", "how many times in october", OCTOBER)
    assert asked(answer)["merchants"] == ["tesco"]


def test_a_shops_name_alone_asks_what_was_spent_there(maya: Talk) -> None:
    answer = maya.parse("out_of_scope", "Tesco?")
    assert asked(answer)["merchants"] == ["tesco"]
    assert answer.intent == "refine_query"
