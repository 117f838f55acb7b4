"""What people do with their own data, through every real service: in the end nothing is left."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from sqlalchemy import Engine, MetaData, select

from bot.channels.telegram import UNKNOWN
from bot.identity import issue_link, issue_telegram_code
from ledger import people
from ledger.database import reading, writing
from ledger.scope import UserScope
from ledger.store import add_transactions, replace_enrichment, save_accounts
from ledger.types import Account, Enriched, Person, Transaction
from tests.bot.conftest import Gateway, now
from tests.bot.fakes import until
from tests.e2e.pages import ChatPage
from tests.stack import RunningStack

pytestmark = pytest.mark.e2e

PHONE = 7007
NOW = "2026-11-10T09:00:00+00:00"


def newcomer(stack: RunningStack, name: str) -> str:
    """Somebody with a few rows, whom no other test knows."""
    scope = UserScope(name)
    rows = [
        Transaction(
            f"{name}-{n}", "current", date(2026, 11, n), f"PRET A MANGER {n}", -350 - n, "GBP",
            fingerprint=str(n), line=n,
        )
        for n in range(1, 6)
    ]  # fmt: skip
    filed = [
        Enriched(
            row.id, "Pret A Manger", "pret_a_manger", 0.99, category="eating_out.coffee",
            category_confidence=0.99,
        )
        for row in rows
    ]  # fmt: skip
    with writing(stack.database) as connection:
        person = Person(name, name.title(), "GB", "GBP", "GB", "Europe/London")
        people.create_person(connection, person, datetime.now(UTC))
        account = Account("current", "Bank", "checking", "GBP", "Bank current", 100_000)
        save_accounts(connection, scope, [account])
        add_transactions(connection, scope, rows)
        replace_enrichment(connection, scope, filed, [])
    return name


def telling(database: Engine, word: str) -> list[str]:
    """The tables that hold a word anywhere."""
    with reading(database) as connection:
        there = MetaData()
        there.reflect(connection)
        return [
            name
            for name, table in there.tables.items()
            if any(word in str(tuple(row)) for row in connection.execute(select(table)))
        ]


def remembered(stack: RunningStack, word: str) -> int:
    """How many events the dialogue engine keeps that hold a word."""
    with sqlite3.connect(stack.settings.home / "engine.db") as connection:
        found = connection.execute(
            "SELECT count(*) FROM events WHERE sender_id LIKE ? OR data LIKE ?",
            (f"%{word}%", f"%{word}%"),
        )
        return int(found.fetchone()[0])


def test_a_person_deletes_everything_in_the_browser(stack: RunningStack, browser: Chrome) -> None:
    name = newcomer(stack, "quetzalina")
    code = issue_telegram_code(stack.database, name, now())
    stack.telegram.say(PHONE, f"/start {code}")
    until(lambda: len(stack.telegram.to(PHONE)) == 1)
    stack.telegram.say(PHONE, "how much did i spend at pret")
    until(lambda: len(stack.telegram.to(PHONE)) == 2)
    page = ChatPage(browser)
    page.open(issue_link(stack.database, name, now(), stack.stack.gateway_url))
    uploads = set(stack.settings.uploads_dir.iterdir())
    page.drop("bank.csv", "Date,Description,Amount\n2026-11-01,GREGGS,-2.50\n")
    until(lambda: len(page.texts) == 3, 20)
    assert set(stack.settings.uploads_dir.iterdir()) != uploads
    page.say("delete my account and all my data")
    until(lambda: "There is no way back" in page.texts[-1], 20)
    assert remembered(stack, name) > 0
    page.tap("Yes, go on")
    until(lambda: "type “delete everything”" in page.texts[-1], 20)
    page.say("delete everything")
    notice = browser.find_element(By.ID, "notice")
    until(notice.is_displayed, 20)
    assert notice.find_element(By.TAG_NAME, "h2").text == "Nothing of you is left here"
    assert "deleted" in notice.find_element(By.TAG_NAME, "p").text
    assert not browser.find_element(By.ID, "chat").is_displayed()
    left = {"people", "channel_accounts", "conversations", "inbox", "turns", "outbox", "erasures"}
    assert set(telling(stack.database, name)) <= left, "money is gone with the answer"
    until(lambda: telling(stack.database, name) == [], 60)
    assert remembered(stack, name) == 0
    assert set(stack.settings.uploads_dir.iterdir()) == uploads
    browser.refresh()
    until(lambda: browser.find_element(By.ID, "notice").is_displayed())
    assert "Nothing of you is left" in browser.find_element(By.ID, "notice").text
    stack.telegram.say(PHONE, "hello?")
    until(lambda: stack.telegram.to(PHONE)[-1]["text"] == UNKNOWN)
    logs = "".join(path.read_text(errors="replace") for path in stack.settings.logs_dir.glob("*"))
    assert name not in logs


def test_a_charge_is_marked_an_account_hidden_and_a_case_withdrawn(stack: RunningStack) -> None:
    name = newcomer(stack, "ptolemea")

    def ask(text: str) -> str:
        return str(stack.ask(name, "data", text, NOW)["reply"])

    assert "5 transactions" in ask("what data do you keep about me")
    assert "Which one is not yours?" in ask("i didn't make that payment to pret")
    assert ask("the last one").startswith("Marked as not yours: £3.55")
    assert "not yours" in ask("show my pret payments")
    assert "I compare only people who chose it" in ask("how do i compare to other people")
    assert "you're in" in ask("join")
    assert "no group yet" in ask("compare me")
    assert "Nobody is on duty right now" in ask("i want to talk to a human")
    assert "You: Compare me" in ask("what they see")
    assert ask("withdraw it").startswith("Withdrawn: ")
    assert "5 transactions here" in ask("unlink my bank account")
    assert "is hidden" in ask("hide it")
    assert "£" not in ask("how much did i spend at pret in november").replace("£0.00", "")
    assert "Bank current is hidden" in ask("what's in my bank current account")
    assert "count again" in ask("show bank current again")
    assert "£17.65" in ask("how much did i spend at pret in november")
    stack.client.delete(f"/people/{name}").raise_for_status()
    assert telling(stack.database, name) == []
    assert remembered(stack, name) == 0


@pytest.fixture
def page(browser: Chrome, gateway: Gateway) -> Iterator[ChatPage]:
    chat = ChatPage(browser)
    chat.open(issue_link(gateway.database, "maya", now(), gateway.url))
    yield chat
    browser.get("about:blank")


def test_logging_out_leaves_nothing_on_the_page(page: ChatPage) -> None:
    page.say("hello")
    page.wait_for("maya said “hello” (spending_total)")
    page.browser.find_element(By.ID, "leave").click()
    notice = page.browser.find_element(By.ID, "notice")
    until(notice.is_displayed)
    assert notice.find_element(By.TAG_NAME, "h2").text == "You are logged out"
    assert page.run("return document.querySelector('deep-chat')") is None
    page.browser.back()
    page.browser.refresh()
    until(lambda: page.browser.find_element(By.ID, "notice").is_displayed())
    assert page.run("return document.querySelector('deep-chat')") is None


def test_another_tab_of_the_same_session_ends_too(page: ChatPage) -> None:
    first = page.browser.current_window_handle
    address = page.browser.current_url
    page.browser.switch_to.new_window("tab")
    second = ChatPage(page.browser)
    second.open(address)
    page.browser.switch_to.window(first)
    page.browser.find_element(By.ID, "leave").click()
    until(lambda: page.browser.find_element(By.ID, "notice").is_displayed())
    page.browser.switch_to.window(page.browser.window_handles[-1])
    until(lambda: page.browser.find_element(By.ID, "notice").is_displayed(), 25)
