"""A correction, a word of one's own and an export, on each channel, with every real service."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from bot.identity import issue_link, issue_telegram_code
from tests.bot.fakes import until
from tests.e2e.pages import ChatPage
from tests.stack import RunningStack

pytestmark = pytest.mark.e2e

NOW = "2026-11-10T09:00:00+00:00"
PHONE = 4345


def transactions(archive: bytes) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        text = packed.read("transactions.csv").decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_corrected_taught_and_exported_in_the_web_chat(
    stack: RunningStack, browser: Chrome, tmp_path: Path
) -> None:
    download = {"behavior": "allow", "downloadPath": str(tmp_path)}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", download)
    page = ChatPage(browser)
    page.open(issue_link(stack.database, "maya", datetime.now(UTC), stack.stack.gateway_url))
    page.say("when did I last go to boots?")
    until(lambda: page.texts[-1].startswith("The last"), 20)
    page.say("no that was groceries")
    until(lambda: page.texts[-1].startswith("Done: Boots"), 20)
    assert "is now Groceries" in page.texts[-1]
    page.tap("Undo")
    until(lambda: page.texts[-1].startswith("Undone: Boots"), 20)
    page.say("work lunch means greggs on weekdays")
    until(lambda: page.texts[-1].startswith("Noted: “work lunch” means Greggs on weekdays"), 20)
    page.say("how much did I spend on work lunch since may?")
    until(lambda: page.texts[-1].startswith("You spent"), 20)
    assert "Greggs" in page.texts[-1]
    page.say("export that")
    until(lambda: "Download florin-transactions" in page.texts[-1], 20)
    root = browser.find_element(By.TAG_NAME, "deep-chat").shadow_root
    root.find_element(By.CSS_SELECTOR, "a.file").click()
    # The browser holds the name with an empty file until the last byte is there.
    file = until(lambda: [one for one in tmp_path.iterdir() if zipfile.is_zipfile(one)], 20)[0]
    rows = transactions(file.read_bytes())
    assert {row["counterparty"] for row in rows} == {"Greggs"}
    page.say("forget work lunch")
    until(lambda: page.texts[-1].startswith("Forgotten: “work lunch”"), 20)


def test_corrected_and_exported_over_telegram(stack: RunningStack) -> None:
    code = issue_telegram_code(stack.database, "jordan", datetime.now(UTC))

    def say(text: str, starts: str) -> dict[str, object]:
        before = len(stack.telegram.to(PHONE))
        stack.telegram.say(PHONE, text)
        until(lambda: len(stack.telegram.to(PHONE)) > before, 20)
        sent = stack.telegram.to(PHONE)[-1]
        said = str(sent.get("text") or sent.get("caption"))
        assert said.startswith(starts), said
        return dict(sent)

    say(f"/start {code}", "You're linked")
    say("always put kroger under eating out", "Done: Kroger is Eating & Drinking Out from now on")
    before = len(stack.telegram.to(PHONE))
    stack.telegram.tap(PHONE, "Undo")
    until(lambda: len(stack.telegram.to(PHONE)) > before, 20)
    assert stack.telegram.to(PHONE)[-1]["text"].startswith("Undone: Kroger")
    sent = say("export all my data", "Here is everything I keep of you")
    rows = transactions(stack.telegram.file(sent))
    assert len(rows) > 100
    assert not any(row["transaction_id"].startswith("maya") for row in rows)
