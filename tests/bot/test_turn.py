"""What a turn does, from the message to the stored trace."""

from datetime import datetime

import pytest

from console.find import find_turns
from ledger.crypto import open_turn
from ledger.database import reading
from tests.bot.conftest import Gateway, StartGateway
from tests.bot.fakes import KEY, Fakes


def test_an_answer_has_every_field_of_the_contract(gateway: Gateway) -> None:
    answer = gateway.ask("how much did I spend at tesco")
    assert answer["reply"] == "maya said “how much did I spend at tesco” (spending_total)"
    assert answer["text"] == "how much did I spend at tesco"
    assert answer["figures"] == [{"name": "total", "minor": 100, "currency": "GBP"}]
    assert answer["buttons"] == ["Why?"]
    assert answer["model"] == "hash-of-all"
    assert set(answer) == {
        "id", "text", "reply", "intent", "confidence", "query", "figures", "counts", "dates",
        "transactions", "buttons", "chart", "model", "trace",
    }  # fmt: skip


def test_the_services_hear_the_scope_the_context_and_the_memory(
    gateway: Gateway, fakes: Fakes
) -> None:
    gateway.ask("one", now="2026-03-01T09:00:00+00:00")
    gateway.ask("two", now="2026-03-01T09:01:00+00:00")
    call = fakes.calls["engine"][1]
    turn = open_turn(KEY, call["metadata"]["scope"])
    assert (turn.person_id, turn.conversation_id) == ("maya", "terminal:maya:c1")
    assert turn.now == datetime.fromisoformat("2026-03-01T09:01:00+00:00")
    assert call["message_id"] == turn.turn_id
    assert call["metadata"]["previous"]["count"] == 1
    parsed = fakes.calls["nlu"][1]
    assert parsed["previous"]["text"] == "one"
    assert parsed["locale"] == "GB"
    assert parsed["context"]["of"] == "maya"
    assert len(fakes.calls["actions"]) == 1, "the context is kept for a while"


def test_a_demo_person_lives_on_the_day_after_their_last_row(
    gateway: Gateway, fakes: Fakes
) -> None:
    gateway.ask("hello")
    turn = open_turn(KEY, fakes.calls["engine"][0]["metadata"]["scope"])
    assert turn.now.date().isoformat() == "2026-11-10"


def test_a_typed_title_is_a_tap_and_skips_nlu(gateway: Gateway, fakes: Fakes) -> None:
    gateway.ask("how much")
    answer = gateway.ask(" why? ")
    assert answer["intent"] == "show_more"
    assert len(fakes.calls["nlu"]) == 1
    assert fakes.calls["engine"][1]["parse_data"]["route"] == "shortcut"


def test_the_trace_says_what_happened(gateway: Gateway) -> None:
    gateway.ask("how much")
    with reading(gateway.database) as connection:
        (turn,) = find_turns(connection, "terminal:maya:c1")
    assert turn.trace["parse"]["route"] == "model"
    assert turn.trace["action"] == "action_spending"
    assert turn.trace["rows"] == ["row-1"]
    assert turn.trace["failed"] is None
    assert set(turn.trace["ms"]) == {"memory", "context", "nlu", "engine"}


def test_two_people_in_conversations_of_one_name_never_meet(gateway: Gateway, fakes: Fakes) -> None:
    gateway.ask("mine", person="maya", conversation="shared")
    answer = gateway.ask("and mine?", person="jordan", conversation="shared")
    assert answer["reply"].startswith("jordan said")
    assert fakes.calls["engine"][1]["metadata"]["previous"] is None
    assert fakes.calls["engine"][1]["sender"] == "terminal:jordan:shared"


@pytest.mark.parametrize("text", ["x" * 1001, "£" * 5000])
def test_a_message_that_is_too_long_is_told_the_limit(
    gateway: Gateway, fakes: Fakes, text: str
) -> None:
    assert "at most 1,000" in gateway.ask(text)["reply"]
    assert not fakes.calls["nlu"]


def test_what_no_database_stores_is_taken_out(gateway: Gateway) -> None:
    body = b'{"person": "maya", "conversation": "c", "text": "a\\u0000b\\ud800c"}'
    answer = gateway.http.post(
        "/turns",
        content=body,
        headers={"x-florin-key": KEY, "content-type": "application/json"},
        timeout=20,
    )
    assert answer.status_code in (200, 422)


def test_the_internal_route_needs_its_key(gateway: Gateway) -> None:
    body = {"person": "maya", "conversation": "c", "text": "hi"}
    for headers in ({}, {"x-florin-key": "guess"}):
        assert gateway.http.post("/turns", json=body, headers=headers).status_code == 401


def test_memory_survives_a_restart_of_the_gateway(
    start_gateway: StartGateway, fakes: Fakes
) -> None:
    first = start_gateway()
    first.ask("one")
    first.server.stop()
    start_gateway().ask("two")
    assert fakes.calls["engine"][1]["metadata"]["previous"]["text"] == "one"
