"""A chart through every real service: in the web chat and as a photo over Telegram."""

from datetime import UTC, datetime
from typing import Any

import pytest
from selenium.webdriver import Chrome

from bot.identity import issue_link, issue_telegram_code
from tests.bot.fakes import until
from tests.e2e.pages import ChatPage
from tests.e2e.test_charts import emulate, errors, plots
from tests.stack import RunningStack

pytestmark = pytest.mark.e2e

NOW = "2026-11-10T09:00:00+00:00"
QUESTION = "where did my money go in october"
PHONE = 4344


def marks(answer: Any) -> dict[str, int]:
    return {mark["name"]: mark["minor"] for mark in answer["chart"]["datasets"]["marks"]}


def test_the_chart_is_in_the_answer(stack: RunningStack) -> None:
    answer = stack.ask("maya", "charts-ask", QUESTION, NOW)
    figures = {figure["name"]: figure["minor"] for figure in answer["figures"]}
    drawn = marks(answer)
    assert sum(drawn.values()) == figures["total"]
    drawn.pop("rest", None)
    assert drawn == {name: figures[name] for name in drawn}
    assert answer["buttons"][:3] == ["All spending", "October", "All accounts"]
    offer = stack.ask("maya", "charts-ask", "October", NOW)
    assert "This month" in offer["buttons"]
    again = stack.ask("maya", "charts-ask", "September", NOW)
    assert again["query"]["period"] == {"start": "2026-09-01", "end": "2026-10-01"}
    stack.ask("maya", "charts-ask", "and groceries", NOW)
    graph = stack.ask("maya", "charts-ask", "as a chart", NOW)
    assert graph["query"]["categories"] == ["groceries"]
    assert sum(marks(graph).values()) == graph["figures"][0]["minor"]


def test_a_conversation_with_charts_on_a_dark_phone(stack: RunningStack, browser: Chrome) -> None:
    page = ChatPage(browser)
    emulate(browser, 390, 844, "dark")
    try:
        page.open(issue_link(stack.database, "maya", datetime.now(UTC), stack.stack.gateway_url))
        page.say(QUESTION)
        until(lambda: plots(page) and plots(page)[-1]["fills"], 20)
        page.tap("October")
        until(lambda: page.texts[-1].startswith("Which time instead"), 20)
        page.tap("September")
        until(lambda: len(plots(page)) == 2 and plots(page)[-1]["fills"], 20)
        assert "1–30 September" in " ".join(plots(page)[-1]["texts"])
        assert plots(page)[-1]["clipped"] == []
        assert errors(browser) == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_the_chart_as_a_photo(stack: RunningStack) -> None:
    code = issue_telegram_code(stack.database, "maya", datetime.now(UTC))
    telegram = stack.telegram
    telegram.say(PHONE, f"/start {code}")
    until(lambda: telegram.to(PHONE), 20)
    telegram.say(PHONE, QUESTION)
    until(lambda: len(telegram.to(PHONE)) == 3, 30)
    _, answer, photo = telegram.to(PHONE)
    assert "1–31 October" in answer["text"]
    rows = answer["reply_markup"]["inline_keyboard"]
    assert [one["text"] for one in rows[0]] == ["All spending", "October", "All accounts"]
    assert telegram.file(photo).startswith(b"\x89PNG")
    assert photo["caption"].startswith("Spending by category (1–31 October")
    telegram.tap(PHONE, "October")
    until(lambda: len(telegram.to(PHONE)) == 4, 20)
    assert telegram.to(PHONE)[-1]["text"].startswith("Which time instead of “October”")
