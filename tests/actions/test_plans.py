"""Budgets and goals: set, looked at, changed and removed, each once however often it is told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from ledger.database import migrate, open_engine, reading, writing
from ledger.tables import streams, transactions

from .conftest import NOW, Talk, amount, by, category, every, load, merchant, period

EATING_OUT = category("eating out", "eating_out")
TOKYO = {"entity": "goal", "value": "tokyo", "resolved": None}
CHANGES = ("set_budget", "delete_budget", "create_goal", "contribute_goal", "delete_goal")
BY_JUNE = period("by june", "2026-11-10", "2027-06-01")


@pytest.fixture
def fresh(tmp_path: Path, people_folder: Path) -> Iterator[Talk]:
    """maya with a ledger of her own, which a test may change."""
    url = f"sqlite:///{tmp_path / 'florin.db'}"
    migrate(url)
    engine = open_engine(url)
    load(engine, people_folder / "maya", "maya")
    talk = Talk(engine, "maya", NOW["maya"])
    talk.action |= dict.fromkeys(CHANGES, "action_plans")
    yield talk
    engine.dispose()


def cap(talk: Talk, minor: int = 20_000) -> None:
    talk.parse(
        "set_budget",
        "cap eating out at £200 a month",
        EATING_OUT,
        amount("£200", "eq", minor),
        every("a month", "month"),
    )


def test_a_budget_is_held_against_what_is_spent(fresh: Talk) -> None:
    cap(fresh)
    answer = fresh.parse("check_budget", "how's my eating out budget", EATING_OUT)
    figures = {figure.name: figure.minor for figure in answer.figures}
    spent = fresh.parse("spending_total", "eating out this month", EATING_OUT).figures[0].minor
    assert figures == {"spent": spent, "left": 20_000 - spent, "budget": 20_000}
    assert answer.counts == [("days", 21)]


def test_one_subject_has_one_budget(fresh: Talk) -> None:
    cap(fresh)
    cap(fresh, 15_000)
    answer = fresh.parse("check_budget", "my budgets")
    assert [f.minor for f in answer.figures if f.name == "budget"] == [15_000]


def test_a_budget_on_taught_words_counts_their_days_alone(fresh: Talk) -> None:
    teach = "work lunch means tesco on weekdays"
    fresh.parse("out_of_scope", teach, merchant("tesco", "tesco"))
    done = fresh.parse(
        "set_budget", "cap work lunch at £60 a month",
        amount("£60", "eq", 6_000), every("a month", "month"),
    )  # fmt: skip
    assert "on weekdays" in done.text
    assert done.query is not None
    spent = next(figure.minor for figure in done.figures if figure.name == "spent")
    november = period("november", "2026-11-01", "2026-12-01")
    rows = fresh.parse(
        "list_transactions", "tesco in november", merchant("tesco", "tesco"), november
    )
    with reading(fresh.engine) as connection:
        booked = connection.execute(
            select(transactions.c.booked, transactions.c.minor).where(
                transactions.c.id.in_(list(rows.transactions))
            )
        ).all()
    assert spent == -sum(row.minor for row in booked if row.booked.weekday() < 5)
    checked = fresh.parse("check_budget", "my budgets")
    assert "on weekdays" in checked.text


def test_without_a_known_payday_it_is_said_that_months_count(fresh: Talk) -> None:
    with writing(fresh.engine) as connection:
        connection.execute(delete(streams))
    done = fresh.parse("set_budget", "1500 between paydays", amount("1500", "eq", 150_000))
    assert "I don't know your paydays yet, so I count months" in done.text


def test_weekly_and_from_payday_to_payday(fresh: Talk) -> None:
    weekly = fresh.parse(
        "set_budget", "£40 a week at tesco", amount("£40", "eq", 4000), every("a week", "week"),
        merchant("tesco"),
    )  # fmt: skip
    assert weekly.figures[1].minor == 1046
    pay = fresh.parse("set_budget", "1500 between paydays", amount("1500", "eq", 150_000))
    assert pay.figures[1].minor == 99_438


def test_a_budget_without_a_cap_is_asked_about(fresh: Talk) -> None:
    assert fresh.parse("set_budget", "budget for eating out", EATING_OUT).query is None
    assert "no budget" in fresh.parse("check_budget", "my budgets").text


def test_removing_a_budget(fresh: Talk) -> None:
    cap(fresh)
    fresh.parse("set_budget", "1500 a month", amount("1500", "eq", 150_000))
    asked = fresh.parse("delete_budget", "delete my budget")
    assert asked.text.startswith("Which budget")
    assert fresh.parse("delete_budget", "the eating out one", EATING_OUT).figures[0].minor == 20_000
    assert len(fresh.parse("check_budget", "my budgets").figures) == 3


def test_a_goal_from_start_to_end(fresh: Talk) -> None:
    made = fresh.parse(
        "create_goal",
        "save £1000 for tokyo by june",
        amount("£1000", "eq", 100_000),
        TOKYO,
        BY_JUNE,
    )
    assert made.dates == [("due", date(2027, 5, 31))]
    fresh.parse("contribute_goal", "put £50 to tokyo", amount("£50", "eq", 5000), TOKYO)
    fresh.parse("contribute_goal", "take £20 out of tokyo", amount("£20", "eq", 2000), TOKYO)
    figures = {f.name: f.minor for f in fresh.parse("check_goals", "my goals").figures}
    assert (figures["saved"], figures["left"]) == (3000, 97_000)
    assert fresh.parse("check_goals", "how is tokyo going").figures[0].minor == 3000
    assert "Removed" in fresh.parse("delete_goal", "drop tokyo", TOKYO).text
    assert "no goal" in fresh.parse("check_goals", "my goals").text


def test_the_same_turn_delivered_twice_counts_once(fresh: Talk) -> None:
    fresh.parse("create_goal", "save £1000 for tokyo", amount("£1000", "eq", 100_000), TOKYO)
    for _ in range(2):
        fresh.turns = 41
        fresh.parse("contribute_goal", "put £50 to tokyo", amount("£50", "eq", 5000), TOKYO)
    assert fresh.parse("check_goals", "my goals").figures[0].minor == 5000


def test_more_than_is_there_is_not_taken(fresh: Talk) -> None:
    fresh.parse("create_goal", "save £1000 for tokyo", amount("£1000", "eq", 100_000), TOKYO)
    answer = fresh.parse("contribute_goal", "take £20 out of it", amount("£20", "eq", 2000))
    assert "only £0.00" in answer.text


def test_a_change_leaves_the_thread(fresh: Talk) -> None:
    fresh.parse("spending_total", "eating out", EATING_OUT)
    before = fresh.memory
    cap(fresh)
    assert before is not None
    assert fresh.memory is not None
    assert fresh.memory["query"] == before["query"]
    assert fresh.parse("show_more", "by merchant", by("merchant")).figures
