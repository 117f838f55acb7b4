"""The web chat in real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.identity import issue_link
from ledger import people
from ledger.database import writing
from ledger.types import Person
from tests.bot.conftest import Gateway, StartGateway, now
from tests.bot.fakes import Fakes, until
from tests.e2e.pages import ChatPage
from tests.serving import Server

pytestmark = pytest.mark.e2e

HELLO = "maya said “hello” (spending_total)"


@pytest.fixture
def page(browser: Chrome, gateway: Gateway) -> Iterator[ChatPage]:
    chat = ChatPage(browser)
    chat.open(issue_link(gateway.database, "maya", now(), gateway.url))
    yield chat
    browser.get("about:blank")


def test_send_tap_and_reload(page: ChatPage, fakes: Fakes) -> None:
    assert page.texts[0].startswith("Hello Maya")
    fakes.seconds["engine"] = 0.4
    page.say("hello")
    until(lambda: page.is_typing)
    page.wait_for(HELLO)
    assert not page.is_typing
    page.tap("Why?")
    page.wait_for("maya said “Why?” (show_more)")
    before, chips = page.texts[1:], page.chips[3:]
    assert before == ["hello", HELLO, "Why?", "maya said “Why?” (show_more)"]
    page.browser.refresh()
    until(lambda: page.texts == before)
    assert page.chips == chips == ["Why?", "Why?"]
    page.tap("Why?")
    until(lambda: len(page.texts) == 6)


def test_an_idea_is_a_message(page: ChatPage) -> None:
    page.tap("What's my balance?")
    page.wait_for("maya said “What's my balance?” (spending_total)")


def test_messages_typed_quickly_are_answered_in_order(page: ChatPage) -> None:
    for number in range(3):
        page.say(f"message {number}")
    until(lambda: len(page.texts) == 7)
    replies = [text for text in page.texts if text.startswith("maya said")]
    assert replies == [f"maya said “message {number}” (spending_total)" for number in range(3)]
    assert not page.is_typing


NASTY = """<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>"""
MARKDOWN = "[link](javascript:window.pwned=1) ![image](http://example.com/x.png) **bold** <b>b</b>"


def test_text_is_only_ever_inserted_as_text(
    browser: Chrome, gateway: Gateway, fakes: Fakes
) -> None:
    mallory = Person("mallory", NASTY, "GB", "GBP", "GB", "Europe/London")
    with writing(gateway.database) as connection:
        people.create_person(connection, mallory, now())
    fakes.reply = {
        "text": f"{NASTY} {MARKDOWN}",
        "buttons": [{"title": NASTY[:60], "payload": '{"intent": "help", "entities": []}'}],
    }
    page = ChatPage(browser)
    page.open(issue_link(gateway.database, "mallory", now(), gateway.url))
    page.say(NASTY)
    until(lambda: len(page.texts) == 3)
    page.drop(f"{NASTY.replace('/', '-')}.csv", "a,b")
    until(lambda: len(page.texts) == 5)
    for _ in range(2):
        assert NASTY in page.texts[-4:]
        assert f"{NASTY} {MARKDOWN}" in page.texts
        assert page.chips[-1] == NASTY[:60]
        assert browser.find_element(By.ID, "about").text == NASTY
        inserted = "return document.querySelector('deep-chat').shadowRoot.querySelectorAll"
        assert page.run(f"{inserted}('.message-bubble :is(img, script, a, b, strong)').length") == 0
        assert page.run("return window.pwned") is None
        browser.refresh()
        until(lambda: len(page.texts) >= 4)


def test_a_file_is_chosen_or_dropped(page: ChatPage, fakes: Fakes, tmp_path: Path) -> None:
    file = tmp_path / "statement.csv"
    file.write_text("date,amount\n2026-01-01,1\n")
    page.attach(file)
    page.wait_for("I read 3 rows: 3 added.")
    assert "Bank file: statement.csv" in page.texts
    fakes.imported = {
        "question": "Is 03/04 the 3rd of April?",
        "choices": [{"title": "Day first", "choices": {"date_order": "dmy"}}],
    }
    page.drop("dropped.csv", "date,amount\n03/04/2026,1\n")
    page.wait_for("Is 03/04 the 3rd of April?")
    fakes.imported = {"added": 1, "matched": 0, "held": 0, "rejected": 0}
    page.tap("Day first")
    page.wait_for("I read 1 row: 1 added.")


def test_two_tabs_show_the_same_conversation(page: ChatPage, gateway: Gateway) -> None:
    browser = page.browser
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    page.open(gateway.url)
    page.say("hello")
    page.wait_for(HELLO)
    browser.switch_to.window(first)
    page.wait_for(HELLO)
    assert page.texts[1:] == ["hello", HELLO]


def test_a_gateway_that_restarts_is_found_again(
    browser: Chrome, start_gateway: StartGateway
) -> None:
    gateway = start_gateway()
    page = ChatPage(browser)
    page.open(issue_link(gateway.database, "maya", now(), gateway.url))
    gateway.server.stop()
    page.say("hello")
    start_gateway(port=gateway.server.port)
    page.wait_for(HELLO)
    assert page.texts[1:] == ["hello", HELLO]


def test_nothing_is_loaded_from_outside_and_no_policy_is_broken(
    page: ChatPage, gateway: Gateway
) -> None:
    page.say("hello")
    page.wait_for(HELLO)
    loaded = page.run("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert [one for one in loaded if not one.startswith(gateway.url)] == []
    assert [one for one in page.browser.get_log("browser") if one["level"] == "SEVERE"] == []


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800)])
def test_it_fits_the_screen(page: ChatPage, width: int, height: int) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page.say("a-very-long-word-without-any-break-" * 5)
        until(lambda: len(page.texts) == 3)
        assert page.run("return document.scrollingElement.scrollWidth") <= width
        box = page.run(
            "return document.querySelector('deep-chat').shadowRoot"
            ".getElementById('text-input').getBoundingClientRect().toJSON()"
        )
        assert box["bottom"] <= height
        assert box["right"] <= width
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_without_a_link_there_is_a_sentence_and_no_chat(browser: Chrome, gateway: Gateway) -> None:
    browser.get(gateway.url)
    notice = browser.find_element(By.ID, "notice")
    until(notice.is_displayed)
    assert "florin link web" in notice.text
    assert not browser.find_elements(By.TAG_NAME, "deep-chat")


def test_one_script_tag_brings_it_into_another_page(browser: Chrome, gateway: Gateway) -> None:
    link = issue_link(gateway.database, "maya", now(), "")
    script = f'<script src="{gateway.url}/widget.js" data-link="{link}" async></script>'
    html = f"<!doctype html><title>Other</title><body><h1>Other page</h1>{script}</body>"
    other = Starlette(routes=[Route("/", lambda _: HTMLResponse(html))])
    with Server(other) as server:
        browser.get(server.url)
        widget = until(lambda: browser.find_elements(By.CSS_SELECTOR, "body > div"))[0]
        widget.shadow_root.find_element(By.CSS_SELECTOR, "button").click()
        browser.switch_to.frame(widget.shadow_root.find_element(By.CSS_SELECTOR, "iframe"))
        page = ChatPage(browser)
        page.press()
        until(lambda: page.texts)
        page.say("hello")
        page.wait_for(HELLO)
        browser.switch_to.default_content()
