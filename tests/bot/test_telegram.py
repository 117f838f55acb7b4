"""Telegram, with python-telegram-bot as it is against an emulated Bot API."""

import json
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError

from bot.answer import CANNOT_READ
from bot.channels.telegram import FILE_TOO_LARGE, TOO_LARGE, UNKNOWN, WRONG_CODE, TelegramSettings
from bot.identity import issue_link, issue_telegram_code
from ledger import outbox, people, tables
from ledger.database import reading, writing
from ledger.scope import UserScope
from tests.bot.conftest import Gateway, StartGateway, now
from tests.bot.fakes import Fakes, until
from tests.e2e.telegram_emulator import TOKEN, RefusedError, TelegramEmulator
from tests.serving import Server

MAYA, JORDAN, STRANGER = 1001, 1002, 1003


@pytest.fixture
def telegram() -> TelegramEmulator:
    return TelegramEmulator()


@pytest.fixture
def api(telegram: TelegramEmulator) -> Iterator[Server]:
    with Server(telegram.app, abrupt=True) as server:
        yield server


@pytest.fixture
def start(start_gateway: StartGateway, api: Server) -> Callable[..., Gateway]:
    def begin(**settings: str) -> Gateway:
        return start_gateway(telegram=TelegramSettings(TOKEN, base_url=api.url, **settings))

    return begin


@pytest.fixture
def gateway(start: Callable[..., Gateway]) -> Gateway:
    return start()


def link(telegram: TelegramEmulator, database: Engine, user: int, person: str) -> None:
    before = len(telegram.to(user))
    telegram.say(user, f"/start {issue_telegram_code(database, person, now())}")
    until(lambda: len(telegram.to(user)) == before + 1)
    assert telegram.to(user)[-1]["text"].startswith("You're linked as")


def replies(telegram: TelegramEmulator, user: int) -> list[str]:
    return [sent["text"] for sent in telegram.to(user)]


def inbox_size(database: Engine) -> int:
    with reading(database) as connection:
        return int(connection.execute(select(func.count()).select_from(tables.inbox)).scalar_one())


def test_a_stranger_is_told_how_to_link_and_gets_no_data(
    telegram: TelegramEmulator, gateway: Gateway, fakes: Fakes
) -> None:
    telegram.say(STRANGER, "what is my balance")
    until(lambda: telegram.to(STRANGER))
    assert replies(telegram, STRANGER) == [UNKNOWN]
    assert not fakes.calls["engine"]
    assert inbox_size(gateway.database) == 0


def test_a_code_works_once_alone_or_after_start(
    telegram: TelegramEmulator, gateway: Gateway
) -> None:
    code = issue_telegram_code(gateway.database, "maya", now())
    telegram.say(MAYA, code)
    until(lambda: replies(telegram, MAYA))
    assert replies(telegram, MAYA)[0].startswith("You're linked as Maya")
    telegram.say(STRANGER, f"/start {code}")
    until(lambda: replies(telegram, STRANGER))
    assert replies(telegram, STRANGER) == [WRONG_CODE]


def test_a_web_link_is_no_telegram_code(telegram: TelegramEmulator, gateway: Gateway) -> None:
    code = issue_link(gateway.database, "maya", now(), "").rsplit("/", 1)[-1]
    telegram.say(STRANGER, f"/start {code}")
    until(lambda: replies(telegram, STRANGER))
    assert replies(telegram, STRANGER) == [WRONG_CODE]


def test_guessing_codes_is_stopped(telegram: TelegramEmulator, gateway: Gateway) -> None:
    for number in range(6):
        telegram.say(STRANGER, f"/start guess-number-{number:08}-x")
    until(lambda: len(replies(telegram, STRANGER)) == 6)
    assert replies(telegram, STRANGER)[-1].startswith("Too many wrong codes")
    telegram.say(STRANGER, f"/start {issue_telegram_code(gateway.database, 'maya', now())}")
    until(lambda: len(replies(telegram, STRANGER)) == 7)
    assert replies(telegram, STRANGER)[-1].startswith("Too many wrong codes")


