"""Advice rests on rows: the same sums come out of the labels."""

from .conftest import Talk, category


def test_the_step_that_is_worth_most_comes_first(maya: Talk) -> None:
    answer = maya.parse("get_plan", "how can I save money")
    first, second = answer.figures
    assert (first.name, first.minor) == ("doubled:subscriptions.music", 12 * 1299)
    assert (second.name, second.minor) == ("doubled:subscriptions.cloud_web", 12 * 999)
    assert answer.text.startswith("Today's step:")
    assert maya.tap(answer, "Why?").text.startswith("It rests on")


def test_a_category_that_was_above_usual(jordan: Talk) -> None:
    answer = jordan.parse("get_plan", "where should I cut")
    assert answer.figures[0].name == "above:groceries"
    assert "above your usual" in answer.text


def test_a_named_category_without_anything_unusual(maya: Talk) -> None:
    answer = maya.parse("get_plan", "how do I cut eating out", category("eating out", "eating_out"))
    assert answer.figures[0].name == "usual:eating_out"
    assert "a tenth less saves" in answer.text
