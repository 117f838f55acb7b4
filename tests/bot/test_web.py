"""The web chat's routes, as a browser calls them."""

import asyncio
import json
import secrets
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from starlette.requests import Request

from bot.identity import Identity, issue_link, new_session, session_account
from bot.sessions import Sessions
from bot.store import Store
from tests.bot.conftest import CALM, Gateway, StartGateway, client, now, press
from tests.bot.fakes import Fakes, until


def say(browser: httpx.Client, text: str, key: str | None = None) -> httpx.Response:
    body = {"key": key or secrets.token_hex(16), "text": text}
    return browser.post("/chat/messages", json=body)


def history(browser: httpx.Client) -> Any:
    return browser.get("/chat/history").json()


def answers(browser: httpx.Client, count: int) -> list[dict[str, Any]]:
    return until(lambda: (got := history(browser)["messages"]) and len(got) == count and got, 30)


def test_looking_at_a_link_changes_nothing(gateway: Gateway) -> None:
    link = issue_link(gateway.database, "maya", now(), gateway.url)
    for _ in range(3):
        page = client(gateway.url).get(link)
        assert page.status_code == 200
        assert "Open Florin as Maya?" in page.text
        assert "set-cookie" not in page.headers
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"
    assert press(client(gateway.url), link).headers["location"] == "/"


def test_a_link_opens_once_and_leaves_a_cookie_that_scripts_cannot_read(gateway: Gateway) -> None:
    link = issue_link(gateway.database, "maya", now(), gateway.url)
    first = press(client(gateway.url), link)
    assert first.status_code == 303
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert link.rsplit("/", 1)[-1] not in cookie
    for second in (press(client(gateway.url), link), client(gateway.url).get(link)):
        assert "set-cookie" not in second.headers
        assert second.headers["location"] == "/#used"


def test_a_link_opened_again_by_its_own_browser_goes_to_the_chat(gateway: Gateway) -> None:
    browser = client(gateway.url)
    link = issue_link(gateway.database, "maya", now(), gateway.url)
    press(browser, link)
    assert browser.get(link).headers["location"] == "/"
    assert press(browser, link).headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_another_sites_page_cannot_press_the_button(
    gateway: Gateway, headers: dict[str, str]
) -> None:
    browser = gateway.browser("maya")
    link = issue_link(gateway.database, "jordan", now(), gateway.url)
    forged = browser.post(link, headers=headers)
    assert forged.status_code == 403
    assert "set-cookie" not in forged.headers
    assert history(browser)["person"] == "Maya"
    assert "as Jordan?" in client(gateway.url).get(link).text


def test_a_browser_says_where_its_form_came_from(gateway: Gateway) -> None:
    link = issue_link(gateway.database, "maya", now(), gateway.url)
    headers = {"sec-fetch-site": "same-origin", "origin": "null"}
    assert client(gateway.url).post(link, headers=headers).headers["location"] == "/"


def test_inside_another_sites_page_the_cookie_says_so(gateway: Gateway) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe"}
    link = issue_link(gateway.database, "maya", now(), gateway.url)
    browser = client(gateway.url)
    assert 'action="?inside=1"' in browser.get(link, headers=headers).text
    cookie = press(browser, f"{link}?inside=1").headers["set-cookie"]
    assert cookie.endswith("Secure; SameSite=None; Partitioned")


def test_a_session_ends_after_thirty_days(database: Engine) -> None:
    at = [now()]
    identity = Identity(Store(database), lambda: at[0])
    sessions = Sessions(identity, lambda: at[0])
    secret = new_session(at[0])
    code = issue_link(database, "maya", at[0], "").rsplit("/", 1)[-1]
    asyncio.run(identity.bind("web", session_account(secret), code, "one"))

    def person(cookie: str) -> str | None:
        headers = [(b"cookie", f"florin_session={cookie}".encode())]
        session = asyncio.run(sessions.find(Request({"type": "http", "headers": headers})))
        return session.person.id if session else None

    at[0] += timedelta(days=29)
    assert person(secret) == "maya"
    at[0] += timedelta(days=2)
    assert person(secret) is None
    later = int(secret.split(".")[0]) + 10**6
    assert person(f"{later}.{secret.split('.')[1]}") is None
    for odd in ("", "x", "²", ".", "9" * 5000, f"{later}"):
        assert person(odd) is None


@pytest.mark.parametrize("path", ["/chat/history", "/chat/events"])
def test_without_a_session_there_is_no_data(gateway: Gateway, path: str) -> None:
    for cookies in ({}, {"florin_session": "guess"}, {"florin_session": "maya"}):
        answer = client(gateway.url, cookies=cookies).get(path)
        assert answer.status_code == 401


def test_guessing_links_is_stopped(gateway: Gateway) -> None:
    for _ in range(5):
        client(gateway.url).get(f"/link/{secrets.token_urlsafe(16)}")
    link = issue_link(gateway.database, "maya", now(), gateway.url)
    assert client(gateway.url).get(link).headers["location"] == "/#wait"


