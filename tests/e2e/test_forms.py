"""A plan left for a question and taken up again on each channel; a deletion in a messenger."""

from datetime import UTC, datetime

import pytest
from selenium.webdriver import Chrome

from bot.identity import issue_link, issue_telegram_code
from tests.bot.fakes import until
from tests.e2e.pages import ChatPage
from tests.e2e.test_data import newcomer, telling
from tests.stack import RunningStack

pytestmark = pytest.mark.e2e

PHONE = 4346


def test_a_budget_is_left_and_taken_up_again_in_the_web_chat(
    stack: RunningStack, browser: Chrome
) -> None:
    name = newcomer(stack, "formwin")
    page = ChatPage(browser)
    page.open(issue_link(stack.database, name, datetime.now(UTC), stack.stack.gateway_url))
    page.say("set a budget for pret")
    until(lambda: page.texts[-1].endswith("?") and "how much" in page.texts[-1].casefold(), 20)
    page.say("how much did I spend at pret since may?")
    until(lambda: page.texts[-1].startswith("You spent"), 20)
    page.say("£40 a month")
    until(lambda: page.texts[-1].startswith("Done: £40.00 a month at Pret"), 20)
    page.say("delete it")
    until(lambda: page.texts[-1].startswith("Removed: your budget of £40.00"), 20)


def test_left_taken_up_again_and_deleted_over_telegram(stack: RunningStack) -> None:
    name = newcomer(stack, "formwina")
    code = issue_telegram_code(stack.database, name, datetime.now(UTC))

    def told(act: object) -> str:
        before = len(stack.telegram.to(PHONE))
        act() if callable(act) else stack.telegram.say(PHONE, str(act))
        until(lambda: len(stack.telegram.to(PHONE)) > before, 20)
        return str(stack.telegram.to(PHONE)[-1]["text"])

    assert told(f"/start {code}").startswith("You're linked")
    assert "how often" in told("save £10 automatically").casefold()
    assert told("how much did I spend at pret since may?").startswith("You spent")
    assert "£10.00" in told("every week")
    assert "There is no way back" in told("delete my account and all my data")
    told(lambda: stack.telegram.tap(PHONE, "Yes, go on"))
    assert "deleted" in told("delete everything").casefold()
    until(lambda: telling(stack.database, name) == [], 60)
