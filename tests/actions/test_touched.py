"""What "it" is after a plan was set or looked at, whatever NLU took the message for."""

import pytest
from sqlalchemy import Engine

from actions.answer import Answer

from .conftest import NOW, Talk, amount, category, every, period

EATING_OUT = category("eating out", "eating_out")
BY_JUNE = period("by june", "2026-11-10", "2027-07-01")
TOKYO = {"entity": "goal", "value": "tokyo", "resolved": None}
PLANS = (
    *("set_budget", "delete_budget", "create_goal", "contribute_goal", "delete_goal", "set_alert"),
    *("delete_alert", "enable_autosave", "disable_autosave"),
)


@pytest.fixture
def talk(own: Engine) -> Talk:
    """maya with a ledger that a test may change."""
    talk = Talk(own, "maya", NOW["maya"])
    talk.action |= dict.fromkeys(PLANS, "action_plans")
    talk.action |= {"join_peers": "action_peers", "delete_data": "action_data"}
    talk.action["list_alerts"] = "action_outlook"
    return talk


def capped(talk: Talk) -> Answer:
    text = "cap eating out at £150 a month"
    parts = (EATING_OUT, amount("£150", "eq", 15_000), every("a month", "month"))
    return talk.parse("set_budget", text, *parts)


def saving(talk: Talk) -> Answer:
    goal = amount("£800", "eq", 80_000)
    return talk.parse("create_goal", "save £800 for tokyo by june", goal, TOKYO, BY_JUNE)


def test_a_budget_is_looked_at_changed_and_removed_as_it(talk: Talk) -> None:
    capped(talk)
    assert "£26.30 of £150.00" in talk.parse("greet", "how's it doing").text
    changed = talk.parse("refine_query", "make it 120 instead", amount("120", "eq", 12_000))
    assert "£120.00 a month" in changed.text
    assert changed.intent == "set_budget"
    gone = talk.parse("delete_data", "delete it")
    assert "Removed: your budget of £120.00" in gone.text
    assert gone.intent == "delete_budget"


def test_what_is_no_part_of_a_plan_is_answered_by_itself(talk: Talk) -> None:
    capped(talk)
    answer = talk.parse("check_balance", "sorry, what is my balance")
    assert "Monzo" in answer.text
    assert "delete everything" in talk.parse("delete_data", "delete it").text


def test_what_was_put_to_a_goal_is_corrected(talk: Talk) -> None:
    saving(talk)
    talk.parse("contribute_goal", "put £50 in", amount("£50", "eq", 5_000))
    answer = talk.parse("deny", "no wait, 60")
    assert "£60.00, not £50.00" in answer.text
    assert "£60.00 of £800.00" in talk.parse("greet", "how's it going").text


def test_a_new_target_keeps_the_day(talk: Talk) -> None:
    saving(talk)
    answer = talk.parse("refine_query", "make it 900", amount("900", "eq", 90_000))
    assert "£900.00 for Tokyo by 30 June 2027" in answer.text


def test_a_day_that_is_said_afterwards(talk: Talk) -> None:
    talk.parse("create_goal", "new goal tokyo 800", TOKYO)
    answer = talk.parse("forecast_balance", "by june", BY_JUNE)
    assert "£800.00 for Tokyo by 30 June 2027" in answer.text


def test_an_alert_is_followed_by_another_and_removed(talk: Talk) -> None:
    under = amount("under £100", "lt", 10_000)
    talk.parse("set_alert", "tell me when my balance goes under £100", under)
    assert "pay comes in" in talk.parse("next_payday", "also when i get paid").text
    assert "pay comes in" in talk.parse("deny", "cancel that").text
    assert "1 alert" in talk.parse("list_alerts", "which alerts are on").text


@pytest.mark.parametrize(
    "said", ["leave again", "second thoughts... no, count me out", "opt me out"]
)
def test_leaving_again(talk: Talk, said: str) -> None:
    talk.parse("join_peers", "join the comparison")
    left = talk.parse("out_of_scope", said)
    assert "you're out" in left.text
    assert left.intent == "leave_peers"


def test_autosave_for_a_goal_that_there_is_none_of_says_so(talk: Talk) -> None:
    parts = (amount("£5", "eq", 500), every("a week", "week"))
    answer = talk.parse("enable_autosave", "autosave £5 a week for rome", *parts)
    assert "no goal “rome”" in answer.text
    saving(talk)
    parts = (amount("£5", "eq", 500), every("a week", "week"))
    answer = talk.parse("enable_autosave", "autosave £5 a week for tokyo", *parts)
    assert "for Tokyo" in answer.text
    assert "no goal" not in answer.text


def test_another_budget_beside_the_last(talk: Talk) -> None:
    capped(talk)
    coffee = category("coffee", "eating_out.coffee")
    answer = talk.parse("refine_query", "and 30 for coffee", amount("30", "eq", 3_000), coffee)
    assert "£30.00 a month on Coffee" in answer.text
    both = talk.parse("check_budget", "how are they going")
    assert "2 budgets" in both.text
    gone = talk.parse("delete_goal", "scrap the coffee one", coffee)
    assert "Removed: your budget of £30.00" in gone.text


def test_a_reminder_after_a_bill_is_of_that_bill(talk: Talk) -> None:
    rent = category("rent", "housing.rent")
    talk.action["bill_details"] = "action_commitments"
    talk.parse("bill_details", "when is rent due", rent)
    assert "for Rent" in talk.parse("set_alert", "remind me before").text


def test_what_was_stopped_is_turned_back_on(talk: Talk) -> None:
    assert "no more weekly recap" in talk.parse("delete_alert", "stop the weekly recap").text
    assert "weekly recap" in talk.parse("refunds", "turn it back on").text
    assert "weekly recap" in talk.parse("list_alerts", "what do you send me").text


def test_an_alert_is_named_by_its_place(talk: Talk) -> None:
    over = amount("over £300", "gt", 30_000)
    talk.parse("set_alert", "tell me when a payment is over £300", over)
    talk.parse("set_alert", "tell me when i get paid")
    listed = talk.parse("show_more", "list em").text
    second = listed.partition("; when ")[2].partition(".")[0]
    assert second in talk.parse("delete_alert", "kill the second one").text


def test_a_goal_is_named_alone_when_that_was_asked(talk: Talk) -> None:
    talk.parse("create_goal", "i want to set a savings goal")
    talk.parse("out_of_scope", "new laptop")
    answer = talk.parse("contribute_goal", "1200", amount("1200", "eq", 120_000))
    assert "£1,200.00 for" in answer.text
    assert "aptop" in answer.text
    assert "£1,200.00 (0%)" in talk.parse("bot_challenge", "where am i").text
