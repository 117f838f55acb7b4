"""A budget or goal that lacks a part: the next message completes it, and nothing else is eaten."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger import plans
from ledger.database import migrate, open_engine, writing
from ledger.scope import UserScope

from .conftest import NOW, OCTOBER, Talk, amount, by, category, every, load, merchant, period

CHANGES = ("set_budget", "delete_budget", "create_goal", "contribute_goal", "delete_goal")
EATING_OUT = category("eating out", "eating_out")
GROCERIES = category("groceries", "groceries")
TESCO = merchant("tesco", "tesco")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, people_folder: Path) -> Iterator[Any]:
    url = f"sqlite:///{tmp_path_factory.mktemp('resume') / 'florin.db'}"
    migrate(url)
    engine = open_engine(url)
    load(engine, people_folder / "maya", "maya")
    yield engine
    engine.dispose()


@pytest.fixture
def talk(engine: Any) -> Iterator[Talk]:
    """maya without plans."""
    talk = Talk(engine, "maya", NOW["maya"])
    talk.action |= dict.fromkeys(CHANGES, "action_plans")
    talk.action |= {"check_budget": "action_outlook", "recategorize": "action_recategorize"}
    yield talk
    scope = UserScope("maya")
    with writing(engine) as connection:
        plans.delete_budgets(
            connection, scope, [one.id for one in plans.budgets(connection, scope)]
        )
        plans.delete_goals(connection, scope, [one.id for one in plans.goals(connection, scope)])


def budgets(talk: Talk) -> list[int]:
    answer = talk.parse("check_budget", "my budgets")
    return [figure.minor for figure in answer.figures if figure.name == "budget"]


@pytest.mark.parametrize(
    ("intent", "text", "entities", "minor"),
    [
        ("out_of_scope", "200", (), 20_000),
        ("out_of_scope", "£200", (amount("£200", "eq", 20_000),), 20_000),
        ("affirm", "make it 1,250.50", (), 125_050),
        ("enable_autosave", "£200 a month", (amount("£200", "eq", 20_000),), 20_000),
        ("can_afford", "around 150 i think", (amount("around 150", "approx", 15_000),), 15_000),
        ("show_more", "up to 90 please", (amount("up to 90", "lte", 9_000),), 9_000),
    ],
    ids=lambda value: str(value)[:20],
)
def test_the_amount_completes_a_budget_whatever_its_intent(
    talk: Talk, intent: str, text: str, entities: tuple[dict[str, Any], ...], minor: int
) -> None:
    asked = talk.parse("set_budget", "budget for eating out", EATING_OUT)
    assert "How much" in asked.text
    done = talk.parse(intent, text, *entities)
    assert done.figures[0].minor == minor
    assert done.custom(intent, 0.5)["intent"] == "set_budget"
    assert done.query is not None
    assert done.query.categories == ("eating_out",)
    assert "asked" not in (talk.memory or {})


def test_the_unit_of_the_answer_counts(talk: Talk) -> None:
    talk.parse("set_budget", "budget for eating out", EATING_OUT)
    weekly = talk.parse(
        "set_budget", "£40 a week", amount("£40", "eq", 4000), every("a week", "week")
    )
    assert "a week" in weekly.text


def test_the_unit_alone_is_asked_and_given(talk: Talk) -> None:
    yearly = (EATING_OUT, amount("£900", "eq", 90_000), every("a year", "year"))
    assert "Which one" in talk.parse("set_budget", "£900 a year for eating out", *yearly).text
    done = talk.parse("show_more", "by month", by("month"))
    assert "Done: £900.00 a month on Eating & Drinking Out" in done.text


def test_subject_then_amount(talk: Talk) -> None:
    talk.parse("set_budget", "set a budget")
    again = talk.parse("out_of_scope", "groceries", GROCERIES)
    assert "Groceries" in again.text
    assert "How much" in again.text
    assert "on Groceries" in talk.parse("out_of_scope", "300").text


@pytest.mark.parametrize(
    ("intent", "text", "entities"),
    [
        ("spending_total", "how much on groceries in october", (GROCERIES, OCTOBER)),
        ("spending_total", "did I spend over £200 at tesco", (amount("£200", "gt", 1), TESCO)),
        ("refine_query", "what about tesco", (TESCO,)),
        ("refine_query", "over £20", (amount("over £20", "gt", 2000),)),
        ("list_transactions", "show 20 payments", ()),
        ("out_of_scope", "what is 2 plus 2", ()),
        ("greet", "hi", ()),
    ],
    ids=lambda value: str(value)[:24],
)
def test_another_message_is_answered_and_the_plan_waits(
    talk: Talk, intent: str, text: str, entities: tuple[dict[str, Any], ...]
) -> None:
    alone = Talk(talk.engine, "maya", talk.now)
    for one in (talk, alone):
        one.parse("spending_total", "eating out in october", EATING_OUT, OCTOBER)
    talk.parse("set_budget", "budget for eating out", EATING_OUT)
    talk.turns = alone.turns = 7
    between = talk.parse(intent, text, *entities)
    assert between.text == alone.parse(intent, text, *entities).text
    done = talk.parse("out_of_scope", "200")
    assert done.figures[0].minor == 20_000
    assert (talk.memory or {}).get("query") == (alone.memory or {}).get("query")


def test_a_plan_does_not_wait_for_ever(talk: Talk) -> None:
    talk.parse("set_budget", "budget for eating out", EATING_OUT)
    for _ in range(3):
        talk.parse("spending_total", "tesco in october", TESCO, OCTOBER)
    talk.parse("out_of_scope", "200")
    assert budgets(talk) == []


@pytest.mark.parametrize("text", ["cancel", "never mind", "no, forget it"])
def test_cancel_ends_it(talk: Talk, text: str) -> None:
    talk.parse("set_budget", "budget for eating out", EATING_OUT)
    talk.parse("deny", text)
    assert talk.memory == {}
    talk.parse("out_of_scope", "200")
    assert budgets(talk) == []


def test_a_later_name_is_a_question_of_its_own(talk: Talk) -> None:
    talk.parse("spending_total", "eating out in october", EATING_OUT, OCTOBER)
    talk.parse("set_budget", "set a budget")
    talk.parse("greet", "hello")
    assert "at Tesco" in talk.parse("refine_query", "tesco", TESCO).text


def test_a_goal_part_by_part(talk: Talk) -> None:
    by_june = period("by june", "2026-11-10", "2027-07-01")
    assert "What do you want" in talk.parse("create_goal", "i want to start a goal").text
    assert "holiday" in talk.parse("out_of_scope", "it's for a holiday").text
    made = talk.parse("create_goal", "1000 by june", amount("1000", "eq", 100_000), by_june)
    assert made.text.startswith("Done: £1,000.00 for Holiday by 30 June 2027")
    assert "How much" in talk.parse("contribute_goal", "put some money to holiday").text
    moved = talk.parse("out_of_scope", "50")
    assert moved.figures[0].minor == 5000
    asked = talk.parse("create_goal", "new goal for a bike")
    assert "bike" in asked.text
    talk.parse("out_of_scope", "400 pounds", amount("400 pounds", "eq", 40_000))
    assert talk.parse("delete_goal", "delete my goal").text.startswith("Which goal")
    assert "Removed: Bike" in talk.parse("praise", "the bike one").text


def test_the_right_budget_is_removed(talk: Talk) -> None:
    for entity, minor in ((EATING_OUT, 20_000), (GROCERIES, 30_000)):
        talk.parse("set_budget", "a budget", entity, amount("x", "eq", minor))
    assert talk.parse("delete_budget", "delete my budget").text.startswith("Which budget")
    talk.parse("recategorize", "for eating out", EATING_OUT)
    assert budgets(talk) == [30_000]
