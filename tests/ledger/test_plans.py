"""Plans on both databases, and that one person's never touch another's."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from ledger import plans
from ledger.database import reading, writing
from ledger.people import create_person
from ledger.plans import Budget, Goal
from ledger.scope import UserScope
from ledger.types import Person

ANN, BOB = UserScope("ann"), UserScope("bob")
THEN = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(engine: Engine) -> Engine:
    with writing(engine) as connection:
        for scope in (ANN, BOB):
            person = Person(scope.person_id, "x", "GB", "GBP", "GB", "Europe/London")
            create_person(connection, person, THEN)
    return engine


def test_a_budget_is_replaced_and_removed(filled: Engine) -> None:
    for minor in (100, 200):
        with writing(filled) as connection:
            budget = Budget("food", ("groceries",), (), "month", minor, "GBP", THEN)
            plans.save_budget(connection, ANN, budget)
    with reading(filled) as connection:
        assert [one.minor for one in plans.budgets(connection, ANN)] == [200]
        assert plans.budgets(connection, ANN)[0].categories == ("groceries",)
        assert plans.budgets(connection, BOB) == []
    with writing(filled) as connection:
        plans.delete_budgets(connection, BOB, ["food"])
        assert len(plans.budgets(connection, ANN)) == 1
        plans.delete_budgets(connection, ANN, ["food"])
        assert plans.budgets(connection, ANN) == []


def test_what_is_put_to_a_goal_counts_once_a_turn_and_survives_a_new_target(filled: Engine) -> None:
    with writing(filled) as connection:
        goal = Goal("tokyo", "Tokyo", 1000, "GBP", date(2027, 5, 31), THEN)
        plans.save_goal(connection, ANN, goal)
        for turn_id, minor in (("t1", 50), ("t1", 50), ("t2", -20)):
            plans.move_to_goal(
                connection, ANN, "tokyo", turn_id=turn_id, minor=minor, on=date(2026, 3, 2)
            )
        plans.save_goal(connection, ANN, Goal("tokyo", "Tokyo", 2000, "GBP", None, THEN))
    with reading(filled) as connection:
        (found,) = plans.goals(connection, ANN)
        assert (found.minor, found.due, found.saved) == (2000, None, 30)
        assert plans.goals(connection, BOB) == []
    with writing(filled) as connection:
        plans.delete_goals(connection, ANN, ["tokyo"])
        assert plans.goals(connection, ANN) == []
