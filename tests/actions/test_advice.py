"""Advice rests on rows: the same sums come out of the labels."""

from .conftest import Talk, amount, category, period


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


def test_more_goes_on_along_the_road_to_its_end(maya: Talk) -> None:
    answer = maya.parse("get_plan", "make me a plan")
    steps = dict(answer.counts)["steps"]
    assert "The cuts are worth" in answer.text
    names = [figure.name for figure in answer.figures]
    while any(button.title == "More" for button in answer.buttons):
        answer = maya.tap(answer, "More")
        assert answer.text.startswith("Next: ")
        names += [figure.name for figure in answer.figures]
    assert len(names) == len(set(names)) == steps
    assert names[-1] == "left_over"


def test_what_is_left_over_is_income_less_spending(maya: Talk) -> None:
    def total(intent: str) -> int:
        months = period("august to october", "2026-08-01", "2026-11-01")
        return maya.parse(intent, "how much august to october", months).figures[0].minor

    each = (total("income_total") - total("spending_total")) // 3
    answer = maya.parse("get_plan", "make me a plan")
    while answer.figures[-1].name != "left_over":
        answer = maya.tap(answer, "More")
    assert answer.figures[-1].minor == each


def test_a_wish_is_held_against_what_the_cuts_come_to(maya: Talk) -> None:
    wish = amount("300", "eq", 30_000)
    answer = maya.parse("get_plan", "how do I save 300 more a month", wish)
    assert "of your £300.00 a month" in answer.text
