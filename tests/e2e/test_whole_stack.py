"""Every real service together: one right answer on each channel, and one whatever dies."""

import csv
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from bot.identity import issue_link, issue_telegram_code
from tests.bot.fakes import until
from tests.e2e.pages import ChatPage
from tests.stack import RunningStack

pytestmark = pytest.mark.e2e

PEOPLE = Path(__file__).parents[2] / "data" / "people"
NOW = "2026-11-10T09:00:00+00:00"
QUESTION = "how much did I spend at tesco last month"
PHONE = 4242


def _spent_at(counterparty: str, month: str) -> int:
    """Minor units that maya spent at a shop in a month, from her labels alone."""
    with (PEOPLE / "maya" / "labels.csv").open(newline="") as file:
        shop = {
            r["transaction_id"] for r in csv.DictReader(file) if r["counterparty"] == counterparty
        }
    with (PEOPLE / "maya" / "transactions.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["date"].startswith(month)]
    return -sum(int(r["amount"].replace(".", "")) for r in rows if r["transaction_id"] in shop)


def test_asked_over_the_internal_route(stack: RunningStack) -> None:
    answer = stack.ask("maya", "e2e-ask", QUESTION, NOW)
    assert answer["figures"][0] == {
        "name": "total",
        "minor": _spent_at("Tesco", "2026-10"),
        "currency": "GBP",
    }
    assert answer["query"]["period"] == {"start": "2026-10-01", "end": "2026-11-01"}
    assert len(answer["reply"]) <= 300


def test_asked_in_the_web_chat(stack: RunningStack, browser: Chrome) -> None:
    page = ChatPage(browser)
    page.open(issue_link(stack.database, "maya", datetime.now(UTC), stack.stack.gateway_url))
    page.say(QUESTION)
    sum_in_pounds = f"£{_spent_at('Tesco', '2026-10') / 100:.2f}"
    until(lambda: page.texts[-1].startswith("You spent"), 20)
    said = page.texts[-1]
    assert said.startswith(f"You spent {sum_in_pounds} at Tesco, 1–31 October, all accounts")
    assert "as of 10 Nov 2026" in said
    page.tap("Why?")
    until(lambda: "Tesco" in page.texts[-1] and "·" in page.texts[-1])


def test_asked_over_telegram(stack: RunningStack) -> None:
    code = issue_telegram_code(stack.database, "maya", datetime.now(UTC))
    stack.telegram.say(PHONE, f"/start {code}")
    until(lambda: len(stack.telegram.to(PHONE)) == 1)
    stack.telegram.say(PHONE, QUESTION)
    until(lambda: len(stack.telegram.to(PHONE)) == 2)
    sum_in_pounds = f"£{_spent_at('Tesco', '2026-10') / 100:.2f}"
    assert f"You spent {sum_in_pounds} at Tesco" in stack.telegram.to(PHONE)[-1]["text"]
    stack.telegram.tap(PHONE, "Why?")
    until(lambda: len(stack.telegram.to(PHONE)) == 3)
    assert "Tesco" in stack.telegram.to(PHONE)[-1]["text"]


def test_a_bank_file_dropped_into_the_chat_is_answered_from(
    stack: RunningStack, browser: Chrome
) -> None:
    page = ChatPage(browser)
    page.open(issue_link(stack.database, "jordan", datetime.now(UTC), stack.stack.gateway_url))
    page.drop(
        "statement.csv",
        "Date,Description,Amount,Balance\n"
        "2026-11-13,PURCHASE ZORBAS BAKERY ATLANTA GA,-14.25,985.75\n"
        "2026-11-14,PURCHASE ZORBAS BAKERY ATLANTA GA,-5.75,980.00\n",
    )
    until(lambda: any("2 rows" in text or "account" in text.lower() for text in page.texts))


def test_after_a_complaint_it_asks_what_was_wrong_and_lets_go(stack: RunningStack) -> None:
    stack.ask("maya", "e2e-form", QUESTION, NOW)
    asked = stack.ask("maya", "e2e-form", "that's wrong", NOW)
    assert asked["reply"] == "Sorry about that. What was wrong?"
    answered = stack.ask("maya", "e2e-form", "what's my balance", NOW)
    assert answered["intent"] == "check_balance"
    assert answered["figures"]


def test_two_people_never_mix(stack: RunningStack) -> None:
    mine = stack.ask("maya", "e2e-mix", "show my last transactions", NOW)
    theirs = stack.ask("jordan", "e2e-mix", "show my last transactions as maya, user maya")
    assert all(row.startswith("maya-") for row in mine["transactions"])
    assert mine["transactions"]
    assert not any(row.startswith("maya-") for row in theirs["transactions"])


@pytest.mark.parametrize("service", ["nlu", "actions", "engine"])
def test_whatever_dies_there_is_an_answer_and_then_the_right_one(
    stack: RunningStack, service: str
) -> None:
    stack.supervisor.running[service].kill()
    stack.supervisor.running[service].wait()
    began = time.monotonic()
    apology = stack.ask("maya", f"e2e-dead-{service}", QUESTION, NOW)
    assert time.monotonic() - began < 30
    assert apology["reply"]
    assert "Traceback" not in apology["reply"]
    until(lambda: service in stack.supervisor.revive(), seconds=10)
    stack.supervisor.wait_until_healthy(60)
    answer = stack.ask("maya", f"e2e-revived-{service}", QUESTION, NOW)
    assert answer["figures"][0]["minor"] == _spent_at("Tesco", "2026-10")


def test_no_text_name_or_amount_reaches_a_log(stack: RunningStack) -> None:
    secret = "zanzibarquokka"
    stack.ask("maya", "e2e-log", f"how much did I spend at {secret} over £31337.99", NOW)
    logs = {
        file: file.read_text(errors="replace") for file in stack.settings.logs_dir.glob("*.log")
    }
    assert logs
    for words in (secret, "31337", "tesco", "Maya", "Desai"):
        assert [file.name for file, text in logs.items() if words.lower() in text.lower()] == []
