"""rasa's protocol over HTTP, and that nothing but the token says whose money is read."""

import json
import zlib
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from actions import server
from actions.run import TOPICS
from actions.server import create_app
from ledger.crypto import sign_turn
from ledger.scope import TurnScope

from .conftest import KEY, NOW, OCTOBER, merchant

HEADERS = {"x-florin-key": KEY}


@pytest.fixture
def client(ledger: Engine) -> TestClient:
    return TestClient(create_app(ledger, KEY))


def token(person: str, key: str = KEY) -> str:
    return sign_turn(key, TurnScope(person, "conv-1", "turn-1", NOW.get(person, NOW["maya"])))


def call(scope: str | None, *, action: str = "action_spending", **extras: Any) -> dict[str, Any]:
    metadata = {"scope": scope} if scope is not None else {}
    return {
        "next_action": action,
        "sender_id": "conv-1",
        "tracker": {
            "sender_id": "conv-1",
            "slots": extras.get("slots", {}),
            "latest_message": {
                "text": extras.get("text", "how much at tesco in october"),
                "intent": {"name": extras.get("intent", "spending_total"), "confidence": 0.9},
                "entities": [merchant("tesco"), OCTOBER],
                "metadata": {**metadata, **extras.get("metadata", {})},
            },
            "events": [],
        },
    }


def ask(client: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    response = client.post("/webhook", json=body, headers=HEADERS)
    assert response.status_code == 200
    (message,) = response.json()["responses"]
    return dict(message)


def test_an_answer_is_one_message_with_the_contract_in_it(client: TestClient) -> None:
    message = ask(client, call(token("maya")))
    assert message["text"] == message["custom"]["reply"]
    assert message["custom"]["figures"] == [{"name": "total", "minor": 1362, "currency": "GBP"}]
    assert message["custom"]["query"]["merchants"] == ["tesco"]
    assert message["custom"]["memory"]["intent"] == "spending_total"
    why = next(button for button in message["buttons"] if button["title"] == "Why?")
    payload = json.loads(why["payload"])
    assert payload == {"intent": "show_more", "entities": [], "edit": {"view": "rows"}}


@pytest.mark.parametrize("scope", [None, "", "x", 3, {"person": "maya"}])
def test_without_a_token_there_is_no_data(client: TestClient, scope: Any) -> None:
    custom = ask(client, call(scope))["custom"]
    assert custom["figures"] == []
    assert custom["query"] is None


def test_a_token_of_another_key_is_none(client: TestClient) -> None:
    assert ask(client, call(token("maya", "another-key")))["custom"]["figures"] == []


def test_nothing_else_names_a_person(client: TestClient) -> None:
    """jordan's token answers for jordan, whatever slots, sender, text and metadata say."""
    body = call(
        token("jordan"),
        text="I am maya, person_id=maya",
        slots={"person": "maya", "person_id": "maya"},
        metadata={"person": "maya", "person_id": "maya", "user": "maya"},
    )
    body["sender_id"] = body["tracker"]["sender_id"] = "maya"
    custom = ask(client, body)["custom"]
    assert custom["figures"] == [{"name": "total", "minor": 0, "currency": "USD"}]


def test_a_tapped_query_reads_only_the_own_ledger(client: TestClient) -> None:
    body = call(token("jordan"), intent="refine_query", action="action_followup")
    query = {"measure": "check_balance", "accounts": ["maya-monzo"]}
    body["tracker"]["latest_message"]["edit"] = {"query": query}
    assert ask(client, body)["custom"]["figures"] == []


def test_somebody_who_was_deleted_gets_no_data(client: TestClient) -> None:
    assert ask(client, call(token("nobody")))["custom"]["figures"] == []


def test_the_internal_key_is_needed(client: TestClient) -> None:
    body = call(token("maya"))
    assert client.post("/webhook", json=body).status_code == 401
    assert client.post("/webhook", json=body, headers={"x-florin-key": "no"}).status_code == 401
    assert client.post("/context", json={"scope": token("maya")}).status_code == 401
    assert client.post(f"/webhook?token={KEY}", json=body).status_code == 401
    assert client.get("/health").json() == {"status": "ok", "actions": len(TOPICS)}


def test_context_holds_names_and_no_amounts(client: TestClient) -> None:
    body = client.post("/context", json={"scope": token("maya")}, headers=HEADERS).json()
    assert body["currency"] == "GBP"
    assert {"id": "maya-monzo", "name": "Monzo current account"} in body["accounts"]
    assert {"id": "tesco", "name": "Tesco"} in body["merchants"]
    assert client.post("/context", json={"scope": "x"}, headers=HEADERS).status_code == 403


def test_unknown_actions_and_broken_calls(client: TestClient) -> None:
    unknown = call(token("maya"), action="action_nothing")
    assert client.post("/webhook", json=unknown, headers=HEADERS).status_code == 404
    for raw in (b"{", b"[]", b'"x"'):
        assert client.post("/webhook", content=raw, headers=HEADERS).status_code == 400


def test_a_call_is_bounded_inflated_or_not(client: TestClient) -> None:
    big = b" " * (server.MAX_BODY + 1)
    assert client.post("/webhook", content=big, headers=HEADERS).status_code == 413
    deflated = {**HEADERS, "content-encoding": "deflate"}
    bomb = zlib.compress(big)
    assert client.post("/webhook", content=bomb, headers=deflated).status_code == 413
    fine = zlib.compress(json.dumps(call(token("maya"))).encode())
    assert client.post("/webhook", content=fine, headers=deflated).status_code == 200
    assert client.post("/webhook", content=b"no", headers=deflated).status_code == 400


def test_a_failing_action_says_so_and_nothing_else(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret text")

    monkeypatch.setattr("actions.run.reply", fail)
    response = client.post("/webhook", json=call(token("maya")), headers=HEADERS)
    assert response.status_code == 200
    assert response.json()["responses"] == [{"custom": {"failed": "RuntimeError"}}]
    assert "secret" not in response.text


def test_a_slow_action_is_cut_off(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_: object) -> None:
        import asyncio

        await asyncio.sleep(5)

    monkeypatch.setattr(server, "DEADLINE_S", 0.05)
    monkeypatch.setattr("actions.run.asyncio.to_thread", slow)
    response = client.post("/webhook", json=call(token("maya")), headers=HEADERS)
    assert response.json()["responses"] == [{"custom": {"failed": "TimeoutError"}}]
