"""The frame of an answer as buttons: each part can be changed with a tap."""

import pytest

from actions.frame import MOST_CHOICES, MOST_STEPS, PARTS
from tests.actions.conftest import OCTOBER, SEPTEMBER, Talk, category, merchant, owned, period

GROCERIES = category("groceries", "groceries")


def titles(answer: object) -> list[str]:
    return [button.title for button in answer.buttons]  # type: ignore[attr-defined]


def test_the_frame_says_what_when_and_where(maya: Talk) -> None:
    answer = maya.parse("spending_total", "groceries in october", GROCERIES, OCTOBER)
    assert titles(answer)[:3] == ["Groceries", "October", "All accounts"]


def test_another_time_answers_again(maya: Talk) -> None:
    first = maya.parse("spending_total", "groceries in october", GROCERIES, OCTOBER)
    offer = maya.tap(first, "October")
    assert "October" in offer.text
    assert "October" not in titles(offer)
    assert "This month" in titles(offer)
    second = maya.tap(offer, "September")
    alone = maya.parse("spending_total", "groceries in september", GROCERIES, SEPTEMBER)
    assert second.figures == alone.figures
    assert titles(second)[:2] == ["Groceries", "September"]


def test_another_subject_and_everything(maya: Talk) -> None:
    first = maya.parse("spending_total", "at tesco in october", merchant("tesco"), OCTOBER)
    offer = maya.tap(first, "Tesco")
    assert titles(offer)[0] == "All spending"
    whole = maya.tap(offer, "All spending")
    assert whole.figures == maya.parse("spending_total", "october", OCTOBER).figures


def test_another_account(maya: Talk) -> None:
    first = maya.parse("spending_total", "october", OCTOBER)
    offer = maya.tap(first, "All accounts")
    chosen = titles(offer)[0]
    answer = maya.tap(offer, chosen)
    assert answer.query is not None
    assert len(answer.query.accounts) == 1
    assert titles(answer)[2].casefold() == chosen.casefold()


def test_an_offer_leaves_the_question(maya: Talk) -> None:
    first = maya.parse("spending_total", "groceries in october", GROCERIES, OCTOBER)
    maya.tap(first, "October")
    answer = maya.parse("refine_query", "and september", SEPTEMBER)
    assert answer.query is not None
    assert answer.query.categories == ("groceries",)
    assert titles(answer)[1] == "September"


def test_a_comparison_stays_one(maya: Talk) -> None:
    first = maya.parse("spending_compare", "october against september", OCTOBER, SEPTEMBER)
    answer = maya.tap(maya.tap(first, "October"), "September")
    assert answer.query is not None
    assert answer.query.compare is not None
    assert answer.query.compare.period is not None
    assert str(answer.query.compare.period.start) == "2026-08-01"


@pytest.mark.parametrize("measure", sorted(PARTS))
def test_every_choice_of_every_frame_answers(jordan: Talk, measure: str) -> None:
    jordan.action |= {
        "last_transaction": "action_spending",
        **dict.fromkeys(["forecast_balance", "safe_to_spend"], "action_outlook"),
        **dict.fromkeys(["upcoming_bills", "list_subscriptions"], "action_commitments"),
    }
    first = jordan.parse(measure, "and that")
    memory = jordan.memory
    frame = [button for button in first.buttons if "frame" in (button.payload.get("edit") or {})]
    assert frame
    assert len(first.buttons) <= len(frame) + MOST_STEPS
    assert len(set(titles(first))) == len(first.buttons)
    for part in frame:
        jordan.memory = memory
        offer = jordan.tap(first, part.title)
        assert 1 <= len(offer.buttons) <= MOST_CHOICES
        for choice in offer.buttons:
            answer = jordan.tap(offer, choice.title)
            assert answer.query is None or answer.query.measure == measure


def test_a_named_account_is_in_the_frame(maya: Talk) -> None:
    answer = maya.parse("spending_total", "on my amex in october", owned("amex"), OCTOBER)
    if answer.query is None:
        pytest.skip("no such account")
    assert "All accounts" not in titles(answer)


def test_odd_days_are_named_by_their_ends(maya: Talk) -> None:
    days = period("3 to 9 october", "2026-10-03", "2026-10-10")
    answer = maya.parse("spending_total", "3 to 9 october", days)
    assert "3 Oct – 9 Oct" in titles(answer)