def test_question_button_and_typing(
    telegram: TelegramEmulator, gateway: Gateway, fakes: Fakes
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    telegram.say(MAYA, "how much at tesco")
    until(lambda: len(telegram.to(MAYA)) == 2)
    assert telegram.to(MAYA)[1]["text"] == "maya said “how much at tesco” (spending_total)"
    assert telegram.calls["sendChatAction"] >= 1
    telegram.tap(MAYA, "Why?")
    until(lambda: len(telegram.to(MAYA)) == 3)
    assert telegram.to(MAYA)[2]["text"] == "maya said “Why?” (show_more)"
    assert telegram.calls["answerCallbackQuery"] == 1
    assert len(fakes.calls["nlu"]) == 1


def test_two_accounts_see_their_own_person(telegram: TelegramEmulator, gateway: Gateway) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    link(telegram, gateway.database, JORDAN, "jordan")
    telegram.say(MAYA, "I am jordan, person_id=jordan")
    telegram.say(JORDAN, "/start maya")
    telegram.say(JORDAN, "mine")
    until(lambda: len(telegram.to(MAYA)) == 2 and len(telegram.to(JORDAN)) == 3)
    assert replies(telegram, MAYA)[1].startswith("maya said")
    assert replies(telegram, JORDAN)[2].startswith("jordan said")


def test_a_button_of_one_person_is_nothing_in_the_hand_of_another(
    telegram: TelegramEmulator, gateway: Gateway, fakes: Fakes
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    link(telegram, gateway.database, JORDAN, "jordan")
    telegram.say(MAYA, "how much")
    until(lambda: len(telegram.to(MAYA)) == 2)
    token = telegram.to(MAYA)[1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    telegram._tap(JORDAN, telegram.to(JORDAN)[0], token)
    until(lambda: len(telegram.to(JORDAN)) == 2)
    assert replies(telegram, JORDAN)[1].startswith("That button no longer works")
    assert len(fakes.calls["engine"]) == 1


def test_a_bank_file_is_handed_on_unparsed(
    telegram: TelegramEmulator, gateway: Gateway, fakes: Fakes, tmp_path: object
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    telegram.send_file(MAYA, "../../statement.csv", b"date,amount\n2026-01-01,1\n")
    until(lambda: len(telegram.to(MAYA)) == 2)
    assert replies(telegram, MAYA)[1] == "I read 3 rows: 3 added."
    upload_id = fakes.calls["intake"][0]["upload_id"]
    assert (tmp_path / "uploads" / upload_id).read_bytes().startswith(b"date,amount")


@pytest.mark.parametrize("told", [True, False])
def test_a_file_that_telegram_gives_to_no_bot_is_told_its_limit(
    telegram: TelegramEmulator, gateway: Gateway, fakes: Fakes, *, told: bool
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    update = telegram.send_file(MAYA, "years.csv", b"a,b\n1,2\n" * (20 * 1024 * 1024 // 8 + 1))
    if not told:
        del telegram.update(update)["message"]["document"]["file_size"]
    until(lambda: len(telegram.to(MAYA)) == 2)
    assert replies(telegram, MAYA)[1] == TOO_LARGE
    assert telegram.calls["getFile"] == (0 if told else 1)
    assert not fakes.calls["intake"]


def test_a_photo_is_not_read(telegram: TelegramEmulator, gateway: Gateway) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    telegram.send_photo(MAYA)
    until(lambda: len(telegram.to(MAYA)) == 2)
    assert replies(telegram, MAYA)[1] == CANNOT_READ


def test_groups_are_left_alone(telegram: TelegramEmulator, gateway: Gateway) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    telegram.say(MAYA, "what is my balance", chat_type="supergroup")
    until(lambda: telegram.unconfirmed == 0)
    assert len(telegram.sent) == 1
    assert inbox_size(gateway.database) == 0


def test_the_same_update_again_is_one_turn(telegram: TelegramEmulator, gateway: Gateway) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    update_id = telegram.say(MAYA, "hi")
    update = telegram.update(update_id)
    until(lambda: len(telegram.to(MAYA)) == 2)
    for _ in range(4):
        telegram.again(update_id, update)
        until(lambda: telegram.unconfirmed == 0 or telegram.calls["getUpdates"] > 20)
    time.sleep(0.3)
    assert len(telegram.to(MAYA)) == 2


def test_an_update_that_could_not_be_stored_comes_again_and_is_answered_once(
    telegram: TelegramEmulator, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram._PAUSE_SECONDS", 0.1)
    link(telegram, gateway.database, MAYA, "maya")
    failures = iter([True, True])

    def before(_c: object, _cu: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO inbox") and next(failures, False):
            raise OperationalError("disk", {}, Exception())

    event.listen(gateway.database, "before_cursor_execute", before)
    telegram.say(MAYA, "hi")
    telegram.say(MAYA, "again")
    until(lambda: len(telegram.to(MAYA)) == 3)
    assert replies(telegram, MAYA)[1:] == [
        "maya said “hi” (spending_total)",
        "maya said “again” (spending_total)",
    ]
    assert next(failures, False) is False


def test_nothing_is_lost_or_doubled_when_the_gateway_goes_between_store_and_offset(
    telegram: TelegramEmulator, start: Callable[..., Gateway], fakes: Fakes
) -> None:
    first = start()
    link(telegram, first.database, MAYA, "maya")
    update_id = telegram.say(MAYA, "hi")
    update = telegram.update(update_id)
    until(lambda: inbox_size(first.database) == 1)
    first.server.stop()
    telegram.again(update_id, update)
    second = start()
    telegram.say(MAYA, "and now")
    until(lambda: len(telegram.to(MAYA)) == 3)
    time.sleep(0.2)
    assert replies(telegram, MAYA)[1:] == [
        "maya said “hi” (spending_total)",
        "maya said “and now” (spending_total)",
    ]
    assert inbox_size(second.database) == 2


def test_what_telegram_does_not_take_now_is_sent_later_in_order(
    telegram: TelegramEmulator, gateway: Gateway
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    telegram.refusals["sendMessage"] = [
        RefusedError(429, "Too Many Requests: retry after 1", retry_after=1),
        RefusedError(502, "Bad Gateway"),
    ]
    for number in range(3):
        telegram.say(MAYA, f"message {number}")
    until(lambda: len(telegram.to(MAYA)) == 4, 15)
    assert [text[11:20] for text in replies(telegram, MAYA)[1:]] == [
        f"message {number}" for number in range(3)
    ]


def test_a_person_who_blocked_the_bot_stops_nobody_else(
    telegram: TelegramEmulator, gateway: Gateway
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    telegram.refusals["sendMessage"] = [RefusedError(403, "Forbidden: bot was blocked by the user")]
    telegram.say(MAYA, "one")
    until(lambda: not telegram.refusals["sendMessage"])
    telegram.say(MAYA, "two")
    until(lambda: len(telegram.to(MAYA)) == 2)
    assert replies(telegram, MAYA)[1].startswith("maya said “two”")


def test_an_account_that_was_unlinked_gets_nothing_that_was_queued(
    telegram: TelegramEmulator, gateway: Gateway
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    telegram.say(MAYA, "how much at tesco")
    until(lambda: len(telegram.to(MAYA)) == 2)
    with writing(gateway.database) as connection:
        people.unlink_account(connection, UserScope("maya"), "telegram", str(MAYA), now())
        chat = f"telegram:maya:{MAYA}"
        outbox.add(connection, chat, None, {"reply": "Last week you spent £5.00."}, now())
        outbox.add(connection, chat, None, {"reply": "Unlinked.", "ends": "session"}, now())
    until(lambda: len(telegram.to(MAYA)) == 3)
    assert replies(telegram, MAYA)[-1] == "Unlinked."


def test_a_webhook_needs_the_secret(
    telegram: TelegramEmulator, start: Callable[..., Gateway]
) -> None:
    gateway = start(webhook="https://florin.example", secret="s3cret")
    until(lambda: telegram.webhook.get("url"))
    assert telegram.webhook["url"] == "https://florin.example/telegram/webhook"
    assert telegram.webhook["secret_token"] == "s3cret"
    update_id = telegram.say(MAYA, f"/start {issue_telegram_code(gateway.database, 'maya', now())}")
    address = "/telegram/webhook"
    update = telegram.update(update_id)
    for secret in ("", "guess"):
        headers = {"x-telegram-bot-api-secret-token": secret}
        assert gateway.http.post(address, json=update, headers=headers).status_code == 401
    headers = {"x-telegram-bot-api-secret-token": "s3cret"}
    assert gateway.http.post(address, json=update, headers=headers).status_code == 200
    until(lambda: telegram.to(MAYA))
    update = telegram.update(telegram.say(MAYA, "hi"))
    for _ in range(5):
        assert gateway.http.post(address, json=update, headers=headers).status_code == 200
    until(lambda: len(telegram.to(MAYA)) == 2)
    time.sleep(0.2)
    assert len(telegram.to(MAYA)) == 2


def test_a_refused_token_leaves_the_other_channels_up(
    start_gateway: StartGateway, api: Server
) -> None:
    gateway = start_gateway(telegram=TelegramSettings("999:wrong", base_url=api.url))
    assert gateway.ask("hi")["reply"].startswith("maya said")
    assert gateway.http.get("/health").status_code == 200


@pytest.mark.parametrize("size", [200, 5_000_000])
def test_a_file_that_an_answer_offers_comes_as_a_document(
    gateway: Gateway, telegram: TelegramEmulator, fakes: Fakes, size: int
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    button = {"title": "Why?", "payload": {"intent": "show_more", "entities": []}}
    document = {"name": "florin-data.zip", "query": None}
    fakes.reply = {"text": "Here it is.", "buttons": [button], "custom": {"document": document}}
    fakes.exported = b"PK" + bytes(size)
    telegram.say(MAYA, "export my data")
    sent = until(lambda: [one for one in telegram.to(MAYA) if "document" in one])[0]
    assert sent["caption"] == "Here it is."
    assert sent["document"]["file_name"] == "florin-data.zip"
    assert telegram.file(sent) == fakes.exported
    assert sent["reply_markup"]["inline_keyboard"][0][0]["text"] == "Why?"


def test_a_file_that_telegram_does_not_take_is_said(
    gateway: Gateway, telegram: TelegramEmulator, fakes: Fakes
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    fakes.reply = {"text": "Here it is.", "custom": {"document": {"name": "x.zip", "query": None}}}
    fakes.exported = bytes(50 * 1024 * 1024 + 1)
    telegram.say(MAYA, "export my data")
    until(lambda: any(FILE_TOO_LARGE in text for text in replies(telegram, MAYA)))


CHARTED = {
    "text": "£300.00 in October: Rent £200.00, Food £100.00.",
    "buttons": [
        {"title": title, "payload": json.dumps({"intent": "refine_query", "edit": edit})}
        for title, edit in (
            ("All spending", {"frame": "subject"}),
            ("October", {"frame": "period"}),
            ("All accounts", {"frame": "accounts"}),
            ("Why?", {"view": "rows"}),
        )
    ],
    "custom": {
        "reply": "£300.00 in October",
        "chart": {"mark": "bar", "description": "Spending: Rent £200.00; Food £100.00."},
        "further": ["The whole of it."],
    },
}


def test_a_chart_follows_its_answer_as_a_photo_with_its_figures(
    telegram: TelegramEmulator, gateway: Gateway, fakes: Fakes
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    fakes.reply = CHARTED
    telegram.say(MAYA, "where does my money go")
    until(lambda: len(telegram.to(MAYA)) == 4)
    _, answer, photo, more = telegram.to(MAYA)
    assert answer["text"].startswith("£300.00 in October")
    rows = [[one["text"] for one in row] for row in answer["reply_markup"]["inline_keyboard"]]
    assert rows == [["All spending", "October", "All accounts"], ["Why?"]]
    assert photo["caption"] == "Spending: Rent £200.00; Food £100.00."
    assert b'"mark": "bar"' in telegram.file(photo)
    assert more["text"] == "The whole of it."


def test_a_chart_that_cannot_be_drawn_comes_as_its_figures(
    telegram: TelegramEmulator, gateway: Gateway, fakes: Fakes
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    fakes.reply, fakes.modes["charts"] = CHARTED, "error"
    telegram.say(MAYA, "where does my money go")
    until(lambda: len(telegram.to(MAYA)) == 4, 20)
    assert telegram.to(MAYA)[2]["text"] == "Spending: Rent £200.00; Food £100.00."


def test_a_photo_that_telegram_slows_down_is_sent_once(
    telegram: TelegramEmulator, gateway: Gateway, fakes: Fakes
) -> None:
    link(telegram, gateway.database, MAYA, "maya")
    fakes.reply = CHARTED
    telegram.refusals["sendPhoto"] = [RefusedError(429, "Too Many Requests", retry_after=1)]
    telegram.say(MAYA, "where does my money go")
    until(lambda: len(telegram.to(MAYA)) == 4, 20)
    assert [("photo" in sent) for sent in telegram.to(MAYA)] == [False, False, True, False]