def test_another_sites_form_cannot_send(gateway: Gateway) -> None:
    browser = gateway.browser()
    body = {"key": secrets.token_hex(16), "text": "hi"}
    forged = browser.post("/chat/messages", json=body, headers={"x-florin-chat": ""})
    assert forged.status_code == 401


def test_a_message_is_answered_and_stays_after_a_reload(gateway: Gateway) -> None:
    browser = gateway.browser()
    assert history(browser)["person"] == "Maya"
    assert history(browser)["today"] == "2026-11-10"
    assert say(browser, "hello", "key-of-hello").status_code == 202
    (message,) = answers(browser, 1)
    assert message["reply"] == "maya said “hello” (spending_total)"
    assert message["question"] == {"key": "key-of-hello", "kind": "text", "text": "hello"}
    assert [button["title"] for button in message["buttons"]] == ["Why?"]


def test_sending_again_under_the_same_key_is_one_message(gateway: Gateway) -> None:
    browser = gateway.browser()
    key = secrets.token_hex(16)
    ids = {say(browser, "hello", key).json()["id"] for _ in range(5)}
    assert len(ids) == 1
    assert len(answers(browser, 1)) == 1


def test_a_button_is_tapped_by_its_token(gateway: Gateway, fakes: Fakes) -> None:
    browser = gateway.browser()
    say(browser, "hello")
    token = answers(browser, 1)[0]["buttons"][0]["token"]
    say(browser, "something else")
    answers(browser, 2)
    browser.post("/chat/messages", json={"key": secrets.token_hex(16), "token": token})
    assert answers(browser, 3)[2]["question"]["text"] == "Why?"
    call = fakes.calls["engine"][2]
    assert call["parse_data"]["intent"] == {"name": "show_more", "confidence": 1.0}
    assert call["metadata"]["previous"]["text"] == "hello", "it goes on from its own answer"


def test_another_persons_button_is_nothing(gateway: Gateway, fakes: Fakes) -> None:
    maya, jordan = gateway.browser("maya"), gateway.browser("jordan")
    say(maya, "hello")
    token = answers(maya, 1)[0]["buttons"][0]["token"]
    jordan.post("/chat/messages", json={"key": secrets.token_hex(16), "token": token})
    assert "no longer works" in answers(jordan, 1)[0]["reply"]
    assert len(fakes.calls["engine"]) == 1


def test_two_people_never_see_each_other(gateway: Gateway) -> None:
    maya, jordan = gateway.browser("maya"), gateway.browser("jordan")
    say(maya, "my secret")
    answers(maya, 1)
    assert history(jordan)["messages"] == []
    say(jordan, "mine", "the-same-key")
    say(maya, "mine", "the-same-key")
    assert answers(jordan, 1)[0]["reply"].startswith("jordan said")
    assert answers(maya, 2)[1]["reply"].startswith("maya said")


def _events(browser: httpx.Client, count: int, **request: Any) -> list[dict[str, Any]]:
    got: list[dict[str, Any]] = []
    with browser.stream("GET", "/chat/events", **request) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                got.append(json.loads(line[6:]))
                if len(got) == count:
                    break
    return got


def test_events_arrive_as_they_happen_and_go_on_after_a_break(gateway: Gateway) -> None:
    browser = gateway.browser()
    other_tab = client(gateway.url, cookies=browser.cookies)
    got: list[dict[str, Any]] = []
    reader = threading.Thread(target=lambda: got.extend(_events(other_tab, 2)))
    reader.start()
    say(browser, "one")
    say(browser, "two")
    reader.join(10)
    assert [message["question"]["text"] for message in got] == ["one", "two"]
    say(browser, "three")
    answers(browser, 3)
    resumed = _events(other_tab, 1, headers={"last-event-id": str(got[-1]["seq"])})
    assert [message["question"]["text"] for message in resumed] == ["three"]
    assert _events(other_tab, 1, params={"after": 1})[0]["question"]["text"] == "two"


def test_a_file_is_kept_unparsed_and_answered_with_counts(
    gateway: Gateway, fakes: Fakes, tmp_path: Any
) -> None:
    browser = gateway.browser()
    fakes.imported = {
        "added": 1234, "matched": 2, "held": 1, "rejected": 5,
        "rows": [
            {"line": 7, "outcome": "held", "reason": "the date could be 3 April or 4 March."},
            *({"line": n, "outcome": "rejected", "reason": "no amount."} for n in range(9, 14)),
        ],
    }  # fmt: skip
    data = b"a,b\n1,2\n"
    about = {"key": secrets.token_hex(8), "name": "C:\\my bank 100%.csv"}
    sent = browser.post("/chat/uploads", params=about, content=data)
    assert sent.status_code == 202
    (message,) = answers(browser, 1)
    assert message["reply"] == (
        "I read 1,242 rows: 1,234 added, 2 already there, 1 held, 5 rejected.\n"
        "Line 7: the date could be 3 April or 4 March.\n"
        "Line 9: no amount.\nLine 10: no amount.\n… and 3 more like this."
    )
    assert message["question"]["text"] == "my bank 100%.csv"
    upload_id = fakes.calls["intake"][0]["upload_id"]
    assert (tmp_path / "uploads" / upload_id).read_bytes() == data


