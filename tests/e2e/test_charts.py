"""Charts in real Chromium: drawn where they stand, on a phone, in the dark, and read out."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from selenium.webdriver import Chrome

from actions.pictures.picture import Mark, Picture, spec_of
from actions.say import Format
from bot.identity import issue_link
from tests.bot.conftest import Gateway, now
from tests.bot.fakes import Fakes, until
from tests.e2e.pages import ChatPage

pytestmark = pytest.mark.e2e

FORM = Format("GB", date(2026, 11, 10))
BARS = Picture(
    "bars",
    "Spending by category",
    "1–31 October, all accounts",
    "GBP",
    [
        Mark("housing", "Housing", 95000),
        Mark("groceries", "Groceries", 32145),
        Mark("eating_out", "Eating out and takeaways", 18120),
        Mark("refund", "Refunds & <b>money</b> back", -2500),
    ],
)
_PLOTS = """
const root = document.querySelector("deep-chat").shadowRoot;
return [...root.querySelectorAll("figure.chart")].map((figure) => {
  const svg = figure.querySelector("svg");
  const box = figure.getBoundingClientRect();
  return {
    label: figure.getAttribute("aria-label"),
    role: figure.getAttribute("role"),
    texts: [...figure.querySelectorAll("svg text")].map((one) => one.textContent),
    fills: [...figure.querySelectorAll("svg .mark-rect path")].map((p) => p.getAttribute("fill")),
    ink: figure.querySelector("svg .mark-text text")?.getAttribute("fill"),
    left: box.left, right: box.right, width: svg?.getBoundingClientRect().width ?? 0,
    clipped: [...figure.querySelectorAll("svg text")].filter((one) => {
      const { left, right } = one.getBoundingClientRect();
      return right > box.right - 2 || left < box.left;
    }).map((one) => one.textContent),
    height: svg?.getBoundingClientRect().height ?? 0,
  };
});
"""


def days() -> list[Mark]:
    found, balance = [], 145_000
    for number in range(18):
        balance += {5: -75_000, 16: 210_000}.get(number, -4_200)
        spread = 2_000 * number
        day = FORM.today + timedelta(days=number)
        name = {15: "lowest", 17: "forecast"}.get(number, day.isoformat())
        more = {"low": balance - spread, "high": balance + spread}
        found.append(Mark(name, FORM.day(day), balance, day=day, more=more))
    return found


def answer(picture: Picture) -> dict[str, Any]:
    buttons = [
        {"title": title, "payload": json.dumps({"intent": "refine_query", "edit": {"frame": part}})}
        for title, part in (("Groceries", "subject"), ("October", "period"))
    ]
    spec = spec_of(picture, FORM)
    return {"text": "So much.", "buttons": buttons, "custom": {"reply": "So much.", "chart": spec}}


def plots(page: ChatPage) -> Any:
    return page.run(_PLOTS)


def emulate(browser: Chrome, width: int, height: int, scheme: str) -> None:
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


@pytest.fixture
def page(browser: Chrome, gateway: Gateway) -> Iterator[ChatPage]:
    chat = ChatPage(browser)
    chat.open(issue_link(gateway.database, "maya", now(), gateway.url))
    yield chat
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.get("about:blank")


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_is_drawn(page: ChatPage, fakes: Fakes, width: int, scheme: str) -> None:
    emulate(page.browser, width, 844, scheme)
    fakes.reply = answer(BARS)
    page.say("where does my money go")
    until(lambda: len(plots(page)) == 1 and plots(page)[0]["fills"])
    plot = plots(page)[0]
    assert plot["role"] == "img"
    assert plot["label"].startswith("Spending by category (1–31 October, all accounts): Housing")
    assert "£321.45" in plot["texts"]
    assert "£321.45" in plot["label"]
    assert plot["fills"] == [{"light": "#0072B2", "dark": "#56B4E9"}[scheme]] * 4
    assert plot["ink"] == {"light": "#1c2420", "dark": "#e7ece9"}[scheme]
    assert 0 <= plot["left"] < plot["right"] <= width
    assert plot["width"] >= 270
    assert plot["clipped"] == []
    assert page.run("return document.documentElement.scrollWidth") <= width
    assert errors(page.browser) == []


def test_all_kinds_and_a_reload(page: ChatPage, fakes: Fakes) -> None:
    named = frozenset({"lowest"})
    ahead = Picture("forecast", "Expected balance", "10–27 November", "GBP", days(), told=named)
    for number, picture in enumerate([BARS, ahead], 1):
        fakes.reply = answer(picture)
        page.say("go on")
        until(lambda number=number: len(plots(page)) == number and plots(page)[-1]["height"] > 100)
    before = [plot["texts"] for plot in plots(page)]
    page.browser.refresh()
    page.wait_until_open()
    until(lambda: [plot["texts"] for plot in plots(page)] == before)
    assert errors(page.browser) == []


def test_a_page_that_turns_dark_draws_again(page: ChatPage, fakes: Fakes) -> None:
    emulate(page.browser, 390, 844, "light")
    fakes.reply = answer(BARS)
    page.say("where does my money go")
    until(lambda: len(plots(page)) == 1 and plots(page)[0]["fills"])
    emulate(page.browser, 390, 844, "dark")
    until(lambda: plots(page)[0]["fills"][:1] == ["#56B4E9"])


def errors(browser: Chrome) -> list[str]:
    """What the browser complained of, the content security policy's refusals among it."""
    return [one["message"] for one in browser.get_log("browser") if one["level"] == "SEVERE"]
