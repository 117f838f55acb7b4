"""Words about sending and autosave outrank the intent that NLU took them for, and no others do."""

from typing import Any

import pytest

from actions.meant import reworded
from actions.scope import Turn
from ledger.scope import TurnScope

from .conftest import BIRTH

ON = {"query": {"measure": "autosave_status"}}


def intent(text: str, name: str, previous: dict[str, Any] | None = None) -> str:
    scope = TurnScope("maya", "c", "t", BIRTH)
    parse = {"text": text, "intent": {"name": name, "confidence": 0.9}}
    return reworded(Turn(scope, parse, previous)).intent


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("stop the weekly recap", "delete_budget", "delete_alert"),
        ("send me a weekly summary at 6pm", "out_of_scope", "set_alert"),
        ("set quiet hours 10pm to 7am", "out_of_scope", "set_alert"),
        ("send my alerts at 8", "out_of_scope", "set_alert"),
        ("tell me if i go over my food budget", "check_budget", "set_alert"),
        ("tell me when spotify puts its price up", "bill_details", "set_alert"),
        ("set an alert", "list_alerts", "set_alert"),
        ("warn me before rent goes out", "bill_details", "set_alert"),
    ],
)
def test_sending(text: str, name: str, meant: str) -> None:
    assert intent(text, name) == meant


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tell me when rent is due", "bill_details"),
        ("tell me if I spent more than last month", "spending_compare"),
        ("what did i spend last week", "spending_total"),
        ("stop my gym", "cancel_subscription"),
        ("give me a summary of october", "spending_breakdown"),
        ("turn it off", "goodbye"),
        ("remove my food budget", "delete_budget"),
    ],
)
def test_other_words_stay_what_they_are(text: str, name: str) -> None:
    assert intent(text, name) == name


def test_it_is_autosave_after_autosave() -> None:
    assert intent("turn it off", "goodbye", ON) == "disable_autosave"
    assert intent("ok switch it back on", "affirm", ON) == "enable_autosave"
    assert intent("thanks", "thanks", ON) == "thanks"


def test_whether_a_plan_that_lacks_a_part_is_on() -> None:
    waits = {"asked": {"intent": "enable_autosave"}}
    assert intent("is that on now?", "check_goals", waits) == "autosave_status"
    assert intent("is that a lot", "compare_peers", waits) == "compare_peers"