def test_a_question_about_a_file_is_answered_with_a_button(gateway: Gateway, fakes: Fakes) -> None:
    browser = gateway.browser()
    fakes.imported = {
        "question": "Is 03/04 the 3rd of April?",
        "choices": [
            {"title": "Day first", "choices": {"date_order": "dmy"}},
            {"title": "Month first", "choices": {"date_order": "mdy"}},
        ],
    }
    upload(browser)
    message = answers(browser, 1)[0]
    assert [button["title"] for button in message["buttons"]] == ["Day first", "Month first"]
    fakes.imported = {"added": 2, "matched": 0, "held": 0, "rejected": 0}
    token = message["buttons"][1]["token"]
    browser.post("/chat/messages", json={"key": secrets.token_hex(16), "token": token})
    assert answers(browser, 2)[1]["reply"] == "I read 2 rows: 2 added."
    first, second = fakes.calls["intake"]
    assert second["upload_id"] == first["upload_id"]
    assert second["choices"] == {"date_order": "mdy"}


def upload(browser: httpx.Client, data: bytes = b"a,b\n1,2\n") -> httpx.Response:
    about = {"key": secrets.token_hex(8), "name": "bank.csv"}
    return browser.post("/chat/uploads", params=about, content=data)


def test_a_file_of_many_megabytes_is_taken(gateway: Gateway, tmp_path: Any) -> None:
    browser = gateway.browser()
    data = b"2026-01-01,shop,1.00\n" * 400_000
    assert upload(browser, data).status_code == 202
    (kept,) = (tmp_path / "uploads").iterdir()
    assert kept.stat().st_size == len(data)


def test_a_large_body_is_refused_before_it_is_read(gateway: Gateway) -> None:
    for path in ("/turns", "/chat/messages"):
        assert gateway.http.post(path, content=b"x" * 2_000_000).status_code in (401, 413)


def test_a_refused_file_is_told_in_the_intakes_words(gateway: Gateway, fakes: Fakes) -> None:
    browser = gateway.browser()
    fakes.imported = {"error": "This is no bank file that I can read."}
    fakes.imported_status = 422
    upload(browser)
    assert answers(browser, 1)[0]["reply"] == "This is no bank file that I can read."


@pytest.mark.parametrize("mode", ["error", "garbage"])
def test_an_intake_that_fails_is_apologised_for(gateway: Gateway, fakes: Fakes, mode: str) -> None:
    browser = gateway.browser()
    fakes.modes["intake"] = mode
    upload(browser)
    assert answers(browser, 1)[0]["reply"].startswith("Sorry, I couldn't read that file")


def test_a_big_file_is_told_about_when_it_is_in(start_gateway: StartGateway, fakes: Fakes) -> None:
    browser = start_gateway(limits=replace(CALM, reading=0.5)).browser()
    fakes.seconds["intake"] = 2.0
    upload(browser)
    assert "still reading" in answers(browser, 1)[0]["reply"]
    say(browser, "meanwhile")
    assert [message["reply"][:4] for message in answers(browser, 3)] == ["This", "maya", "I re"]


def test_an_empty_or_too_large_file_is_refused(start_gateway: StartGateway, tmp_path: Any) -> None:
    browser = start_gateway(limits=replace(CALM, upload=1000)).browser()
    assert upload(browser, b"").status_code == 413
    assert "empty" in upload(browser, b"").json()["error"]
    refused = upload(browser, b"x" * 2000)
    assert refused.status_code == 413
    assert "larger" in refused.json()["error"]
    assert list((tmp_path / "uploads").iterdir()) == []


def test_what_is_no_message_is_refused_with_a_sentence(gateway: Gateway) -> None:
    browser = gateway.browser()
    for body in (
        b"",
        b"[]",
        b"{}",
        b'{"key": "short", "text": "x"}',
        b'{"key": "a-long-enough-key", "text": ""}',
        b'{"key": "a-long-enough-key", "text": 7}',
        b'{"key": "a-long-enough-key"}',
        b'{"key": "a-long-enough-key", "text": "x", "token": "y"}',
        b'{"key": "../../etc/passwd", "text": "x"}',
        b'{"key": "a-long-enough-key", "text": "' + b"x" * 40_000 + b'"}',
    ):
        answer = browser.post("/chat/messages", content=body)
        assert answer.status_code in (413, 422), body[:60]
        assert set(answer.json()) == {"error"}
        assert "x" * 10 not in answer.text
    assert history(browser)["waiting"] == []


def test_a_flood_is_asked_to_wait(gateway: Gateway, fakes: Fakes) -> None:
    browser = gateway.browser()
    fakes.modes["engine"] = "hang"
    statuses = [say(browser, "again").status_code for _ in range(25)]
    assert statuses[:20] == [202] * 20
    assert statuses[-1] == 429


def test_a_page_may_load_nothing_from_outside(gateway: Gateway) -> None:
    page = client(gateway.url).get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http://localhost:*" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    for path in ("/widget.js", "/assets/chat.js", "/assets/vendor/deep-chat.js"):
        assert client(gateway.url).get(f"{path}").status_code == 200
