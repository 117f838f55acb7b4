"""What nobody asked for is shown in the web chat, at once and after a reload, and can be ended."""

from ledger import notices
from ledger.database import reading, writing
from ledger.scope import UserScope
from tests.bot.conftest import Gateway, now
from tests.bot.fakes import Fakes, until

STOP = ("Stop", {"intent": "delete_alert", "entities": [], "edit": {"stop": "digest recap"}})
SCOPE = UserScope("maya")


def test_a_message_unasked_is_shown_and_its_button_and_its_word_stop_it(
    gateway: Gateway, fakes: Fakes
) -> None:
    browser = gateway.browser()
    browser.post("/chat/messages", json={"key": "question-1", "text": "hello"})
    until(lambda: browser.get("/chat/history").json()["last"] == 1)
    with reading(gateway.database) as connection:
        chat = notices.thread(connection, SCOPE)
    assert chat is not None
    assert chat.startswith("web:maya:")
    with writing(gateway.database) as connection:
        assert notices.send(connection, chat, "Last week you spent £5.00.", [STOP], now())
    shown = browser.get("/chat/history").json()["messages"][-1]
    assert (shown["reply"], shown["question"]) == ("Last week you spent £5.00.", None)
    token = shown["buttons"][0]["token"]
    browser.post("/chat/messages", json={"key": "button-01", "token": token})
    until(lambda: browser.get("/chat/history").json()["last"] == 3)
    assert fakes.calls["engine"][-1]["parse_data"]["edit"] == {"stop": "digest recap"}
    with writing(gateway.database) as connection:
        assert notices.send(connection, chat, "Last week you spent £6.00.", [STOP], now())
    browser.post("/chat/messages", json={"key": "word-0001", "text": "stop"})
    until(lambda: browser.get("/chat/history").json()["last"] == 5)
    assert fakes.calls["engine"][-1]["parse_data"]["edit"] == {"stop": "digest recap"}


def test_it_leaves_the_thread_of_the_conversation(gateway: Gateway, fakes: Fakes) -> None:
    gateway.ask("how much at tesco")
    with writing(gateway.database) as connection:
        notices.send(connection, "terminal:maya:c1", "Last week you spent £5.00.", [STOP], now())
    gateway.ask("and in may")
    assert fakes.calls["engine"][-1]["metadata"]["previous"]["text"] == "how much at tesco"
