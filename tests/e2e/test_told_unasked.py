"""An alert and a recap over Telegram: each arrives once, says why, and ends with “stop”."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from actions.notify import tell
from bot.identity import issue_telegram_code
from ledger import notices
from ledger.database import reading, writing
from ledger.scope import UserScope
from tests.bot.fakes import until
from tests.stack import RunningStack

pytestmark = pytest.mark.e2e

PHONE = 4346
SCOPE = UserScope("maya")
STATEMENT = (
    "transaction_id,account_id,date,description,amount,currency\n"
    "maya-told-1,maya-monzo,2026-11-10,HOLLOWAY BIKES LONDON GBR,-250.00,GBP\n"
)


def said(stack: RunningStack) -> list[str]:
    return [sent.get("text", "") for sent in stack.telegram.to(PHONE)]


def hears(stack: RunningStack, words: str) -> None:
    until(lambda: any(words in text for text in said(stack)), 40)


@pytest.fixture
def chat(stack: RunningStack) -> RunningStack:
    """maya's chat, at any hour, after the first look at her."""
    with writing(stack.database) as connection:
        known = notices.settings(connection, SCOPE)
        awake = replace(known, quiet_from=0, quiet_until=0)
        notices.save_settings(connection, SCOPE, awake)
    code = issue_telegram_code(stack.database, "maya", datetime.now(UTC))
    stack.telegram.say(PHONE, f"/start {code}")
    hears(stack, "linked as Maya")
    stack.telegram.say(PHONE, "alert me when a payment is over £200")
    hears(stack, "I'll tell you when a payment over £200.00 goes out")
    return stack


def has_begun(stack: RunningStack) -> bool:
    with reading(stack.database) as connection:
        return notices.settings(connection, SCOPE).begun


def test_an_alert_and_a_recap_arrive_once_and_stop(chat: RunningStack) -> None:
    until(lambda: has_begun(chat), 40)
    chat.telegram.send_file(PHONE, "statement.csv", STATEMENT.encode())
    hears(chat, "You asked me to tell you when a payment over £200.00 goes out; “stop” ends it.")
    chat.telegram.tap(PHONE, "Stop")
    hears(chat, "Removed: I won't tell you any more")
    monday = datetime(2026, 11, 16, 10, tzinfo=UTC)
    for _ in range(2):
        tell(chat.database, SCOPE, datetime.now(UTC), 9, monday)
    hears(chat, "Last week (9–15 November) you spent")
    chat.telegram.say(PHONE, "stop")
    hears(chat, "Which of them shall I stop?")  # the week's recap and the bills ahead came as one
    chat.telegram.tap(PHONE, "No weekly recap")
    hears(chat, "Done: no more ")
    assert len([text for text in said(chat) if "you spent" in text]) == 1
    assert len([text for text in said(chat) if "£250.00 to" in text]) == 1
